"""Files of reports in the help desk's admin: upload, what is wrong or would change, publish. Each deed is a POST and a right of its own (SVC 6, A133)."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.asking import demand
from portal.web.refusal import Refusal
from services.reports.importing import flow
from services.reports.importing.forms import ReasonForm, ReportFileForm
from services.reports.importing.profiles import template_of
from services.reports.models import FileState, Report, ReportFile

if TYPE_CHECKING:
    from accounts.models import User

    BaseAdmin = admin.ModelAdmin[ReportFile]
else:  # Django's class takes no type at run time
    BaseAdmin = admin.ModelAdmin

_VIEW = "reports.view_reportfile"


@admin.register(ReportFile)
class ReportFileAdmin(BaseAdmin):
    """The list of files, a page to add one, and a page for each."""

    list_display = ("name", "kind", "series", "level", "state", "fresh", "reissued", "wrong", "made_by", "made_at")
    list_filter = ("kind", "state", "level")
    search_fields = ("name", "digest")
    search_help_text = _("Search by name or SHA-256")
    list_select_related = ("series", "made_by")
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: ReportFile | None = None) -> bool:  # noqa: ARG002
        """Rows stay; files are deleted."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the deeds."""
        wrap = self.admin_site.admin_view
        return [
            path("template/<slug:kind>/", wrap(self.template_view), name="report-file-template"),
            path("file/<uuid:pk>/publish/", wrap(self.publish_view), name="report-file-publish"),
            path("file/<uuid:pk>/forget/", wrap(self.forget_view), name="report-file-forget"),
            *super().get_urls(),
        ]

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
        """Offer the first line of a CSV file of a kind."""
        demand(request, _VIEW)
        known = Report(kind if kind in Report.values else Report.SUBJECT)
        answer = StreamingHttpResponse(template_of(known), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="portal-{known.value}.csv"'
        return answer

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, object] | None = None) -> HttpResponse:  # noqa: ARG002
        """Take a file and check it."""
        demand(request, flow.MAY_TAKE)
        form = ReportFileForm(request.POST, request.FILES) if request.method == "POST" else ReportFileForm()
        if form.is_valid():
            where, kind, content = (form.cleaned_data[name] for name in ("where", "kind", "file"))
            run = flow.take_file(
                actor=cast("User", request.user), series=where.series, level=where.level, kind=Report(kind), content=content
            )
            return redirect("admin:reports_reportfile_change", run.pk)
        context = {**self.admin_site.each_context(request), "form": form, "kinds": Report.choices, "title": _("Upload a file of a report")}
        return render(request, "admin/reports/add.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, object] | None = None  # noqa: ARG002
    ) -> HttpResponse:  # fmt: skip
        """Show where a file stands. Nothing is done here, whatever is sent."""
        demand(request, _VIEW)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._show(request, self._run(object_id), ReasonForm())

    def publish_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Publish a checked file."""
        demand(request, flow.MAY_PUBLISH)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run, form = self._run(str(pk)), ReasonForm(request.POST)
        if form.is_valid():
            try:
                flow.publish(actor=cast("User", request.user), run=run, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("The file was published. When centres see it is decided by the release time alone"))
                return redirect("admin:reports_reportfile_change", pk)
        return self._show(request, run, form)

    def forget_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Delete a file that was not published."""
        demand(request, flow.MAY_TAKE)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if flow.forget(actor=cast("User", request.user), run=self._run(str(pk))):
            messages.success(request, _("The file was deleted. Nothing was published"))
        return redirect("admin:reports_reportfile_change", pk)

    def _run(self, key: str) -> ReportFile:
        try:
            pk = UUID(key)
        except ValueError:
            pk = UUID(int=0)
        return get_object_or_404(ReportFile.objects.select_related("series", "made_by", "published_by"), pk=pk)

    def _show(self, request: HttpRequest, run: ReportFile, form: ReasonForm) -> HttpResponse:
        checked = run.state == FileState.CHECKED
        context = {
            **self.admin_site.each_context(request), "run": run, "form": form, "title": str(run), "more": run.wrong - len(run.errors),
            "opts": self.opts, "can_publish": checked and request.user.has_perm(flow.MAY_PUBLISH),
            "can_forget": checked and request.user.has_perm(flow.MAY_TAKE),
        }  # fmt: skip
        return render(request, "admin/reports/file.html", context)
