"""I: the release gate at its edges, as one sweep: every kind of thing, every address, every edge of four results days, seven identities.

What is right stands in a table of its own (gate_table.py). The database's clock is moved to a tenth of a second before each instant and to it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from accounts.freeze.flow import freeze_own
from accounts.models import User
from permissions.freshness import PROVED_AT
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.models import Centre, Membership
from permissions.roles import Role
from portal import clock, limits
from services.releases.artefacts import Artefact
from services.releases.wall import instant_of
from services.resources.models import Resource
from services.resources.publishing import withdraw
from tests.attacks.database_clock import database_at
from tests.attacks.gate_table import ADMIN, EVERYBODY, NOBODY, OFFICER, OTHER, READER, STAFF, WITHOUT, Door, answer, doors, expected
from tests.cast import Cast, let_in, make_member
from tests.exams import BOTH, make_results, make_sitting, release
from tests.papers import make_resource, make_script
from tests.reports import KINDS, make_reports

TENTH: Final = timedelta(seconds=0.1)
MINUTES: Final = timedelta(minutes=limits.SVC8_PAPER_MINUTES_BEFORE)
DAYS: Final = {
    # restricted and general release as staff type them, and the instants in UTC that they are
    "summer": ("2026-08-12T00:01", "2026-08-13T08:00", "2026-08-11T23:01Z", "2026-08-13T07:00Z"),
    "winter": ("2027-01-13T00:01", "2027-01-14T08:00", "2027-01-13T00:01Z", "2027-01-14T08:00Z"),
    "clocks go forward": ("2026-03-28T00:01", "2026-03-29T08:00", "2026-03-28T00:01Z", "2026-03-29T07:00Z"),
    "clocks went forward": ("2026-03-29T00:01", "2026-03-30T08:00", "2026-03-29T00:01Z", "2026-03-30T07:00Z"),
    "clocks go back": ("2026-10-24T00:01", "2026-10-25T08:00", "2026-10-23T23:01Z", "2026-10-25T08:00Z"),
    "clocks went back": ("2026-10-25T00:01", "2026-10-26T08:00", "2026-10-24T23:01Z", "2026-10-26T08:00Z"),
}
FILES: Final[list[tuple[str, dict[str, str]]]] = [
    ("HEAD", {}), ("GET", {"Range": "bytes=0-10"}), ("GET", {"Range": "bytes=-5"}), ("GET", {"If-None-Match": "*"}),
    ("GET", {"If-Modified-Since": "Wed, 21 Oct 2065 07:28:00 GMT"}), ("GET", {"If-Range": '"x"', "Range": "bytes=1-"}),
]  # fmt: skip


class World:
    """Both centres with everything that is published, at one results day."""

    def __init__(self, cast: Cast, day: str) -> None:
        self.cast = cast
        walls, instants = DAYS[day][:2], [datetime.fromisoformat(text) for text in DAYS[day][2:]]
        assert [instant_of(datetime.fromisoformat(wall)) for wall in walls] == instants
        self.restricted, self.general = instants
        rights = [(Service.RESULTS, Level.VIEW_RELEASED), (Service.VIEW_SCRIPTS, Level.VIEW)]
        set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=rights)
        self.people = {
            OFFICER: cast.exams_officer, ADMIN: cast.admin, READER: cast.user, OTHER: cast.other_exams_officer, STAFF: cast.staff,
            WITHOUT: make_member(cast.centre, Role.USER, "without@glan.example", first_name="Aled"),
        }  # fmt: skip
        person, marked = make_results(cast.centre)[0], make_reports(cast.centre)[0]
        script = make_script(cast.centre)
        paper = make_resource(title="Secret paper", starts=self.restricted + MINUTES, general=self.general)
        past = make_resource(title="Bygone paper", kind="scheme", general=self.general)
        release(make_sitting(), *BOTH, *KINDS, Artefact.SCRIPTS, restricted=self.restricted, general=self.general)
        self.doors = list(doors(candidate=person.pk, marked=marked.pk, script=script.pk, paper=paper.pk, past=past.pk))
        self.one_each = list({(door.kind, door.look): door for door in self.doors}.values())
        self.papers = (paper, past)

    def edges(self) -> dict[datetime, str]:
        """The moments at which anything changes, and a tenth of a second before each, with the phase they lie in."""
        return {
            self.restricted - TENTH: "closed",
            self.restricted: "embargo",
            self.general - TENTH: "embargo",
            self.general: "open",
        }

    @contextmanager
    def at(self, moment: datetime, *, web: timedelta = timedelta()) -> Iterator[dict[str, Client]]:
        """Be there, with everybody signed in and the notice accepted; the web server's clock may be wrong."""
        with time_machine.travel(moment + web, tick=False), database_at(moment):
            browsers = {who: let_in(person) for who, person in self.people.items()} | {NOBODY: Client()}
            for who in (OFFICER, ADMIN, OTHER):
                browsers[who].post(reverse("embargo-accept"))
            yield browsers


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR, settings.FILES_ACCEL = tmp_path, ""


