"""SVC-8: a question paper opens 60 minutes before its exam, to the Exams Officer and the Admins of entered centres, and before that does not exist."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from permissions.freshness import PROVED_AT
from portal import clock
from portal.audit.models import AuditEvent
from portal.web.refusal import Refusal
from services.exams.models import Entry
from services.resources.models import Resource, ResourceKind, ResourceLanguage
from services.resources.publishing import About, add_resource, confirm_times, withdraw
from services.resources.refusals import (
    ConfirmedAlready,
    GeneralBeforeStart,
    NoTime,
    OtherQualification,
    PaperNeedsComponent,
    SeriesNotOver,
    TwoPeopleConfirm,
)
from tests.cast import Cast, let_in, make_person
from tests.exams import HOUR, make_option
from tests.papers import enter, make_clean, make_component, make_resource
from tests.services.formats.pdfs import plain_pdf

LIST = "/services/resources/past-papers/"
SECONDS = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


def sees(browser: Client, paper: Resource) -> bool:
    """Whether page and file tell of a paper; the two never differ."""
    listed = "Secret paper" in browser.get(LIST).content.decode()
    answers = [browser.get(reverse("past-papers-file", args=[paper.pk]), headers=headers) for headers in ({}, {"Range": "bytes=0-3"})]
    answers.append(browser.head(reverse("past-papers-file", args=[paper.pk])))
    assert {answer.status_code for answer in answers} == ({200} if listed else {404})
    assert all(("Content-Disposition" in answer) is listed for answer in answers)
    return listed


@pytest.mark.parametrize(
    ("ahead", "opens"), [(HOUR + SECONDS, False), (HOUR - SECONDS, True), (timedelta(0), True), (-2 * HOUR, True)], ids=str
)
def test_svc8_a_paper_opens_sixty_minutes_before_its_start(cast: Cast, ahead: timedelta, opens: bool) -> None:
    enter(cast.centre)
    paper = make_resource(title="Secret paper", starts=clock.now() + ahead)
    assert sees(let_in(cast.exams_officer), paper) is opens
    assert sees(let_in(cast.admin), paper) is opens
    for person in (cast.user, cast.other_exams_officer):
        assert not sees(let_in(person), paper)


def test_svc8_before_that_nothing_tells_that_there_is_a_paper(cast: Cast) -> None:
    """Lists, filters, subject pages, zip files and addresses are those of a paper that never was, also where an open one is."""
    enter(cast.centre)
    browser = let_in(cast.exams_officer)
    empty = browser.get(LIST).content.decode().count("<option")
    paper = make_resource(title="Secret paper", starts=clock.now() + HOUR / 2)
    for query in ("?q=secret", "?year=2026", "?subject=mathematics"):
        html = browser.get(f"{LIST}{query}").content.decode()
        assert html.count("<option") == empty
        assert "Nothing found" in html
    assert browser.get(f"{LIST}mathematics/").status_code == 404
    assert browser.post(reverse("past-papers-zip"), {"file": [str(paper.pk)]}).status_code == 302
    assert "Secret paper" not in let_in(cast.user).get(f"{LIST}?q=secret").content.decode()


def test_svc8_an_entry_of_the_same_series_and_component_opens_it(cast: Cast) -> None:
    browser = let_in(cast.exams_officer)
    paper = make_resource(title="Secret paper", starts=clock.now())
    assert not sees(browser, paper)
    enter(cast.other_centre)
    assert not sees(browser, paper)
    candidate = enter(cast.centre)
    assert sees(browser, paper)
    Entry.objects.filter(candidate=candidate).update(withdrawn_at=clock.now())
    assert not sees(browser, paper)
    Entry.objects.filter(candidate=candidate).update(withdrawn_at=None)
    Resource.objects.behind_the_gate().update(month=6)
    assert not sees(browser, paper)


def test_svc8_who_takes_a_paper_before_the_exam_stands_in_the_centres_trail(cast: Cast) -> None:
    enter(cast.centre)
    paper = make_resource(title="Secret paper", starts=clock.now())
    address = reverse("past-papers-file", args=[paper.pk])
    browser = let_in(cast.exams_officer)
    browser.head(address)
    browser.get(address)
    event = AuditEvent.objects.get(number=387)
    assert (event.centre_number, event.actor_id) == ("68001", str(cast.exams_officer.user.pk))
    Resource.objects.behind_the_gate().update(general_at=clock.now(), starts_at=clock.now() - HOUR)
    let_in(cast.user).get(address)
    assert AuditEvent.objects.filter(number=387).count() == 1


def test_p19_before_the_exam_a_paper_asks_for_a_fresh_factor(cast: Cast) -> None:
    """Past papers do not, and one that may not be seen is absent all the same."""
    enter(cast.centre)
    paper, past = make_resource(title="Secret paper", starts=clock.now()), make_resource(title="Past paper")
    for person, expected in ((cast.exams_officer, 302), (cast.user, 404)):
        browser = let_in(person)
        session = browser.session
        session[PROVED_AT] = 0
        session.save()
        answer = browser.get(reverse("past-papers-file", args=[paper.pk]))
        assert answer.status_code == expected
        assert expected == 404 or answer["Location"].startswith(reverse("prove-again"))
        assert browser.get(reverse("past-papers-file", args=[past.pk])).status_code == 200
    assert not AuditEvent.objects.filter(number=387).exists()


def test_mfa5_no_paper_opens_in_the_hold_after_a_reset(cast: Cast) -> None:
    enter(cast.centre)
    paper, browser = make_resource(title="Secret paper", starts=clock.now()), let_in(cast.exams_officer)
    assert sees(browser, paper)
    User.objects.filter(pk=cast.exams_officer.user.pk).update(held_until=clock.now() + HOUR)
    assert not sees(browser, paper)


def test_svc8_a_paper_is_open_to_nobody_before_a_second_member_of_staff_confirms_its_times(cast: Cast) -> None:
    enter(cast.centre)
    paper = add(cast, starts_at=clock.now(), general_at=None)
    make_clean(paper.file)
    browser = let_in(cast.exams_officer)
    assert not sees(browser, paper)
    with pytest.raises(TwoPeopleConfirm):
        confirm_times(actor=cast.staff.user, resource=paper)
    colleague = make_person("colleague@board.example", is_staff=True, is_superuser=True).user
    confirm_times(actor=colleague, resource=paper)
    assert sees(browser, paper)
    with pytest.raises(ConfirmedAlready):
        confirm_times(actor=colleague, resource=paper)
    assert withdraw(actor=colleague, resource=paper)
    assert not sees(browser, paper)
    assert list(AuditEvent.objects.filter(number__in=(385, 386, 388)).order_by("pk").values_list("number", flat=True)) == [385, 386, 388]
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.behind_the_gate().update(confirmed_by=cast.staff.user)


def add(cast: Cast, **other: Any) -> Resource:
    known: dict[str, Any] = {
        "qualification": make_option().qualification, "component": make_component(), "kind": ResourceKind.PAPER,
        "language": ResourceLanguage.ENGLISH, "year": 2026, "month": 11, "title_en": "Secret paper", "title_cy": "Papur", "starts_at": None,
        "general_at": clock.now(),
    }  # fmt: skip
    return add_resource(actor=cast.staff.user, about=About(**known | other), content=plain_pdf())


def test_svc8_times_that_nobody_confirmed_make_a_paper_nobodys_however_long_ago_they_are(cast: Cast) -> None:
    """A year that was mistyped must not publish a paper that is still to be sat."""
    enter(cast.centre)
    now = clock.now()
    paper = make_resource(title="Secret paper", starts=now - 400 * 24 * HOUR, general=now - 300 * 24 * HOUR, confirmed_at=None)
    for person in (cast.exams_officer, cast.user, cast.other_exams_officer):
        assert not sees(let_in(person), paper)
    assert let_in(cast.user).post(reverse("past-papers-zip"), {"file": [str(paper.pk)]}).status_code == 302
    Resource.objects.behind_the_gate().update(confirmed_at=now)
    assert sees(let_in(cast.user), paper)


@pytest.mark.parametrize("seconds", [90, -90])
def test_p22_before_the_exam_no_paper_leaves_a_web_server_whose_clock_lies(cast: Cast, seconds: int) -> None:
    enter(cast.centre)
    paper, past = make_resource(title="Secret paper", starts=clock.now()), make_resource(title="Past paper")
    browser, moment = let_in(cast.exams_officer), clock.now() + timedelta(seconds=seconds)
    with time_machine.travel(moment):
        session = browser.session
        session[PROVED_AT] = moment.timestamp() - 1
        session.save()
        answer = browser.get(reverse("past-papers-file", args=[paper.pk]))
        assert (answer.status_code, "Content-Disposition" in answer) == (503, False)
        assert browser.get(reverse("past-papers-file", args=[past.pk])).status_code == 200
    assert not AuditEvent.objects.filter(number=387).exists()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"general_at": None}, NoTime),
        ({"starts_at": clock.now(), "component": None}, PaperNeedsComponent),
        ({"starts_at": clock.now() + HOUR, "kind": ResourceKind.SCHEME}, PaperNeedsComponent),
        ({"starts_at": clock.now() + HOUR}, GeneralBeforeStart),
        ({"qualification": "other"}, OtherQualification),
    ],
)
def test_svc8_what_does_not_fit_together_is_refused(cast: Cast, wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    if "qualification" in wrong:
        wrong = {"qualification": make_option("4400QS", "Physics").qualification}
    with pytest.raises(refusal):
        add(cast, **wrong)
    assert not Resource.objects.behind_the_gate().exists()


@pytest.mark.parametrize("kind", [ResourceKind.PAPER, ResourceKind.SCHEME])
@pytest.mark.parametrize(
    ("series", "over"),
    [((2026, 6), "2026-06-30T23:00"), ((2026, 11), "2026-12-01T00:00"), ((2026, 12), "2027-01-01T00:00")],
    ids=["summer", "winter", "december"],
)
def test_svc8_nobody_alone_makes_everybodys_what_may_be_still_to_be_sat(
    cast: Cast, kind: ResourceKind, series: tuple[int, int], over: str
) -> None:
    """Without a start, which a second member of staff confirms, it waits until the month of the series is over in London."""
    moment = datetime.fromisoformat(over).replace(tzinfo=UTC)
    known = {"kind": kind, "year": series[0], "month": series[1]}
    with pytest.raises(SeriesNotOver):
        add(cast, **known, general_at=moment - timedelta(seconds=1))
    add(cast, **known, general_at=moment)
    add(cast, **known | {"kind": ResourceKind.EXEMPLAR}, general_at=moment - timedelta(days=20))


def test_svc8_the_database_lets_no_paper_be_everybodys_before_its_start(cast: Cast) -> None:
    paper = make_resource(starts=clock.now())
    for change in ({"general_at": paper.starts_at}, {"component": None}, {"kind": "scheme"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Resource.objects.behind_the_gate().update(**change)


def test_svc8_adding_and_confirming_are_rights_of_staff(cast: Cast) -> None:
    paper = add(cast, starts_at=clock.now(), general_at=None)
    cast.staff.user.is_superuser = False
    cast.staff.user.save()
    browser = let_in(cast.staff)
    for name, args in (("resource-add", []), ("resource-confirm", [paper.pk]), ("resource-withdraw", [paper.pk])):
        assert browser.get(reverse(f"admin:{name}", args=args)).status_code == 403
    for deed in (confirm_times, withdraw):
        with pytest.raises(PermissionDenied):
            deed(actor=cast.staff.user, resource=paper)
    with pytest.raises(PermissionDenied):
        add(cast)


def test_svc8_staff_add_and_confirm_by_the_pages(cast: Cast) -> None:
    browser = let_in(cast.staff)
    given = {
        "qualification": make_option().qualification.pk, "component": make_component().pk, "kind": "paper", "language": "en", "year": "2026",
        "month": "11", "title_en": "Secret paper", "title_cy": "Papur", "starts_at": "2026-11-20T09:00",
    }  # fmt: skip
    address = reverse("admin:resource-add")
    early = browser.post(address, {**given, "general_at": "2026-11-20T08:00", "file": SimpleUploadedFile("a.pdf", plain_pdf())})
    assert "cannot be for everybody before its exam has started" in early.content.decode()
    done = browser.post(address, {**given, "file": SimpleUploadedFile("a.pdf", plain_pdf())}, follow=True)
    assert "Waiting for a second member of staff" in done.content.decode()
    paper = Resource.objects.behind_the_gate().get()
    assert "Confirm the times" in browser.get(reverse("admin:resources_resource_change", args=[paper.pk])).content.decode()
    colleague = let_in(make_person("colleague@board.example", is_staff=True, is_superuser=True))
    assert "09:00" in colleague.get(reverse("admin:resource-confirm", args=[paper.pk])).content.decode()
    colleague.post(reverse("admin:resource-confirm", args=[paper.pk]))
    assert Resource.objects.behind_the_gate().get().confirmed_at
