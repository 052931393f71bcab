"""Pages of this service."""

from django.urls import path

from services.resources import views

urlpatterns = [
    path("past-papers/", views.past_papers, name="past-papers"),
]
