"""Django's entry for this service."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DatesConfig(AppConfig):
    """Key dates and calendars."""

    name = "services.dates"
    verbose_name = _("Key dates")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register our audit events; give the groups of staff our rights, which exist only once migrated; fill a demonstration."""
        from accounts.helpdesk.groups import make_groups
        from accounts.management.signals import demo_wanted
        from services.dates import events  # noqa: F401
        from services.dates.demo import fill

        demo_wanted.connect(fill, dispatch_uid="services.dates.demo")
        post_migrate.connect(make_groups, sender=self, dispatch_uid="services.dates.groups")
