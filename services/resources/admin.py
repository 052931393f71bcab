"""Resources in the help desk's admin: what there is, a page to add one, and the two deeds on one. Each deed is a right of its own (A133)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import Question, ask, demand
from portal import clock
from portal.web.read_only_admin import ReadOnly
from portal.web.refusal import Refusal
from services.resources.forms import ResourceForm
from services.resources.models import Resource, ResourceKind, ResourceLanguage
from services.resources.publishing import MAY_ADD, MAY_CHANGE, About, add_resource, confirm_times, withdraw

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[Resource]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


@admin.register(Resource)
class ResourceAdmin(ReadOnly, BaseAdmin):
    """The list of resources; every deed has a page of its own, and nothing is edited by hand."""

    change_list_template = "admin/resources/change_list.html"
    change_form_template = "admin/resources/change_form.html"
    list_display = ("named", "kind", "language", "year", "starts_at", "general_at", "standing")
    list_filter = ("kind", "language", "year", "file__state")
    search_fields = ("searched",)
    search_help_text = _("Search by title or code")
    fields: ClassVar[tuple[str, ...]] = (
        "title_en", "title_cy", "qualification", "component", "kind", "language", "year", "month", "starts_at", "general_at", "standing",
        "added_by", "added_at", "confirmed_by", "confirmed_at", "withdrawn_at",
    )  # fmt: skip
    readonly_fields: ClassVar = fields
    list_select_related = ("file",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:  # noqa: ARG002
        """Everything, also what is not everybody's yet: staff publish it."""
        rows: QuerySet[Resource] = Resource.objects.behind_the_gate()
        return rows

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("new/", wrap(self.add_page), name="resource-add"),
            path("<uuid:pk>/confirm/", wrap(self.confirm_page), name="resource-confirm"),
            path("<uuid:pk>/withdraw/", wrap(self.withdraw_page), name="resource-withdraw"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Title"))
    def named(self, resource: Resource) -> str:
        """Its title in the page's language."""
        return resource.title

    @admin.display(description=_("Status"))
    def standing(self, resource: Resource) -> Promise | str:
        """Where it stands."""
        if resource.withdrawn_at:
            return _("Withdrawn")
        if resource.starts_at and not resource.confirmed_at:
            return _("Waiting for a second member of staff")
        return resource.file.get_state_display()

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Take a resource in."""
        demand(request, MAY_ADD)
        form = ResourceForm(request.POST, request.FILES) if request.method == "POST" else ResourceForm()
        if form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            kinds: dict[str, Any] = {"kind": ResourceKind(given["kind"]), "language": ResourceLanguage(given["language"])}
            about = About(**{name: given[name] for name in About.__slots__ if name not in kinds}, **kinds)
            try:
                made = add_resource(actor=cast("User", request.user), about=about, content=given["file"].read())
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"{made}: {self.standing(made)}")
                return redirect("admin:resources_resource_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Add a resource")}
        return render(request, "admin/resources/add.html", context)

    def confirm_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Confirm the times of a question paper, as the second member of staff."""
        effects = (
            _("Centres with a matching entry get it 60 minutes before its start, by the clock of the database."),
            _("Compare the times with the published timetable."),
        )
        return self._deed(request, pk, _("Confirm the times"), effects, confirm_times)

    def withdraw_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take a resource away from everybody."""
        return self._deed(request, pk, _("Withdraw the resource"), (_("Nobody sees it from now on."),), withdraw)

    def _deed(
        self, request: HttpRequest, pk: UUID, title: Promise, effects: tuple[Promise, ...], deed: Callable[..., object]
    ) -> HttpResponse:
        demand(request, MAY_CHANGE)
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        times = [
            f"{label}: {date_format(clock.london(value), 'l j F Y H:i')} ({_('UK time')})"
            for label, value in ((_("Start of the exam"), row.starts_at), (_("For everybody from"), row.general_at))
            if value
        ]
        back = reverse("admin:resources_resource_change", args=[pk])
        question = Question(title=title, whom=str(row), effects=[*times, *effects], back=back)
        return ask(request, self.admin_site, question, lambda actor: deed(actor=actor, resource=row))
