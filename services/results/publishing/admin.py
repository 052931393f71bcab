"""Files of results in the help desk's admin (SVC 5)."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.formats.results import to_csv
from services.publishing.admin import StaffFileAdmin
from services.results.publishing.forms import ImportForm
from services.results.publishing.models import ResultsImport
from services.results.publishing.pipeline import ResultsPipeline


@admin.register(ResultsImport)
class ResultsImportAdmin(StaffFileAdmin):
    """The list of files, a page to add one, and a page for each."""

    pipeline = ResultsPipeline()
    form_class = ImportForm
    named = "results-import"
    add_title = _("Upload a file of results")
    counted = ("results", "centres", "candidates", "fresh", "reissued", "unchanged", "unchecked")
    list_display = ("name", "series", "level", "state", "results", "fresh", "reissued", "wrong", "tries", "made_by", "made_at")

    def templates(self) -> Iterable[tuple[str, str | Promise]]:
        """Return the one template."""
        return [(reverse("admin:results-import-template"), _("Results"))]

    def get_urls(self) -> list[URLPattern]:
        """Add the template."""
        return [path("template/", self.admin_site.admin_view(self.template_view), name="results-import-template"), *super().get_urls()]

    def template_view(self, request: HttpRequest) -> HttpResponseBase:
        """Offer the first line of a CSV file."""
        return self.csv_template(request, to_csv([]), "results")
