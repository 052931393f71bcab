"""Pages of this service."""

from django.urls import path

from services.scripts import views

urlpatterns = [
    path("", views.scripts, name="scripts"),
]
