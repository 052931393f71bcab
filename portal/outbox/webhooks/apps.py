"""Django's entry for what providers tell."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Events of providers."""

    name = "portal.outbox.webhooks"
    label = "webhooks"
    verbose_name = _("Message events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to django-anymail and register the audit events (40-41)."""
        from anymail.signals import tracking

        from portal.outbox.webhooks import events  # noqa: F401
        from portal.outbox.webhooks.anymail_events import heard

        tracking.connect(heard, dispatch_uid="portal.outbox.webhooks")
