"""Address of the embargo notice's button."""

from django.urls import path

from services.releases import views

urlpatterns = [path("accept/", views.accept, name="embargo-accept")]
