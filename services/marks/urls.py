"""Pages of this service."""

from django.urls import path

from services.marks import views

urlpatterns = [
    path("", views.marks, name="marks"),
]
