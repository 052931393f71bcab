"""E: invites and activation, from outside (A55-A68)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.invites.flow import correct_address, resend, withdraw
from accounts.models import Code, Invitation, User
from permissions.centres.flow import freeze
from permissions.models import Membership
from permissions.roles import Role
from portal import clock, limits
from portal.outbox.models import Message
from tests.attacks.knocking import Post, events, is_outside, knock, secret_of
from tests.cast import Cast, invite, let_in

EMAIL = "elin@glan.example"
OWN = "velvet compass 31"


def invited(cast: Cast, post: Post) -> tuple[Invitation, str]:
    waiting = invite(cast.admin, EMAIL)
    return waiting, secret_of(post, EMAIL)


def set_password(client: Client, password: str = OWN) -> Any:
    return client.post(reverse("sign-in-set-password"), {"new_password": password, "language": "en"})


def nobody_came_in(client: Client) -> bool:
    return is_outside(client) and not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(("seconds", "open_"), [(-1, True), (0, False), (1, False), (86_400 * 400, False)])
def test_a55_an_expired_invite_is_refused_when_it_is_used_though_no_job_ran(cast: Cast, post: Post, seconds: int, open_: bool) -> None:
    waiting, temporary = invited(cast, post)
    with time_machine.travel(waiting.expires_at + timedelta(seconds=seconds), tick=False):
        browser, answer = knock(EMAIL, temporary)
        assert (answer.status_code == 302) is open_
        if not open_:
            assert "expired" in answer.content.decode()
            assert events(Event.INVITE_REFUSED) == 1
            assert nobody_came_in(browser)


def test_a55_an_invite_that_expires_while_its_page_is_open_is_refused(cast: Cast, post: Post) -> None:
    waiting, temporary = invited(cast, post)
    with time_machine.travel(waiting.expires_at - timedelta(seconds=5), tick=False) as traveller:
        browser, _answer = knock(EMAIL, temporary)
        assert browser.get(reverse("sign-in-set-password")).status_code == 200
        traveller.shift(timedelta(seconds=5))
        set_password(browser)
        assert nobody_came_in(browser)


@pytest.mark.parametrize("state", ["pending", "expired", "withdrawn", "locked"])
def test_a56_a_forgotten_password_gives_an_invited_person_no_code(cast: Cast, post: Post, state: str) -> None:
    waiting, temporary = invited(cast, post)
    if state == "withdrawn":
        withdraw(actor=cast.admin.user, invitation=waiting)
    Invitation.objects.filter(pk=waiting.pk).update(
        **({"expires_at": clock.now()} if state == "expired" else {"tries_left": 0} if state == "locked" else {})
    )
    post()
    browser, known = Client(), Client()
    answers = [one.post(reverse("forgot-password"), {"email": email}) for one, email in ((browser, EMAIL), (known, "user@glan.example"))]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, reverse("reset-password"))] * 2
    kinds = [message.kind for message in Message.objects.filter(recipient=EMAIL).exclude(kind__startswith="invite")]
    assert kinds == ([] if state == "withdrawn" else ["reset_not_activated"])
    assert not Code.objects.filter(target=EMAIL).exists()
    for guess in ("00000000", temporary):
        browser.post(reverse("reset-password"), {"email": EMAIL, "code": guess, "new_password": OWN})
    assert nobody_came_in(browser)
    assert events(Event.PASSWORD_RESET) == 0


def test_a58_of_two_browsers_that_activate_the_second_is_told_and_makes_nothing(cast: Cast, post: Post) -> None:
    _waiting, temporary = invited(cast, post)
    first, second, third = (knock(EMAIL, temporary)[0] for _browser in range(3))
    set_password(first)
    assert first.get(reverse("home"))["Location"] == reverse("factor-choose")
    assert set_password(second, "another compass 31")["Location"] == reverse("sign-in")
    assert third.get(reverse("sign-in-set-password"))["Location"] == reverse("sign-in")
    set_password(first, "a third compass 31")
    assert (events(Event.PASSWORD_SET), events(Event.INVITE_ACCEPTED)) == (1, 1)
    person = User.objects.get(email=EMAIL)
    assert person.check_password(OWN)
    assert knock(EMAIL, temporary)[1].status_code == 200


def _delete_inviter(cast: Cast, _waiting: Invitation) -> None:
    let_in(cast.exams_officer).post(reverse("delete-user", args=[cast.admin.membership.pk]))


def _demote_inviter(cast: Cast, _waiting: Invitation) -> None:
    Membership.objects.filter(pk=cast.admin.membership.pk).update(role=Role.USER, seat=None)


def _suspend_inviter(cast: Cast, _waiting: Invitation) -> None:
    let_in(cast.staff).post(reverse("admin:person-act", args=[cast.admin.user.pk, "suspend"]), {"reason": "x"})


def _move_inviter(cast: Cast, _waiting: Invitation) -> None:
    Membership.objects.filter(pk=cast.admin.membership.pk).update(centre=cast.other_centre)


def _freeze_centre(cast: Cast, _waiting: Invitation) -> None:
    freeze(actor=cast.staff.user, centre=cast.centre)


def _withdraw(cast: Cast, waiting: Invitation) -> None:
    let_in(cast.exams_officer).post(reverse("invite-withdraw", args=[waiting.membership_id]))


def _resend(cast: Cast, waiting: Invitation) -> None:
    resend(actor=cast.exams_officer.user, invitation=waiting)


def _correct(cast: Cast, waiting: Invitation) -> None:
    correct_address(actor=cast.exams_officer.user, invitation=waiting, email="right@glan.example")


def _close_place(_cast: Cast, waiting: Invitation) -> None:
    Membership.objects.filter(invitation=waiting).delete()


AFTER = [_delete_inviter, _demote_inviter, _suspend_inviter, _move_inviter]
MEANWHILE = [_freeze_centre, _withdraw, _resend, _correct, _close_place]


def _refused(cast: Cast, post: Post, deed: Callable[[Cast, Invitation], None], *, page_open: bool) -> None:
    waiting, temporary = invited(cast, post)
    browser = knock(EMAIL, temporary)[0] if page_open else Client()
    deed(cast, waiting)
    answer = set_password(browser) if page_open else knock(EMAIL, temporary, browser)[1]
    if not page_open and answer.status_code == 302:
        set_password(browser)
    assert nobody_came_in(browser)
    assert not User.objects.filter(email="right@glan.example").exists()
    assert events(Event.INVITE_ACCEPTED) == 0
    assert not Membership.objects.filter(user__email=EMAIL).exists()


@pytest.mark.parametrize(("deed", "page_open"), [*((deed, False) for deed in AFTER), (_demote_inviter, True)])
def test_a60_the_inviters_right_is_asked_again_at_acceptance(
    cast: Cast, post: Post, deed: Callable[[Cast, Invitation], None], page_open: bool
) -> None:
    _refused(cast, post, deed, page_open=page_open)


@pytest.mark.parametrize("page_open", [True, False])
def test_a61_a_frozen_centres_invite_is_refused(cast: Cast, post: Post, page_open: bool) -> None:
    _refused(cast, post, _freeze_centre, page_open=page_open)


@pytest.mark.parametrize("deed", MEANWHILE[1:])
def test_a63_a_set_password_page_that_is_open_dies_with_its_invite(
    cast: Cast, post: Post, deed: Callable[[Cast, Invitation], None]
) -> None:
    _refused(cast, post, deed, page_open=True)


FORM = {"first_name": "Elin", "last_name": "Wyn", "title": "", "job_role": "", "language": "en", "role": "user"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps({"email": [EMAIL, "thief@evil.example"], **FORM})),
        ("text/plain", f"email={EMAIL}&first_name=Elin&last_name=Wyn&role=user&language=en"),
        (
            "application/x-www-form-urlencoded",
            f"email[]={EMAIL}&email[]=thief@evil.example&first_name=Elin&last_name=Wyn&role=user&language=en",
        ),
        ("application/x-www-form-urlencoded", f"email[0]={EMAIL}&email%00=x&first_name=Elin&last_name=Wyn&role=user&language=en"),
        ("application/x-www-form-urlencoded", f"email={EMAIL},thief@evil.example&first_name=Elin&last_name=Wyn&role=user&language=en"),
        (
            "application/x-www-form-urlencoded",
            f"email={EMAIL}%0d%0aBcc:thief@evil.example&first_name=Elin&last_name=Wyn&role=user&language=en",
        ),
        ("application/x-www-form-urlencoded", f"email={EMAIL}%20thief@evil.example&first_name=Elin&last_name=Wyn&role=user&language=en"),
        ("application/x-www-form-urlencoded", f"email=%22{EMAIL}%22&first_name=Elin&last_name=Wyn&role=user&language=en"),
        ("application/x-www-form-urlencoded", f"email=Elin<{EMAIL}>&first_name=Elin&last_name=Wyn&role=user&language=en"),
    ],
)
def test_a65_arrays_lists_and_json_reach_no_second_recipient(cast: Cast, post: Post, content_type: str, body: str) -> None:
    browser = let_in(cast.admin)
    for name in ("invite-check", "forgot-password", "sign-in"):
        answer = browser.generic("POST", reverse(name), body.encode(), content_type=content_type)
        assert answer.status_code < 500, name
    assert not Invitation.objects.exists()
    assert post() == []


def test_a66_two_invites_of_one_address_open_each_its_own_place(cast: Cast, post: Post) -> None:
    """A User's and, elsewhere, an Admin's: whichever temporary password is given makes the account of its own row only."""
    as_user, first = invited(cast, post)
    as_admin = invite(cast.other_exams_officer, EMAIL, role=Role.ADMIN)
    second = secret_of(post, EMAIL)
    browser, _answer = knock(EMAIL, first)
    state = browser.session["sign_in"]
    for field in ("invitation", "membership", "role", "centre"):
        browser.post(f"{reverse('sign-in-set-password')}?{field}={as_admin.pk}", {field: str(as_admin.pk), "new_password": "short"})
    assert browser.session["sign_in"] == state
    set_password(browser)
    places = Membership.objects.filter(user__email=EMAIL)
    assert [(place.centre, place.role) for place in places] == [(cast.centre, Role.USER)]
    as_user.refresh_from_db()
    as_admin.refresh_from_db()
    assert as_user.accepted_at is not None
    assert as_admin.accepted_at is None
    assert knock(EMAIL, second)[1].status_code == 200
    assert places.count() == 1


PHISHING = [
    "www.evil.example", "evil.example", "https://evil.example/", "Win a prize at evil.example", "evil\u3002example", "evil\uff0eexample",
    "ev\u200bil.example", "<a href=x>", "<b>Nia</b>", "\u202eelpmaxe.live", "nia@evil.example", "192.168.1.1", "Call 0900!", "Nia\nBcc: x", "{{ 7*7 }}",
    "javascript:alert(1)", "=HYPERLINK(1)", "%0d%0a", "Nia\x00", "\u2066x", "1234", "xn--80ak6aa92e.com", "//evil.example", "\\\\evil", "mailto:x@y.zz",
]  # fmt: skip


def test_a68_no_phishing_name_reaches_somebody_else(cast: Cast, post: Post) -> None:
    browser = let_in(cast.admin)
    for number, name in enumerate(PHISHING):
        field = ("first_name", "last_name")[number % 2]
        answer = browser.post(reverse("invite-check"), {**FORM, "email": f"p{number}@glan.example", field: name})
        assert answer.status_code == 200, (field, name)
    assert not Invitation.objects.exists()
    assert post() == []


def test_a68_a_flood_of_invites_stops_at_twenty_an_hour(cast: Cast) -> None:
    browser = let_in(cast.admin)
    for number in range(limits.P17_INVITES_PER_INVITER_PER_HOUR + 3):
        answer = browser.post(reverse("invite-check"), {**FORM, "email": f"f{number}@glan.example"})
    assert "Too many invites" in answer.content.decode()
    assert Invitation.objects.count() == events(Event.INVITED) == Message.objects.count() == limits.P17_INVITES_PER_INVITER_PER_HOUR
