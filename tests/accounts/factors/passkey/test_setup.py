"""Setting up a passkey: at the first sign-in, as one more method, in place of another (MFA-1, MFA-2, MFA-3)."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.factors.passkey import flow
from accounts.factors.passkey.rules import WrongPasskey, user_handle
from accounts.models import Factor, Method, Session
from accounts.sessions.store import SessionStore
from portal import clock, limits
from portal.audit.models import AuditEvent
from tests.accounts.factors.passkey.authenticator import Authenticator, plain
from tests.accounts.methods.fresh import EDGE, confirm
from tests.cast import Cast, Person, half_sign_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]


def options_on(client: Client) -> str:
    """Return what the page tells the browser to make."""
    found = re.search(r'data-options="([^"]*)"', client.get(reverse("factor-passkey")).content.decode())
    assert found
    return html.unescape(found[1])


def create(client: Client, text: Any, name: str = "Blue key") -> HttpResponse:
    return client.post(reverse("factor-passkey"), {"credential": text, "name": name})  # type: ignore[return-value]


def newcomer(person: Person) -> Client:
    """Somebody without a method, whose password was right."""
    Factor.objects.filter(user=person.user).delete()
    return half_sign_in(person)


def adding(person: Person) -> Client:
    """Somebody who is signed in and has just confirmed who they are."""
    client = sign_in(person)
    client.get(reverse("add-factor"))
    confirm(client, person)
    return client


def held(person: Person) -> list[Factor]:
    return list(Factor.objects.filter(user=person.user, method=Method.PASSKEY).order_by("pk"))


def test_mfa1_a_first_passkey_finishes_signing_in(cast: Cast) -> None:
    client, key = newcomer(cast.user), Authenticator()
    answer = create(client, key.create(options_on(client)))
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(cast.user.user.pk)
    (factor,) = held(cast.user)
    assert (factor.name, factor.confirmed, factor.is_default, plain(factor.credential)) == ("Blue key", True, True, key.id)
    assert list(AuditEvent.objects.filter(kind="FACTOR_ADDED").values_list("detail", flat=True)) == [{"method": "passkey"}]


def test_mfa2_one_more_method_ends_the_other_sessions_and_is_told(cast: Cast, post: Post) -> None:
    other, client = sign_in(cast.user), adding(cast.user)
    post()
    before = client.session.session_key
    assert create(client, Authenticator().create(options_on(client)))["Location"] == reverse("security")
    assert [factor.method for factor in Factor.objects.filter(user=cast.user.user).order_by("pk")] == ["app", "passkey"]
    assert other.get(reverse("security"))["Location"].startswith(reverse("sign-in"))
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert [letter.to for letter in post()] == [[cast.user.user.email]]
    # The confirmation is used up: the next one asks afresh.
    assert "confirm" in client.get(reverse("factor-passkey"))["Location"]


def test_mfa3_a_passkey_in_place_of_the_app(cast: Cast) -> None:
    client = sign_in(cast.user)
    client.get(reverse("change-factor"))
    confirm(client, cast.user)
    assert create(client, Authenticator().create(options_on(client))).status_code == 302
    assert [factor.method for factor in Factor.objects.filter(user=cast.user.user)] == ["passkey"]


def test_the_browser_is_told_whom_it_is_for_and_what_there_is_already(cast: Cast) -> None:
    client, key = adding(cast.user), Authenticator()
    create(client, key.create(options_on(client)))
    confirm(client, cast.user)
    asked = json.loads(options_on(client))
    assert asked["rp"]["id"] == "portal.example"
    assert plain(asked["user"]["id"]) == user_handle(cast.user.user.pk)
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["residentKey"] == asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert [plain(known["id"]) for known in asked["excludeCredentials"]] == [key.id]


@pytest.mark.parametrize(
    "odd",
    [
        {"origin": "https://portal.example.evil.example"},
        {"origin": "http://portal.example"},
        {"origin": "https://portal.example:8443"},
        {"rp": "evil.example"},
        {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"type": "webauthn.get"},
        {"flags": 0},
        {"more": {"crossOrigin": True}},
    ],
)
def test_a51_an_answer_that_is_not_to_our_question_on_our_page_is_refused(cast: Cast, odd: dict[str, Any]) -> None:
    client = newcomer(cast.user)
    answer = create(client, Authenticator().create(options_on(client), **odd))
    assert answer.status_code == 200
    assert "The passkey was not accepted" in answer.content.decode()
    assert not held(cast.user)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("length", "taken"), [(1023, True), (1024, False)])
def test_a51_an_id_longer_than_the_standard_allows_is_refused(cast: Cast, length: int, taken: bool) -> None:
    client = newcomer(cast.user)
    create(client, Authenticator(id=b"i" * length).create(options_on(client)))
    assert bool(held(cast.user)) is taken


def test_a51_an_answer_that_names_another_id_than_was_made_is_refused(cast: Cast) -> None:
    client = newcomer(cast.user)
    answer = json.loads(Authenticator().create(options_on(client)))
    assert create(client, json.dumps(answer | {"id": "AAAA", "rawId": "AAAA"})).status_code == 200
    assert not held(cast.user)


def test_a51_a_challenge_is_used_once_right_or_wrong(cast: Cast) -> None:
    client, key = newcomer(cast.user), Authenticator()
    options = options_on(client)
    create(client, "{}")
    assert create(client, key.create(options)).status_code == 200
    assert not held(cast.user)


def test_a51_a_challenge_lives_ten_minutes(cast: Cast) -> None:
    client = adding(cast.user)
    options = options_on(client)
    with time_machine.travel(clock.now() + timedelta(seconds=601), tick=False):
        confirm(client, cast.user)
        assert create(client, Authenticator().create(options)).status_code == 200
    assert not held(cast.user)


def test_a51_a_challenge_of_somebody_else_in_another_browser_is_no_use(cast: Cast) -> None:
    first, second = newcomer(cast.user), newcomer(cast.admin)
    options = options_on(first)
    options_on(second)
    assert create(second, Authenticator().create(options)).status_code == 200
    assert not held(cast.admin)


def test_a51_a_challenge_is_for_one_person_even_in_one_session(cast: Cast) -> None:
    session = SessionStore()
    options = flow.setup_options(user=cast.user.user, session=session)
    with pytest.raises(WrongPasskey):
        flow.finish_setup(user=cast.admin.user, session=session, text=Authenticator().create(options), name="x")
    assert not held(cast.admin)


def test_a51_an_answer_longer_than_any_real_one_is_not_looked_at(cast: Cast) -> None:
    client, spaces = newcomer(cast.user), " " * 16_384
    create(client, Authenticator().create(options_on(client)) + spaces)
    assert not held(cast.user)
    create(client, Authenticator().create(options_on(client)) + spaces[:10_000])
    assert len(held(cast.user)) == 1


def test_a51_somebody_elses_credential_is_not_taken_over(cast: Cast) -> None:
    key = Authenticator()
    for person in (cast.user, cast.admin):
        client = newcomer(person)
        answer = create(client, key.create(options_on(client)))
    assert answer.status_code == 200
    assert (len(held(cast.user)), len(held(cast.admin))) == (1, 0)


def test_no_more_than_five_but_one_may_take_the_place_of_another(cast: Cast) -> None:
    for number in range(limits.PASSKEYS_PER_PERSON):
        client = adding(cast.user)
        assert create(client, Authenticator().create(options_on(client)), f"Key {number}").status_code == 302
    client = adding(cast.user)
    assert client.get(reverse("factor-passkey"))["Location"] == reverse("factor-choose")
    assert len(held(cast.user)) == limits.PASSKEYS_PER_PERSON
    client = sign_in(cast.user)
    client.get(reverse("replace-factor", args=[held(cast.user)[0].pk]))
    confirm(client, cast.user)
    assert create(client, Authenticator().create(options_on(client)), "Key 5").status_code == 302
    assert [factor.name for factor in held(cast.user)] == ["Key 1", "Key 2", "Key 3", "Key 4", "Key 5"]


def test_no_more_than_five_however_many_windows_were_open(cast: Cast) -> None:
    clients = [adding(cast.user)]
    options = options_on(clients[0])
    for number in range(limits.PASSKEYS_PER_PERSON):
        Factor.objects.create(
            user=cast.user.user, method=Method.PASSKEY, name="x", confirmed=True, credential=f"abc{number}", public_key="abcd"
        )
    assert create(clients[0], Authenticator().create(options)).status_code == 302
    assert len(held(cast.user)) == limits.PASSKEYS_PER_PERSON


def test_mfa1_staff_have_the_app_alone(cast: Cast) -> None:
    client = adding(cast.staff)
    assert client.get(reverse("factor-passkey"))["Location"] == reverse("factor-choose")
    assert not held(cast.staff)


def test_none_at_an_address_at_which_no_browser_makes_one(cast: Cast, settings: Any) -> None:
    settings.PORTAL_BASE_URL = "http://127.0.0.1:8000"
    assert newcomer(cast.user).get(reverse("factor-passkey"))["Location"] == reverse("factor-choose")


def test_a40_a_half_signed_in_person_with_a_method_adds_none(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    assert client.get(reverse("factor-passkey"))["Location"] == reverse("sign-in-factor")
    assert create(client, "{}")["Location"] == reverse("sign-in-factor")


def test_a_name_is_suggested_and_must_be_given(cast: Cast) -> None:
    client = newcomer(cast.user)
    page = client.get(reverse("factor-passkey"), headers={"user-agent": EDGE}).content.decode()
    assert 'value="Edge, Windows"' in page
    for name in ("", "  ", "a\0b", "n" * 65):
        assert create(client, Authenticator().create(options_on(client)), name).status_code == 200
    assert not held(cast.user)
