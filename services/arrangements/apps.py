"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArrangementsConfig(AppConfig):
    """Applications for access arrangements: special-category data of the whole centre."""

    name = "services.arrangements"
    verbose_name = _("Access Arrangements")
    default_auto_field = "django.db.models.BigAutoField"
