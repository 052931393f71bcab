"""Invites in the help desk's admin: all to read, those of Exams Officers to send again, correct and withdraw (HELP-1, INV-2)."""

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import Question, ask, demand
from accounts.invites.flow import correct_address, resend, withdraw
from accounts.invites.forms import CorrectForm
from accounts.invites.queries import Standing, standings
from accounts.models import Invitation, User
from permissions.roles import Role
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    BaseAdmin = admin.ModelAdmin[Invitation]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_RIGHT = "accounts.add_invitation"


class InvitationAdmin(BaseAdmin):
    """Invites and where they stand."""

    change_form_template = "admin/accounts/invitation/change_form.html"
    list_display = ("full_name", "email", "centre", "role", "state", "sent_at", "expires_at")
    list_filter = ("role",)
    search_fields = ("first_name", "last_name", "email", "centre__number")
    search_help_text = _("Search by name, email address or centre number")
    fields: ClassVar = (
        "centre", "role", "title", "first_name", "last_name", "email", "job_role", "language", "state", "why", "invited_by",
        "tries_left", "sent_at", "expires_at", "reminded_at", "accepted_at", "withdrawn_at",
    )  # fmt: skip
    readonly_fields = fields
    list_select_related = ("centre",)
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Invites are sent from a centre's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:  # noqa: ARG002
        """Nobody edits an invite."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes one."""
        return False

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        """Read where the invites of a page stand in one query."""
        page = super().get_changelist_instance(request)
        known = standings(page.result_list)
        for invitation in page.result_list:
            invitation.standing = known[invitation.pk]
        return page

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("invite/<uuid:pk>/resend/", wrap(self.resend_page), name="invitation-resend"),
            path("invite/<uuid:pk>/withdraw/", wrap(self.withdraw_page), name="invitation-withdraw"),
            path("invite/<uuid:pk>/correct/", wrap(self.correct_page), name="invitation-correct"),
            *super().get_urls(),
        ]

    def resend_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send an Exams Officer's invite again."""
        invitation = self._open(request, pk)
        effect = _("A new temporary password is sent. The earlier one no longer works, and the invite lasts another 2 months.")
        question = self._question(invitation, _("Resend invite"), effect)
        return ask(request, self.admin_site, question, lambda actor: resend(actor=actor, invitation=invitation))

    def withdraw_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take an Exams Officer's invite back."""
        invitation = self._open(request, pk)
        effect = _("The temporary password stops working at once, and another Exams Officer can be invited.")
        question = self._question(invitation, _("Withdraw invite"), effect)
        return ask(request, self.admin_site, question, lambda actor: withdraw(actor=actor, invitation=invitation))

    def correct_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send an Exams Officer's invite to another address."""
        invitation = self._open(request, pk)
        form = CorrectForm(request.POST if request.method == "POST" else None, initial={"email": invitation.email})
        if form.is_valid():
            try:
                correct_address(actor=cast("User", request.user), invitation=invitation, email=form.cleaned_data["email"])
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("Invite sent"))
                return redirect("admin:accounts_invitation_change", pk)
        context = {**self.admin_site.each_context(request), "form": form, "invitation": invitation, "title": _("Correct address")}
        return render(request, "admin/correct_address.html", context)

    @admin.display(description=_("Status"))
    def state(self, invitation: Invitation) -> Promise:
        """Where the invite stands."""
        return _standing(invitation).state.label

    @admin.display(description=_("Reason"))
    def why(self, invitation: Invitation) -> Promise | str:
        """What went wrong, in plain words."""
        return _standing(invitation).why or "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Fetch what every page shows; hashes stay in the database."""
        return super().get_queryset(request).select_related("centre", "invited_by").defer("password_hash", "selector")

    def _open(self, request: HttpRequest, pk: UUID) -> Invitation:
        demand(request, _RIGHT)
        invitation = get_object_or_404(Invitation.objects.select_related("centre"), pk=pk, role=Role.EXAMS_OFFICER)
        if invitation.accepted_at or invitation.withdrawn_at:
            raise Http404
        return invitation

    def _question(self, invitation: Invitation, title: Promise, effect: Promise) -> Question:
        back = reverse("admin:accounts_invitation_change", args=[invitation.pk])
        whom = f"{invitation.full_name} ({invitation.email}), {invitation.centre}"
        return Question(title=title, whom=whom, effects=[effect], back=back)


def _standing(invitation: Invitation) -> Standing:
    known: Standing | None = getattr(invitation, "standing", None)
    return known or standings([invitation])[invitation.pk]
