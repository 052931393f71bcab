"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Reports on results: grade boundaries and item level data. They need the right to view results."""

    name = "services.reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"
