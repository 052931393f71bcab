"""Addresses of the centre's trail."""

from django.urls import path

from permissions.trail import views

urlpatterns = [
    path("audit-trail/", views.trail, name="trail"),
    path("audit-trail/export/", views.export, name="trail-export"),
    path("audit-trail/<int:pk>/", views.event_page, name="trail-event"),
]
