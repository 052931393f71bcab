"""Addresses of Manage Users. An id is that of the place at the centre: it cannot be guessed or counted (A10)."""

from django.urls import path

from accounts.people import access_views, mfa_views, picked_views, role_views, suspend_views, views

urlpatterns = [
    path("manage-users/", views.manage_users, name="manage-users"),
    path("manage-users/selected/", picked_views.picked_page, name="picked"),
    path("manage-users/selected/done/", picked_views.done_page, name="picked-done"),
    path("manage-users/mfa/", mfa_views.overview_page, name="mfa-overview"),
    path("manage-users/<uuid:pk>/", views.person_page, name="manage-user"),
    path("manage-users/<uuid:pk>/access/", access_views.access_page, name="manage-access"),
    path("manage-users/<uuid:pk>/type/", role_views.role_page, name="change-role"),
    path("manage-users/<uuid:pk>/suspend/", suspend_views.suspend_page, name="suspend-user"),
    path("manage-users/<uuid:pk>/delete/", access_views.delete_page, name="delete-user"),
    path("manage-users/<uuid:pk>/reset-mfa/", mfa_views.reset_page, name="reset-mfa"),
]
