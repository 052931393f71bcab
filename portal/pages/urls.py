"""Addresses of the public pages and of health."""

from django.urls import path

from portal import language
from portal.pages import health, metrics, views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/for-it-support/", views.it_page, name="help-it"),
    path("terms-and-conditions/", views.terms, name="terms"),
    path("privacy-notice/", views.privacy, name="privacy"),
    path("cookie-notice/", views.cookies, name="cookies"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("language/", language.switch, name="language"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
