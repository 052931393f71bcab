"""Candidates and entries as staff load them: looked at first, then all or nothing; nobody is taken away (SVC 2, SVC 7)."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import limits
from portal.audit.models import AuditEvent
from services.basedata.entries import load_entries
from services.basedata.entry_lines import COLUMNS
from services.basedata.waiting import forget_old
from services.exams.identifiers import make_uci
from services.exams.levels import QualificationKind
from services.exams.models import Candidate, Entry, Series
from services.formats.csvs.writing import lines_of
from tests.cast import Cast
from tests.exams import make_option, make_sitting
from tests.services.basedata.loading import load, look, manager

UCI = make_uci(centre="68001", year=2024, candidate="0001")
OTHER = make_uci(centre="68001", year=2024, candidate="0002")
MALI = {"centre": "68001", "candidate": "0001", "uci": UCI, "surname": "Ŵyn", "forenames": "Mali", "option": "3300QS", "withdrawn": ""}
ALED = MALI | {"candidate": "0002", "uci": "", "surname": "Huws", "forenames": "Aled"}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def series(cast: Cast) -> Series:
    make_option()
    make_option("3310QS", title="Numeracy")
    make_option("1300QS", kind=QualificationKind.A_LEVEL)
    return make_sitting().series


@pytest.fixture
def send(series: Series) -> Callable[..., Any]:
    """Look at a file of some lines and, unless something is wrong, load it; returns the last page."""
    browser = manager()

    def deed(*lines: dict[str, str]) -> Any:
        shown = look(browser, "entries", ours(*lines), series=series.pk)
        return load(browser, "entries", shown) if 'name="waiting"' in shown.content.decode() else shown

    return deed


def ours(*lines: dict[str, str]) -> bytes:
    return b"".join(lines_of(COLUMNS, lines))


def waiting_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]


def test_a_look_changes_nothing_and_the_load_does_what_it_said(series: Series, cast: Cast, settings: Any) -> None:
    browser = manager()
    shown = look(browser, "entries", ours(MALI, ALED, MALI | {"option": "3310QS"}), series=series.pk)
    page = shown.content.decode()
    assert "Entries added</th><td>3</td>" in page
    assert "Candidates added</th><td>2</td>" in page
    assert not Candidate.objects.exists()
    assert not AuditEvent.objects.filter(number=358).exists()
    (path,) = waiting_files(settings)
    assert (path.stat().st_mode & 0o077, "imports" in path.parts) == (0, True)
    page = load(browser, "entries", shown).content.decode()
    assert "Entries added: 3" in page
    assert waiting_files(settings) == []
    person = Candidate.objects.get(number="0001")
    assert (person.centre, person.series, person.uci, person.name) == (cast.centre, series, UCI, "Ŵyn, Mali")
    assert "wyn" in person.searched
    assert person.sort_cy
    assert set(person.entries.values_list("option__code", flat=True)) == {"3300QS", "3310QS"}
    event = AuditEvent.objects.get(number=358)
    assert (event.detail["added"], event.detail["people_added"], event.detail["centres"]) == (3, 2, 1)
    assert "Mali" not in str(event.detail)
    listed = browser.get(reverse("admin:exams_entry_changelist")).content.decode()
    assert "0001" in listed
    assert "Ŵyn" not in listed


def test_loading_again_corrects_names_and_withdraws_but_takes_nobody_away(send: Callable[..., Any]) -> None:
    send(MALI, ALED)
    page = send(MALI | {"surname": "Wyn", "uci": "", "withdrawn": "Y"}).content.decode()
    assert (
        "Entries added: 0; Entries withdrawn or taken up again: 1; Entries as they were: 0; Candidates added: 0; Candidates changed: 1"
        in page
    )
    person = Candidate.objects.get(number="0001")
    assert (person.surname, person.uci) == ("Wyn", UCI)
    assert Entry.objects.get(candidate=person).withdrawn_at is not None
    assert Entry.objects.filter(withdrawn_at=None).count() == 1
    send(MALI)
    assert Entry.objects.get(candidate=person).withdrawn_at is None


@pytest.mark.parametrize(
    ("lines", "number", "what"),
    [
        ([MALI, MALI], 3, "stands with option 3300QS in the file twice"),
        ([MALI, MALI | {"option": "3310QS", "surname": "Wynne"}], 3, "is written otherwise further up"),
        ([MALI, ALED | {"uci": UCI}], 3, "belongs to candidate 0001 of this centre"),
        ([MALI | {"centre": "69999"}], 2, "There is no centre 69999"),
        ([MALI | {"option": "9999QS"}], 2, "There is no option 9999QS"),
        ([MALI | {"option": "1300QS"}], 2, "a level that this series does not have"),
        ([MALI | {"centre": "6800"}], 2, "does not have 5 figures"),
        ([MALI | {"candidate": "0000"}], 2, "is not 4 figures from 0001 on"),
        ([MALI | {"candidate": "1"}], 2, "is not 4 figures from 0001 on"),
        ([MALI | {"uci": UCI[:-1] + ("B" if UCI[-1] == "A" else "A")}], 2, "The last letter of this UCI"),
        ([MALI | {"withdrawn": "N"}], 2, "must be Y for an entry that is withdrawn"),
        ([ALED, MALI | {"surname": ""}], 3, "Last name is empty"),
        ([], 0, "Nothing was loaded"),
    ],
)
def test_one_wrong_line_and_nothing_can_be_loaded(send: Callable[..., Any], lines: list[dict[str, str]], number: int, what: str) -> None:
    page = send(*lines).content.decode()
    assert "Nothing was loaded" in page
    assert not number or f"<td>{number}</td>" in page
    assert what in page
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("change", "what"), [({"uci": OTHER}, "has another UCI already"), ({"candidate": "0003"}, "belongs to candidate 0001 of this centre")]
)
def test_one_number_stays_one_person(send: Callable[..., Any], change: dict[str, str], what: str) -> None:
    send(MALI)
    assert what in send(MALI | change).content.decode()
    assert Candidate.objects.get().uci == UCI


def test_a_waiting_file_is_its_senders_of_its_kind_and_for_a_day(series: Series, settings: Any) -> None:
    shown = look(manager(), "entries", ours(MALI), series=series.pk)
    gone = "The file that was checked is no longer here"
    assert gone in load(manager("second@board.example"), "entries", shown).content.decode()
    browser = manager("third@board.example")
    shown = look(browser, "entries", ours(MALI), series=series.pk)
    assert gone in load(browser, "components", shown).content.decode()
    assert gone in browser.post(reverse("admin:entries-load"), {"waiting": "../../x"}).content.decode()
    assert forget_old() == 0
    for path in waiting_files(settings):
        old = path.stat().st_mtime - limits.SVC5_IMPORT_HOURS * 3600 - 1
        os.utime(path, (old, old))
    assert forget_old() == 2
    assert gone in load(browser, "entries", shown).content.decode()
    assert not Candidate.objects.exists()


def test_a_file_of_many_asks_as_often_as_one_of_few(series: Series, cast: Cast) -> None:
    counts = []
    for first, many in ((1, 2), (100, 90)):
        lines = [ALED | {"candidate": f"{number:04}", "surname": f"Huws {number}"} for number in range(first, first + many)]
        with CaptureQueriesContext(connection) as asked:
            load_entries(actor=cast.staff.user, content=ContentFile(ours(*lines)), series=series)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("content", [b"", b"<html>", b"centre\n68001\n", b"PK\x03\x04", b"\xff\xfe\x00"])
def test_what_is_no_file_of_entries_is_refused(series: Series, content: bytes) -> None:
    assert look(manager(), "entries", content, series=series.pk).status_code == 200
    assert not Candidate.objects.exists()


def test_a_file_has_a_bound(series: Series, monkeypatch: pytest.MonkeyPatch, send: Callable[..., Any]) -> None:
    monkeypatch.setattr(limits, "SVC5_ENTRIES", 1)
    assert "has more than 1 rows" in send(MALI, ALED).content.decode()
    monkeypatch.setattr(limits, "P21_UPLOAD_BYTES", 10)
    assert "no more than 5 MB" in send(MALI).content.decode()
    assert not Candidate.objects.exists()


def test_the_deed_itself_asks_for_the_right(series: Series, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        load_entries(actor=cast.exams_officer.user, content=ContentFile(ours(MALI)), series=series)


def test_what_was_loaded_is_what_scripts_are_published_for(send: Callable[..., Any], cast: Cast) -> None:
    """The way of a real series: options, components, entries, then a script of each."""
    from services.exams.levels import ExamLevel
    from services.scripts.publishing import publish_script
    from services.scripts.refusals import NotEntered
    from tests.papers import make_component
    from tests.services.formats.pdfs import plain_pdf

    make_component()
    send(MALI, ALED | {"withdrawn": "Y"})
    known: dict[str, Any] = {
        "actor": cast.staff.user, "series": Series.objects.get(), "level": ExamLevel.LEVEL_2, "centre": "68001", "component": "3300/01",
    }  # fmt: skip
    assert publish_script(candidate="0001", content=plain_pdf(), **known).candidate.uci == UCI
    with pytest.raises(NotEntered):
        publish_script(candidate="0002", content=plain_pdf(), **known)


def test_the_template_is_the_first_line(series: Series) -> None:
    answer: Any = manager().get(reverse("admin:entries-template"))
    assert answer.getvalue() == ours()
