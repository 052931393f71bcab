"""The Portal's addresses as a demonstration has them: with the mailbox."""

from django.urls import include, path

from portal.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from portal.urls import (
    urlpatterns as portal_patterns,
)

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*portal_patterns, path("mailbox/", include("portal.outbox.mailbox.urls"))]
