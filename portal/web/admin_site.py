"""The help desk's admin: Django's own, open only to staff whose authenticator app was proved in this session (HELP-1)."""

from typing import Any, cast

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from portal.web.admin_pages import guarded

_STAFF_METHOD = "app"


class PortalAdminSite(AdminSite):
    """Django admin without a sign-in of its own."""

    site_header = _("Portal help desk")
    site_title = _("Portal help desk")
    index_title = _("Help desk")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a list with our guard before it, so that nobody has to remember (A108)."""
        super().register(model_or_iterable, guarded(admin_class or ModelAdmin), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask for active staff with a proved app; nobody else learns that there is an admin."""
        user = request.user
        return bool(user.is_active and user.is_staff and request.session.get("proved_method") == _STAFF_METHOD)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:  # noqa: ARG002
        """Send to the Portal's own sign-in; for somebody signed in without the right there is no admin (A131)."""
        if request.user.is_authenticated:
            raise Http404
        return redirect("sign-in")

    def logout(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002
        """Sign out as everywhere else, by POST only (SIGN-6)."""
        return cast("HttpResponse", resolve(reverse("sign-out")).func(request))

    def password_change(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002
        """Send to the Portal's own page, which asks for password and factor first (MFA-3)."""
        return redirect("change-password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002
        """Send to where the change is shown."""
        return redirect("security")


class PortalAdminConfig(AdminConfig):
    """Put our site in place of Django's."""

    default_site = "portal.web.admin_site.PortalAdminSite"
