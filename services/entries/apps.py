"""Django's entry for this service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntriesConfig(AppConfig):
    """Exam entries: viewing them and making them are two rights."""

    name = "services.entries"
    verbose_name = _("Entries")
    default_auto_field = "django.db.models.BigAutoField"
