"""Addresses of second factors and of confirming who one is."""

from django.urls import path

from accounts.methods import confirm, security, views

urlpatterns = [
    path("mfa/", views.choose_page, name="factor-choose"),
    path("mfa/app/", views.app_page, name="factor-app"),
    path("mfa/sms/", views.sms_page, name="factor-sms"),
    path("mfa/email/", views.email_page, name="factor-email"),
    path("security/", security.security_page, name="security"),
    path("security/mfa/", security.change_method, name="change-factor"),
    path("security/confirm/<slug:goal>/", confirm.confirm_page, name="confirm"),
    path("security/confirm/<slug:goal>/code/", confirm.confirm_code_page, name="confirm-code"),
]
