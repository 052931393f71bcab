"""Options as staff load them: all or nothing, nothing taken away, what results rest on stays (SVC 5)."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.groups import StaffGroup
from portal.audit.models import AuditEvent
from services.basedata.flow import load_options
from services.basedata.reading import COLUMNS
from services.exams.levels import ExamLevel
from services.exams.models import Option, Qualification, Series, SeriesLevel, Subject
from services.formats.csvs.writing import lines_of
from tests.cast import Cast, let_in, make_person

MATHS = {
    "option": "3300QS", "title_en": "Mathematics", "title_cy": "Mathemateg", "item": "C", "ums_max": "400", "qualification": "3300",
    "qualification_en": "Mathematics", "qualification_cy": "Mathemateg", "kind": "gcse", "qan": "601/4988/X", "subject": "mathematics",
    "subject_en": "Mathematics", "subject_cy": "Mathemateg",
}  # fmt: skip
UNIT = MATHS | {"option": "3300U1", "title_en": "Mathematics: unit 1", "title_cy": "Mathemateg: uned 1", "item": "U", "ums_max": "200"}
URL = reverse("admin:options-load")


@pytest.fixture
def browser(cast: Cast) -> Client:
    """A release manager's, who has no more than the group's rights."""
    person = make_person("manager@board.example", is_staff=True)
    person.user.groups.add(Group.objects.get(name=StaffGroup.RELEASE_MANAGER.value))
    return let_in(person)


def load(browser: Client, *lines: dict[str, str], content: bytes = b"") -> Any:
    return browser.post(URL, {"file": SimpleUploadedFile("options.csv", content or b"".join(lines_of(COLUMNS, lines)))}, follow=True)


def test_options_are_loaded_with_what_they_belong_to(browser: Client) -> None:
    answer = load(browser, MATHS, UNIT)
    assert "Options added: 2; changed: 0; as they were: 0" in answer.content.decode()
    unit = Option.objects.select_related("qualification__subject").get(code="3300U1")
    assert (unit.item, unit.ums_max, unit.qualification.level, unit.qualification.qan) == ("U", 200, ExamLevel.LEVEL_2, "601/4988/X")
    assert unit.qualification.subject.title_cy == "Mathemateg"
    event = AuditEvent.objects.get(number=355)
    assert (event.detail["added"], event.actor_name) == (2, "Nia Jones")


def test_loading_again_changes_what_reads_otherwise_and_takes_nothing_away(browser: Client) -> None:
    load(browser, MATHS, UNIT)
    answer = load(browser, MATHS | {"title_en": "Mathematics (new)"})
    assert "Options added: 0; changed: 1; as they were: 0" in answer.content.decode()
    assert Option.objects.get(code="3300QS").title_en == "Mathematics (new)"
    assert Option.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "number", "what"),
    [
        ([MATHS, MATHS], 3, "stands in the file twice"),
        ([MATHS, UNIT | {"kind": "a-level"}], 3, "written otherwise further up"),
        ([MATHS, UNIT | {"subject_en": "Numeracy"}], 3, "Subject mathematics is written otherwise"),
        ([MATHS, UNIT | {"qualification": "3310"}], 3, "belongs to another one"),
        ([MATHS | {"item": "X"}], 2, "must be U for a unit"),
        ([MATHS | {"kind": "diploma"}], 2, "not a kind of qualification"),
        ([MATHS | {"ums_max": "0"}], 2, "not a whole number"),
        ([MATHS | {"subject": "Maths!"}], 2, "small letters, figures and hyphens"),
        ([MATHS | {"title_cy": ""}], 2, "Welsh title is empty"),
    ],
)  # fmt: skip
def test_one_wrong_line_and_nothing_is_loaded(browser: Client, lines: list[dict[str, str]], number: int, what: str) -> None:
    page = load(browser, *lines).content.decode()
    assert "Nothing was loaded" in page
    assert f"<td>{number}</td>" in page
    assert what in page
    assert not Subject.objects.exists()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"kind": "a-level"}, "is of another kind already"),
        ({"qualification": "3310", "qan": ""}, "belongs to another qualification already"),
        ({"option": "3310QS", "qualification": "3310"}, "belongs to another one"),
    ],
)
def test_what_results_rest_on_stays_what_it_was(browser: Client, change: dict[str, str], what: str) -> None:
    load(browser, MATHS)
    assert what in load(browser, MATHS | change).content.decode()
    assert Qualification.objects.get().kind == "gcse"


@pytest.mark.parametrize("content", [b"", b"<html>", b"option\n1\n", b"".join(lines_of(COLUMNS, [])), b"PK\x03\x04"])
def test_what_is_no_file_of_options_is_refused(browser: Client, content: bytes) -> None:
    assert load(browser, content=content or b"\n").status_code == 200
    assert not Option.objects.exists()


def test_a_series_is_made_by_hand_with_its_levels_and_told(browser: Client) -> None:
    table = {
        "levels-TOTAL_FORMS": "1",
        "levels-INITIAL_FORMS": "0",
        "levels-0-level": "level-2",
        "levels-0-edi_code": "6G",
        "levels-0-board_number": "40",
    }
    answer = browser.post(reverse("admin:exams_series_add"), {"year": "2026", "month": "6", **table})
    assert answer.status_code == 302
    assert SeriesLevel.objects.get().series == Series.objects.get(year=2026, month=6)
    event = AuditEvent.objects.get(number=356)
    assert event.detail["fields"] == ["board_number", "edi_code", "level", "month", "year"]


def test_only_release_managers_change_basedata_and_nobody_deletes_it(browser: Client, cast: Cast) -> None:
    load(browser, MATHS)
    option = Option.objects.get()
    assert browser.post(reverse("admin:exams_option_delete", args=[option.pk]), {"post": "yes"}).status_code == 403
    for group in set(StaffGroup) - {StaffGroup.RELEASE_MANAGER}:
        person = make_person(f"{group.value}@board.example", is_staff=True)
        person.user.groups.add(Group.objects.get(name=group.value))
        theirs = let_in(person)
        assert theirs.get(URL).status_code == 403
        assert theirs.post(URL).status_code == 403
        assert theirs.get(reverse("admin:exams_option_change", args=[option.pk])).status_code == (
            200 if group is StaffGroup.AUDITOR else 403
        )
    assert browser.get(reverse("admin:options-template")).getvalue().startswith(b"\xef\xbb\xbfoption,title_en")
    assert "Load options from a file" in browser.get(reverse("admin:exams_option_changelist")).content.decode()


def test_code_and_qualification_of_an_option_are_closed_by_hand_too(browser: Client) -> None:
    load(browser, MATHS)
    option = Option.objects.get()
    sent = {"code": "9999QS", "title_en": "Mathematics", "title_cy": "Mathemateg", "item": "C", "ums_max": "300"}
    browser.post(reverse("admin:exams_option_change", args=[option.pk]), sent)
    option.refresh_from_db()
    assert (option.code, option.ums_max) == ("3300QS", 300)


def test_kind_and_level_of_a_qualification_are_closed_by_hand_too(browser: Client) -> None:
    load(browser, MATHS)
    whole = Qualification.objects.get()
    sent = {
        "subject": whole.subject_id,
        "title_en": "Maths",
        "title_cy": "Mathemateg",
        "kind": "a-level",
        "level": "level-3",
        "code": "1",
        "qan": "",
    }
    browser.post(reverse("admin:exams_qualification_change", args=[whole.pk]), sent)
    whole.refresh_from_db()
    assert (whole.title_en, whole.kind, whole.level, whole.code) == ("Maths", "gcse", "level-2", "3300")


def test_the_deed_itself_asks_for_the_right(cast: Cast) -> None:
    for person in (cast.exams_officer, make_person("plain@board.example", is_staff=True)):
        with pytest.raises(PermissionDenied):
            load_options(actor=person.user, content=ContentFile(b"".join(lines_of(COLUMNS, [MATHS]))))
