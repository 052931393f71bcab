"""Django's entry for the outbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Messages on their way."""

    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("Messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the audit events (50-51)."""
        from portal.outbox import events  # noqa: F401
