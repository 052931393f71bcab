"""MFA resets in the help desk's admin: asked for on one page, decided by another member of staff on others (MFA-4, A53)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk import factor_reset
from accounts.helpdesk.asking import Question, ask, demand
from accounts.helpdesk.reset_forms import AskResetForm
from accounts.models import FactorReset, User
from portal import clock
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[FactorReset]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_CALL_BACK = _("Call back on the phone number that the centre has published, never on one that was given in the message or on the phone.")


class FactorResetAdmin(BaseAdmin):
    """What was asked for and what became of it; every deed has a page of its own."""

    change_form_template = "admin/accounts/factorreset/change_form.html"
    list_display = ("user", "reason", "asked_by", "asked_at", "state", "decided_by", "decided_at")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "approved")
    search_fields = ("user__first_name", "user__last_name", "user__email")
    search_help_text = _("Search by name or email address")
    fields = ("user", "reason", "asked_by", "asked_at", "state", "decided_by", "decided_at")
    readonly_fields: ClassVar = fields
    list_select_related = ("user", "asked_by", "decided_by")
    ordering = ("-asked_at",)
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """A reset is asked for on the person's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:  # noqa: ARG002
        """Nobody edits a request."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:  # noqa: ARG002
        """Nobody deletes one."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("ask/<uuid:pk>/", wrap(self.ask_page), name="factor-reset-ask"),
            path("request/<uuid:pk>/approve/", wrap(self.approve_page), name="factor-reset-approve"),
            path("request/<uuid:pk>/refuse/", wrap(self.refuse_page), name="factor-reset-refuse"),
            *super().get_urls(),
        ]

    def ask_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask for the reset of a person's methods, with a reason."""
        demand(request, "accounts.add_factorreset")
        person = get_object_or_404(User, pk=pk)
        form = AskResetForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                factor_reset.ask_reset(actor=cast("User", request.user), person=person, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("MFA reset asked for. Another member of staff decides about it"))
                return redirect("admin:accounts_user_change", pk)
        context = {**self.admin_site.each_context(request), "form": form, "person": person, "title": _("Ask for MFA reset")}
        return render(request, "admin/ask_mfa_reset.html", context | {"call_back": _CALL_BACK})

    def approve_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Decide that the methods are reset, as the second member of staff."""
        effects = [
            _CALL_BACK,
            _("All their MFA methods and recovery codes are deleted, and they are signed out everywhere at once."),
            _("Their password stays. At their next sign-in they set up a new method. We tell them by email."),
        ]
        return self._decision(request, pk, _("Approve MFA reset"), effects, factor_reset.approve)

    def refuse_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Decide that nothing is reset."""
        effects = [_("Nothing is reset. The reset can be asked for again.")]
        return self._decision(request, pk, _("Refuse MFA reset"), effects, factor_reset.refuse)

    @admin.display(description=_("Status"))
    def state(self, reset: FactorReset) -> Promise:
        """Where the request stands."""
        if reset.approved:
            return _("Approved")
        if reset.decided_by_id:
            return _("Refused")
        # Who decided may have left since; a request that was closed because a new one was asked for has run out anyway.
        over = reset.decided_at is not None or factor_reset.expired(reset.asked_at, clock.now())
        return _("Expired") if over else _("Waiting for a second member of staff")

    def _decision(
        self, request: HttpRequest, pk: UUID, title: Promise, effects: Sequence[Promise], deed: Callable[..., None]
    ) -> HttpResponse:
        demand(request, "accounts.change_factorreset")
        reset = get_object_or_404(FactorReset.objects.select_related("user", "asked_by"), pk=pk)
        words: list[Promise | str] = [f"{_('Reason')}: {reset.reason}", f"{_('Asked by')}: {reset.asked_by or '-'}", *effects]
        back = reverse("admin:accounts_factorreset_change", args=[pk])
        question = Question(title=title, whom=f"{reset.user} ({reset.user.email})", effects=words, back=back)
        return ask(request, self.admin_site, question, lambda actor: deed(actor=actor, reset=reset))
