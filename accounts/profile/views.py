"""The cog page: one's profile, and the way to change it, the password and the MFA method (guide: How to edit your profile)."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.profile.flow import Profile, change_profile, profile_of
from accounts.profile.forms import ProfileForm
from permissions.guards import signed_in
from portal.language import remember

if TYPE_CHECKING:
    from accounts.models import User


@signed_in
@require_safe
def profile_page(request: HttpRequest) -> HttpResponse:
    """Show what we know of the person, and what they can change."""
    return render(request, "accounts/profile/profile.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest) -> HttpResponse:
    """Change the profile; a new language counts from the next page on."""
    person = cast("User", request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=profile_of(person))
    if not form.is_valid():
        return render(request, "accounts/profile/edit.html", {"form": form})
    changed = change_profile(actor=person, profile=Profile(**form.cleaned_data))
    response = redirect("profile")
    if "language" in changed:
        remember(response, person.language)
    with translation.override(person.language if "language" in changed else translation.get_language()):
        messages.success(request, _("Your profile has been changed.") if changed else _("Nothing was changed."))
    return response
