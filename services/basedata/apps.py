"""Django's entry for basedata; its nouns are those of `services.exams`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BasedataConfig(AppConfig):
    """Series, qualifications and options."""

    name = "services.basedata"
    verbose_name = _("Basedata")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register our audit events."""
        from services.basedata import events  # noqa: F401
