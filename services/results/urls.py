"""Pages of this service: each twice, for what is released and for what is under embargo."""

from django.urls import path

from services.exams import sitting  # noqa: F401  (its converter)
from services.releases.looking import embargoed, released
from services.results import views

_PAGES = (
    ("<sitting:sitting>/candidates/", views.candidates, "candidates"),
    ("<sitting:sitting>/candidates/<uuid:candidate>/", views.candidate, "candidate"),
    ("<sitting:sitting>/subjects/", views.subjects, "subjects"),
    ("<sitting:sitting>/subjects/<slug:code>/", views.subject, "subject"),
    ("<sitting:sitting>/file/", views.file, "file"),
    ("<sitting:sitting>/file/edi/", views.file, "edi"),
)

urlpatterns = [
    path("", released(views.RELEASED)(views.index), name="results"),
    path("day/", released(views.RELEASED)(views.day), name="results-day"),
    path("embargo/", embargoed(views.index), name="results-embargoed"),
    *(path(where, released(views.RELEASED)(page), name=f"results-{name}") for where, page, name in _PAGES),
    *(path(f"embargo/{where}", embargoed(page), name=f"results-embargoed-{name}") for where, page, name in _PAGES),
]
