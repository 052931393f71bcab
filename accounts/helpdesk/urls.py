"""Addresses of the help desk's own pages; they stand before Django's admin in portal.urls."""

from django.urls import path

from accounts.helpdesk import find_views, views

urlpatterns = [
    path(
        "permissions/centre/<int:pk>/invite-exams-officer/",
        views.invite_exams_officer_page,
        name="admin-invite-exams-officer",
    ),
    path("permissions/centre/<int:pk>/freeze/", views.freeze_centre_page, name="admin-freeze-centre"),
    path("permissions/centre/<int:pk>/reactivate/", views.reactivate_centre_page, name="admin-reactivate-centre"),
    path("find/", find_views.find_page, name="admin-find"),
]
