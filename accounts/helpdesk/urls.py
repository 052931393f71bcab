"""Addresses of the help desk's own pages; they stand before Django's admin in portal.urls."""

from django.urls import path

from accounts.helpdesk import views

urlpatterns = [
    path(
        "permissions/centre/<int:pk>/invite-exams-officer/",
        views.invite_exams_officer_page,
        name="admin-invite-exams-officer",
    ),
]
