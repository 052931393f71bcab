"""Address of the page."""

from django.urls import path

from permissions.who_can.views import page

urlpatterns = [path("who-can-do-what/", page, name="who-can-do-what")]
