"""Every address against six identities: anonymous, half signed in, User, Admin, Exams Officer, staff. Drawn from the URL map itself."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Invitation, InviteBatch
from permissions.access import TABLE
from permissions.guards import Guard, Kind
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock
from tests.cast import Cast, half_sign_in, invite, make_member, sign_in

SAMPLES: dict[str, Callable[[Cast], object]] = {
    "pk": lambda cast: cast.user.membership.pk,
    "membership": lambda cast: cast.user.membership.pk,
    "goal": lambda _cast: "password",
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
            arguments[argument] = cast.centre.pk
        elif type(converter).__name__ == "UUIDConverter":
            arguments[argument] = _pending(cast) if name.startswith("invite-") else cast.user.membership.pk
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


@pytest.fixture
def browsers(cast: Cast) -> dict[str, Client]:
    return {
        "anonymous": Client(),
        "half signed in": half_sign_in(cast.user),
        "User": sign_in(cast.user),
        "Admin": sign_in(cast.admin),
        "Exams Officer": sign_in(cast.exams_officer),
        "staff": sign_in(cast.staff),
    }


def _expected(guard: Guard, identity: str) -> set[str]:
    """Which answers a guard leaves to an identity; a step of signing in may send anybody on."""
    role = {"User": Role.USER, "Admin": Role.ADMIN, "Exams Officer": Role.EXAMS_OFFICER}.get(identity)
    if guard.kind in {Kind.PUBLIC, Kind.HALF_SIGNED_IN}:
        return {"open", "sent on"}
    if identity in {"anonymous", "half signed in"}:
        return {"sent on"}
    allowed = {
        Kind.SIGNED_IN: True,
        Kind.STAFF: identity == "staff",
        Kind.MANAGES_PEOPLE: role in {Role.ADMIN, Role.EXAMS_OFFICER},
        Kind.NEEDS: role is not None and guard.right in default_rights(role),
    }[guard.kind]
    return {"open", "sent on"} if allowed else {"refused", "absent"}


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_role_every_address_opens_to_exactly_whom_its_guard_names(name: str, cast: Cast, browsers: dict[str, Client]) -> None:
    guard = GUARDED[name][1]
    for identity, client in browsers.items():
        answer = _open(client, _address(name, cast))
        short = "sent on" if answer.startswith("to ") else answer
        assert short in _expected(guard, identity), (name, identity, answer)
        if identity == "half signed in" and guard.kind not in {Kind.PUBLIC, Kind.HALF_SIGNED_IN}:
            assert answer == "to /sign-in/code/"


@pytest.mark.parametrize("name", sorted(name for name in GUARDED if GUARDED[name][1].kind is Kind.MANAGES_PEOPLE))
def test_a10_people_of_another_centre_and_missing_people_are_both_absent(name: str, cast: Cast) -> None:
    from django.urls import reverse

    entry = GUARDED[name][0]
    if "UUIDConverter" not in {type(converter).__name__ for converter in entry.pattern.converters.values()}:
        return
    (argument,) = entry.pattern.converters
    stranger = sign_in(cast.other_exams_officer)
    for pk in (cast.user.membership.pk, uuid.uuid4()):
        for method in (stranger.get, stranger.post):
            assert method(reverse(name, kwargs={argument: pk})).status_code in {404, 405}, (name, pk)


def test_role_the_matrix_decides_what_each_account_type_opens(cast: Cast) -> None:
    """For every service and level: exactly who holds the right may open its page, whoever asks, with or without the grant."""
    pages = {guard.right: name for name, (_entry, guard) in GUARDED.items() if guard.kind is Kind.NEEDS and guard.right}
    # A page that two rights open names the weaker one; each right of the table opens some page.
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
    client = sign_in(cast.exams_officer, Client())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    refused = 0
    for name in GUARDED:
        answer = strict.post(_address(name, cast), {"email": "x@y.example"})
        assert answer.status_code in {403, 405}, name
        refused += answer.status_code == 403
    assert refused > 20
