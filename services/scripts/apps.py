"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScriptsConfig(AppConfig):
    """Marked scripts of the centre's candidates."""

    name = "services.scripts"
    verbose_name = _("View Scripts")
    default_auto_field = "django.db.models.BigAutoField"
