"""Files of staff in the help desk's admin: upload, what is wrong or would change, publish. Each deed is a POST and a right of its own (A133).

A kind of file says its form, its words, and what its page counts; the addresses keep the names that each has always had.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from portal.web.refusal import Refusal
from services.publishing import flow
from services.publishing.forms import ReasonForm, StaffFileForm
from services.publishing.models import OPEN, WORKED, FileState, StaffFile
from services.publishing.pipeline import Pipeline
from services.publishing.work import progress

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[Model]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin


class StaffFileAdmin(BaseAdmin):
    """The list of files, a page to add one, and a page for each."""

    pipeline: ClassVar[Pipeline[Any]]
    form_class: ClassVar[type[StaffFileForm]]
    named: ClassVar[str]
    """How the names of the addresses begin."""
    add_title: ClassVar[Promise]
    counted: ClassVar[Sequence[str]] = ("fresh", "reissued", "unchanged")
    """The fields that the page of a file counts."""

    search_fields = ("name", "digest")
    search_help_text = _("Search by name or SHA-256")
    list_filter: ClassVar[Any] = ("state", "level")
    list_select_related = ("series", "made_by")
    list_per_page = 50

    def new_file(self, given: dict[str, Any]) -> StaffFile:
        """Make the row of what a form gave, not saved yet."""
        where = given["where"]
        made: StaffFile = self.pipeline.model(series=where.series, level=where.level, size=0)
        return made

    def templates(self) -> Iterable[tuple[str, str | Promise]]:
        """Return the address and the label of each CSV template."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Rows stay; files are deleted."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("file/<uuid:pk>/publish/", wrap(self.publish_view), name=f"{self.named}-publish"),
            path("file/<uuid:pk>/forget/", wrap(self.forget_view), name=f"{self.named}-forget"),
            *super().get_urls(),
        ]

    def csv_template(self, request: HttpRequest, lines: Iterable[bytes], name: str) -> StreamingHttpResponse:
        """Answer with the first line of a CSV file."""
        demand(request, f"{self.opts.app_label}.view_{self.opts.model_name}")
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="portal-{name}.csv"'
        return answer

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, object] | None = None) -> HttpResponse:  # noqa: ARG002
        """Take a file; it is checked in the background."""
        demand(request, self.pipeline.may_take)
        form = self.form_class(request.POST, request.FILES) if request.method == "POST" else self.form_class()
        if form.is_valid():
            run = flow.take_file(self.new_file(form.cleaned_data), actor=cast("User", request.user), content=form.cleaned_data["file"])
            return redirect(self._address("change", run.pk))
        return render(request, "admin/publishing/add.html", self._context(request, form=form, title=self.add_title, files=self.templates()))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, object] | None = None  # noqa: ARG002
    ) -> HttpResponse:  # fmt: skip
        """Show where a file stands. Nothing is done here, whatever is sent."""
        demand(request, f"{self.opts.app_label}.view_{self.opts.model_name}")
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._show(request, self._run(object_id), ReasonForm())

    def publish_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Have a checked file published."""
        demand(request, self.pipeline.may_publish)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run, form = self._run(str(pk)), ReasonForm(request.POST)
        if form.is_valid():
            try:
                flow.order(actor=cast("User", request.user), run=run, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                return redirect(self._address("change", pk))
        return self._show(request, run, form)

    def forget_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Delete a file that was not published."""
        demand(request, self.pipeline.may_take)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if flow.forget(actor=cast("User", request.user), run=self._run(str(pk))):
            messages.success(request, _("The file was deleted. Nothing was published"))
        return redirect(self._address("change", pk))

    def _run(self, key: str) -> StaffFile:
        try:
            pk = UUID(key)
        except ValueError:
            pk = UUID(int=0)
        found: StaffFile = get_object_or_404(self.pipeline.model.objects.select_related("series", "made_by", "ordered_by"), pk=pk)
        return found

    def _show(self, request: HttpRequest, run: StaffFile, form: ReasonForm) -> HttpResponse:
        user, state = request.user, run.state
        shown = {name: getattr(run, f"get_{name}_display", lambda name=name: getattr(run, name))() for name in self.counted}
        counts = [(self.opts.get_field(name).verbose_name, value) for name, value in shown.items()]  # type: ignore[union-attr]
        said = {
            "run": run, "form": form, "title": str(run), "counts": counts, "more": run.wrong - len(run.errors),
            "working": state in WORKED, "read": progress(run) if state in WORKED else 0,
            "publish": self._deed("publish", run, state == FileState.CHECKED and user.has_perm(self.pipeline.may_publish)),
            "forget": self._deed("forget", run, state in OPEN and state != FileState.ORDERED and user.has_perm(self.pipeline.may_take)),
        }  # fmt: skip
        return render(request, "admin/publishing/file.html", self._context(request, **said))

    def _deed(self, name: str, run: StaffFile, allowed: bool) -> str:
        return reverse(f"admin:{self.named}-{name}", args=[run.pk]) if allowed else ""

    def _address(self, page: str, *args: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _context(self, request: HttpRequest, **said: object) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "list": self._address("changelist"), **said}
