"""Django's entry for this service."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    """Past papers, marking schemes and subject-specific support material, for every account."""

    name = "services.resources"
    verbose_name = _("Resources")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register our audit events; give the groups of staff our rights, which exist only once migrated; fill a demonstration."""
        from accounts.helpdesk.groups import make_groups
        from accounts.management.signals import demo_wanted
        from services.resources import events  # noqa: F401
        from services.resources.demo import fill

        demo_wanted.connect(fill, dispatch_uid="services.resources.demo")
        post_migrate.connect(make_groups, sender=self, dispatch_uid="services.resources.groups")
