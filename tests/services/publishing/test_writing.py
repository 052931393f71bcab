"""Rows go in at once, by whichever way the database has, and it refuses the same (on PostgreSQL: by COPY)."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from services.publishing.writing import add_rows, check_at_once
from services.reports.models import PaperItem, Report, ReportIssue
from tests.cast import Cast
from tests.exams import make_sitting
from tests.reports import EVERYWHERE, make_paper

COLUMNS = ("series_id", "level", "issue_id", "version", "current", "component_id", "label", "place", "maximum", "optional", "figures")


@pytest.fixture
def row(cast: Cast) -> dict[str, Any]:
    sitting = make_sitting()
    made = ReportIssue.objects.create(series=sitting.series, level=sitting.level, kind=Report.ITEMS, number=1)
    same = (sitting.series_id, sitting.level, made.pk, 1, True, make_paper().pk, "1(a) \\t\n“é”", 1, 4, False, EVERYWHERE)
    return dict(zip(COLUMNS, same, strict=True))


def test_rows_come_back_as_they_were_given(row: dict[str, Any]) -> None:
    add_rows(PaperItem, COLUMNS, [tuple(row.values())])
    kept = PaperItem.objects.behind_the_gate().values(*COLUMNS).get()
    assert kept == row


@pytest.mark.parametrize("wrong", [{"maximum": 0}, {"version": 0}, {"level": "level-9"}], ids=str)
def test_the_database_refuses_a_row_in_djangos_words(row: dict[str, Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add_rows(PaperItem, COLUMNS, [tuple((row | wrong).values())])
    with pytest.raises(IntegrityError), transaction.atomic():
        add_rows(PaperItem, COLUMNS, [tuple(row.values())] * 2)


def test_what_stands_on_nothing_is_refused_with_its_statement(row: dict[str, Any]) -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks at the end of the transaction only")
    check_at_once()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_rows(PaperItem, COLUMNS, [tuple((row | {"issue_id": uuid.uuid4()}).values())])
