"""The addresses of a Portal whose EMAIL_URL names a provider of django-anymail."""

from django.urls import include, path

from portal.outbox.webhooks.urls import addresses
from portal.urls import urlpatterns as ours

urlpatterns = [*ours, path("provider/", include(addresses("anymail.backends.postmark.EmailBackend")))]
