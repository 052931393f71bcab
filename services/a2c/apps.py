"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class A2cConfig(AppConfig):
    """Keys with which a centre's own software exchanges files with us (Centre Administration > General > A2C Access Keys)."""

    name = "services.a2c"
    verbose_name = _("A2C Access Keys")
    default_auto_field = "django.db.models.BigAutoField"
