"""The security page: what protects the account, where one is signed in, what happened lately (PRO-3)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events import Event
from accounts.factors.recovery.flow import make_codes
from accounts.models import Factor, Method, Session
from accounts.sessions.store import SessionStore
from permissions.events import Event as Access
from portal import clock
from portal.audit.models import AuditEvent
from portal.audit.record import record
from tests.accounts.methods.fresh import EDGE, SAFARI, add_factor, add_passkey
from tests.cast import Cast, half_sign_in, let_in


def page_of(client: Client) -> str:
    answer = client.get(reverse("security"))
    assert answer.status_code == 200
    return answer.content.decode()


def references(page: str) -> list[str]:
    return re.findall(r'name="device" value="([^"]*)"', page)


def test_pro3_one_method_shows_the_guides_two_links(cast: Cast) -> None:
    page = page_of(let_in(cast.user))
    assert f'<a href="{reverse("change-password")}">Change password</a>' in page
    assert re.search(rf'<a href="{reverse("change-factor")}"[^>]*>Change MFA method</a>', page)
    assert "Authenticator App" in page
    assert "Preferred" not in page
    assert "Remove" not in page


def test_mfa2_every_method_is_shown_with_what_may_be_done(cast: Cast) -> None:
    sms = add_factor(cast.user, Method.SMS, number="+447700900321")
    passkey = add_passkey(cast.user, "Blue key")
    Factor.objects.create(user=cast.user.user, method=Method.EMAIL, name="email", confirmed=False)
    client = let_in(cast.user)
    Factor.objects.filter(pk=sms.pk).update(is_default=True)
    page = page_of(client)
    assert "number ending: 321" in page
    assert "7700900" not in page
    assert "Passkey: Blue key" in page
    assert page.count("Change MFA method</a>") == page.count(">Remove</a>") == 3
    assert page.count('class="tag tag-info">Preferred') == 1
    preferred = page[page.index(f'id="method-{sms.pk}"') :]
    assert "Preferred" in preferred[: preferred.index("</dt>")]
    assert reverse("replace-factor", args=[passkey.pk]) in page
    assert page.count("Make preferred") == 2
    assert reverse("prefer-factor", args=[sms.pk]) not in page
    assert reverse("add-factor") in page


def test_mfa1_staff_see_neither_recovery_codes_nor_other_methods(cast: Cast) -> None:
    page = page_of(let_in(cast.staff))
    assert "Recovery codes" not in page
    assert reverse("add-factor") not in page


def test_mfa2_recovery_codes_left(cast: Cast) -> None:
    client = let_in(cast.user)
    make_codes(user=cast.user.user, session=SessionStore(client.session.session_key))
    page = page_of(client)
    assert "Left: 10" in page
    assert reverse("recovery-codes") in page


def test_pro3_devices_with_browser_place_in_words_and_last_seen(cast: Cast) -> None:
    client = let_in(cast.user, Client(headers={"user-agent": EDGE}))
    let_in(cast.user, Client(headers={"user-agent": SAFARI}, REMOTE_ADDR="203.0.113.7"))
    let_in(cast.user, Client(headers={"user-agent": SAFARI}))
    half_sign_in(cast.user)
    let_in(cast.admin)
    page = page_of(client)
    devices = page[page.index("signed in</h2>") : page.index("Recent activity")]
    assert devices.count("This device") == 1
    assert devices.index("Edge, Windows") < devices.index("This device") < devices.index("Safari, iPhone")
    assert devices.count("Sign out (Safari, iPhone)") == devices.count("Last seen:") - 1 == 2
    assert devices.count("Another network") == devices.count("Same network as this device") == 1
    assert "203.0.113.7" not in page


def test_pro3_the_page_never_shows_a_sessions_key(cast: Cast) -> None:
    client = let_in(cast.user)
    let_in(cast.user)
    page = page_of(client)
    assert not [key for key in Session.objects.values_list("session_key", flat=True) if key in page]


def test_pro3_one_device_is_signed_out_the_rest_stay(cast: Cast) -> None:
    client, other, third = (let_in(cast.user) for _number in range(3))
    chosen = references(page_of(client))
    assert len(chosen) == 2
    assert client.post(reverse("end-device"), {"device": chosen[0]})["Location"] == reverse("security")
    assert sorted(browser.get(reverse("security")).status_code for browser in (other, third)) == [200, 302]
    event = AuditEvent.objects.get(kind="SESSIONS_ENDED")
    assert event.actor_id == event.subject_id == str(cast.user.user.pk)
    assert "already signed out" in client.post(reverse("end-device"), {"device": chosen[0]}, follow=True).content.decode()
    assert AuditEvent.objects.filter(kind="SESSIONS_ENDED").count() == 1


def test_a50_neither_a_raw_key_nor_somebody_elses_device_is_accepted(cast: Cast) -> None:
    client, admin, second = let_in(cast.user), let_in(cast.admin), let_in(cast.user)
    strangers = references(page_of(let_in(cast.admin)))
    for odd in [*strangers, second.session.session_key, admin.session.session_key, "", "\x00", "x" * 9_000, "ŵ"]:
        client.post(reverse("end-device"), {"device": odd})
    assert admin.get(reverse("security")).status_code == second.get(reverse("security")).status_code == 200
    assert not AuditEvent.objects.filter(kind="SESSIONS_ENDED").exists()


def test_pro3_ones_own_device_is_not_signed_out_by_its_reference(cast: Cast) -> None:
    client, other = let_in(cast.user), let_in(cast.user)
    (own,) = references(page_of(other))
    client.post(reverse("end-device"), {"device": own})
    assert client.get(reverse("security")).status_code == 200


def test_pro3_all_other_devices_are_signed_out_half_signed_in_ones_too(cast: Cast) -> None:
    client, other, half, admin = let_in(cast.user), let_in(cast.user), half_sign_in(cast.user), let_in(cast.admin)
    assert client.post(reverse("end-other-devices"))["Location"] == reverse("security")
    assert [browser.get(reverse("security")).status_code for browser in (client, other, admin)] == [200, 302, 200]
    assert half.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})["Location"] == reverse("sign-in")
    assert AuditEvent.objects.filter(kind="SESSIONS_ENDED", actor_id=str(cast.user.user.pk)).count() == 1


@pytest.mark.parametrize("name", ["end-device", "end-other-devices"])
def test_a90_signing_out_elsewhere_needs_a_post(cast: Cast, name: str) -> None:
    client, other = let_in(cast.user), let_in(cast.user)
    assert client.get(reverse(name)).status_code == 405
    assert other.get(reverse("security")).status_code == 200


def test_p18_a_session_that_idled_out_is_not_shown(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = let_in(cast.user)
        traveller.move_to(start + timedelta(minutes=31))
        client = let_in(cast.user)
        assert references(page_of(client)) == []


def test_ui35_activity_of_30_days_is_about_this_account_newest_first(cast: Cast) -> None:
    user, admin = cast.user.user, cast.admin.user
    start = clock.now()
    with time_machine.travel(start - timedelta(days=31), tick=False):
        record(Event.PROFILE_CHANGED, actor=user, subject=user)
    record(Event.PASSWORD_CHANGED, actor=user, subject=user)
    record(Event.PERSON_SUSPENDED, actor=admin, subject=user)
    record(Event.EMAIL_CHANGED, actor=admin, subject=admin)
    record(Event.INVITED, actor=user, subject=admin)
    record(Access.ACCESS_CHANGED, actor=admin, subject=user)
    page = page_of(let_in(cast.user, Client(headers={"user-agent": SAFARI})))
    activity = page[page.index("Recent activity") :]
    assert activity.index("Signed in") < activity.index("Account suspended") < activity.index("Password changed")
    assert "Safari, iPhone" in activity
    assert activity.count("Done by your centre or the IT Helpdesk") == 1
    for absent in ("Profile changed", "Email address changed", "Invite sent", "Access changed", admin.full_name):
        assert absent not in activity


def test_ui35_at_most_twenty_happenings(cast: Cast) -> None:
    for _number in range(30):
        record(Event.CODE_REFUSED, subject=cast.user.user)
    page = page_of(let_in(cast.user))
    assert page[page.index("Recent activity") :].count("<time") == 20


def test_not_you_leads_to_freezing_and_names_the_help_desk(cast: Cast) -> None:
    page = page_of(let_in(cast.user))
    assert "Not you?" in page
    assert f'href="{reverse("freeze")}"' in page
    assert "mailto:ithelpdesk@" in page


def test_the_page_costs_the_same_queries_with_one_of_everything_or_many(cast: Cast) -> None:
    client = let_in(cast.user)
    page_of(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page_of(client)
    for number in range(3):
        add_passkey(cast.user, f"Key {number}")
        let_in(cast.user)
    add_factor(cast.user, Method.EMAIL)
    make_codes(user=cast.user.user, session=SessionStore(client.session.session_key))
    let_in(cast.user)
    for _number in range(25):
        record(Event.CODE_REFUSED, subject=cast.user.user)
    with CaptureQueriesContext(connection) as many:
        page_of(client)
    assert len(few) == len(many) <= 9
