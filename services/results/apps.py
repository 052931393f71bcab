"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """Candidate results: released ones, and under embargo for those who may see them before."""

    name = "services.results"
    verbose_name = _("Results")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register this service's audit events; fill a demonstration when its command asks."""
        from accounts.management.signals import demo_wanted
        from services.results import events  # noqa: F401
        from services.results.demo import fill

        demo_wanted.connect(fill, dispatch_uid="services.results.demo")
