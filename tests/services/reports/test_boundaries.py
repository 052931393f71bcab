"""SVC 6: grade boundaries by series, qualification and tier, raw and uniform marks, search, CSV, versions that are never overwritten."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.audit.models import AuditEvent
from services.exams.levels import QualificationKind
from services.exams.models import Item
from services.reports.events import Event
from services.reports.models import Report, SubjectBoundary
from tests.cast import Cast, let_in
from tests.exams import make_option, make_sitting, release
from tests.reports import KINDS, notional, publish, subject

SITTING = "2026-11-level-2"
SUBJECT = ("grade-boundaries-subject", SITTING)


@pytest.fixture
def browser(cast: Cast) -> Client:
    release(make_sitting(), *KINDS)
    return let_in(cast.exams_officer)


def page_of(browser: Client, name: str = SUBJECT[0], **query: str) -> str:
    answer = browser.get(reverse(name, args=[SITTING]), query)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def file_of(browser: Client, name: str = "grade-boundaries-subject-file") -> list[dict[str, str]]:
    answer = browser.get(reverse(name, args=[SITTING]))
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_unit_shows_raw_and_uniform_marks_beside_each_other(browser: Client) -> None:
    make_option("3300U1", "Unit 1", item=Item.UNIT)
    publish(make_sitting(), Report.SUBJECT, subject([["a", 51, 81], ["b", 43, 72]], code="3300U1"))
    page = page_of(browser)
    assert (
        page.index("Raw mark")
        < page.index(">51<")
        < page.index(">43<")
        < page.index("Uniform mark")
        < page.index(">81<")
        < page.index(">72<")
    )
    assert "3300U1" in page


def test_an_award_and_its_units_stand_in_tables_of_their_own_scale(browser: Client) -> None:
    make_option("3300U1", "Unit 1", item=Item.UNIT)
    publish(make_sitting(), Report.SUBJECT, subject([["A", 50, 80]]), subject([["a", 51, 81]], code="3300U1"))
    page = page_of(browser)
    assert re.findall(r"GCSE, 3300, (\w+)</caption>", page) == ["Award", "Unit"]
    assert "1 qualification<" in page
    assert ">–<" not in page


def test_what_is_not_applicable_is_a_dash_on_the_page_and_minus_two_in_the_file(browser: Client) -> None:
    publish(make_sitting(), Report.SUBJECT, subject([["A*", 90, None], ["A", None, None]], tier="H"), subject([["C", 30, None]], tier="F"))
    page = page_of(browser)
    assert "Uniform mark" not in page
    assert ">–<" in page
    rows = file_of(browser)
    assert [(row["tier"], row["grade"], row["raw_boundary"], row["ums_boundary"]) for row in rows] == [
        ("F", "C", "30", "-2"), ("H", "A*", "90", "-2"), ("H", "A", "-2", "-2"),
    ]  # fmt: skip
    assert (rows[0]["body"], rows[0]["series"], rows[0]["certification_code"], rows[0]["specification_code"]) == (
        "WJEC",
        "2026-11",
        "3300",
        "3300QS",
    )


def test_a_linear_paper_has_notional_boundaries_on_a_page_of_their_own(browser: Client) -> None:
    publish(make_sitting(), Report.NOTIONAL, notional([("A", 47, None)]))
    page = page_of(browser, "grade-boundaries-notional")
    assert ">47<" in page
    assert "need not add up" in page
    assert file_of(browser, "grade-boundaries-notional-file")[0]["specification_code"] == "3300QS/01"
    assert browser.get(reverse(SUBJECT[0], args=[SITTING])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"words": "hánes"}, ["3100QS"]),
        ({"words": "3300"}, ["3300QS"]),
        ({"words": "(c) history"}, ["3100QS"]),
        ({"words": "physics"}, []),
        ({"kind": "gcse-double"}, ["3430QS"]),
        ({"tier": "H"}, ["3300QS"]),
        ({"tier": "X", "kind": "nonsense"}, ["3100QS", "3300QS", "3430QS"]),
        ({"page": "99"}, ["3100QS", "3300QS", "3430QS"]),
    ],
)
def test_search_and_filters_narrow_the_tables(browser: Client, query: dict[str, str], found: list[str]) -> None:
    history = make_option("3100QS", "History")
    history.qualification.subject.title_cy = "Hanes"
    history.qualification.subject.save()
    make_option("3430QS", "Science", QualificationKind.GCSE_DOUBLE)
    publish(make_sitting(), Report.SUBJECT, subject(tier="H"), subject(code="3100QS"), subject(code="3430QS"))
    page = page_of(browser, **query)
    assert [code for code in ("3100QS", "3300QS", "3430QS") if code in page] == found
    assert ("No grade boundaries found" in page) is (not found)


def test_a_version_is_never_overwritten_and_the_page_shows_what_was_before(browser: Client) -> None:
    publish(make_sitting(), Report.SUBJECT, subject([["A", 50, 80]]))
    made = publish(make_sitting(), Report.SUBJECT, subject([["A", 48, 80]]))
    again = publish(make_sitting(), Report.SUBJECT, subject([["A", 48, 80]]))
    assert ((made.fresh, made.reissued), (again.fresh, again.reissued)) == ((0, 1), (0, 0))
    rows = SubjectBoundary.objects.behind_the_gate().order_by("version")
    assert [(row.version, row.current, row.grades) for row in rows] == [(1, False, [["A", 50, 80]]), (2, True, [["A", 48, 80]])]
    page = page_of(browser)
    for shown in ("Re-issued", "A 50", ">48<"):
        assert shown in page
    assert [(row["raw_boundary"], row["version"]) for row in file_of(browser)] == [("48", "2")]


def test_the_database_knows_one_current_version(browser: Client) -> None:
    publish(make_sitting(), Report.SUBJECT, subject([["A", 50, 80]]))
    publish(make_sitting(), Report.SUBJECT, subject([["A", 48, 80]]))
    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectBoundary.objects.filter(version=1).update(current=True)


def test_the_file_is_safe_named_hashed_and_in_the_trail(browser: Client, cast: Cast) -> None:
    make_option("3300QS", "=cmd|' /C calc'!A0")
    publish(make_sitting(), Report.SUBJECT, subject())
    answer = browser.get(reverse("grade-boundaries-subject-file", args=[SITTING]))
    assert 'filename="subject-boundaries-2026-11-level-2-v1.csv"' in answer["Content-Disposition"]
    assert ",=" not in answer.content.decode()
    assert ",'=cmd" in answer.content.decode()
    event = AuditEvent.objects.get(number=Event.REPORT_DOWNLOADED.number)
    assert (event.actor_id, event.detail["version"], len(event.detail["sha256"])) == (str(cast.exams_officer.user.pk), 1, 64)
    browser.head(reverse("grade-boundaries-subject-file", args=[SITTING]))
    assert AuditEvent.objects.filter(number=Event.REPORT_DOWNLOADED.number).count() == 1


def test_queries_are_as_many_for_many_boundaries_as_for_few(browser: Client) -> None:
    asked = []
    for many in (1, 60):
        publish(make_sitting(), Report.SUBJECT, *(subject(code=f"3{number:03}QS") for number in range(many)))
        publish(make_sitting(), Report.NOTIONAL, notional())
        counts = []
        for name in ("grade-boundaries-subject", "grade-boundaries-notional", "grade-boundaries-subject-file"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse(name, args=[SITTING])).status_code == 200
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 14


def test_welsh_titles_and_words(browser: Client) -> None:
    publish(make_sitting(), Report.SUBJECT, subject(tier="F"))
    browser.post(reverse("language"), {"language": "cy"})
    page = page_of(browser)
    for shown in ("Ffiniau pynciau ac unedau", "Haen sylfaenol", "Mathematics (C)", "Marc crai", "Tachwedd 2026"):
        assert shown in page
    assert "TGAU, Tachwedd 2026" in str(browser.get(reverse("grade-boundaries")).content.decode())


def test_who_may_see_early_is_led_there_whether_or_not_there_is_anything(cast: Cast, browser: Client) -> None:
    from tests.attacks.gate import visitors

    link: Any = f'href="{reverse("embargoed-grade-boundaries")}"'
    assert link in browser.get(reverse("grade-boundaries")).content.decode()
    assert link not in visitors(cast).reader.get(reverse("grade-boundaries")).content.decode()
