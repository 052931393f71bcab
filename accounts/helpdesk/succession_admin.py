"""Changes of Exams Officer in the help desk's admin: read by all staff with the right, decided on pages of their own (HELP-1)."""

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from accounts.helpdesk.tables import letters_about
from accounts.models import Stage, Succession, User
from accounts.succession import deciding
from accounts.succession.forms import ApproveForm, RefuseForm
from accounts.succession.messages import about
from portal import clock
from portal.web.read_only_admin import ReadOnly
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Succession]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

RIGHT = "accounts.change_succession"
_EFFECTS: dict[bool, tuple[Promise, ...]] = {
    True: (
        _("Compare the head of centre’s name and address with those that we hold for the centre, not with what was typed here."),
        _("Call back on the phone number that the centre has published, never on one that was given in the message or on the phone."),
        _("The present Exams Officer goes and the new one takes the place at once. Without an account at the centre they are invited."),
        _("Everybody concerned is told by email."),
    ),
    False: (_("Nothing is changed. Who asked can ask again. Everybody concerned is told by email."),),
}


class SuccessionAdmin(ReadOnly, BaseAdmin):
    """Cases and where they stand; nobody edits one."""

    change_form_template = "admin/accounts/succession/change_form.html"
    list_display = ("centre", "full_name", "status", "asked_by", "asked_at", "expires_at", "decided_by")
    list_filter = ("stage",)
    search_fields = ("=centre__number", "first_name", "last_name", "email", "head_email")
    search_help_text = _("Search by name, email address or centre number")
    fields: ClassVar = (
        "centre", "status", "first_name", "last_name", "email", "after", "reason", "asked_by", "asked_at", "head_name", "head_email",
        "answered_at", "letters", "expires_at", "decided_by", "decided_at", "answer",
    )  # fmt: skip
    readonly_fields = fields
    list_select_related = ("centre", "asked_by", "decided_by")
    list_per_page = 50

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("case/<uuid:pk>/approve/", wrap(self.approve_page), name="succession-approve"),
            path("case/<uuid:pk>/refuse/", wrap(self.refuse_page), name="succession-refuse"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Name"))
    def full_name(self, case: Succession) -> str:
        """Who shall be Exams Officer."""
        return case.full_name

    @admin.display(description=_("Status"))
    def status(self, case: Succession) -> str:
        """Where the case stands now."""
        return str(Stage.EXPIRED.label if case.expired(clock.now()) else case.get_stage_display())

    @admin.display(description=_("Messages"))
    def letters(self, case: Succession) -> SafeString:
        """How the messages of the case fared."""
        return letters_about(about(case))

    def approve_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Change the Exams Officer."""
        return self._decision(request, pk, approves=True)

    def refuse_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Close the case without a change."""
        return self._decision(request, pk, approves=False)

    def _decision(self, request: HttpRequest, pk: UUID, *, approves: bool) -> HttpResponse:
        demand(request, RIGHT)
        case = get_object_or_404(Succession.objects.select_related("centre", "asked_by"), pk=pk)
        data = request.POST if request.method == "POST" else None
        form = ApproveForm(data, initial={"after": case.after}) if approves else RefuseForm(data)
        title = _("Change the Exams Officer") if approves else _("Refuse the change")
        if form.is_valid():
            actor, reason = cast("User", request.user), form.cleaned_data["reason"]
            try:
                if approves:
                    deciding.approve(actor=actor, case=case, after=form.cleaned_data["after"], reason=reason)
                else:
                    deciding.refuse(actor=actor, case=case, reason=reason)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"{title}: {case}")
                return redirect("admin:accounts_succession_change", pk)
        context = {**self.admin_site.each_context(request), "form": form, "case": case, "title": title, "effects": _EFFECTS[approves]}
        return render(request, "admin/decide_succession.html", context)
