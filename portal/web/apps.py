"""Django's entry for the page components."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Template tags."""

    name = "portal.web"
    label = "web"
