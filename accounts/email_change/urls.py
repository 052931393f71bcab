"""Addresses of changing one's e-mail; the e-mail itself never stands in one."""

from django.urls import path

from accounts.email_change import views

urlpatterns = [
    path("profile/email/", views.address_page, name="change-email"),
    path("profile/email/code/", views.code_page, name="change-email-code"),
]
