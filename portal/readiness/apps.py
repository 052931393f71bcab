"""Django's entry for readiness."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReadinessConfig(AppConfig):
    """What all processes of one Portal agree on."""

    name = "portal.readiness"
    label = "readiness"
    verbose_name = _("Shared settings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Write down the settings once there is a database to write them into."""
        from portal.readiness.agreement import note_after_migrating

        post_migrate.connect(note_after_migrating, sender=self, dispatch_uid="portal.readiness")
