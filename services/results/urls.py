"""Pages of this service."""

from django.urls import path

from services.results import views

urlpatterns = [
    path("", views.released, name="results"),
    path("embargo/", views.embargoed, name="results-embargoed"),
]
