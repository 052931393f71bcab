"""Codes and one-time passwords (A25-A38), at every page that asks one."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.factors.recovery.flow import make_codes
from accounts.factors.totp.key import new_seed
from accounts.models import Code, Method, User
from accounts.passwords import temporary
from portal import limits
from portal.outbox.models import Message
from portal.ratelimit.models import Counter as Counted
from tests.attacks.doors import DOORS, NEW, Door, by_mail, code_among, open_door
from tests.attacks.strangers import events, only_by
from tests.cast import Cast, half_sign_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
ROOT: Final = Path(__file__).resolve().parents[2]
START: Final = datetime(2026, 8, 13, 6, 55, tzinfo=UTC)
"""The beginning of a half minute of the app."""
every_door = pytest.mark.parametrize("name", DOORS)


def spelt(code: str) -> list[str]:
    """Return a right code in ways that a lenient reader would take for it."""
    wide = code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    arabic = code.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    outside = [f"\u00a0{code}", f"{code}\u3000", f"\u200b{code}"]
    return [wide, arabic, f"+{code}", f"{code[:3]}_{code[3:]}", f"0{code}", f"{code[:3]}\u2011{code[3:]}", *outside]


@every_door
def test_a25_a_code_opens_a_door_once(cast: Cast, post: Post, name: str) -> None:
    with time_machine.travel(START, tick=False):
        door = open_door(name, cast, post)
        second = half_sign_in(cast.user) if name == "app" else door.client
        assert door.give(door.code)
        refused = events("CODE_REFUSED")
        assert not door.give(door.code, second) or name in {"set-up", "mail", "confirming"}
        if name in {"set-up", "mail"}:
            assert not Code.objects.filter(spent_at=None).exists()
            assert not Code.objects.exclude(digest="").exists(), "wiped when spent"
        elif name != "confirming":
            assert events("CODE_REFUSED") == refused + 1


def test_a25_a_recovery_code_opens_once_in_any_browser(cast: Cast) -> None:
    codes = make_codes(user=cast.user.user, session=Client().session)
    clients = [half_sign_in(cast.user) for _number in range(2)]
    for client in clients:
        client.post(reverse("sign-in-factor"), {"way": "recovery"})
    assert clients[0].post(reverse("sign-in-factor"), {"code": codes[0]})["Location"] == reverse("home")
    for again in (codes[0], codes[0].upper(), codes[0].replace("-", " ")):
        assert clients[1].post(reverse("sign-in-factor"), {"code": again}).status_code == 200, again
    assert (events("RECOVERY_CODE_USED"), events("CODE_REFUSED")) == (1, 3)


@every_door
def test_a26_only_the_strict_form_of_a_code_is_taken(cast: Cast, post: Post, name: str) -> None:
    with time_machine.travel(START, tick=False):
        door = open_door(name, cast, post)
        for odd in spelt(door.code):
            assert not door.give(odd), ascii(odd)
            # What is tried here is the reading, not the counting.
            Counted.objects.all().delete()
            Code.objects.update(tries_left=5)
            door.client.get(door.address)
            forget_tries(door.client)
        assert events("CODE_REFUSED") == len(spelt(door.code)), "each leaves its event"
        assert not door.give(["0" * len(door.code), f"x{door.code}"]), "of several values the last counts, and it is not cut"
        assert not door.give("", QUERY_STRING=f"code={door.code}"), "nor is one read from an address"
        assert door.give(f" {door.code[:2]}-{door.code[2:]}\t")


def forget_tries(client: Client) -> None:
    session = client.session
    if "sign_in" in session:
        session["sign_in"] = session["sign_in"] | {"tries": 0}
    session["confirm_tries"] = 0
    session.save()


@pytest.mark.parametrize(("second", "accepted"), [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("name", ["mail", "set-up"])
def test_a28_a_code_dies_at_its_expiry(cast: Cast, post: Post, name: str, second: int, accepted: bool) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        door = open_door(name, cast, post)
        traveller.shift(timedelta(minutes=limits.P8_CODE_MINUTES, seconds=second))
        assert door.give(door.code) is accepted


@pytest.mark.parametrize(("seconds", "accepted"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a28_a_code_of_the_app_lives_its_own_half_minute_and_the_next(cast: Cast, post: Post, seconds: int, accepted: bool) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        door = open_door("app", cast, post)
        traveller.shift(timedelta(seconds=seconds))
        assert door.give(door.code) is accepted


def test_a30_after_a_resend_the_older_code_is_refused_and_wrong_ones_stay_counted(cast: Cast, post: Post) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        door = open_door("mail", cast, post)
        for _number in range(limits.P13_FAILURES_PER_CHALLENGE - 2):
            assert not door.give("000000")
        page = door.client.post(door.address, {"again": "1"}).content.decode()
        assert "Wait a minute" in page
        assert Message.objects.filter(kind="sign_in_code").count() == 1, "within a minute none is sent"
        traveller.shift(timedelta(seconds=limits.P15_RESEND_SECONDS + 1))
        door.client.post(door.address, {"again": "1"})
        newest = code_among(post())
        assert not door.give(door.code)
        assert door.give(newest)
        again = half_sign_in(cast.user)
        said = [again.post(door.address, {"code": code}).content.decode() for code in ("000000", "111111")]
        assert ["too many times" in page for page in said] == [False, True], "neither the resend nor the right code has cleared the four"


def test_p15_codes_that_are_used_never_run_out_and_those_that_are_not_do(cast: Cast, post: Post) -> None:
    """Somebody whose only method is e-mail signs in all day long; somebody who has the password alone cannot flood the mailbox."""
    only_by(cast.user, Method.EMAIL)
    with time_machine.travel(START, tick=False) as traveller:
        for _number in range(limits.P15_RESENDS_PER_DAY + 2):
            client = half_sign_in(cast.user)
            code = code_among(post())
            assert client.post(reverse("sign-in-factor"), {"code": code})["Location"] == reverse("home")
            traveller.shift(timedelta(seconds=61))
        for _number in range(limits.P15_RESENDS_PER_HOUR + 2):
            half_sign_in(cast.user)
            traveller.shift(timedelta(seconds=61))
        unused = Message.objects.filter(kind="sign_in_code").count() - limits.P15_RESENDS_PER_DAY - 2
        assert unused == limits.P15_RESENDS_PER_HOUR


def test_a31_a_code_of_one_person_is_refused_and_counted_on_the_other(cast: Cast, post: Post) -> None:
    """Both in one browser, as a thief who reads one mailbox would: the mark of the browser is the same."""
    only_by(cast.admin, Method.EMAIL)
    door = open_door("mail", cast, post)
    half_sign_in(cast.admin, door.client)
    own = code_among(post())
    assert not door.give(door.code)
    assert events("CODE_REFUSED", subject_id=str(cast.admin.user.pk)) == 1
    assert events("CODE_REFUSED", subject_id=str(cast.user.user.pk)) == 0
    assert Code.objects.get(user=cast.admin.user).tries_left == limits.P8_CODE_TRIES - 1
    assert Code.objects.get(user=cast.user.user).tries_left == limits.P8_CODE_TRIES
    assert door.give(own)
    assert door.client.session["_auth_user_id"] == str(cast.admin.user.pk)


def test_a31_a_code_for_one_purpose_serves_no_other(cast: Cast, post: Post) -> None:
    """Signing in, confirming and a reset, all mailed to one person in one browser."""
    with time_machine.travel(START, tick=False) as traveller:
        door = by_mail(cast.user, post)
        door.client.post(reverse("forgot-password"), {"email": "user@glan.example"})
        reset_code = code_among(post(), 8)
        for cut in (reset_code, reset_code[:6], reset_code[2:]):
            assert not door.give(cut)
        assert door.give(door.code)
        traveller.shift(timedelta(seconds=61))
        door.client.post(reverse("confirm", args=["password"]), {"current_password": cast.user.password})
        confirming = code_among(post())
        form = {"email": "user@glan.example", "new_password": NEW}
        for wrong in (confirming, f"00{confirming}", f"{confirming}00"):
            assert door.client.post(reverse("reset-password"), form | {"code": wrong}).status_code == 200
        assert Client().post(door.address, {"code": confirming})["Location"] == reverse("sign-in")


@pytest.mark.parametrize("name", ["set-up", "reset"])
def test_a33_a_code_asked_for_in_one_browser_is_refused_in_another(cast: Cast, post: Post, name: str) -> None:
    door = open_door(name, cast, post)
    other = half_sign_in(cast.user)
    other.get(door.address)
    assert not door.give(door.code, other)
    assert door.give(door.code)


def test_a33_a_confirmation_asked_for_in_one_session_is_refused_in_another(cast: Cast, post: Post) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        first = sign_in(cast.user)
        second = sign_in(cast.user)
        only_by(cast.user, Method.EMAIL)
        first.post(reverse("confirm", args=["email"]), {"current_password": cast.user.password})
        code = code_among(post())
        traveller.shift(timedelta(seconds=2))
        second.post(reverse("confirm", args=["email"]), {"current_password": cast.user.password})
        assert second.post(reverse("confirm-code", args=["email"]), {"code": code}).status_code == 200
        assert first.post(reverse("confirm-code", args=["email"]), {"code": code})["Location"] == reverse("change-email")


@every_door
def test_a35_no_page_and_no_address_repeats_a_code(cast: Cast, post: Post, name: str) -> None:
    with time_machine.travel(START, tick=False):
        door = open_door(name, cast, post)
        wrong = "1" + door.code[1:] if door.code[0] != "1" else "2" + door.code[1:]
        answers = [door.client.get(door.address), door.client.post(door.address, door.fields | {"code": wrong})]
        answers.append(door.client.post(door.address, door.fields | {"code": door.code}, follow=True))
        for answer in answers:
            assert door.code not in answer.content.decode()
            assert door.code not in str(answer.headers) + str(getattr(answer, "redirect_chain", ""))
            assert answer.headers["Cache-Control"].find("no-store") >= 0


def test_a36_temporary_passwords_and_keys_come_from_chance_alone() -> None:
    made = [temporary.make().text for _number in range(2_000)]
    assert len(set(made)) == len(made)
    counts = Counter("".join(made))
    expected = 2_000 * limits.P4_TEMPORARY_PASSWORD_LENGTH / limits.P4_TEMPORARY_PASSWORD_SYMBOLS
    assert set(counts) == set(temporary.ALPHABET)
    assert all(abs(count - expected) < 7 * expected**0.5 for count in counts.values())
    assert len({new_seed() for _number in range(2_000)}) == 2_000


def test_a36_nothing_of_ours_uses_a_generator_that_can_be_foretold() -> None:
    foretold = re.compile(r"^\s*(from|import) (random|numpy)\b|\buuid1\b|\bgetrandbits\b", re.MULTILINE)
    ours = [path for floor in ("portal", "permissions", "accounts", "services") for path in (ROOT / floor).rglob("*.py")]
    found = [str(path) for path in ours if foretold.search(path.read_text())]
    assert len(ours) > 100
    assert not found


@pytest.mark.parametrize("name", ["app", "mail", "reset"])
def test_a38_a_clock_set_back_revives_no_code(cast: Cast, post: Post, name: str) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        door = open_door(name, cast, post)
        if name == "app":
            assert door.give(door.code), "used"
            door = Door(half_sign_in(cast.user), door.code, door.address, door.opens)
        else:
            traveller.shift(timedelta(minutes=limits.P7_RESET_CODE_MINUTES if name == "reset" else limits.P8_CODE_MINUTES))
            assert not door.give(door.code), "expired, and marked as dead by this very try"
        traveller.shift(-timedelta(minutes=5))
        if name == "app":
            assert not door.give(door.code)
            assert not door.give(cast.user.app_code()), "nor an earlier one"
        assert not door.give(door.code)
        assert User.objects.get(pk=cast.user.user.pk).check_password(cast.user.password)
        assert events("CODE_REFUSED") >= 2
