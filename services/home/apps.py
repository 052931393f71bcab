"""Django's entry for the home page and All Services."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The home page and All Services."""

    name = "services.home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"
