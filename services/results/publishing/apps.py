"""Django's entry for publishing results."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Files of results that staff bring."""

    name = "services.results.publishing"
    label = "publishing"
    verbose_name = _("Publishing of results")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Join the pipeline, with our audit events; give the groups of staff our rights, which exist only once this app has been migrated."""
        from accounts.helpdesk.groups import make_groups
        from services.publishing.pipeline import register
        from services.results.publishing.pipeline import ResultsPipeline

        register(ResultsPipeline())

        post_migrate.connect(make_groups, sender=self, dispatch_uid="services.results.publishing.groups")
