"""The shared nouns: what the database refuses, and what lists sort and search by."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import translation

from services.exams.levels import LEVEL_OF, ExamLevel, QualificationKind
from services.exams.models import Candidate, Entry, Option, OptionComponent, Series, SeriesLevel
from services.exams.models.qualification import Component
from services.exams.sitting import Sitting, SittingConverter
from tests.cast import Cast
from tests.exams import make_candidate, make_option, make_sitting


def test_a_series_is_a_month_and_has_each_level_once(db: None) -> None:
    sitting = make_sitting()
    assert (sitting.series.code, sitting.code) == ("2026-11", "2026-11-level-2")
    with translation.override("cy"):
        assert str(sitting.series) == "Tachwedd 2026"
    for wrong in ({"year": 2026, "month": 11}, {"year": 2026, "month": 13}, {"year": 1926, "month": 6}):
        _refused(Series, **wrong)
    _refused(SeriesLevel, series=sitting.series, level="level-2")
    _refused(SeriesLevel, series=sitting.series, level="level-9")
    assert set(LEVEL_OF) == set(QualificationKind)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "0001"}, {"number": "0000"}, {"number": "12"}, {"number": "12a4"}, {"number": "0002", "uci": "6899909800010"},
        {"number": "0002", "uci": "689990980001I"}, {"number": "0002", "uci": "689990980001D"},
    ],
    ids=str,
)  # fmt: skip
def test_a_candidate_has_a_number_and_a_uci_of_their_own_in_a_series(cast: Cast, wrong: dict[str, str]) -> None:
    sitting = make_sitting()
    Candidate.objects.create(centre=cast.centre, series=sitting.series, number="0001", uci="689990980001D", surname="Llwyd")
    _refused(Candidate, centre=cast.centre, series=sitting.series, surname="Llwyd", **wrong)
    # Another centre numbers its own.
    Candidate.objects.create(centre=cast.other_centre, series=sitting.series, number="0001", uci="689990980001D", surname="Llwyd")


def test_candidates_are_sorted_as_each_alphabet_does_and_found_without_accents(cast: Cast) -> None:
    sitting = make_sitting()
    for number, surname in enumerate(("Llwyd", "Lwcas", "Ŵyn"), start=1):
        make_candidate(cast.centre, sitting, number, surname, "Tomos")
    orders = {field: [row.surname for row in Candidate.objects.order_by(field)] for field in ("sort_en", "sort_cy")}
    assert orders == {"sort_en": ["Llwyd", "Lwcas", "Ŵyn"], "sort_cy": ["Lwcas", "Llwyd", "Ŵyn"]}
    assert Candidate.objects.get(searched__contains="wyn").name == "Ŵyn, Tomos"


def test_codes_entries_and_links_exist_once(cast: Cast) -> None:
    option, candidate = make_option(), make_candidate(cast.centre, make_sitting())
    titles = {"title_en": "Paper 1", "title_cy": "Papur 1"}
    paper = Component.objects.create(code="3300/01", maximum=80, **titles)
    OptionComponent.objects.create(option=option, component=paper)
    Entry.objects.create(candidate=candidate, option=option)
    _refused(Option, qualification=option.qualification, code=option.code, **titles)
    _refused(Component, code="3300/02", maximum=0, **titles)
    _refused(OptionComponent, option=option, component=paper)
    _refused(Entry, candidate=candidate, option=option)
    assert list(paper.options.all()) == [option]


def test_an_address_names_a_sitting_by_year_month_and_level() -> None:
    converter = SittingConverter()
    asked = converter.to_python("2026-11-level-2")
    assert asked == Sitting(2026, 11, ExamLevel.LEVEL_2)
    assert converter.to_url(asked) == "2026-11-level-2"


def _refused(model: Any, **values: Any) -> None:
    from django.db import transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**values)
