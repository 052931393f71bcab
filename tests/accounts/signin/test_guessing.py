"""What wrong passwords and codes lead to: pauses, notices, and who still gets in (P6, P11-P13, A15-A23)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.mail import EmailMultiAlternatives
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.codes.rules import WrongCode
from accounts.factors.proving import prove
from accounts.factors.recovery.flow import make_codes
from accounts.models import Factor, Invitation, KnownBrowser, Method, Purpose, Session, User
from accounts.passwords import checking
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.ratelimit import allow
from tests.cast import PASSWORD, Cast, half_sign_in, invite, make_cast, sign_in, temporary_password_in

Post = Callable[[], list[EmailMultiAlternatives]]
WRONG = "not the password 1"


def try_password(email: str, password: str, client: Client | None = None, address: str = "192.0.2.1") -> HttpResponse:
    browser = client or Client()
    browser.post(reverse("sign-in"), {"email": email}, REMOTE_ADDR=address)
    return browser.post(reverse("sign-in-password"), {"password": password}, REMOTE_ADDR=address)  # type: ignore[return-value]


def got_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def test_a20_a_strangers_guesses_do_not_lock_out_a_recognised_browser(cast: Cast) -> None:
    own = sign_in(cast.exams_officer)
    own.post(reverse("sign-out"))
    for _number in range(30):
        assert not got_in(try_password("eo@glan.example", WRONG))
    assert not got_in(try_password("eo@glan.example", PASSWORD)), "a strange browser waits"
    assert got_in(try_password("eo@glan.example", PASSWORD, own)), "the owner's does not"


def test_a20_a_recognised_browser_has_ten_tries_of_its_own_and_forged_marks_none(cast: Cast) -> None:
    own = sign_in(cast.exams_officer)
    own.post(reverse("sign-out"))
    for _number in range(limits.P11_FAILURES_OF_KNOWN_BROWSER):
        try_password("eo@glan.example", WRONG, own)
    assert not got_in(try_password("eo@glan.example", PASSWORD, own))
    for number in range(limits.P11_PASSWORD_FAILURES):
        forged = Client()
        forged.cookies["portal_browser"] = f"{number:032x}"
        try_password("eo@glan.example", WRONG, forged)
    assert not got_in(try_password("eo@glan.example", PASSWORD))


def test_a48_a_recognised_browser_is_still_asked_for_the_code_and_is_forgotten_with_the_password(cast: Cast) -> None:
    own = sign_in(cast.user)
    own.post(reverse("sign-out"))
    assert try_password("user@glan.example", PASSWORD, own)["Location"] == reverse("sign-in-factor")
    assert KnownBrowser.objects.filter(user=cast.user.user).count() == 1
    cookie = own.cookies["portal_browser"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_p11_a_hundred_wrong_in_a_row_disable_the_password_and_tell_its_owner_once(cast: Cast, light_hash: None) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P11_FAILURES_IN_A_ROW + 5):
            traveller.move_to(start + timedelta(minutes=16 * (number // 9)))
            try_password("user@glan.example", WRONG, address=f"192.0.2.{number}")
        traveller.shift(timedelta(days=1))
        assert not got_in(try_password("user@glan.example", PASSWORD))
    assert kinds().count("password_locked") == 1
    assert AuditEvent.objects.filter(kind="PASSWORD_LOCKED").count() == 1


def test_p12_a_hundred_failures_of_one_address_pause_it_and_a_thousand_in_all_raise_an_alarm(cast: Cast, light_hash: None) -> None:
    for number in range(limits.P12_ADDRESS_FAILURES):
        try_password(f"nobody{number}@glan.example", WRONG, address="198.51.100.7")
    assert not got_in(try_password("user@glan.example", PASSWORD, address="198.51.100.7"))
    assert got_in(try_password("user@glan.example", PASSWORD, address="198.51.100.8"))
    allow.count_up("password-all", "", (1, 300))
    for _number in range(limits.P12_ALARM_FAILURES - limits.P12_ADDRESS_FAILURES - 2):
        allow.count_up("password-all", "", (limits.P12_ALARM_FAILURES, 300))
    try_password("nobody@glan.example", WRONG, address="198.51.100.9")
    assert AuditEvent.objects.filter(kind="GUESSING_ALARM").count() == 1


def test_a16_ten_wrong_tries_lock_an_invite_for_good_and_tell_the_inviter(cast: Cast, post: Post) -> None:
    invite(cast.exams_officer, "new@glan.example")
    secret = temporary_password_in(str(post()[-1].body))
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P6_TEMPORARY_PASSWORD_TRIES):
            assert not got_in(try_password("new@glan.example", WRONG))
            traveller.move_to(start + timedelta(days=number + 1))
        assert not got_in(try_password("new@glan.example", secret)), "the right one comes too late"
    assert Invitation.objects.get(email="new@glan.example").tries_left == 0
    assert Message.objects.filter(kind="invite_locked", recipient="eo@glan.example").count() == 1
    assert AuditEvent.objects.filter(kind="INVITE_LOCKED").count() == 1


def wrong_codes(client: Client, count: int) -> HttpResponse:
    for _number in range(count):
        answer = client.post(reverse("sign-in-factor"), {"code": "000000"})
    return answer  # type: ignore[return-value]


def test_p13_the_fifth_wrong_code_ends_the_sign_in(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    assert wrong_codes(client, 4).status_code == 200
    assert wrong_codes(client, 1)["Location"] == reverse("sign-in")
    assert client.get(reverse("sign-in-factor"))["Location"] == reverse("sign-in")


def test_a18_wrong_codes_add_up_over_password_steps_browsers_and_methods(cast: Cast) -> None:
    Factor.objects.create(user=cast.user.user, method=Method.EMAIL, name="email")
    wrong_codes(half_sign_in(cast.user), 2)
    other = half_sign_in(cast.user)
    wrong_codes(other, 1)
    email = Factor.objects.get(user=cast.user.user, method=Method.EMAIL)
    other.post(reverse("sign-in-factor"), {"way": str(email.pk)})
    wrong_codes(other, 2)
    third = half_sign_in(cast.user)
    assert "too many times" in third.post(reverse("sign-in-factor"), {"code": cast.user.app_code()}).content.decode()


def test_p13_a_hundred_wrong_codes_in_a_row_disable_codes_but_not_a_recovery_code(cast: Cast, light_hash: None) -> None:
    codes = make_codes(user=cast.user.user, session=Client().session)
    app, start = Factor.objects.get(user=cast.user.user), clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P13_FACTOR_FAILURES_IN_A_ROW):
            traveller.move_to(start + timedelta(hours=number))
            if number % 20:  # what the page does beneath its form
                with pytest.raises(WrongCode):
                    prove(factor=app, purpose=Purpose.SIGN_IN, session=Client().session, text="000000")
            else:
                wrong_codes(half_sign_in(cast.user), 1)
        traveller.shift(timedelta(days=2))
        client = half_sign_in(cast.user)
        assert client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()}).status_code == 200
        client.post(reverse("sign-in-factor"), {"way": "recovery"})
        assert client.post(reverse("sign-in-factor"), {"code": codes[0]})["Location"] == reverse("home")
        traveller.shift(timedelta(minutes=2))
        assert sign_in(cast.user), "and codes work again"
    assert AuditEvent.objects.filter(kind="FACTOR_LOCKED").count() == 1


def test_notices_the_right_password_with_wrong_codes_is_told_once(cast: Cast) -> None:
    wrong_codes(half_sign_in(cast.user), 3)
    assert kinds().count("wrong_factor") == 1, "from a strange browser at the first"
    own = sign_in(cast.admin)
    own.post(reverse("sign-out"))
    half_sign_in(cast.admin, own)
    wrong_codes(own, 4)
    assert not Message.objects.filter(kind="wrong_factor", recipient="admin@glan.example").exists()


def test_notices_a_new_browser_is_told_once_and_a_known_one_never(cast: Cast) -> None:
    own = sign_in(cast.user)
    assert kinds().count("new_sign_in") == 0, "the very first sign-in is no news"
    own.post(reverse("sign-out"))
    sign_in(cast.user, own)
    assert kinds().count("new_sign_in") == 0
    sign_in(cast.user)
    assert kinds().count("new_sign_in") == 1


def test_p20_the_sixth_session_ends_the_oldest(cast: Cast) -> None:
    start = clock.now()
    clients: list[Client] = []
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P20_PARALLEL_SESSIONS + 1):
            traveller.move_to(start + timedelta(minutes=number))
            clients.append(sign_in(cast.user))
        assert clients[0].get(reverse("home")).status_code == 302
        assert all(client.get(reverse("home")).status_code == 200 for client in clients[1:])
    assert Session.objects.filter(user=cast.user.user, signed_in_at__isnull=False).count() == limits.P20_PARALLEL_SESSIONS
    assert AuditEvent.objects.filter(kind="OLDEST_SESSION_ENDED").count() == 1


def test_a01_hashes_of_another_cost_make_every_check_do_the_same_and_are_renewed(cast: Cast) -> None:
    class Dear(Argon2PasswordHasher):
        memory_cost, time_cost, parallelism = 25_600, 1, 1

    encoded = Dear().encode(PASSWORD, Dear().salt())
    User.objects.filter(pk=cast.user.user.pk).update(password=encoded)
    checking.forget_costs()
    assert checking.costs_in_use() == {checking.cost_of(encoded), checking.cost_of(cast.admin.user.password)}
    assert not checking.matches(WRONG, None)
    assert not checking.matches(WRONG, encoded)
    half_sign_in(cast.user)
    checking.forget_costs()
    assert len(checking.costs_in_use()) == 1
    assert half_sign_in(cast.user), "the renewed hash is of the same password"


@pytest.mark.services
def test_a15_of_fifty_passwords_at_the_same_instant_no_more_than_ten_are_looked_at(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    cast = make_cast()
    runners = 24
    start = Barrier(runners)

    def guess(number: int) -> bool:
        try:
            client = Client()
            client.post(reverse("sign-in"), {"email": "user@glan.example"})
            start.wait(timeout=60)
            return got_in(client.post(reverse("sign-in-password"), {"password": f"{WRONG}{number}"}))  # type: ignore[arg-type]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(runners) as pool:
        assert not any(pool.map(guess, range(runners)))
    assert not got_in(try_password("user@glan.example", PASSWORD))
    seen = AuditEvent.objects.filter(kind="PASSWORD_REFUSED", subject_id=str(cast.user.user.pk)).count()
    assert seen == runners + 1, "each leaves its event, looked at or not"
