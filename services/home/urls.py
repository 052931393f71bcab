"""The home page and All Services."""

from django.urls import path

from services.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("services/", views.all_services, name="services"),
]
