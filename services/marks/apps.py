"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarksConfig(AppConfig):
    """Internal assessment marks (IAMIS)."""

    name = "services.marks"
    verbose_name = _("Internal assessment (IAMIS)")
    default_auto_field = "django.db.models.BigAutoField"
