"""Every address of the Portal begins here; apps are named by string."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    # Signing in is asked for most: first found, first answered.
    path("", include("accounts.urls")),
    path("", include("services.urls")),
    path("admin/", include("accounts.helpdesk.urls")),
    path("admin/", admin.site.urls),
    path("", include("permissions.urls")),
    path("", include("portal.pages.urls")),
    path("webhooks/", include("portal.outbox.webhooks.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("mailbox/", include("portal.outbox.mailbox.urls")))

handler400 = "portal.pages.errors.bad_request"
handler403 = "portal.pages.errors.forbidden"
handler404 = "portal.pages.errors.not_found"
handler500 = "portal.pages.errors.broken"
