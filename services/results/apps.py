"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """Candidate results: released ones, and under embargo for those who may see them before."""

    name = "services.results"
    verbose_name = _("Results")
    default_auto_field = "django.db.models.BigAutoField"
