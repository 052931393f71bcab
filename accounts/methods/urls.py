"""Addresses of second factors and of confirming who one is."""

from django.urls import path

from accounts.methods import confirm, factor_views, passkey_views, recovery_views, security, sessions_views, views

urlpatterns = [
    path("mfa/", views.choose_page, name="factor-choose"),
    path("mfa/app/", views.app_page, name="factor-app"),
    path("mfa/sms/", views.sms_page, name="factor-sms"),
    path("mfa/email/", views.email_page, name="factor-email"),
    path("mfa/passkey/", passkey_views.passkey_page, name="factor-passkey"),
    path("security/", security.security_page, name="security"),
    path("security/devices/end/", sessions_views.end_device, name="end-device"),
    path("security/devices/end-others/", sessions_views.end_others, name="end-other-devices"),
    path("security/mfa/", factor_views.change_method, name="change-factor"),
    path("security/mfa/add/", factor_views.add_method, name="add-factor"),
    path("security/mfa/<int:pk>/change/", factor_views.replace_method, name="replace-factor"),
    path("security/mfa/<int:pk>/prefer/", factor_views.prefer_method, name="prefer-factor"),
    path("security/mfa/<int:pk>/remove/", factor_views.remove_page, name="remove-factor"),
    path("security/recovery-codes/", recovery_views.codes_page, name="recovery-codes"),
    path("security/recovery-codes/saved/", recovery_views.saved_page, name="recovery-codes-saved"),
    path("security/recovery-codes/file/", recovery_views.download, name="recovery-codes-file"),
    path("security/prove/", confirm.prove_again_page, name="prove-again"),
    path("security/confirm/<slug:goal>/", confirm.confirm_page, name="confirm"),
    path("security/confirm/<slug:goal>/code/", confirm.confirm_code_page, name="confirm-code"),
]
