"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    """Past papers, marking schemes and subject-specific support material, for every account."""

    name = "services.resources"
    verbose_name = _("Resources")
    default_auto_field = "django.db.models.BigAutoField"
