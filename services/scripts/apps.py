"""Django's entry for this service."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScriptsConfig(AppConfig):
    """Marked scripts of the centre's candidates."""

    name = "services.scripts"
    verbose_name = _("View Scripts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register our audit events; give the groups of staff our rights, which exist only once migrated; fill a demonstration."""
        from accounts.helpdesk.groups import make_groups
        from accounts.management.signals import demo_wanted
        from services.scripts import events  # noqa: F401
        from services.scripts.demo import fill

        demo_wanted.connect(fill, dispatch_uid="services.scripts.demo")
        post_migrate.connect(make_groups, sender=self, dispatch_uid="services.scripts.groups")