def calendar_of(browser: Client) -> str:
    """Make the address of somebody's calendar."""
    browser.post(reverse("calendar-make"))
    found = re.search(r"calendar\.ics\?key=(\w+)", browser.get(reverse("key-dates")).content.decode())
    assert found
    return f"{reverse('calendar')}?key={found[1]}"


def differences(
    world: World, browsers: dict[str, Client], phase: str, people: tuple[str, ...], wanted: list[Door]
) -> list[tuple[str, ...]]:
    """Return where an answer is not the table's, or may be kept by a cache."""
    found = list[tuple[str, ...]]()
    for who in people:
        for door in wanted:
            got = browsers[who].get(door.address)
            said, right = answer(got, door), expected(door, who, phase)
            if said != right:
                found.append((phase, who, door.kind, door.page, door.look, said, f"not {right}"))
            if not {"no-store", "private"} <= set(got["Cache-Control"].split(", ")) or {"ETag", "Last-Modified"} & set(got.headers):
                found.append((phase, who, door.kind, door.page, door.look, "can be kept"))
    return found


@pytest.mark.parametrize("day", DAYS)
def test_a115_a116_every_address_says_what_the_table_says_at_every_edge(cast: Cast, day: str) -> None:
    """00:00:59.9 and 00:01:00, 07:59:59.9 and 08:00:00, in summer, in winter and on both days of change: 0 differences."""
    world, found = World(cast, day), []
    for moment, phase in world.edges().items():
        with world.at(moment) as browsers:
            found += differences(world, browsers, phase, (OFFICER, READER), world.doors if day == "summer" else world.one_each)
            if day == "summer":
                found += differences(world, browsers, phase, (ADMIN,), world.one_each)
                # Whoever may see none of it is asked everything when most is open.
                late = moment in (world.general - TENTH, world.general)
                found += differences(world, browsers, phase, (OTHER, WITHOUT, STAFF, NOBODY), world.doors if late else world.one_each)
    assert found == []


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a116_a_server_in_another_zone_keeps_the_same_edges(cast: Cast, settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    world, found = World(cast, "summer"), []
    for moment, phase in world.edges().items():
        with world.at(moment) as browsers:
            found += differences(world, browsers, phase, (OFFICER, READER), world.one_each)
    assert found == []


@pytest.mark.parametrize("seconds", [90, -90])
def test_a116_a_web_clock_wrong_by_90_seconds_moves_no_edge_and_shows_nothing_early(cast: Cast, seconds: int) -> None:
    """What is released follows the database; what is under embargo is refused altogether."""
    world, found = World(cast, "summer"), []
    for moment, phase in world.edges().items():
        with world.at(moment, web=timedelta(seconds=seconds)) as browsers:
            for door in world.one_each:
                for who in (OFFICER, READER):
                    said, right = answer(browsers[who].get(door.address), door), expected(door, who, phase)
                    early = right in {"open", "led on"} and (door.look == "embargoed" or phase != "open")
                    allowed = {"503"} if door.look == "embargoed" and who == OFFICER else {right}
                    if early and door.kind == "paper":
                        allowed = {"503"} if door.page == "file" else {right}  # that there is one stands in the list; none leaves
                    if said not in allowed:
                        found.append((phase, who, door.kind, door.page, door.look, said))
    assert found == []


def test_a118_no_verb_condition_or_range_opens_a_file_or_tells_of_it(cast: Cast) -> None:
    """An answer is whole and of the moment, or what GET answers without conditions: there is no 304 and no part."""
    world, found = World(cast, "summer"), []
    for moment in (world.general - TENTH, world.general):
        with world.at(moment) as browsers:
            for door in [door for door in world.doors if door.is_file]:
                for who in (OFFICER, READER):
                    right = expected(door, who, world.edges()[moment])
                    for verb, headers in FILES:
                        said = answer(browsers[who].generic(verb, door.address, headers=headers), door)
                        if said != right:
                            found.append((who, door.kind, door.page, door.look, verb, str(headers), said))
    assert found == []


def test_a121_links_kept_from_before_open_nothing_that_is_not_open_now(cast: Cast) -> None:
    """A release moved to later, a thing withdrawn, a person of another centre: the old address is as dead as one that never was."""
    world = World(cast, "summer")
    with world.at(world.general) as browsers:
        assert differences(world, browsers, "open", (OFFICER, READER), world.doors) == []
        release(make_sitting(), *BOTH, *KINDS, Artefact.SCRIPTS, general=world.general + timedelta(days=7))
        release(
            make_sitting(),
            *BOTH,
            *KINDS,
            Artefact.SCRIPTS,
            restricted=world.general + timedelta(days=6),
            general=world.general + timedelta(days=7),
        )
        for resource in world.papers:
            assert withdraw(actor=cast.staff.user, resource=resource)
        assert differences(world, browsers, "closed", EVERYBODY, world.doors) == []
        ticked = browsers[OFFICER].post(reverse("past-papers-zip"), {"file": [str(one.pk) for one in world.papers]})
        assert "Content-Disposition" not in ticked


def account(place: Membership) -> QuerySet[User]:
    """The account of whoever has a place."""
    assert place.user_id
    return User.objects.filter(pk=place.user_id)


LATER: Final[dict[str, Callable[[Membership], object]]] = {
    "the right was taken away": lambda place: place.grants.filter(level=Level.VIEW_EMBARGOED.value).delete(),
    "the hold after a reset": lambda place: account(place).update(held_until=clock.now() + timedelta(hours=1)),
    "their account is closed": lambda place: account(place).update(is_active=False),
    "their account is frozen": lambda place: freeze_own(user=account(place).get()),
    "their place is suspended": lambda place: Membership.objects.filter(pk=place.pk).update(suspended_at=clock.now()),
    "their centre is frozen": lambda place: Centre.objects.filter(pk=place.centre_id).update(frozen_at=clock.now()),
    "they are a User now": lambda place: Membership.objects.filter(pk=place.pk).update(role=Role.USER, seat=None),
}


@pytest.mark.parametrize("change", LATER)
def test_a80_what_changes_after_the_notice_counts_at_the_next_look(cast: Cast, change: str) -> None:
    """A session that was let in before, with its factor and its notice, opens nothing under embargo any more."""
    world = World(cast, "summer")
    early = [door for door in world.one_each if door.look == "embargoed" or door.early]
    if change == "the right was taken away":  # a question paper goes by the account's type (formats.md 1.5)
        early = [door for door in early if not door.early]
    with world.at(world.general - TENTH) as browsers:
        assert {answer(browsers[ADMIN].get(door.address), door) for door in early} == {"open"}
        LATER[change](cast.admin.membership)
        assert not {answer(browsers[ADMIN].get(door.address), door) for door in early} & {"open", "LEAK"}


def test_p19_a_factor_of_sixteen_minutes_ago_opens_nothing_under_embargo(cast: Cast) -> None:
    world = World(cast, "summer")
    files = [door for door in world.doors if (door.look == "embargoed" or door.early) and not door.lists]
    with world.at(world.general - TENTH) as browsers:
        for who in (OFFICER, ADMIN):
            session = browsers[who].session
            session[PROVED_AT] -= 16 * 60
            session.save()
            for door in files:
                got = browsers[who].get(door.address)
                assert (got.status_code, got.headers.get("Location", "").partition("?")[0]) == (302, reverse("prove-again")), door


def test_a121_a_person_who_was_deleted_has_no_link_left(cast: Cast) -> None:
    """Neither their session nor the address of their calendar, which needs no session."""
    from accounts.people.delete import delete_member

    world = World(cast, "summer")
    with world.at(world.general) as browsers:
        feed = calendar_of(browsers[READER])
        assert Client().get(feed).status_code == 200
        delete_member(actor=cast.exams_officer.user, membership=cast.user.membership)
        found = defaultdict(set)
        for door in world.doors:
            found[answer(browsers[READER].get(door.address))].add(door.page)
        assert set(found) == {"sign in"}
        assert Client().get(feed).status_code == 404


def test_a115_feeds_home_and_search_say_the_same_before_and_after_an_instant(cast: Cast) -> None:
    """What is public stands there all the time; nothing else comes with the instant."""
    world, seen = World(cast, "summer"), defaultdict(set)
    with world.at(world.restricted - TENTH) as browsers:
        feed = calendar_of(browsers[OFFICER])
    for moment in world.edges():
        with world.at(moment) as browsers:
            told = [line for line in Client().get(feed).content.decode().splitlines() if not line.startswith("DTSTAMP")]
            seen["feed"].add("\n".join(told))
            for who in (OFFICER, READER, OTHER):
                for name, asked in (("home", {}), ("services", {"q": "results"}), ("key-dates", {})):
                    got = browsers[who].get(reverse(name), asked)
                    assert answer(got) == "empty", (name, who)
    assert {name: len(bodies) for name, bodies in seen.items()} == {"feed": 1}


def test_a10_what_is_of_one_centre_is_of_no_other(cast: Cast) -> None:
    """The second centre's own things under the first one's addresses, and the other way round, when everything is out."""
    world = World(cast, "summer")
    theirs = make_results(cast.other_centre)[0], make_reports(cast.other_centre)[0], make_script(cast.other_centre)
    paper, past = world.papers
    swapped = list(doors(candidate=theirs[0].pk, marked=theirs[1].pk, script=theirs[2].pk, paper=paper.pk, past=past.pk))
    mine = {door.address for door in world.doors}
    with world.at(world.general) as browsers:
        for door in swapped:
            if door.page not in {"candidate", "script", "shown", "file"} or door.address in mine or door.look != "released":
                continue
            assert answer(browsers[OTHER].get(door.address)) == "open", door
            for who in (OFFICER, ADMIN, READER):
                assert answer(browsers[who].get(door.address)) == "absent", door
        assert Resource.objects.behind_the_gate().count() == 2
