"""Addresses of a forgotten password."""

from django.urls import path

from accounts.reset import views

urlpatterns = [
    path("forgot-password/", views.ask_page, name="forgot-password"),
    path("forgot-password/code/", views.reset_page, name="reset-password"),
]
