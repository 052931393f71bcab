"""Addresses of signing in and out."""

from django.urls import path

from accounts.signin import join, views

urlpatterns = [
    path("sign-in/", views.email_page, name="sign-in"),
    path("sign-in/password/", views.password_page, name="sign-in-password"),
    path("sign-in/new-password/", views.set_password_page, name="sign-in-set-password"),
    path("sign-in/code/", views.factor_page, name="sign-in-factor"),
    path("sign-in/join/", join.join_page, name="join-centre"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("signed-out/", views.signed_out, name="signed-out"),
]
