"""Pages of this service."""

from django.urls import path

from services.entries import views

urlpatterns = [
    path("", views.view_entries, name="entries"),
    path("make/", views.make_entries, name="entries-make"),
]
