"""Signing in and confirming with a passkey (MFA-2, MFA-3, P9's rules for what is used once, A15, A25, A51)."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.factors import guesses
from accounts.factors.passkey import flow
from accounts.factors.passkey.rules import WrongPasskey, user_handle
from accounts.factors.rules import TooManyTries
from accounts.models import Factor, Method
from accounts.sessions.store import SessionStore
from portal import clock, limits
from portal.audit.models import AuditEvent
from tests.accounts.factors.passkey.authenticator import Authenticator, coded, plain
from tests.cast import Cast, Person, half_sign_in

PAGE = "sign-in-factor"


def give_key(person: Person, **kind: Any) -> Authenticator:
    """Let somebody set up a passkey and give up their app."""
    key, session = Authenticator(**kind), SessionStore()
    Factor.objects.filter(user=person.user, method=Method.APP).delete()
    options = flow.setup_options(user=person.user, session=session)
    flow.finish_setup(user=person.user, session=session, text=key.create(options), name="Blue key")
    return key


def options_on(client: Client, page: str = PAGE, *arguments: str) -> str:
    found = re.search(r'data-options="([^"]*)"', client.get(reverse(page, args=arguments)).content.decode())
    assert found
    return html.unescape(found[1])


def give(client: Client, credential: Any) -> HttpResponse:
    return client.post(reverse(PAGE), {"credential": credential})  # type: ignore[return-value]


def refused(client: Client, credential: Any) -> bool:
    answer = give(client, credential)
    assert answer.status_code == 200, answer.status_code
    assert "_auth_user_id" not in client.session
    return "The passkey was not accepted" in answer.content.decode()


@pytest.mark.parametrize("counts", [True, False])
def test_sign4_a_passkey_signs_in_again_and_again(cast: Cast, counts: bool) -> None:
    key = give_key(cast.user, counts=counts)
    for _time in range(2):
        client = half_sign_in(cast.user)
        assert give(client, key.get(options_on(client)))["Location"] == reverse("home")
        assert client.session["_auth_user_id"] == str(cast.user.user.pk)
    factor = Factor.objects.get(user=cast.user.user)
    assert (factor.sign_count, factor.used_at is not None) == (2 if counts else 0, True)
    assert list(AuditEvent.objects.filter(kind="SIGNED_IN").values_list("detail", flat=True)) == [{"method": "passkey"}] * 2


def test_mfa3_a_passkey_confirms_who_one_is(cast: Cast) -> None:
    key, client = give_key(cast.user), half_sign_in(cast.user)
    give(client, key.get(options_on(client)))
    client.post(reverse("confirm", args=["password"]), {"current_password": cast.user.password})
    answer = client.post(
        reverse("confirm-code", args=["password"]), {"credential": key.get(options_on(client, "confirm-code", "password"))}
    )
    assert answer["Location"] == reverse("change-password")
    assert client.get(reverse("change-password")).status_code == 200


def test_mfa2_each_of_several_passkeys_proves_its_own(cast: Cast) -> None:
    keys, session = [give_key(cast.user), give_key(cast.user)], SessionStore()
    for key in reversed(keys):
        options = flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in")
        factor = flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=key.get(options))
        assert plain(factor.credential) == key.id


def test_the_browser_is_told_which_keys_will_do(cast: Cast) -> None:
    key, session = give_key(cast.user), SessionStore()
    asked = json.loads(flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in"))
    assert [plain(known["id"]) for known in asked["allowCredentials"]] == [key.id]
    assert (asked["rpId"], asked["userVerification"]) == ("portal.example", "preferred")
    assert flow.sign_in_options(user=cast.admin.user, session=session, purpose="sign_in") == ""


@pytest.mark.parametrize(
    "odd",
    [
        {"origin": "https://portal.example.evil.example"},
        {"origin": "http://portal.example"},
        {"origin": "null"},
        {"rp": "evil.example"},
        {"challenge": coded(b"0" * 32)},
        {"type": "webauthn.create"},
        {"flags": 0},
        {"more": {"crossOrigin": True}},
        {"handle": b"somebody else"},
        {"key": Authenticator().key},
    ],
)
def test_a51_an_answer_that_is_not_to_our_question_on_our_page_is_refused(cast: Cast, odd: dict[str, Any]) -> None:
    key, client = give_key(cast.user), half_sign_in(cast.user)
    assert refused(client, key.get(options_on(client), **odd))
    assert AuditEvent.objects.filter(kind="CODE_REFUSED", detail={"method": "passkey"}).count() == 1


def test_a25_an_answer_is_used_once(cast: Cast) -> None:
    key, client, again = give_key(cast.user, counts=False), half_sign_in(cast.user), half_sign_in(cast.user)
    answer = key.get(options_on(client))
    options_on(again)
    assert refused(again, answer)
    assert give(client, answer).status_code == 302
    # The very same browser, thrown back to the step before by a copy of its session.
    session = SessionStore()
    text = key.get(flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in"))
    copy = dict(session.items())
    assert flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=text)
    assert "passkey_sign_in" not in session
    session.update(copy)
    with pytest.raises(WrongPasskey):
        flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=text)


def test_a51_a_challenge_is_used_up_by_a_wrong_answer(cast: Cast) -> None:
    key, client = give_key(cast.user), half_sign_in(cast.user)
    options = options_on(client)
    client.post(reverse(PAGE), {"credential": "{}"})
    assert refused(client, key.get(options))


def test_a51_a_challenge_lives_ten_minutes(cast: Cast) -> None:
    key, session = give_key(cast.user), SessionStore()
    with time_machine.travel(clock.now(), tick=False) as time:
        for seconds, right in ((599, True), (600, False)):
            options = flow.sign_in_options(user=cast.user.user, session=session, purpose="confirm")
            time.shift(timedelta(seconds=seconds))
            answer = key.get(options)
            if right:
                assert flow.prove(user=cast.user.user, session=session, purpose="confirm", text=answer).name == "Blue key"
            else:
                with pytest.raises(WrongPasskey):
                    flow.prove(user=cast.user.user, session=session, purpose="confirm", text=answer)


def test_a51_a_challenge_is_for_one_purpose_and_one_person(cast: Cast) -> None:
    key, session = give_key(cast.user), SessionStore()
    options = flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in")
    with pytest.raises(WrongPasskey):
        flow.prove(user=cast.user.user, session=session, purpose="confirm", text=key.get(options))
    with pytest.raises(WrongPasskey):
        flow.prove(user=cast.admin.user, session=session, purpose="sign_in", text=key.get(options))


def test_a51_somebody_elses_passkey_does_not_sign_in(cast: Cast) -> None:
    give_key(cast.user)
    stranger, client = give_key(cast.admin), half_sign_in(cast.user)
    assert refused(client, stranger.get(options_on(client)))
    assert refused(client, stranger.get(options_on(client), handle=user_handle(cast.user.user.pk)))


def test_a_copy_of_a_key_that_counts_is_refused(cast: Cast) -> None:
    key = give_key(cast.user)
    copy = key.clone()
    client = half_sign_in(cast.user)
    give(client, key.get(options_on(client)))
    client = half_sign_in(cast.user)
    assert refused(client, copy.get(options_on(client)))
    Factor.objects.filter(user=cast.user.user).update(sign_count=9)
    assert refused(client, Authenticator(False, 0, key.id, key.key, key.handle).get(options_on(client)))
    assert Factor.objects.get(user=cast.user.user).sign_count == 9


def test_an_unproved_or_removed_passkey_proves_nothing(cast: Cast) -> None:
    key, session = give_key(cast.user), SessionStore()
    options = flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in")
    Factor.objects.filter(user=cast.user.user).update(confirmed=False)
    assert flow.sign_in_options(user=cast.user.user, session=SessionStore(), purpose="sign_in") == ""
    with pytest.raises(WrongPasskey):
        flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=key.get(options))


def test_mfa1_a_passkey_of_somebody_who_became_staff_proves_nothing(cast: Cast) -> None:
    key, session = give_key(cast.user), SessionStore()
    options = flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in")
    cast.user.user.is_staff = True
    cast.user.user.save()
    with pytest.raises(WrongPasskey):
        flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=key.get(options))


def test_p13_a_passkey_opens_what_a_hundred_wrong_codes_closed(cast: Cast) -> None:
    key, session = give_key(cast.user), SessionStore()
    with time_machine.travel(clock.now(), tick=False) as time:
        for _count in range(limits.P13_FACTOR_FAILURES_IN_A_ROW):
            guesses.take(cast.user.user)
            time.shift(timedelta(minutes=30))
        time.shift(timedelta(days=2))
        with pytest.raises(TooManyTries):
            guesses.take(cast.user.user)
        options = flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in")
        flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=key.get(options))
        assert guesses.take(cast.user.user)


def test_refused_passkeys_do_not_fill_the_trail(cast: Cast) -> None:
    give_key(cast.user)
    for _time in range(limits.P13_FACTOR_FAILURES_PER_HOUR + 5):
        with pytest.raises(WrongPasskey):
            flow.prove(user=cast.user.user, session=SessionStore(), purpose="sign_in", text="{}")
    assert AuditEvent.objects.filter(kind="CODE_REFUSED").count() == limits.P13_FACTOR_FAILURES_PER_HOUR


ODD_TEXTS: list[Any] = [
    "", "\0", "null", "[]", "{}", '"x"', "1e999", "{" * 9000, "[" * 16_000, "x" * 1_000_000, "\ud800", ["a", "b"],
    '{"id": null}', '{"id": ["a"], "response": 7}', '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
]  # fmt: skip


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_a51_anything_odd_is_refused(cast: Cast, text: Any) -> None:
    give_key(cast.user)
    session = SessionStore()
    flow.sign_in_options(user=cast.user.user, session=session, purpose="sign_in")
    with pytest.raises(WrongPasskey):
        flow.prove(user=cast.user.user, session=session, purpose="sign_in", text=text)
    flow.setup_options(user=cast.user.user, session=session)
    with pytest.raises(WrongPasskey):
        flow.finish_setup(user=cast.user.user, session=session, text=text, name="x")
    if text != "\ud800" and len(text) < 100_000:
        client = half_sign_in(cast.user)
        options_on(client)
        assert refused(client, text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary().map(coded),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(
    [("id",), ("rawId",), ("type",), ("response",), ("authenticatorAttachment",)]
    + [("response", part) for part in ("clientDataJSON", "authenticatorData", "attestationObject", "signature", "userHandle")]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=PLACES, junk=JSON, setup=st.booleans())
def test_a51_a_right_answer_with_any_part_spoilt_is_a_refusal_or_a_proof_never_an_error(
    cast: Cast, place: tuple[str, ...], junk: Any, setup: bool
) -> None:
    user, session = cast.user.user, SessionStore()
    Factor.objects.filter(user=user, method=Method.PASSKEY).delete()
    key = give_key(cast.user)
    other = Authenticator()
    if setup:
        answer = json.loads(other.create(flow.setup_options(user=user, session=session)))
    else:
        answer = json.loads(key.get(flow.sign_in_options(user=user, session=session, purpose="sign_in")))
    holder = answer["response"] if len(place) == 2 else answer
    before, holder[place[-1]] = holder.get(place[-1]), junk
    same = junk == before
    try:
        if setup:
            flow.finish_setup(user=user, session=session, text=json.dumps(answer), name="x")
        else:
            flow.prove(user=user, session=session, purpose="sign_in", text=json.dumps(answer))
    except WrongPasskey:
        assert not same
    else:
        unread = {"authenticatorAttachment", "attestationObject" if not setup else "authenticatorData"}
        unread |= {"signature", "userHandle"} if setup else set()
        assert same or place[-1] in unread or (place[-1] == "userHandle" and not junk)
