"""The access matrix as a sweep: role x service and level x verb x centre, with and without the grant; the answers and the client's file do not differ."""

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from permissions.centre_mark import FIELD
from permissions.guards import Kind
from permissions.levels import Level, Right, Service
from permissions.membership.flow import accept, open_membership
from permissions.models import Grant, Membership
from permissions.request import CHOSEN
from permissions.roles import Role
from permissions.scope import today
from tests.cast import Cast, let_in, make_centre, make_member
from tests.sweep.test_identities import GUARDED

MATRIX = Path(__file__).parents[1] / "permissions" / "access-matrix.csv"
VERBS = ("GET", "HEAD", "POST", "DELETE")
PAGES: dict[str, Right] = {
    name: guard.right
    for name, (entry, guard) in sorted(GUARDED.items())
    if guard.kind is Kind.NEEDS and guard.right and not entry.pattern.converters
}


def cells() -> Iterator[tuple[Right, Role, str]]:
    """Read the client's matrix itself, not our table."""
    with MATRIX.open(newline="") as file:
        for row in csv.DictReader(file):
            for role in Role:
                yield (Service(row["service"]), Level(row["level"])), role, row[role.value]


MATRIX_SAYS = {(right, role): cell for right, role, cell in cells()}


def give(place: Membership, rights: Iterable[Right], *, ended: bool = False) -> None:
    """Write grants straight into the table, also such as no flow would: what counts is what is judged when a page is asked for."""
    ends_on = today() - timedelta(days=1) if ended else None
    Grant.objects.filter(membership=place).delete()
    Grant.objects.bulk_create(Grant(membership=place, service=service, level=level, ends_on=ends_on) for service, level in rights)


def differences(browser: Client, place: Membership, held: Iterable[Right], verbs: Iterable[str], case: str) -> list[str]:
    """Ask every page by every verb and return where the answer is not what the matrix and the grants say."""
    found, rights, role = [], frozenset(held), Role(place.role)
    for name, right in PAGES.items():
        expected = right in rights and MATRIX_SAYS[right, role] != "never"
        for verb in verbs:
            data = {FIELD: str(place.pk)} if verb == "POST" else None
            status = getattr(browser, verb.lower())(reverse(name), data).status_code
            opened = status in {200, 302, 400, 405}
            if opened is not expected or (not opened and status != 403):
                found.append(f"{case}: {role} {verb} {name} answered {status}, expected {'open' if expected else '403'}")
    return found


def test_role_every_right_of_the_matrix_opens_a_page() -> None:
    assert {guard.right for _entry, guard in GUARDED.values() if guard.right} == {right for right, _role in MATRIX_SAYS}


@pytest.mark.parametrize("role", list(Role))
def test_role_the_matrix_is_what_every_page_answers_to_every_verb(cast: Cast, role: Role) -> None:
    """All grants at once, none, and all of them ended yesterday: 0 differences."""
    person = {Role.EXAMS_OFFICER: cast.exams_officer, Role.ADMIN: cast.admin, Role.USER: cast.user}[role]
    browser, place = let_in(person), person.membership
    everything = {right for right, _role in MATRIX_SAYS}
    give(place, everything)
    found = differences(browser, place, everything, VERBS, "all grants")
    give(place, [])
    found += differences(browser, place, [], VERBS, "no grant")
    give(place, everything, ended=True)
    found += differences(browser, place, [], ("GET", "POST"), "ended grants")
    assert found == []


def test_role_each_grant_alone_opens_its_own_pages_and_no_other(cast: Cast) -> None:
    browser, place = let_in(cast.user), cast.user.membership
    found = []
    for right in {right for right, _role in MATRIX_SAYS}:
        give(place, [right])
        found += differences(browser, place, [right], ("GET",), f"only {right[0].value}.{right[1].value}")
    assert found == []


@pytest.mark.parametrize("role", list(Role))
def test_a78_what_is_held_at_one_centre_opens_nothing_at_another(cast: Cast, role: Role) -> None:
    """A person with everything at one centre and nothing at the other: the chosen centre decides, by every verb a form can send."""
    rich, poor = make_centre("68011", "Cyfoethog"), make_centre("68012", "Tlawd")
    person = make_member(rich, role, "two@centres.example")
    accept(membership=open_membership(centre=poor, role=Role.USER, rights=[]), user=person.user)
    browser, found = let_in(person), []
    for place in Membership.objects.filter(user=person.user).select_related("centre"):
        session = browser.session
        session[CHOSEN] = str(place.pk)
        session.save()
        held = {(Service(grant.service), Level(grant.level)) for grant in place.grants.all()}
        found += differences(browser, place, held, ("GET", "POST"), f"chosen {place.centre.name}")
        for name in PAGES:
            assert browser.put(reverse(name)).status_code in {403, 409}
    assert found == []
