"""Every address against six identities: anonymous, half signed in, User, Admin, Exams Officer, staff. Drawn from the URL map itself."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Invitation, InviteBatch
from permissions.access import TABLE
from permissions.access_pages.flow import ask
from permissions.events import Event as CentreEvent
from permissions.guards import Guard, Kind
from permissions.levels import Level, Service
from permissions.models import AccessRequest
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock
from portal.audit.record import record
from services.exams.models import Candidate
from services.releases.artefacts import Artefact
from services.resources.models import Resource
from services.scripts.models import Script
from tests.cast import Cast, half_sign_in, invite, let_in, make_member, sign_in
from tests.exams import BOTH, make_option, make_results, make_sitting, release
from tests.papers import make_resource, make_script
from tests.reports import KINDS as REPORTS
from tests.reports import make_paper, make_reports
from tests.sweep.undo import undone


def _sitting(cast: Cast) -> str:
    """A sitting with released results and a script of the centre."""
    sitting = make_sitting()
    if not Candidate.objects.filter(centre=cast.centre).exists():
        make_results(cast.centre, sitting)
        make_reports(cast.centre, sitting)
        make_script(cast.centre)
        release(sitting, *BOTH, *REPORTS, Artefact.SCRIPTS)
    return sitting.code


def _candidate(cast: Cast) -> object:
    _sitting(cast)
    return Candidate.objects.filter(centre=cast.centre).values_list("pk", flat=True)[0]


def _script(cast: Cast) -> object:
    _sitting(cast)
    return Script.objects.behind_the_gate().values_list("pk", flat=True)[0]


def _resource(cast: Cast) -> object:
    """A past paper."""
    return (Resource.objects.behind_the_gate().first() or make_resource()).pk


SAMPLES: dict[str, Callable[[Cast], object]] = {
    "pk": lambda cast: cast.user.membership.pk,
    "membership": lambda cast: cast.user.membership.pk,
    "goal": lambda _cast: "password",
    "sitting": _sitting,
    "candidate": _candidate,
    "code": lambda _cast: make_option().code,
    "paper": lambda _cast: make_paper().code,
    "script": _script,
    "resource": _resource,
    "subject": lambda cast: _resource(cast) and "mathematics",
    "batch": lambda cast: InviteBatch.objects.create(centre=cast.centre, expires_at=clock.now(), sent_at=clock.now()).pk,
}


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield entry
        elif entry.namespace is None:
            yield from _patterns(entry)


GUARDED: dict[str, tuple[URLPattern, Guard]] = {
    str(entry.name): (entry, entry.callback.guard) for entry in _patterns(get_resolver()) if hasattr(entry.callback, "guard")
}


def _address(name: str, cast: Cast) -> str:
    from django.urls import reverse

    entry = GUARDED[name][0]
    arguments: dict[str, Any] = {}
    for argument, converter in entry.pattern.converters.items():
        if type(converter).__name__ == "IntConverter":
            arguments[argument] = _event(cast) if name.startswith("trail-") else cast.centre.pk
        elif type(converter).__name__ == "UUIDConverter":
            sample = SAMPLES_OF.get(name.partition("-")[0], SAMPLES["pk"]) if argument == "pk" else SAMPLES[argument]
            arguments[argument] = sample(cast)
        else:
            arguments[argument] = SAMPLES[argument](cast)
    return reverse(name, kwargs=arguments)


def _pending(cast: Cast) -> object:
    """An invite that waits; made when a page about one is asked for."""
    waiting = Invitation.objects.filter(email="pending@glan.example", withdrawn_at=None).first() or invite(
        cast.exams_officer, "pending@glan.example"
    )
    return waiting.membership_id


def _open(client: Client, address: str) -> str:
    """Say in a word how a page answers a GET: open, refused, absent or sent on."""
    answer = client.get(address)
    assert answer.status_code < 500, address
    if answer.status_code in {301, 302}:
        return f"to {answer['Location'].partition('?')[0]}"
    return {200: "open", 405: "open", 403: "refused", 404: "absent"}[answer.status_code]


BROWSERS: dict[str, Callable[[Cast], Client]] = {
    "anonymous": lambda _cast: Client(),
    "half signed in": lambda cast: half_sign_in(cast.user),
    "User": lambda cast: let_in(cast.user),
    "Admin": lambda cast: let_in(cast.admin),
    "Exams Officer": lambda cast: let_in(cast.exams_officer),
    "staff": lambda cast: let_in(cast.staff),
}


def _asked(cast: Cast) -> object:
    """A request for access that waits."""
    place = cast.user.membership
    waiting = AccessRequest.objects.filter(membership=place, outcome="").first() or ask(
        actor=place, rights=[(Service.ENTRIES, Level.VIEW)], purpose="Set 3"
    )
    return waiting.pk


def _event(cast: Cast) -> int:
    """A line of the centre's trail."""
    return record(CentreEvent.CENTRE_CHANGED, subject=cast.centre, centre=cast.centre).pk


