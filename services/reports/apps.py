"""Django's entry for this service."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Reports on results: grade boundaries and item level data. They need the right to view results."""

    name = "services.reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Join the pipeline of publishing, give the groups of staff our rights once they exist, fill a demonstration when its command asks."""
        from accounts.helpdesk.groups import make_groups
        from accounts.management.signals import demo_wanted
        from services.publishing.pipeline import register
        from services.reports.demo import fill
        from services.reports.importing.pipeline import ReportsPipeline

        register(ReportsPipeline())

        post_migrate.connect(make_groups, sender=self, dispatch_uid="services.reports.groups")
        demo_wanted.connect(fill, dispatch_uid="services.reports.demo")
