"""Choosing a centre."""

from django.urls import path

from permissions.centres.views import choose_centre

urlpatterns = [path("choose-centre/", choose_centre, name="choose-centre")]
