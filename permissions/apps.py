"""Django's entry for the permissions floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PermissionsConfig(AppConfig):
    """Centres, their people's roles, and what each role may open."""

    name = "permissions"
    verbose_name = _("Centres")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this floor's audit events (100-199)."""
        from permissions import events  # noqa: F401
