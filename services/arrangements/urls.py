"""Pages of this service."""

from django.urls import path

from services.arrangements import views

urlpatterns = [
    path("", views.arrangements, name="arrangements"),
]
