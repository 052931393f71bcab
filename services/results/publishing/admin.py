"""Files of results in the help desk's admin: upload, what is wrong or would change, publish. Each deed is a POST and a right of its own (SVC 5, A133)."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from portal.web.refusal import Refusal
from services.formats.results import to_csv
from services.results.publishing import flow
from services.results.publishing.forms import ImportForm, PublishForm
from services.results.publishing.models import ImportState, ResultsImport
from services.results.publishing.work import progress

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[ResultsImport]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_VIEW = "publishing.view_resultsimport"


@admin.register(ResultsImport)
class ResultsImportAdmin(BaseAdmin):
    """The list of files, a page to add one, and a page for each."""

    list_display = ("name", "series", "level", "state", "results", "fresh", "reissued", "wrong", "made_by", "made_at")
    list_filter = ("state", "level")
    search_fields = ("name", "digest")
    search_help_text = _("Search by name or SHA-256")
    list_select_related = ("series", "made_by")
    list_per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: ResultsImport | None = None) -> bool:
        """Publishing is the change; nobody edits a row, for its page has no form of Django's own."""
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: ResultsImport | None = None) -> bool:  # noqa: ARG002
        """Rows stay; files are forgotten."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("template/", wrap(self.template_view), name="results-import-template"),
            path("file/<uuid:pk>/publish/", wrap(self.publish_view), name="results-import-publish"),
            path("file/<uuid:pk>/forget/", wrap(self.forget_view), name="results-import-forget"),
            *super().get_urls(),
        ]

    def template_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Offer the first line of a CSV file."""
        demand(request, _VIEW)
        answer = StreamingHttpResponse(to_csv([]), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="portal-results.csv"'
        return answer

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, object] | None = None) -> HttpResponse:  # noqa: ARG002
        """Take a file; it is checked in the background."""
        demand(request, flow.MAY_TAKE)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if form.is_valid():
            where = form.cleaned_data["where"]
            run = flow.take_file(
                actor=cast("User", request.user), series=where.series, level=where.level, content=form.cleaned_data["file"]
            )
            return redirect("admin:publishing_resultsimport_change", run.pk)
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Upload a file of results")}
        return render(request, "admin/publishing/add.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, object] | None = None  # noqa: ARG002
    ) -> HttpResponse:  # fmt: skip
        """Show where a file stands. Nothing is done here, whatever is sent."""
        demand(request, _VIEW)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._show(request, self._run(object_id), PublishForm())

    def publish_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Have a checked file published."""
        demand(request, flow.MAY_PUBLISH)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run, form = self._run(str(pk)), PublishForm(request.POST)
        if form.is_valid():
            try:
                flow.order(actor=cast("User", request.user), run=run, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                return redirect("admin:publishing_resultsimport_change", pk)
        return self._show(request, run, form)

    def forget_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Delete a file that was not published."""
        demand(request, flow.MAY_TAKE)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if flow.forget(actor=cast("User", request.user), run=self._run(str(pk))):
            messages.success(request, _("The file was deleted. Nothing was published"))
        return redirect("admin:publishing_resultsimport_change", pk)

    def _run(self, key: str) -> ResultsImport:
        try:
            pk = UUID(key)
        except ValueError:
            pk = UUID(int=0)
        return get_object_or_404(ResultsImport.objects.select_related("series", "made_by", "ordered_by", "issue"), pk=pk)

    def _show(self, request: HttpRequest, run: ResultsImport, form: PublishForm) -> HttpResponse:
        working = run.state in {ImportState.WAITING, ImportState.ORDERED}
        context = {
            **self.admin_site.each_context(request), "run": run, "form": form, "title": str(run), "working": working,
            "read": progress(run) if working else 0, "more": run.wrong - len(run.errors), "opts": self.opts,
            "can_publish": run.state == ImportState.CHECKED and request.user.has_perm(flow.MAY_PUBLISH),
            "can_forget": run.state in flow.OPEN and request.user.has_perm(flow.MAY_TAKE),
        }  # fmt: skip
        return render(request, "admin/publishing/file.html", context)
