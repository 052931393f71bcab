"""Addresses for providers: our own format, and that of the provider EMAIL_URL names, if it has one."""

from typing import Final

from django.conf import settings
from django.urls import URLPattern, path

from portal.outbox.webhooks import views

_ANYMAIL: Final = {
    "amazon_ses": "AmazonSESTrackingWebhookView",
    "brevo": "BrevoTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "resend": "ResendTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}


def addresses(backend: str) -> list[URLPattern]:
    """Return the addresses for a mail backend: only the configured provider has one."""
    name = backend.removesuffix(".EmailBackend").rpartition(".")[2]
    ours = [path("messages/", views.messages, name="webhook-messages")]
    if name not in _ANYMAIL:
        return ours
    view = f"anymail.webhooks.{name}.{_ANYMAIL[name]}"
    return [*ours, path(f"{name}/", views.provider, {"view": view}, name="webhook-provider")]


urlpatterns = addresses(settings.EMAIL_BACKEND)
