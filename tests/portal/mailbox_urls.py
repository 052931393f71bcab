"""The Portal's addresses as a demonstration has them."""

from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as without_mailbox

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [*without_mailbox, path("mailbox/", include("portal.outbox.mailbox.urls"))]
