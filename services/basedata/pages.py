"""The pages of a list in the admin that is loaded from a file: the template, a look at what the file would change, and the load."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.functional import Promise

from accounts.helpdesk.asking import demand
from portal import limits
from portal.web.forms import PortalForm
from portal.web.refusal import Refusal
from services.basedata import waiting
from services.basedata.loading import WrongLines, preview
from services.formats.csvs.reading import Column
from services.formats.csvs.writing import lines_of
from services.formats.errors import LineError

if TYPE_CHECKING:
    from accounts.models import User


class LoadedFromFile:
    """Mix into a ModelAdmin. Nothing is written before its sender has seen the counts, and then all of it or nothing."""

    kind: ClassVar[str]
    """What the addresses and the waiting file are called by."""
    load_title: ClassVar[Promise]
    load_help: ClassVar[Promise]
    columns: ClassVar[Sequence[Column]]
    may_load: ClassVar[str]
    form_class: ClassVar[type[PortalForm]]
    load: ClassVar[Callable[..., Any]]
    labels: ClassVar[dict[str, Promise]]
    """The counts of what `load` returns, in words."""
    change_list_template: Any = "admin/basedata/loaded_list.html"
    admin_site: Any
    model: Any

    def given_of(self, cleaned: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Return what the form gives beside the file, as plain values that can wait with it."""
        return {}

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Return what `load` is given for these values. Raises a refusal."""
        return {}

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the file."""
        wrap = self.admin_site.admin_view
        rest: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [
            path("load/", wrap(self.load_view), name=f"{self.kind}-load"),
            path("load/template/", wrap(self.template_view), name=f"{self.kind}-template"),
            *rest,
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the load from above the list."""
        link = {"load_url": f"admin:{self.kind}-load", "load_title": self.load_title, "may_load": request.user.has_perm(self.may_load)}
        return cast("HttpResponse", super().changelist_view(request, (extra_context or {}) | link))  # type: ignore[misc]

    def template_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Offer the first line of a file."""
        demand(request, self.may_load)
        answer = StreamingHttpResponse(lines_of(self.columns, []), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="portal-{self.kind}.csv"'
        return answer

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file, show what it would change, load it."""
        demand(request, self.may_load)
        if request.method == "POST" and "waiting" in request.POST:
            return self._load(request)
        form = self.form_class(request.POST, request.FILES) if request.method == "POST" else self.form_class()
        if form.is_valid():
            content: File[Any] = form.cleaned_data["file"]
            given = self.given_of(form.cleaned_data)
            try:
                done = preview(type(self).load, actor=request.user, content=content, **self.arguments(given))
            except Refusal as refusal:
                form.refuse(refusal)
                return self._show(request, form=form, errors=_errors(refusal))
            content.seek(0)
            sealed = waiting.keep(kind=self.kind, actor=cast("User", request.user), content=content, given=given)
            return self._show(request, counts=self._counts(done), waiting=sealed)
        return self._show(request, form=form)

    def _load(self, request: HttpRequest) -> HttpResponse:
        """Load what was looked at; it is checked again, since something may have changed meanwhile."""
        actor = cast("User", request.user)
        try:
            place, given = waiting.take(request.POST["waiting"], kind=self.kind, actor=actor)
            done = self._load_from(place, actor, given)
        except Refusal as refusal:
            form = self.form_class()
            messages.error(request, str(refusal))
            return self._show(request, form=form, errors=_errors(refusal))
        place.unlink(missing_ok=True)
        messages.success(request, "; ".join(f"{label}: {count}" for label, count in self._counts(done)))
        return redirect(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    def _load_from(self, place: Path, actor: "User", given: dict[str, Any]) -> Any:
        with place.open("rb") as stream:
            return type(self).load(actor=actor, content=File(stream), **self.arguments(given))

    def _counts(self, done: Any) -> list[tuple[str, int]]:
        return [(str(label), getattr(done, name)) for name, label in self.labels.items()]

    def _show(self, request: HttpRequest, **more: Any) -> HttpResponse:
        known = {"title": self.load_title, "help": self.load_help, "template_url": f"admin:{self.kind}-template"}
        links = {
            "list_url": f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist",
            "list_title": self.model._meta.verbose_name_plural,
        }
        context = {**self.admin_site.each_context(request), **known, **links, **more}
        return render(request, "admin/basedata/load_checked.html", context)


def _errors(refusal: Refusal) -> list[LineError]:
    return refusal.errors[: limits.SVC5_ERRORS_SHOWN] if isinstance(refusal, WrongLines) else []
