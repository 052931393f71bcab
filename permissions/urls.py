"""The pages of this floor."""

from django.urls import include, path

urlpatterns = [
    path("", include("permissions.centres.urls")),
    path("", include("permissions.access_pages.urls")),
    path("", include("permissions.who_can.urls")),
    path("", include("permissions.trail.urls")),
]
