"""K: load, channels and the queue, from outside (A143-A160)."""

import time
import unicodedata
import uuid
from datetime import timedelta
from typing import Any

import argon2
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads

from accounts.events import Event
from accounts.models import Factor, Invitation, Method, User
from portal import clock, limits
from portal.celery import app
from portal.outbox.models import Message, State
from portal.outbox.relay import deliver
from portal.outbox.tasks import deliver_message, run_timetable_entry
from tests.attacks.knocking import Post, code_of, events, is_outside, knock, secret_of
from tests.attacks.test_invites import EMAIL, set_password
from tests.attacks.test_sessions import confirm
from tests.cast import PASSWORD, Cast, half_sign_in, invite, let_in
from tests.sweep.test_identities import GUARDED, _address

LONG = "x" * 1_000_000


def test_a143_a_field_of_a_megabyte_is_refused_at_once_and_never_hashed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = [_address(name, cast) for name in sorted(GUARDED)]
    browser, half = let_in(cast.exams_officer), half_sign_in(cast.user)
    reached: list[str] = []
    monkeypatch.setattr(argon2.low_level, "hash_secret", lambda *_args, **_more: reached.append("hash"))
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_args, **_more: reached.append("verify"))
    took, fields = [], ("password", "new_password", "current_password", "code", "first_name", "email", "search", "rights", "reference")
    for number, path in enumerate(addresses):
        for client in (browser, half) if number % 3 else (browser, Client()):
            body = f"{fields[number % len(fields)]}={LONG}".encode()
            began = time.perf_counter()
            answer = client.generic("POST", path, body, content_type="application/x-www-form-urlencoded")
            took.append(time.perf_counter() - began)
            # A page that takes no form, or that this visitor may not open, says so before any form is read.
            assert answer.status_code in {400, 302, 403, 405}, path
    assert sorted(took)[len(took) // 2] < 0.05
    assert reached == []


@pytest.mark.parametrize(
    "body",
    [
        b"&".join(b"f%d=1" % number for number in range(limits.P21_FIELDS + 1)),
        b"email=" + b"%41" * 90_000,
        b"a" * (limits.P21_FORM_BYTES + 1),
    ],
    ids=["fields", "encoded", "name"],
)
def test_a143_too_many_fields_or_bytes_are_a_bad_request(db: None, body: bytes) -> None:
    for name in ("sign-in", "forgot-password", "language", "freeze"):
        assert Client().generic("POST", reverse(name), body, content_type="application/x-www-form-urlencoded").status_code == 400, name


def test_a143_a_file_where_none_is_asked_for_is_not_kept(db: None) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="email"; filename="a.txt"\r\n\r\n' + b"y" * 300_000 + b"\r\n--x--\r\n"
    answer = Client().generic("POST", reverse("sign-in"), part, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in {200, 400}
    many = (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="a"\r\n\r\n1\r\n' % number for number in range(300))
        + b"--x--\r\n"
    )
    assert Client().generic("POST", reverse("sign-in"), many, content_type="multipart/form-data; boundary=x").status_code == 400


FOREIGN = [
    "+1 212 555 0100", "+33 6 12 34 56 78", "+88213 000 0000", "+881 6 1234 5678", "+979 123 456 789", "+960 9001234", "+1 900 555 0100", "+7 999 123 45 67",
    "0900 123 4567", "0909 879 0000", "0871 123 4567", "118 118", "070 1234 5678", "07624 000000x", "076 0000 0000", "020 7946 0000", "0161 496 0000", "999",
    "+44 7700 900", "+44 77009001234567", "٠٧٧٠٠٩٠٠١٢٣", "07700 900123;07700 900124", "07700900123,+12125550100", "07700900123 ext 5",
    "07700 900ABC",
    "+4407624999999999", "00 1 212 555 0100", "+447700900123\n+12125550100", "+", "07700%20900123",
]  # fmt: skip


def texts() -> int:
    return Message.objects.filter(channel="sms").count()


def test_a146_nothing_is_texted_before_a_right_password_and_never_abroad(cast: Cast) -> None:
    Factor.objects.filter(user=cast.user.user).update(method=Method.SMS, seed="", number="+447700900321")
    stranger, _answer = knock("user@glan.example", "wrong password")
    for name in ("sign-in-factor", "factor-sms", "factor-choose", "prove-again"):
        for fields in ({"again": "1"}, {"way": "sms"}, {"number": "07700 900123", "send": "1"}):
            stranger.post(reverse(name), fields)
    assert texts() == 0
    Factor.objects.filter(user=cast.admin.user).delete()
    browser = half_sign_in(cast.admin)
    for number in FOREIGN:
        answer = browser.post(reverse("factor-sms"), {"number": number, "send": "1"})
        assert answer.status_code == 200, number
    assert texts() == 0


def test_a146_neither_sequential_numbers_nor_resend_loops_pump_texts(cast: Cast) -> None:
    """One who knows one password gets at most the hour's and the day's few, however many numbers, browsers and requests they use."""
    Factor.objects.filter(user=cast.user.user).delete()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for turn in range(12):
            browser = half_sign_in(cast.user)
            for number in (f"07700 9000{turn:02}", f"07700 9001{turn:02}"):
                browser.post(reverse("factor-sms"), {"number": number, "send": "1"})
            if turn == 7:
                assert texts() <= limits.P15_RESENDS_PER_HOUR
            traveller.shift(timedelta(minutes=5 if turn < 8 else 61))
    assert 0 < texts() <= limits.P16_SMS_PER_PERSON_PER_DAY
    assert events(Event.CODE_REFUSED) == 0


@pytest.mark.parametrize(
    "kind", ["application/x-python-serialize", "pickle", "application/x-yaml", "yaml", "application/x-msgpack", "msgpack", "text/plain"]
)
def test_a150_the_broker_may_hold_what_it_likes_but_json_alone_is_read(kind: str) -> None:
    assert set(app.conf.accept_content) == {"json"}
    with pytest.raises(ContentDisallowed):
        loads(b"cos\nsystem\n(S'true'\ntR.", kind, "binary", accept=set(app.conf.accept_content) | {"application/json"})


def test_a150_an_unknown_task_or_forged_arguments_do_nothing(cast: Cast, post: Post) -> None:
    invite(cast.admin, EMAIL)
    before = list(Message.objects.values())
    ours = ("celery.", "portal.outbox.tasks.", "services.publishing.tasks.")
    assert not [name for name in app.tasks if not name.startswith(ours)]
    forged: list[Any] = [
        "",
        "x",
        0,
        None,
        "*",
        "' OR 1=1",
        "\x00",
        ["a"],
        {"state": "queued"},
        uuid.uuid4(),
        "00000000-0000-0000-0000-000000000000",
    ]
    for argument in forged:
        try:
            deliver_message(argument)
        except (ValidationError, TypeError, ValueError):
            continue
    for name in ("os.system", "portal.outbox.relay.sweep", "accounts.people.delete.delete_member", "", "__import__", "outbox-sweep\x00"):
        with pytest.raises(KeyError):
            run_timetable_entry(name)
    for more in ({"to": "thief@evil.example"}, {"secret": "x"}, {"kind": "reset_code"}):
        with pytest.raises(TypeError):
            deliver_message(str(before[0]["id"]), **more)
    assert list(Message.objects.values()) == before
    assert [letter.to for letter in post()] == [[EMAIL]]


def test_a151_a_delivery_task_that_is_replayed_sends_nothing_twice(cast: Cast, post: Post) -> None:
    waiting = invite(cast.admin, EMAIL)
    row = Message.objects.get(about=f"invitation:{waiting.pk}")
    assert len(post()) == 1
    sent = Message.objects.values().get(pk=row.pk)
    for state in (State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.FAILED, State.EXPIRED, State.DEAD):
        Message.objects.filter(pk=row.pk).update(state=state, next_try_at=clock.now() - timedelta(hours=1))
        for _time in range(3):
            deliver_message(str(row.pk))
            deliver(str(row.pk))
    # A lease of somebody else that still runs is not taken over either.
    Message.objects.filter(pk=row.pk).update(state=State.CLAIMED, next_try_at=clock.now() + timedelta(seconds=60))
    deliver_message(str(row.pk))
    assert post() == []
    assert Message.objects.get(pk=row.pk).attempt == sent["attempt"] == 1


def test_a153_no_page_number_or_size_makes_a_list_longer_or_a_query_dearer(cast: Cast) -> None:
    browser, staff = let_in(cast.exams_officer), let_in(cast.staff)
    usual = browser.get(reverse("manage-users"))
    for value in ("1000000000", "9" * 400, "-1", "1e9", "१", "\x00"):
        query = {
            "page": value,
            "per_page": "1000000000",
            "limit": value,
            "offset": value,
            "page_size": value,
            "p": value,
            "list_per_page": value,
        }
        for name in ("manage-users", "mfa-overview", "invites-withdrawn"):
            answer = browser.get(reverse(name), query)
            assert answer.status_code == 200, (name, value)
            assert len(answer.content) < len(usual.content) * 3
        for name in ("audit_auditevent", "accounts_user")[: len(value) % 2 + 1]:
            assert staff.get(reverse(f"admin:{name}_changelist"), {"p": value}).status_code in {200, 302}, (name, value)


def test_a155_a_number_changed_in_72_hours_gives_nothing_but_a_sign_in(cast: Cast, post: Post) -> None:
    """The thief's SIM: no step-up, no change of password or method, no Manage Users; the old number and the mailbox are told."""
    person = cast.admin
    Factor.objects.create(user=person.user, method=Method.SMS, name="sms", number="+447700900321")
    browser = let_in(person)
    confirm(browser, person, "method")
    browser.post(reverse("replace-factor", args=[Factor.objects.get(user=person.user, method=Method.SMS).pk]))
    browser.post(reverse("factor-sms"), {"number": "07700 900999", "send": "1"})
    code = Message.objects.filter(channel="sms").latest("created_at").secret
    assert browser.post(reverse("factor-sms"), {"number": "07700 900999", "code": code}).status_code == 302
    told = set(Message.objects.filter(kind__in=("number_replaced", "factor_changed")).values_list("recipient", flat=True))
    assert told == {"+447700900321", "admin@glan.example"}
    sms = Factor.objects.get(user=person.user, method=Method.SMS)
    with time_machine.travel(clock.now() + timedelta(hours=71, minutes=50), tick=False) as traveller:
        thief = half_sign_in(person)
        thief.post(reverse("sign-in-factor"), {"way": str(sms.pk)})
        thief.post(reverse("sign-in-factor"), {"code": Message.objects.filter(channel="sms").latest("created_at").secret})
        assert not is_outside(thief)
        traveller.shift(timedelta(minutes=2))
        thief.post(reverse("confirm", args=["password"]), {"current_password": PASSWORD})
        before = Message.objects.filter(channel="sms").count()
        for name, arguments in (("confirm-code", ["password"]), ("prove-again", [])):
            thief.post(reverse(name, args=arguments), {"way": str(sms.pk)})
        assert Message.objects.filter(channel="sms").count() == before
        assert thief.get(reverse("change-password"))["Location"].startswith(reverse("confirm", args=["password"]))
        traveller.shift(timedelta(minutes=9))
        thief.get(reverse("prove-again"))
        thief.post(reverse("prove-again"), {"way": str(sms.pk)})
        assert Message.objects.filter(channel="sms").count() == before + 1
    assert post()


def test_a156_no_field_address_or_preference_switches_a_notice_off(cast: Cast, post: Post) -> None:
    browser = let_in(cast.user)
    off = {"notices": "off", "notify": "0", "email_notifications": "", "silent": "1", "send_notice": "no", "unsubscribe": "1"}
    browser.post(reverse("profile-edit"), {"first_name": "Lowri", "last_name": "Price", "language": "en", "job_role": "Head", **off})
    post()
    confirm(browser, cast.user, "method-add")
    address = f"{reverse('factor-email')}?notices=off"
    browser.post(address, {"agreed": "on", "send": "1", **off})
    browser.post(address, {"agreed": "on", "code": code_of(post), **off}, headers={"List-Unsubscribe": "One-Click", "Precedence": "bulk"})
    confirm(browser, cast.user, "password")
    assert browser.post(reverse("change-password"), {"new_password": "a new lantern 42 quilts", **off}).status_code == 302
    letters = [letter for letter in post() if letter.to == ["user@glan.example"]]
    assert len([letter for letter in letters if "password" in letter.subject.lower()]) == 1
    assert Message.objects.filter(kind="factor_changed", recipient="user@glan.example", state=State.ACCEPTED).count() == 1
    assert not [letter for letter in letters if "List-Unsubscribe" in letter.extra_headers]


def test_a158_a_temporary_password_is_trimmed_and_ones_own_is_kept_as_it_is(cast: Cast, post: Post) -> None:
    waiting = invite(cast.admin, EMAIL)
    temporary = secret_of(post, EMAIL)
    browser, answer = knock(EMAIL, f"  \t{temporary.upper()} \u00a0\r\n")
    assert answer["Location"] == reverse("sign-in-set-password")
    own = " D\u0175r y m\u00f4r  31 "
    set_password(browser, own)
    assert Invitation.objects.get(pk=waiting.pk).accepted_at is not None
    for typed, right in (
        (own, True), (unicodedata.normalize("NFD", own), True), (unicodedata.normalize("NFKD", own), True), (own.strip(), False),
        (own.replace("  ", " "), False), (own.upper(), False), (own.replace("\u0175", "w"), False),
    ):  # fmt: skip
        _browser, answer = knock(EMAIL, typed)
        assert (answer.status_code == 302) is right, typed


def test_a160_a_stolen_database_holds_no_password_code_or_key(cast: Cast, post: Post) -> None:
    """Every column of every table, as a thief would read it, while a code and an invite are still on their way."""
    invite(cast.admin, EMAIL)
    Client().post(reverse("forgot-password"), {"email": "user@glan.example"})
    secrets = [str(row.secret) for row in Message.objects.exclude(secret="")]
    assert len(secrets) == 2
    browser = let_in(cast.admin)
    confirm(browser, cast.admin, "recovery")
    page = browser.post(reverse("recovery-codes")).content.decode()
    secrets += [part.split('"')[0] for part in page.split('name="codes" value="')[1:]]
    secrets += [PASSWORD, cast.admin.seed, cast.user.seed, str(browser.cookies["portal_browser"].value)]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            everything = repr(cursor.fetchall())
            assert not [secret for secret in secrets if secret in everything or secret.replace("-", "") in everything], table
    assert User.objects.exclude(password__startswith="argon2").count() == 0
    post()
    assert Message.objects.exclude(secret="").count() == 0
