"""Pages of this service."""

from django.urls import path

from services.a2c import views

urlpatterns = [
    path("", views.a2c_keys, name="a2c-keys"),
]
