"""The home page, All Services, and every service under its own path."""

from django.urls import include, path, register_converter

from services.exams.sitting import SittingConverter

register_converter(SittingConverter, "sitting")

urlpatterns = [
    path("", include("services.home.urls")),
    path("services/a2c-access-keys/", include("services.a2c.urls")),
    path("services/entries/", include("services.entries.urls")),
    path("services/internal-assessment/", include("services.marks.urls")),
    path("services/access-arrangements/", include("services.arrangements.urls")),
    path("services/embargo/", include("services.releases.urls")),
    path("services/results/", include("services.results.urls")),
    path("services/reports/", include("services.reports.urls")),
    path("services/scripts/", include("services.scripts.urls")),
    path("services/resources/", include("services.resources.urls")),
    path("services/key-dates/", include("services.dates.urls")),
]
