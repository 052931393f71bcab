"""The pages of this floor."""

from django.urls import include, path

urlpatterns = [path("", include("permissions.centres.urls"))]
