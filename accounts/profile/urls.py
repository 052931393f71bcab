"""Addresses of one's own profile."""

from django.urls import path

from accounts.profile import views

urlpatterns = [
    path("profile/", views.profile_page, name="profile"),
    path("profile/edit/", views.edit_page, name="profile-edit"),
]
