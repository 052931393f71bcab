"""MAN-1: several lines of the list at once, each by the flow of a single one; through requests."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import Invitation, User
from permissions.models import Membership
from permissions.roles import Role
from portal import limits
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.cast import Cast, Person, invite, make_member

SignIn = Callable[[Person], Client]


def pick(browser: Client, act: str, *places: object, turn: str = "") -> str:
    return browser.post(reverse("picked"), {"act": act, "who": [str(one) for one in places], "turn": turn}, follow=True).content.decode()


def carry_out(browser: Client, act: str, *places: object) -> str:
    found = re.search(r'name="turn" value="([^"]+)"', pick(browser, act, *places))
    assert found
    return pick(browser, act, *places, turn=found[1])


def results(page: str) -> dict[str, str]:
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td [^>]*><span [^>]*>[^<]*</span> ([^<]*)</td>', page))


def test_man1_boxes_stand_only_where_something_can_be_done(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.admin).get(reverse("manage-users")).content.decode()
    assert re.findall(r'aria-label="Select ([^"]+)"', page) == ["Lowri Price"]


def test_man1_the_check_page_says_what_will_happen_and_does_nothing(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.exams_officer, "elin@glan.example")
    page = pick(signed_in(cast.exams_officer), "remove", cast.user.membership.pk, waiting.membership_id, cast.exams_officer.membership.pk)
    for shown in ("Lowri Price", "The account is deleted", "Elin Wyn", "The invite is withdrawn", "there is nothing to do: 1"):
        assert shown in page
    assert User.objects.filter(pk=cast.user.user.pk).exists()


def test_man2_removing_deletes_people_and_withdraws_invites(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.exams_officer, "elin@glan.example")
    page = carry_out(signed_in(cast.exams_officer), "remove", cast.user.membership.pk, waiting.membership_id)
    assert results(page) == {"Lowri Price": "Account deleted", "Elin Wyn": "Invite withdrawn"}
    assert not User.objects.filter(pk=cast.user.user.pk).exists()
    assert Invitation.objects.get().withdrawn_at is not None
    for kind in (Event.PERSON_DELETED, Event.INVITE_WITHDRAWN):
        assert AuditEvent.objects.get(number=kind.number).actor_id == str(cast.exams_officer.user.pk)
    assert Message.objects.filter(kind="account_deleted").count() == 1


def test_inv5_resending_keeps_each_limit_and_tells_of_each(cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [invite(cast.admin, f"e{number}@glan.example", first_name=f"Elin {chr(97 + number)}").membership_id for number in range(4)]
    monkeypatch.setattr(limits, "P17_INVITES_PER_INVITER_PER_HOUR", 2)
    browser = signed_in(cast.exams_officer)
    said = list(results(carry_out(browser, "resend", *places)).values())
    assert said == ["Invite sent again"] * 2 + ["Too many invites were sent in a short time. Try again later"] * 2
    assert Message.objects.filter(kind="invite_again").count() == 2
    assert "You can resend an invite once in 5 minutes" in carry_out(browser, "resend", places[0])


def test_man1_a_second_press_shows_what_the_first_did(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.exams_officer, "elin@glan.example")
    browser = signed_in(cast.exams_officer)
    found = re.search(r'name="turn" value="([^"]+)"', pick(browser, "resend", waiting.membership_id))
    assert found
    pages = [pick(browser, "resend", waiting.membership_id, turn=found[1]) for _press in range(2)]
    assert [results(page) for page in pages] == [{"Elin Wyn": "Invite sent again"}] * 2
    assert Message.objects.filter(kind="invite_again").count() == 1


def test_a73_an_exams_officer_oneself_and_strangers_are_left_alone(cast: Cast, signed_in: SignIn) -> None:
    second = make_member(cast.centre, Role.ADMIN, "second@glan.example", first_name="Owen", last_name="Price")
    places = [one.membership.pk for one in (cast.exams_officer, cast.admin, cast.other_exams_officer)]
    browser = signed_in(cast.admin)
    assert "Select people or invites in the list first" in pick(browser, "remove", *places, turn="x")
    page = pick(browser, "remove", *places, second.membership.pk, turn="y")
    assert results(page) == {"Owen Price": "Account deleted"}
    assert Membership.objects.filter(pk__in=places).count() == 3


@pytest.mark.parametrize("act", ["", "delete", "REMOVE", "\x00"])
def test_man1_an_unknown_act_does_nothing(cast: Cast, signed_in: SignIn, act: str) -> None:
    assert "Select people or invites in the list first" in pick(signed_in(cast.exams_officer), act, cast.user.membership.pk, turn="x")
    assert User.objects.filter(pk=cast.user.user.pk).exists()


def test_inv2_a_user_picks_nobody(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.user).post(reverse("picked"), {"act": "remove", "who": [str(cast.admin.membership.pk)], "turn": "x"})
    assert answer.status_code == 403
