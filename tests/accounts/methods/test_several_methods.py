"""Several methods: add, replace, remove, prefer (MFA-2, MFA-3)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, KnownBrowser, Method
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.accounts.methods.fresh import add_factor, add_passkey, confirm
from tests.cast import Cast, half_sign_in, let_in


def address(name: str, factor: Factor) -> str:
    return reverse(name, args=[factor.pk])


def test_mfa3_replacing_a_method_notes_which_and_asks_who_it_is(cast: Cast) -> None:
    sms = add_factor(cast.user, Method.SMS, number="+447700900321")
    client = let_in(cast.user)
    assert client.get(address("replace-factor", sms))["Location"] == reverse("confirm", args=["method"])
    assert client.session["replaces"] == sms.pk
    assert client.get(reverse("add-factor"))["Location"] == reverse("confirm", args=["method-add"])
    assert "replaces" not in client.session


def test_mfa3_changing_without_saying_which_means_the_one_asked_for_first(cast: Cast) -> None:
    client = let_in(cast.user)
    assert client.get(reverse("change-factor"))["Location"] == reverse("confirm", args=["method"])
    assert client.session["replaces"] == Factor.objects.get(user=cast.user.user).pk


def test_a50_somebody_elses_method_is_like_none_at_all(cast: Cast) -> None:
    strangers = add_factor(cast.admin, Method.EMAIL)
    own_pending = Factor.objects.create(user=cast.user.user, method=Method.EMAIL, name="email", confirmed=False)
    add_passkey(cast.user)
    client = let_in(cast.user)
    confirm(client, cast.user)
    for pk in (strangers.pk, own_pending.pk, 0, 10**30):
        for name, ask in (
            ("replace-factor", client.get),
            ("remove-factor", client.get),
            ("remove-factor", client.post),
            ("prefer-factor", client.post),
        ):
            answer = ask(reverse(name, args=[pk]), follow=True)
            assert answer.redirect_chain == [(reverse("security"), 302)], (name, pk)
            assert "You no longer have this MFA method" in answer.content.decode()
    assert "replaces" not in client.session
    assert Factor.objects.filter(pk=strangers.pk, is_default=False).exists()
    assert not AuditEvent.objects.filter(kind__in=["FACTOR_REMOVED", "DEFAULT_FACTOR_CHANGED"]).exists()


def test_mfa2_removing_names_what_goes_ends_the_others_and_tells(cast: Cast) -> None:
    sms = add_factor(cast.user, Method.SMS, number="+447700900321")
    client, other = let_in(cast.user), let_in(cast.user)
    confirm(client, cast.user)
    page = client.get(address("remove-factor", sms)).content.decode()
    assert "Text message (SMS)" in page
    assert "321" in page
    assert "7700900" not in page
    assert Factor.objects.filter(pk=sms.pk).exists()
    assert client.post(address("remove-factor", sms))["Location"] == reverse("security")
    assert [factor.method for factor in Factor.objects.filter(user=cast.user.user)] == ["app"]
    assert client.get(reverse("security")).status_code == 200
    assert other.get(reverse("security")).status_code == 302
    event = AuditEvent.objects.get(kind="FACTOR_REMOVED")
    assert (event.actor_id, event.detail) == (str(cast.user.user.pk), {"method": "sms"})
    letter = Message.objects.get(kind="factor_changed")
    assert (letter.recipient, letter.context["what"], letter.context["method"]) == ("user@glan.example", "removed", "sms")
    text = Message.objects.get(kind="number_replaced")
    assert (text.channel, text.recipient) == ("sms", "+447700900321")


def test_a50_a_confirmation_removes_one_method_not_more(cast: Cast) -> None:
    first, second = add_factor(cast.user, Method.EMAIL), add_passkey(cast.user)
    client = let_in(cast.user)
    confirm(client, cast.user)
    client.post(address("remove-factor", first))
    assert client.post(address("remove-factor", second))["Location"] == reverse("confirm", args=["security"])
    assert Factor.objects.filter(pk=second.pk).exists()


def test_mfa1_the_last_method_is_never_removed(cast: Cast) -> None:
    client = let_in(cast.user)
    confirm(client, cast.user)
    only = Factor.objects.get(user=cast.user.user)
    Factor.objects.create(user=cast.user.user, method=Method.EMAIL, name="email", confirmed=False)
    for ask in (client.get, client.post):
        page = ask(address("remove-factor", only), follow=True).content.decode()
        assert "You cannot remove your only MFA method" in page
    assert Factor.objects.filter(pk=only.pk).exists()
    assert not AuditEvent.objects.filter(kind="FACTOR_REMOVED").exists()


def test_mfa5_where_the_setting_demands_it_email_never_stays_alone(cast: Cast, settings: Any) -> None:
    settings.DEMAND_STRONG_MFA = True
    said, left = {}, {}
    for person in (cast.exams_officer, cast.user):
        app = Factor.objects.get(user=person.user)
        add_factor(person, Method.EMAIL)
        client = let_in(person)
        confirm(client, person)
        said[person.user.email] = client.post(address("remove-factor", app), follow=True).content.decode()
        left[person.user.email] = Factor.objects.filter(pk=app.pk).exists()
    assert "needs an MFA method other than email" in said["eo@glan.example"]
    assert left == {"eo@glan.example": True, "user@glan.example": False}


def test_a48_removing_a_method_forgets_the_known_browsers(cast: Cast) -> None:
    sms = add_factor(cast.user, Method.SMS, number="+447700900321")
    client = let_in(cast.user)
    assert KnownBrowser.objects.filter(user=cast.user.user).exists()
    confirm(client, cast.user)
    client.post(address("remove-factor", sms))
    assert not KnownBrowser.objects.filter(user=cast.user.user).exists()


def test_mfa2_when_the_preferred_one_goes_the_next_in_order_is_asked_first(cast: Cast) -> None:
    email = add_factor(cast.user, Method.EMAIL)
    add_passkey(cast.user)
    client = let_in(cast.user)
    confirm(client, cast.user)
    Factor.objects.filter(pk=email.pk).update(is_default=True)
    client.post(address("remove-factor", email))
    assert Factor.objects.get(user=cast.user.user, is_default=True).method == "app"


def test_mfa2_another_method_is_preferred(cast: Cast) -> None:
    Factor.objects.filter(user=cast.user.user).update(is_default=True)
    passkey = add_passkey(cast.user)
    client = let_in(cast.user)
    confirm(client, cast.user)
    for _press in range(2):
        assert client.post(address("prefer-factor", passkey))["Location"] == reverse("security")
    assert Factor.objects.get(user=cast.user.user, is_default=True).pk == passkey.pk
    assert AuditEvent.objects.get(kind="DEFAULT_FACTOR_CHANGED").detail == {"method": "passkey"}


@pytest.mark.parametrize("name", ["remove-factor", "prefer-factor"])
def test_p19_removing_and_preferring_need_a_fresh_confirmation(cast: Cast, name: str) -> None:
    passkey = add_passkey(cast.user)
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = let_in(cast.user)
        assert client.post(address(name, passkey))["Location"] == reverse("confirm", args=["security"])
        confirm(client, cast.user)
        traveller.move_to(start + timedelta(minutes=5, seconds=1))
        assert client.post(address(name, passkey))["Location"] == reverse("confirm", args=["security"])
    assert Factor.objects.filter(pk=passkey.pk, is_default=False).exists()


def test_a50_nothing_changes_by_get_or_without_the_token(cast: Cast) -> None:
    passkey = add_passkey(cast.user)
    client = let_in(cast.user)
    confirm(client, cast.user)
    assert client.get(address("prefer-factor", passkey)).status_code == 405
    client.get(address("remove-factor", passkey))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for name in ("remove-factor", "prefer-factor"):
        assert strict.post(address(name, passkey)).status_code == 403
    assert Factor.objects.filter(pk=passkey.pk, is_default=False).exists()


@pytest.mark.parametrize("name", ["replace-factor", "remove-factor", "prefer-factor"])
def test_a40_half_signed_in_none_of_it_opens(cast: Cast, name: str) -> None:
    passkey = add_passkey(cast.user)
    client = half_sign_in(cast.user)
    for ask in (client.get, client.post):
        assert ask(address(name, passkey))["Location"] == reverse("sign-in-factor")
