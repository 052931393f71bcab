"""Release times in the help desk's admin: proposed on one page, decided by another member of staff on others (A120)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import Question, ask, demand
from permissions.access_pages.rules import plain_words
from portal import clock
from portal.web.read_only_admin import ReadOnly
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.releases import flow
from services.releases.artefacts import Artefact
from services.releases.forms import ProposeForm
from services.releases.models import Release, ReleaseChange

if TYPE_CHECKING:
    from accounts.models import User

    ReleasePage = admin.ModelAdmin[Release]
    ChangePage = admin.ModelAdmin[ReleaseChange]
else:  # Django's class takes no type at run time
    ReleasePage = ChangePage = admin.ModelAdmin

_KEY: tuple[str, ...] = ("kind", "level", "series", "restricted_at", "general_at", "announced")


@admin.register(Release)
class ReleaseAdmin(ReadOnly, ReleasePage):
    """The times that count now; nobody edits one, a colleague and you move it."""

    change_list_template = "admin/releases/change_list.html"
    list_display = _KEY
    list_filter = ("kind", "level")
    fields: ClassVar = _KEY
    readonly_fields: ClassVar = fields
    list_select_related = ("series",)
    list_per_page = 50


@admin.register(ReleaseChange)
class ReleaseChangeAdmin(ReadOnly, ChangePage):
    """What was proposed and what became of it; every deed has a page of its own."""

    change_form_template = "admin/releases/change_form.html"
    change_list_template = "admin/releases/change_list.html"
    list_display = (*_KEY, "proposed_by", "state", "decided_by")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "approved", "kind", "level")
    fields: ClassVar[tuple[str, ...]] = (*_KEY, "reason", "proposed_by", "proposed_at", "state", "decided_by", "decided_at")
    readonly_fields: ClassVar = fields
    list_select_related = ("series", "proposed_by", "decided_by")
    list_per_page = 50

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("propose/", wrap(self.propose_page), name="release-propose"),
            path("proposal/<uuid:pk>/approve/", wrap(self.approve_page), name="release-approve"),
            path("proposal/<uuid:pk>/refuse/", wrap(self.refuse_page), name="release-refuse"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Status"))
    def state(self, change: ReleaseChange) -> Promise:
        """Where the proposal stands."""
        if change.decided_at is None:
            return _("Waiting for a second member of staff")
        if change.approved:
            return _("Approved")
        return _("Refused") if change.decided_by_id else _("Withdrawn")

    def propose_page(self, request: HttpRequest) -> HttpResponse:
        """Ask what is released and when; nothing changes before a colleague approves."""
        demand(request, flow.MAY_PROPOSE)
        form = ProposeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                made = flow.propose(
                    actor=cast("User", request.user),
                    series=asked["series"],
                    level=ExamLevel(asked["level"]),
                    kind=Artefact(asked["kind"]),
                    restricted_at=asked["restricted_at"],
                    general_at=asked["general_at"],
                    announced=asked["announced"],
                    reason=plain_words(asked["reason"]),
                )
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("Release time proposed. Another member of staff decides about it"))
                return redirect("admin:releases_releasechange_change", made.pk)
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Propose a release time")}
        return render(request, "admin/releases/propose.html", context)

    def approve_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Set the proposed times, as the second member of staff."""
        effects = (
            _("These times count at once, by the clock of the database. A time that has passed opens at once."),
            _("Compare them with the published date of results day."),
        )
        return self._decision(request, pk, _("Approve release time"), effects, flow.approve)

    def refuse_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Close a proposal without a change."""
        return self._decision(request, pk, _("Refuse release time"), (_("Nothing is changed. A time can be proposed again."),), flow.refuse)

    def _decision(
        self, request: HttpRequest, pk: UUID, title: Promise, effects: Sequence[Promise], deed: Callable[..., object]
    ) -> HttpResponse:
        change = get_object_or_404(ReleaseChange.objects.select_related("series", "proposed_by"), pk=pk)
        is_own = deed is flow.refuse and change.proposed_by_id == request.user.pk
        demand(request, flow.MAY_PROPOSE if is_own else flow.MAY_DECIDE)
        before = Release.objects.filter(series=change.series_id, level=change.level, kind=change.kind).first()
        words: list[Promise | str] = [
            f"{_('Restricted release')}: {_wall(change, 'restricted_at')}",
            f"{_('General release')}: {_wall(change, 'general_at')}",
            f"{_('Until now')}: {_wall(before, 'restricted_at')}, {_wall(before, 'general_at')}"
            if before
            else _("No time was set until now."),
            _("Announced as a results day") if change.announced else _("Not announced as a results day"),
            f"{_('Reason')}: {change.reason}",
            f"{_('Proposed by')}: {change.proposed_by or '-'}",
            *effects,
        ]
        if deed is flow.approve and before and before.general_at <= clock.database_now() < change.general_at:
            words.append(_("It is open to everybody now, and closes again until the new time. What was downloaded stays where it is."))
        back = reverse("admin:releases_releasechange_change", args=[pk])
        question = Question(title=title, whom=str(change), effects=words, back=back)
        return ask(request, self.admin_site, question, lambda actor: deed(actor=actor, change=change))


def _wall(row: Release | ReleaseChange, name: str) -> str:
    return f"{date_format(clock.london(getattr(row, name)), 'l j F Y H:i')} ({_('UK time')})"
