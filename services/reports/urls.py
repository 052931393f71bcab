"""Pages of this service: each twice, for what is released and for what is under embargo."""

from django.urls import path, register_converter

from services.releases.looking import embargoed, released
from services.reports.boundaries import views as boundaries
from services.reports.items import views as items
from services.reports.pages import RELEASED
from services.reports.papers import PaperConverter

register_converter(PaperConverter, "paper")

_PAPER = "item-level-data/<sitting:sitting>/<paper:paper>/"
_PAGES = (
    ("grade-boundaries/<sitting:sitting>/subject/", boundaries.subject, "grade-boundaries-subject"),
    ("grade-boundaries/<sitting:sitting>/subject/file/", boundaries.subject_file, "grade-boundaries-subject-file"),
    ("grade-boundaries/<sitting:sitting>/notional/", boundaries.notional, "grade-boundaries-notional"),
    ("grade-boundaries/<sitting:sitting>/notional/file/", boundaries.notional_file, "grade-boundaries-notional-file"),
    (_PAPER, items.paper, "item-level-data-paper"),
    (f"{_PAPER}candidates/", items.candidates, "item-level-data-candidates"),
    (f"{_PAPER}candidates/<uuid:candidate>/", items.candidate, "item-level-data-candidate"),
    (f"{_PAPER}file/", items.file, "item-level-data-file"),
    (f"{_PAPER}figures/", items.figures_file, "item-level-data-figures"),
    ("grade-boundaries/", boundaries.index, "grade-boundaries"),
    ("item-level-data/", items.index, "item-level-data"),
)

urlpatterns = [
    *(path(f"embargo/{where}", embargoed(page), name=f"embargoed-{name}") for where, page, name in _PAGES),
    *(path(where, released(RELEASED)(page), name=name) for where, page, name in _PAGES),
]
