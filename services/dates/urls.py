"""Pages of this service."""

from django.urls import path

from services.dates import views

urlpatterns = [
    path("calendar.ics", views.calendar, name="calendar"),
    path("calendar/make/", views.make, name="calendar-make"),
    path("calendar/revoke/", views.revoke, name="calendar-revoke"),
    path("", views.key_dates, name="key-dates"),
]
