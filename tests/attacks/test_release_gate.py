"""I: files and embargo. Nothing under embargo is seen, counted, named or hinted at a moment too soon, by whom and by whatever way it is asked."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal import clock
from portal.audit.models import AuditEvent
from portal.web.downloads import attachment, file_name
from services.releases.artefacts import Artefact
from services.releases.flow import approve, propose
from services.releases.models import Release
from services.releases.refusals import TwoPeopleSetTimes
from services.releases.wall import instant_of
from services.results.models import Result
from tests.attacks.gate import MARKER, NEVER, SITTING, addresses, shape, tells, visitors
from tests.cast import Cast, let_in, make_person
from tests.exams import HOUR, give, make_candidate, make_option, make_results, make_sitting, release

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def candidate(cast: Cast) -> UUID:
    """A candidate of the first centre with a result; the other centre has none."""
    return make_results(cast.centre)[0].pk


@pytest.mark.parametrize("phase", ["before", "restricted", "general"])
def test_a115_each_identity_sees_from_its_own_instant_and_nothing_before(cast: Cast, candidate: UUID, phase: str) -> None:
    """Page, file and export by guessed address, for seven identities and two centres: 0 leaks."""
    now = clock.now()
    times = {"before": (HOUR, 2 * HOUR), "restricted": (-HOUR, HOUR), "general": (-2 * HOUR, -HOUR)}[phase]
    release(make_sitting(), restricted=now + times[0], general=now + times[1])
    everybody, wrong = visitors(cast), []
    for who, browser in everybody.all.items():
        for embargo in (False, True):
            may = who in everybody.insiders if embargo else who in everybody.insiders or browser is everybody.reader
            expected = may and phase == ("restricted" if embargo else "general")
            for page, address in addresses(candidate, embargo=embargo).items():
                answer = browser.get(address)
                if tells(answer) is not expected or answer.status_code >= 500:
                    wrong.append((who, embargo, page, answer.status_code))
    assert wrong == []


def test_a115_before_the_release_a_reader_meets_what_never_was(cast: Cast) -> None:
    """The same bytes with results that wait, with a release time that is known, and of a sitting that there never was."""
    everybody = visitors(cast)
    for browser in (*everybody.insiders.values(), everybody.reader):
        nobody = UUID(int=7)
        empty = {page: shape(browser.get(address)) for page, address in addresses(nobody, embargo=False).items()}
        never = {page: shape(browser.get(address)) for page, address in addresses(nobody, embargo=False, sitting=NEVER).items()}
        assert empty == never
    candidate = make_results(cast.centre)[0].pk
    for wait in (timedelta(days=30), timedelta(seconds=30)):
        release(make_sitting(), general=clock.now() + wait)
        for page, address in addresses(candidate, embargo=False).items():
            assert shape(everybody.reader.get(address)) == empty[page], page
    release(make_sitting())
    assert all(tells(everybody.reader.get(address)) for address in addresses(candidate, embargo=False).values())


def test_a115_a_search_before_the_release_tells_nothing(cast: Cast, candidate: UUID) -> None:
    release(make_sitting(), general=clock.now() + HOUR)
    reader = visitors(cast).reader
    for sitting in (SITTING, NEVER):
        answer = reader.post(reverse("results-candidates", args=[sitting]), {"search": MARKER})
        assert answer.status_code == 404
    for name in ("home", "services"):
        assert "November 2026" not in reader.get(reverse(name), {"q": MARKER}).content.decode()


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-08-12T00:01", "2026-08-11T23:01"),
        ("2026-08-13T08:00", "2026-08-13T07:00"),
        ("2027-01-14T00:01", "2027-01-14T00:01"),
        ("2027-01-14T08:00", "2027-01-14T08:00"),
        ("2026-03-29T00:01", "2026-03-29T00:01"),
        ("2026-03-29T00:59:59.9", "2026-03-29T00:59:59.9"),
        ("2026-03-29T02:00", "2026-03-29T01:00"),
        ("2026-03-29T08:00", "2026-03-29T07:00"),
        ("2026-10-25T00:01", "2026-10-24T23:01"),
        ("2026-10-25T00:59:59.9", "2026-10-24T23:59:59.9"),
        ("2026-10-25T02:00", "2026-10-25T02:00"),
        ("2026-10-25T08:00", "2026-10-25T08:00"),
    ],
)
def test_a116_summer_winter_and_both_days_of_change(wall: str, instant: str) -> None:
    assert instant_of(datetime.fromisoformat(wall)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize("seconds", [90, -90])
def test_a116_a_web_server_whose_clock_lies_releases_nothing_and_shows_nothing_under_embargo(
    cast: Cast, candidate: UUID, seconds: int, caplog: Any
) -> None:
    everybody, now = visitors(cast), clock.now()
    released, embargo = (addresses(candidate, embargo=which)["candidates"] for which in (False, True))
    release(make_sitting(), restricted=now - HOUR, general=now + timedelta(seconds=60))
    with time_machine.travel(now + timedelta(seconds=seconds)):
        assert everybody.reader.get(released).status_code == 404
        for browser in everybody.insiders.values():
            answer = browser.get(embargo)
            assert not tells(answer)
            # A clock that is behind makes the factor one of the future, which is not fresh either.
            assert answer.status_code == (503 if seconds > 0 else 302)
        release(make_sitting(), restricted=now - HOUR, general=now - timedelta(seconds=60))
        assert tells(everybody.reader.get(released))
    assert seconds < 0 or "seconds off the database's" in caplog.text


def test_a118_no_verb_no_condition_and_no_range_tells_of_what_waits(cast: Cast, candidate: UUID) -> None:
    """HEAD, OPTIONS, Range, If-None-Match, If-Modified-Since: the answers are those of a sitting that never was."""
    release(make_sitting(), general=clock.now() + HOUR)
    reader = visitors(cast).reader
    asks: list[tuple[str, dict[str, str]]] = [
        ("HEAD", {}), ("OPTIONS", {}), ("GET", {"Range": "bytes=0-10"}), ("GET", {"If-None-Match": '"x"'}), ("GET", {"If-None-Match": "*"}),
        ("GET", {"If-Modified-Since": "Wed, 21 Oct 2065 07:28:00 GMT"}), ("PROPFIND", {}),
    ]  # fmt: skip
    for page in ("file", "edi", "candidates"):
        waits, never = (addresses(candidate, embargo=False, sitting=sitting)[page] for sitting in (SITTING, NEVER))
        for verb, headers in asks:
            assert shape(reader.generic(verb, waits, headers=headers)) == shape(reader.generic(verb, never, headers=headers)), (page, verb)


def test_a118_what_one_person_got_serves_no_other_and_is_kept_by_nobody(cast: Cast, candidate: UUID) -> None:
    """Every answer is whole, of the moment, and not to be stored: there is no 304 and no part by which a stored copy could be confirmed."""
    release(make_sitting(), restricted=clock.now() - HOUR, general=clock.now() + HOUR)
    everybody = visitors(cast)
    mine = everybody.insiders["Exams Officer"].get(addresses(candidate, embargo=True)["file"])
    assert mine.status_code == 200
    assert "ETag" not in mine
    assert "Last-Modified" not in mine
    assert {"no-store", "private"} <= set(mine["Cache-Control"].split(", "))
    digest = {"If-None-Match": mine["Repr-Digest"], "If-Range": mine["Repr-Digest"], "Range": "bytes=0-10"}
    theirs = everybody.reader.get(addresses(candidate, embargo=False)["file"], headers=digest)
    assert theirs.status_code == 404
    release(make_sitting())
    whole = everybody.reader.get(addresses(candidate, embargo=False)["file"], headers=digest)
    assert (whole.status_code, whole.content) == (200, mine.content)


def test_a120_moving_a_release_takes_two_people_and_is_told(cast: Cast, candidate: UUID) -> None:
    release(make_sitting())
    reader, address = visitors(cast).reader, addresses(candidate, embargo=False)["file"]
    assert tells(reader.get(address))
    colleague = make_person("colleague@board.example", is_staff=True, is_superuser=True)
    later = clock.now() + HOUR
    change = propose(
        actor=cast.staff.user,
        series=make_sitting().series,
        level=make_sitting().level,  # type: ignore[arg-type]
        kind=Artefact.RESULTS_FILE,
        restricted_at=later,
        general_at=later,
        reason="Wrong file",
    )
    with pytest.raises(TwoPeopleSetTimes):
        approve(actor=cast.staff.user, change=change)
    assert tells(reader.get(address))
    approve(actor=colleague.user, change=change)
    assert not tells(reader.get(address))
    told = AuditEvent.objects.filter(number__in=(300, 301)).order_by("pk")
    assert [event.actor_id for event in told] == [str(cast.staff.user.pk), str(colleague.user.pk)]


def test_a120_no_job_and_no_message_tells_of_results() -> None:
    """What is not sent cannot be sent too early. Whoever adds such a job makes it ask the gate again when it runs."""
    jobs = {path for path, _seconds in settings.TIMETABLE.values()}
    # These check, publish and forget files, and scan them; none writes to anybody.
    quiet = {
        "services.files.scanning.scan_waiting",
        "services.files.strays.sweep",
        "services.publishing.work.work_due",
        "services.publishing.flow.forget_old",
        "services.resources.zipped.forget_old",
        "services.basedata.waiting.forget_old",
    }
    assert {path for path in jobs if path.startswith("services.")} == quiet
    assert not [kind for kind in settings.MESSAGE_QUEUES if "result" in kind]


def test_a121_the_rights_of_whoever_opens_a_link_decide(cast: Cast, candidate: UUID) -> None:
    release(make_sitting(), restricted=clock.now() - HOUR, general=clock.now() + HOUR)
    everybody = visitors(cast)
    links = addresses(candidate, embargo=True)
    assert all(tells(everybody.insiders["Exams Officer"].get(link)) for link in links.values())
    for who, browser in {"User with the right": everybody.reader, **everybody.outsiders}.items():
        for page, link in links.items():
            assert not tells(browser.get(link)), (who, page)
    assert everybody.reader.get(links["file"]).status_code == 403


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield f"{node.module}.{node.names[0].name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_a123_the_gate_knows_no_switch(cast: Cast, candidate: UUID, settings: Any) -> None:
    """Neither settings nor environment reach it: there is only the table, which two people write."""
    reach = {"gate", "gated", "looking", "flow", "models", "wall"}
    for path in (ROOT / "services" / "releases").glob("*.py"):
        if path.stem in reach:
            found = set(_imports(path)) - ({"django.conf.settings"} if path.stem == "models" else set())  # models names the user model
            assert not [
                name for name in found if name.startswith(("os", "django.conf", "portal.env", "portal.settings", "django.core.cache"))
            ], path
    release(make_sitting(), general=clock.now() + HOUR)
    settings.DEMO = settings.DEBUG = settings.TESTING = True
    assert not tells(visitors(cast).reader.get(addresses(candidate, embargo=False)["candidates"]))


def test_a123_the_demonstrations_results_come_by_a_command_that_production_refuses(db: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo")
    assert not Release.objects.exists()
    assert not Result.objects.behind_the_gate().exists()


@pytest.mark.parametrize("surname", ["<script>alert(1)</script>", "<svg onload=alert(1)>", "%PDF-1.7 <html>", "=cmd|' /C calc'!A0"])
def test_a126_a_file_is_saved_and_never_run(cast: Cast, surname: str) -> None:
    sitting = make_sitting()
    person = make_candidate(cast.centre, sitting, surname=surname)
    give(person, make_option())
    release(sitting)
    browser = let_in(cast.exams_officer)
    answer = browser.get(addresses(person.pk, embargo=False)["file"])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "\n=" not in answer.content.decode()
    assert ",=" not in answer.content.decode()
    page = browser.get(addresses(person.pk, embargo=False)["candidate"]).content.decode()
    assert "<script>alert" not in page
    assert "<svg onload" not in page


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ('x"; filename="evil.bat', "x- filename-evil-bat.csv"),
        ("results\r\nSet-Cookie: a=b", "results-Set-Cookie- a-b.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ("setup.bat", "setup-bat.csv"),
        ("...", "file.csv"),
        ("a" * 500, "a" * 100 + ".csv"),
        ("CON\0.exe", "CON-exe.csv"),
        ("Ysgol Gŵyr", "Ysgol Gŵyr.csv"),
    ],
)
def test_a128_names_of_files_are_plain_and_end_in_what_they_are(stem: str, name: str) -> None:
    assert file_name(stem, "csv") == name
    header = attachment(b"x", stem=stem, extension="csv")["Content-Disposition"]
    assert not set("\r\n\0") & set(header)
    assert header.startswith("attachment; filename")
    assert header.isascii()


@pytest.mark.parametrize("extension", ["bat", "exe", "html", "svg", "csv.bat", "", "CSV"])
def test_a128_no_other_kind_of_file_leaves(extension: str) -> None:
    with pytest.raises(KeyError):
        attachment(b"x", stem="results", extension=extension)
