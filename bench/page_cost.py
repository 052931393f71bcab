"""What a page of results costs beside three pages of a bare Django site with session and user, one after another in the same run.

The bare pages: with no rows at all; with 50 names and grades from one query; and with what Portal's page of candidates shows, as anybody would
write it (a paginator, prefetched awards, a template). Called by `bench.cost`; the target of issue 6 is 3 of the first.
"""

from typing import Final, Protocol

CANDIDATES: Final = 200
EACH: Final = 8
"""Results of a candidate."""
ROUNDS: Final = 13
VIEWS: Final = 40
TARGET: Final = 3
_SITTING: Final = "/services/results/2026-06-level-2"


class Served(Protocol):
    """A server of one worker with its browser (`bench.cost.Site`)."""

    cookies: dict[str, str]

    def run(self, code: str) -> str:
        """Run some Python inside the site."""

    def get(self, path: str) -> tuple[int, str, str]:
        """Open a page."""

    def seconds(self) -> float:
        """Return the processor time of the worker so far."""


def report(ours: Served, bare: Served) -> None:
    """Fill both sites, measure their pages in turn, and print each beside the three bare ones."""
    bare.run(_BARE_ROWS)
    candidate, cookies = ours.run(_RESULTS).split("\n")
    ours.cookies = dict(pair.split("=", 1) for pair in cookies.split())
    pages = {
        "bare: session and user": (bare, "/"),
        "bare: and 50 rows": (bare, "/rows/"),
        "bare: the same page": (bare, "/same/"),
        "home page": (ours, "/"),
        "list of results": (ours, "/services/results/"),
        "by candidate": (ours, f"{_SITTING}/candidates/"),
        "by subject": (ours, f"{_SITTING}/subjects/"),
        "one subject": (ours, f"{_SITTING}/subjects/3003QS/"),
        "one candidate": (ours, f"{_SITTING}/candidates/{candidate}/"),
    }
    found: dict[str, list[float]] = {name: [] for name in pages}
    for _round in range(ROUNDS):
        for name, (site, path) in pages.items():
            found[name].append(_cost(site, path))
    # The round that was disturbed least counts: other work of the machine makes a page dearer and never cheaper.
    cost = {name: min(rounds[1:]) for name, rounds in found.items()}
    none, rows, same = list(cost.values())[:3]
    print(f"\n{'milliseconds of processor':26} {'':>7} {'x bare':>8} {'x rows':>8} {'x same':>8}")
    for name, seconds in cost.items():
        target = f"   (target {TARGET} x bare)" if name == "by candidate" else ""
        print(f"{name:26} {seconds * 1000:7.2f} {seconds / none:8.2f} {seconds / rows:8.2f} {seconds / same:8.2f}{target}")


def _cost(site: Served, path: str) -> float:
    before = site.seconds()
    for _time in range(VIEWS):
        status, _location, text = site.get(path)
        assert status == 200, (path, status, text[:200])
    return (site.seconds() - before) / VIEWS


_RESULTS: Final = f"""
from accounts.models import User
from permissions.models import Centre
from services.exams.levels import ExamLevel
from services.exams.models import Candidate
from services.results.demo.catalogue import FORENAMES, SURNAMES
from services.results.issuing import Line, issue
from tests.cast import Person, let_in
from tests.exams import make_option, make_sitting, release
sitting, centre = make_sitting(month=6), Centre.objects.get(number="68001")
people = Candidate.objects.bulk_create(
    Candidate(centre=centre, series=sitting.series, number=f"{{number:04}}", surname=SURNAMES[number * 7 % len(SURNAMES)],
        forenames=FORENAMES[number * 3 % len(FORENAMES)]).prepared()
    for number in range(1, {CANDIDATES} + 1)
)
options = [make_option(f"{{3000 + number}}QS", f"Subject {{number}}").pk for number in range(30)]
issue(actor=None, series=sitting.series, level=ExamLevel.LEVEL_2, lines=[
    Line(candidate=one.pk, option=options[(number + place * 3) % 30], grade="ABCDEFGU"[(number + place) % 8])
    for number, one in enumerate(people) for place in range({EACH})
])
release(sitting)
browser = let_in(Person(User.objects.get(email="eo@bench.example")))
print(people[0].pk)
print(*(f"{{name}}={{cookie.value}}" for name, cookie in browser.cookies.items()))
"""
_BARE_ROWS: Final = f"""
from bench.bare.models import Award, Candidate
people = Candidate.objects.bulk_create(
    Candidate(number=f"{{number:04}}", uci="", name=f"Rhydderch {{number}}, Mali", grade="B") for number in range({CANDIDATES})
)
Award.objects.bulk_create(
    Award(candidate=one, code=f"{{3000 + place}}QS", title=f"Subject {{place}}", grade="ABCDEFGU"[place])
    for one in people for place in range({EACH})
)
"""
