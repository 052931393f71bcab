"""Addresses of the accounts floor, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.signin.urls")),
    path("", include("accounts.methods.urls")),
    path("", include("accounts.reset.urls")),
    path("", include("accounts.passwords.urls")),
    path("", include("accounts.invites.urls")),
    path("", include("accounts.people.urls")),
    path("", include("accounts.review.urls")),
    path("", include("accounts.succession.urls")),
    path("", include("accounts.profile.urls")),
    path("", include("accounts.email_change.urls")),
    path("", include("accounts.freeze.urls")),
    path("", include("accounts.reach.urls")),
]
