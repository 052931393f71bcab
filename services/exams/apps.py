"""Django's entry for the shared nouns."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    """What examinations are made of."""

    name = "services.exams"
    verbose_name = _("Examinations")
    default_auto_field = "django.db.models.BigAutoField"
