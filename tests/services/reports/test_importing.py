"""Publishing of reports by staff: our CSV profiles, checked, shown, all or nothing, versions never overwritten (SVC 6)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.groups import StaffGroup, make_groups
from portal import clock, limits
from portal.audit.models import AuditEvent
from services.publishing import flow
from services.publishing import work as work_module
from services.publishing.models import FileState
from services.publishing.work import work
from services.reports.events import Event
from services.reports.importing.profiles import COLUMNS
from services.reports.models import ItemMark, NotionalBoundary, PaperItem, Report, ReportFile, ReportIssue, SubjectBoundary
from tests.attacks.zips import zip_of
from tests.cast import Cast, let_in, make_person
from tests.exams import make_candidate, make_option, make_sitting
from tests.reports import item, make_paper
from tests.reports import publish as issue

SUBJECT = ("3300QS,F,60,C,30,100,60", "3300QS,F,60,D,25,100,50", "3300QS,H,60,A,50,100,80")
NOTIONAL = ("3300QS/01,-2,60,A,47", "3300QS/01,-2,60,B,40")
ITEMS = (
    "3300QS/01,1,1,4,N,40,39,1.5,20,19,1.4,20,20,1.6",
    "3300QS/01,2(a),2,6,Y,40,10,2.25,-2,-2,-2,-2,-2,-2",
)
MARKS = ("68001,0001,3300QS/01,1,3,M,F", "68001,0002,3300QS/01,1,,N,M", "68001,0003,3300QS/01,1,,A,")


@pytest.fixture
def browser(cast: Cast, settings: Any, tmp_path: Path) -> Client:
    settings.FILES_DIR = tmp_path
    make_option()
    make_paper()
    make_sitting()
    return let_in(cast.staff)


@pytest.fixture
def entered(cast: Cast) -> None:
    """Three candidates, and a paper of one item."""
    for number in (1, 2, 3):
        make_candidate(cast.centre, make_sitting(), number)
    issue(make_sitting(), Report.ITEMS, item())


def csv_of(kind: Report, *lines: str) -> bytes:
    head = ",".join(column.name for column in COLUMNS[kind])
    return "\r\n".join([head, *lines, ""]).encode()


def upload(browser: Client, kind: Report, *lines: str, content: bytes | None = None, name: str = "report.csv") -> ReportFile:
    file = SimpleUploadedFile(name, csv_of(kind, *lines) if content is None else content)
    answer = browser.post(reverse("admin:reports_reportfile_add"), {"where": make_sitting().pk, "kind": kind.value, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    run = ReportFile.objects.order_by("-made_at")[0]
    assert work(run.pk)
    run.refresh_from_db()
    return run


def publish(browser: Client, run: ReportFile, reason: str = "") -> str:
    answer = browser.post(reverse("admin:report-file-publish", args=[run.pk]), {"reason": reason}, follow=True)
    if work(run.pk):
        answer = browser.get(reverse("admin:reports_reportfile_change", args=[run.pk]))
    run.refresh_from_db()
    return str(answer.content.decode())


def test_boundaries_come_line_by_line_and_are_published_whole(browser: Client, cast: Cast) -> None:
    run = upload(browser, Report.SUBJECT, *SUBJECT)
    assert (run.state, run.fresh) == (FileState.CHECKED, 2)
    assert not ReportIssue.objects.exists()
    page = publish(browser, run)
    assert "decided by the release time alone" in page
    rows = (
        SubjectBoundary.objects.behind_the_gate().order_by("tier").values_list("option__code", "tier", "maximum", "ums_maximum", "grades")
    )
    assert list(rows) == [("3300QS", "F", 60, 100, [["C", 30, 60], ["D", 25, 50]]), ("3300QS", "H", 60, 100, [["A", 50, 80]])]
    assert run.issue is not None
    assert (run.issue.source, run.issue.digest, run.issue.issued_by_id) == ("report.csv", run.digest, cast.staff.user.pk)
    assert AuditEvent.objects.get(number=Event.REPORT_ISSUED.number).actor_id == str(cast.staff.user.pk)


def test_notional_boundaries_items_and_marks_are_published_the_same_way(browser: Client, entered: None) -> None:
    publish(browser, upload(browser, Report.NOTIONAL, *NOTIONAL))
    assert NotionalBoundary.objects.behind_the_gate().get().grades == [["A", 47, None], ["B", 40, None]]
    publish(browser, upload(browser, Report.ITEMS, ITEMS[0], ITEMS[1]), "Figures of all centres")
    found = (
        PaperItem.objects.behind_the_gate().filter(current=True).order_by("place").values_list("label", "version", "optional", "figures")
    )
    assert list(found) == [
        ("1", 2, False, {"all": [40, 39, 150], "male": [20, 19, 140], "female": [20, 20, 160]}),
        ("2(a)", 1, True, {"all": [40, 10, 225], "male": [None] * 3, "female": [None] * 3}),
    ]
    publish(browser, upload(browser, Report.MARKS, *MARKS))
    marks = (
        ItemMark.objects.behind_the_gate().order_by("candidate__number").values_list("mark", "state", "sex", "maximum", "centre__number")
    )
    assert list(marks) == [(3, "M", "F", 4, "68001"), (None, "N", "M", 4, "68001"), (None, "A", "", 4, "68001")]


def test_a_zip_file_of_several_is_one_file(browser: Client, entered: None) -> None:
    content = zip_of({"north.csv": csv_of(Report.MARKS, *MARKS[:2]), "south.csv": csv_of(Report.MARKS, MARKS[2])})
    run = upload(browser, Report.MARKS, content=content, name="marks.zip")
    assert (run.state, run.lines, run.fresh) == (FileState.CHECKED, 3, 3), run.errors
    wrong = zip_of({"north.csv": csv_of(Report.MARKS, MARKS[0]), "south.csv": csv_of(Report.MARKS, MARKS[0])})
    run = upload(browser, Report.MARKS, content=wrong, name="marks.zip")
    assert [(error["file"], error["line"]) for error in run.errors] == [("south.csv", 2)]


def test_the_marks_of_a_centre_stand_together(browser: Client, entered: None, cast: Cast) -> None:
    """One centre is all that is held: memory does not grow with the file."""
    make_candidate(cast.other_centre, make_sitting(), 1)
    elsewhere = MARKS[0].replace("68001", cast.other_centre.number)
    run = upload(browser, Report.MARKS, MARKS[0], elsewhere, MARKS[1])
    assert (run.state, run.wrong, run.errors[0]["line"]) == (FileState.WRONG, 1, 4)
    assert "stand in another place of the file" in run.errors[0]["what"]


def test_a_centre_with_too_many_marks_is_refused(browser: Client, entered: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "SVC6_MARKS_OF_A_CENTRE", 2)
    run = upload(browser, Report.MARKS, *MARKS)
    assert (run.state, run.wrong, run.errors[0]["line"]) == (FileState.WRONG, 1, 4)
    assert "has too many lines" in run.errors[0]["what"]


def test_progress_is_told_while_a_file_is_read(browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "SVC5_ROWS_AT_ONCE", 2)
    told: list[int] = []
    monkeypatch.setattr(work_module, "_teller", lambda _key: told.append)
    run = upload(browser, Report.SUBJECT, *SUBJECT)
    assert (run.state, run.lines, told) == (FileState.CHECKED, 3, [2])


def test_one_wrong_line_and_nothing_is_published_and_the_file_is_gone(
    browser: Client, entered: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = upload(browser, Report.MARKS, MARKS[0], MARKS[1].replace("N", "Z"), MARKS[2])
    assert (run.state, run.wrong, run.errors[0]["line"]) == (FileState.WRONG, 1, 3)
    assert not run.path.exists()
    page = browser.get(reverse("admin:reports_reportfile_change", args=[run.pk])).content.decode()
    assert "stands for nothing here: A, M, N, O do" in page
    assert "Publish, all or nothing" not in page
    assert "cannot be published" in publish(browser, run)
    assert not ItemMark.objects.behind_the_gate().exists()


@pytest.mark.parametrize(
    ("kind", "line", "what"),
    [
        (Report.SUBJECT, "9999QS,-2,60,A,50,-2,-2", "There is no “9999QS” at this level"),
        (Report.SUBJECT, "3300QS,Z,60,A,50,-2,-2", "is not a tier"),
        (Report.SUBJECT, "3300QS,-2,60,A,61,-2,-2", "The boundary 61 is not within its maximum (60)"),
        (Report.SUBJECT, "3300QS,-2,60,A,50,-2,80", "The boundary 80 is not within its maximum (-)"),
        (Report.SUBJECT, "3300QS,-2,60,A,-2,-2,-2", "neither a raw mark nor a uniform mark"),
        (Report.SUBJECT, "3300QS,-2,60,A,-3,-2,-2", "would take for a formula"),
        (Report.SUBJECT, "3300QS,-2,60,A,5x,-2,-2", "“5x” is not a whole number"),
        (Report.SUBJECT, "3300QS,-2,60,<b>,50,-2,-2", "cannot be a grade"),
        (Report.SUBJECT, "3300QS,F,60,C,29,100,60", "Grade C stands twice"),
        (Report.SUBJECT, "3300QS,F,60,E,31,100,40", "Grade E has a higher boundary"),
        (Report.SUBJECT, "3300QS,F,61,E,20,100,40", "another one than on the lines before it"),
        (Report.NOTIONAL, "3300QS/09,-2,60,A,50", "There is no “3300QS/09” at this level"),
        (Report.ITEMS, "3300QS/01,1,1,4,N,40,39,1.5,20,19,1.4,20,20,1.6", "Item 1 of this component stands twice"),
        (Report.ITEMS, "3300QS/01,=1,3,4,N,40,39,1.5,-2,-2,-2,-2,-2,-2", "would take for a formula"),
        (Report.ITEMS, "3300QS/01,3,3,4,N,40,41,1.5,-2,-2,-2,-2,-2,-2", "More candidates attempted"),
        (Report.ITEMS, "3300QS/01,3,3,4,N,40,39,4.01,-2,-2,-2,-2,-2,-2", "above the maximum"),
        (Report.ITEMS, "3300QS/01,3,3,4,N,40,0,1.5,-2,-2,-2,-2,-2,-2", "exactly where somebody attempted"),
        (Report.ITEMS, "3300QS/01,3,3,4,N,40,39,1.555,-2,-2,-2,-2,-2,-2", "is not a mean mark"),
        (Report.ITEMS, "3300QS/01,3,-2,4,N,40,39,1.5,-2,-2,-2,-2,-2,-2", "A number is missing"),
        (Report.ITEMS, "3300QS/01,3,3,0,N,40,39,0,-2,-2,-2,-2,-2,-2", "The maximum mark is 0"),
        (Report.ITEMS, "3300QS/01,3,3,4,?,40,39,1.5,-2,-2,-2,-2,-2,-2", "stands for nothing here"),
        (Report.MARKS, "68077,0001,3300QS/01,1,3,M,F", "There is no centre 68077"),
        (Report.MARKS, "68001,0009,3300QS/01,1,3,M,F", "Centre 68001 has no candidate 0009"),
        (Report.MARKS, "68001,0002,3300QS/01,9,3,M,F", "There is no item 9 in component 3300QS/01"),
        (Report.MARKS, "68001,0002,3300QS/01,1,5,M,F", "The mark 5 is above the maximum (4)"),
        (Report.MARKS, "68001,0002,3300QS/01,1,0,A,F", "absent and not attempted are no zero"),
        (Report.MARKS, "68001,0002,3300QS/01,1,,M,F", "absent and not attempted are no zero"),
        (Report.MARKS, "68001,0001,3300QS/01,1,3,M,F", "has two marks for item 1"),
        (Report.MARKS, "68001,0001,3300QS/01,1,3,M,M", "has another sex"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_line(browser: Client, entered: None, kind: Report, line: str, what: str) -> None:
    right = {Report.SUBJECT: SUBJECT[0], Report.NOTIONAL: NOTIONAL[0], Report.ITEMS: ITEMS[0], Report.MARKS: MARKS[0]}[kind]
    run = upload(browser, kind, right, line)
    assert (run.state, run.errors[0]["line"]) == (FileState.WRONG, 3), run.errors
    assert what in run.errors[0]["what"]
    assert run.errors[0]["todo"]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("report.csv", b"a,b\r\n1,2\r\n", "our template"),
        ("report.csv", csv_of(Report.SUBJECT), "holds no lines"),
        ("report.xls", b"\xd0\xcf\x11\xe0", "not a CSV file"),
        ("report.zip", b"PK\x03\x04", "zip file cannot be read"),
        ("M6800140.X01", csv_of(Report.SUBJECT, *SUBJECT), "EDI has no lines for this"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(browser: Client, name: str, content: bytes, what: str) -> None:
    run = upload(browser, Report.SUBJECT, content=content, name=name)
    assert run.state == FileState.WRONG
    assert what in run.errors[0]["what"]


def test_a_change_wants_a_reason_and_keeps_what_was_before(browser: Client) -> None:
    publish(browser, upload(browser, Report.SUBJECT, *SUBJECT))
    run = upload(browser, Report.SUBJECT, SUBJECT[0], SUBJECT[1].replace("25", "24"), SUBJECT[2])
    assert (run.fresh, run.reissued, run.unchanged) == (0, 1, 1)
    assert "Give the reason" in publish(browser, run)
    assert run.state == FileState.CHECKED
    publish(browser, run, "A clerical error")
    assert (run.state, run.reason) == (FileState.PUBLISHED, "A clerical error")
    rows = SubjectBoundary.objects.behind_the_gate().filter(tier="F").order_by("version")
    assert [(row.version, row.current, row.grades[1][1]) for row in rows] == [(1, False, 25), (2, True, 24)]
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFile.objects.filter(pk=run.pk).update(reason="")


def test_what_changed_since_the_check_is_not_published(browser: Client) -> None:
    one, two = (upload(browser, Report.SUBJECT, *SUBJECT) for _time in range(2))
    publish(browser, one)
    assert "We have checked it again" in publish(browser, two)
    assert (two.state, two.ordered_by, ReportIssue.objects.count()) == (FileState.WAITING, None, 1)
    assert work(two.pk)
    two.refresh_from_db()
    assert (two.state, two.fresh, two.unchanged) == (FileState.CHECKED, 0, 2)
    assert "cannot be published" in publish(browser, one)


def test_a_file_goes_when_published_deleted_or_a_day_old(browser: Client, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    one, two, three = (upload(browser, Report.SUBJECT, line) for line in SUBJECT)
    assert one.path.stat().st_mode & 0o777 == 0o600
    with django_capture_on_commit_callbacks(execute=True):
        publish(browser, one)
        browser.post(reverse("admin:report-file-forget", args=[two.pk]))
        ReportFile.objects.filter(pk=three.pk).update(made_at=clock.now() - timedelta(hours=limits.SVC5_IMPORT_HOURS + 1))
        flow.forget_old()
    assert not [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]
    assert ReportFile.objects.filter(state=FileState.FORGOTTEN).count() == 2
    assert AuditEvent.objects.filter(number=Event.REPORT_FILE_FORGOTTEN.number).count() == 2


def test_of_many_wrong_lines_the_first_are_shown_and_all_are_counted(browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "SVC5_ERRORS_SHOWN", 2)
    run = upload(browser, Report.NOTIONAL, *(f"9999QS/{number:02},-2,60,A,50" for number in range(5)))
    assert (run.wrong, len(run.errors)) == (5, 2)
    page = browser.get(reverse("admin:reports_reportfile_change", args=[run.pk])).content.decode()
    assert "There are more: 3 wrong lines" in page


def test_errors_come_in_the_language_of_whoever_brought_the_file(browser: Client, cast: Cast) -> None:
    cast.staff.user.language = "cy"
    cast.staff.user.save()
    run = upload(let_in(cast.staff), Report.NOTIONAL, "9999QS/01,-2,60,A,50")
    assert "Nid oes “9999QS/01” ar y lefel hon" in run.errors[0]["what"]


def test_only_a_release_manager_publishes_and_nobody_by_the_pages_address(browser: Client, cast: Cast) -> None:
    make_groups()
    run = upload(browser, Report.SUBJECT, *SUBJECT)
    change = reverse("admin:reports_reportfile_change", args=[run.pk])
    deeds = [reverse(f"admin:report-file-{deed}", args=[run.pk]) for deed in ("publish", "forget")]
    for group in StaffGroup:
        person = make_person(f"{group.value}@board.example", is_staff=True)
        person.user.groups.add(Group.objects.get(name=group.value))
        theirs, may = let_in(person), group is StaffGroup.RELEASE_MANAGER
        assert theirs.get(reverse("admin:reports_reportfile_add")).status_code == (200 if may else 403)
        assert theirs.get(change).status_code == (200 if may or group is StaffGroup.AUDITOR else 403)
        assert [theirs.get(deed).status_code for deed in deeds] == ([405, 405] if may else [403, 403])
        if not may:
            assert [theirs.post(deed).status_code for deed in deeds] == [403, 403]
    for someone in (cast.exams_officer, cast.user):
        assert let_in(someone).get(change, follow=True).status_code == 404
    assert browser.post(change, {"state": "published"}).status_code == 405
    assert browser.get(reverse("admin:reports_reportfile_change", args=["nonsense"])).status_code == 404
    run.refresh_from_db()
    assert run.state == FileState.CHECKED


def test_each_kind_has_a_template(browser: Client) -> None:
    for kind in Report:
        content = browser.get(reverse("admin:report-file-template", args=[kind.value])).getvalue()
        assert content.decode("utf-8-sig").strip().split(",") == [column.name for column in COLUMNS[kind]]
