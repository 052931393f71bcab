"""Django's entry for the public pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Public pages."""

    name = "portal.pages"
    label = "pages"