SAMPLES_OF: dict[str, Callable[[Cast], object]] = {"invite": _pending, "access": _asked}
"""Samples for addresses whose id is not a place at the centre, by the first word of their names."""


def _expected(guard: Guard, identity: str) -> set[str]:
    """Which answers a guard leaves to an identity; a step of signing in may send anybody on."""
    role = {"User": Role.USER, "Admin": Role.ADMIN, "Exams Officer": Role.EXAMS_OFFICER}.get(identity)
    if guard.kind in {Kind.PUBLIC, Kind.HALF_SIGNED_IN}:
        return {"open", "sent on"}
    if identity in {"anonymous", "half signed in"}:
        return {"sent on"}
    allowed = {
        Kind.SIGNED_IN: True,
        Kind.MEMBER: role is not None,
        Kind.STAFF: identity == "staff",
        Kind.MANAGES_PEOPLE: role in {Role.ADMIN, Role.EXAMS_OFFICER},
        Kind.NEEDS: role is not None and guard.right in default_rights(role),
    }[guard.kind]
    return {"open", "sent on"} if allowed else {"refused", "absent"}


@pytest.mark.parametrize("identity", BROWSERS)
def test_role_every_address_opens_to_exactly_whom_its_guard_names(identity: str, cast: Cast) -> None:
    client = BROWSERS[identity](cast)
    wrong = []
    for name, (_entry, guard) in sorted(GUARDED.items()):
        address = _address(name, cast)
        with undone(client):
            answer = _open(client, address)
        expected = _expected(guard, identity)
        if identity == "half signed in" and guard.kind not in {Kind.PUBLIC, Kind.HALF_SIGNED_IN}:
            expected = {"to /sign-in/code/"}
        if not expected & {answer, "sent on" if answer.startswith("to ") else answer}:
            wrong.append((name, answer))
    assert not wrong


def test_a10_people_of_another_centre_and_missing_people_are_both_absent(cast: Cast) -> None:
    from django.urls import reverse

    stranger, wrong, asked = let_in(cast.other_exams_officer), [], 0
    for name, (entry, guard) in sorted(GUARDED.items()):
        if guard.kind is not Kind.MANAGES_PEOPLE or "UUIDConverter" not in {
            type(one).__name__ for one in entry.pattern.converters.values()
        }:
            continue
        (argument,) = entry.pattern.converters
        for pk in (cast.user.membership.pk, uuid.uuid4()):
            for method in (stranger.get, stranger.post):
                with undone(stranger):
                    answer = method(reverse(name, kwargs={argument: pk})).status_code
                asked += 1
                if answer not in {404, 405}:
                    wrong.append((name, pk, answer))
    assert not wrong
    assert asked > 20


def test_role_the_matrix_decides_what_each_account_type_opens(cast: Cast) -> None:
    """For every service and level: exactly who holds the right may open its page, whoever asks, with or without the grant."""
    # A page that two rights open names the weaker one; one that asks for two (`also`) opens by neither alone. Each right opens some page.
    pages = {
        guard.right: name
        for name, (entry, guard) in GUARDED.items()
        if guard.kind is Kind.NEEDS and guard.right and not getattr(entry.callback, "also", ())
    }
    for number, (right, name) in enumerate(sorted(pages.items(), key=str)):
        for role in (Role.USER, Role.ADMIN):
            centre = cast.centre if role is Role.USER else cast.other_centre
            cell = TABLE[right][role]
            if cell.value == "never":
                continue
            granted = make_member(centre, role, f"p{number}{role}@x.example", rights={right})
            assert sign_in(granted).get(_address(name, cast)).status_code == 200, (right, role)
            granted.membership.grants.filter(service=right[0].value, level=right[1].value).delete()
            if cell.value == "on_request":
                assert sign_in(granted).get(_address(name, cast)).status_code == 403, (right, role)
            granted.membership.delete()


def test_a98_every_change_of_state_needs_the_token(cast: Cast) -> None:
    """A POST without our token is refused wherever there is something to post, also signed in."""
    client = let_in(cast.exams_officer, Client())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    refused = 0
    for name in GUARDED:
        answer = strict.post(_address(name, cast), {"email": "x@y.example"})
        assert answer.status_code in {403, 405}, name
        refused += answer.status_code == 403
    assert refused > 20
