"""Files of reports in the help desk's admin (SVC 6)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.publishing.admin import StaffFileAdmin
from services.publishing.models import StaffFile
from services.reports.importing.forms import ReportFileForm
from services.reports.importing.pipeline import ReportsPipeline
from services.reports.importing.profiles import template_of
from services.reports.models import Report, ReportFile


@admin.register(ReportFile)
class ReportFileAdmin(StaffFileAdmin):
    """The list of files, a page to add one, and a page for each."""

    pipeline = ReportsPipeline()
    form_class = ReportFileForm
    named = "report-file"
    add_title = _("Upload a file of a report")
    counted = ("kind", "lines", "fresh", "reissued", "unchanged")
    list_display = ("name", "kind", "series", "level", "state", "fresh", "reissued", "wrong", "tries", "made_by", "made_at")
    list_filter = ("kind", "state", "level")

    def new_file(self, given: dict[str, Any]) -> StaffFile:
        """Make the row with its kind."""
        where = given["where"]
        return ReportFile(series=where.series, level=where.level, kind=given["kind"], size=0)

    def templates(self) -> Iterable[tuple[str, str | Promise]]:
        """Return a template for each kind."""
        return [(reverse("admin:report-file-template", args=[kind]), label) for kind, label in Report.choices]

    def get_urls(self) -> list[URLPattern]:
        """Add the templates."""
        wrap = self.admin_site.admin_view
        return [path("template/<slug:kind>/", wrap(self.template_view), name="report-file-template"), *super().get_urls()]

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Offer the first line of a CSV file of a kind."""
        known = Report(kind if kind in Report.values else Report.SUBJECT)
        return self.csv_template(request, template_of(known), known.value)
