"""SVC: a page asks the database as often for many candidates, papers and dates as for few, whichever page of what is published it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from portal import clock
from portal.web.sealed import seal
from services.dates.feed import address_of
from services.dates.flow import make_calendar
from services.dates.models import KeyDate
from services.exams.levels import ExamLevel
from services.exams.models import Candidate
from services.releases.artefacts import Artefact
from services.reports.models import Report
from services.results.issuing import Line, issue
from services.scripts.models import Script
from tests.cast import Cast, Person, let_in
from tests.exams import HOUR, letters, make_option, make_sitting, release
from tests.papers import make_resource, make_script
from tests.reports import make_reports, publish, subject

SITTING: Final = "2026-11-level-2"
PAPER: Final = [SITTING, "3300QS/01"]
FEW: Final = 10
MANY: Final = 120
SERVICES: Final = ("services.home", "services.results", "services.reports", "services.scripts", "services.resources", "services.dates")
DEEDS: Final = {"past-papers-zip", "calendar-make", "calendar-revoke"}
"""What answers to a form only."""


def grow(cast: Cast, first: int, last: int) -> None:
    """Add candidates `first` to `last` with results and marks, and half as many scripts, boundaries, papers and dates."""
    sitting = make_sitting()
    rows = [
        Candidate(
            centre=cast.centre, series=sitting.series, number=f"{number:04}", surname=f"Rhydderch {letters(number)}", forenames="Mali"
        ).prepared()
        for number in range(first, last + 1)
    ]
    people = Candidate.objects.bulk_create(rows)
    options = [make_option().pk, make_option("3100QS", "History").pk]
    lines = [Line(candidate=one.pk, option=option, grade="B") for one in people for option in options]
    issue(actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=lines)
    make_reports(cast.centre, sexes="F" * last)
    publish(sitting, Report.SUBJECT, *(subject(code=f"3{number:03}QS") for number in range(first // 2, last // 2)))
    for number in range(first // 2, last // 2):
        make_script(cast.centre, number + 1)
        make_resource(title=f"Unit {number}")
        day = clock.london(clock.now()).date() + timedelta(days=number + 1)
        KeyDate.objects.create(day=day, title_en=f"Deadline {number}", title_cy=f"Dyddiad {number}")


def pages(where: Any = None) -> Iterator[str]:
    """Name every page of these services."""
    for pattern in (where or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from () if pattern.namespace else pages(pattern)  # the help desk's pages have one
        elif pattern.name and pattern.callback.__module__.startswith(SERVICES) and pattern.name not in DEEDS:
            yield pattern.name


def arguments(name: str, last: Candidate, script: Script, paper: str) -> list[object]:
    """What a page's address names."""
    stem = name.replace("results-embargoed", "results").removeprefix("embargoed-")
    if stem in {"home", "services", "results", "results-day", "scripts", "past-papers", "key-dates", "grade-boundaries", "item-level-data"}:
        return []
    if stem.startswith("item-level-data"):
        return [*PAPER, last.pk] if stem.endswith("-candidate") else list(PAPER)
    more: dict[str, object] = {
        "results-candidate": last.pk,
        "results-subject": "3100QS",
        **dict.fromkeys(("scripts-script", "scripts-shown", "scripts-file"), script.pk),
    }
    if stem.startswith("past-papers"):
        return ["mathematics"] if stem == "past-papers-subject" else [paper]
    return [SITTING, more[stem]] if stem in more else [SITTING]


def asked(browser: Client, reader: Person, cast: Cast) -> Iterator[tuple[str, int]]:
    """Open every page under its embargo and after it; yields how many queries each took."""
    last = Candidate.objects.filter(centre=cast.centre).latest("sort_en")
    script = Script.objects.behind_the_gate()[0]
    paper = browser.get(reverse("past-papers")).context["book"].rows[0].pk
    search = f"?find={seal('rhydderch', purpose='results-search')}"
    now = clock.now()
    for general in (now + HOUR, now - HOUR):
        release(make_sitting(), *Artefact, restricted=now - 2 * HOUR, general=general)
        for name in sorted(set(pages())):
            if ("embargoed" in name) is not (general > now) or name == "calendar":
                continue
            address = reverse(name, args=arguments(name, last, script, paper))
            if name.endswith(("scripts-shown", "scripts-file")):
                browser.get(address)  # the session notes the first reading
            listed = name.endswith(("-candidates", "-subject")) or name == "past-papers"
            for query in ("", "?page=99", "?paper=1", search) if listed else ("",):
                yield name + query[:6], counted(browser, address + query)
    feed = address_of(make_calendar(actor=reader.membership))
    yield "calendar", counted(Client(), feed[feed.index("/services/") :])
    yield "search", counted(browser, f"{reverse('past-papers')}?q=unit&kind=paper")
    yield "search of services", counted(browser, f"{reverse('services')}?q=results")


def counted(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
    assert answer.status_code == 200, (address, answer)
    return len(queries)


def test_svc_every_published_page_asks_as_often_for_few_as_for_many(cast: Cast) -> None:
    browser = let_in(cast.exams_officer)
    browser.post(reverse("embargo-accept"))
    browser.get(reverse("home"))
    grow(cast, 1, FEW)
    few = dict(asked(browser, cast.exams_officer, cast))
    grow(cast, FEW + 1, MANY)
    many = dict(asked(browser, cast.exams_officer, cast))
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    assert max(many.values()) <= 20
    assert len(many) > 60
