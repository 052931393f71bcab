"""Django's entry for the counters."""

from django.apps import AppConfig


class RatelimitConfig(AppConfig):
    """Counters."""

    name = "portal.ratelimit"
    label = "ratelimit"
    default_auto_field = "django.db.models.BigAutoField"
