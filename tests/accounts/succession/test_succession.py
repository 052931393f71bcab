"""INV-2, HELP-1: a change of Exams Officer is asked for inside, confirmed by the head of centre, and decided by staff."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import Invitation, Stage, Succession, User
from accounts.succession import deciding, expiry, flow
from accounts.succession.refusals import CaseOpen, CaseOver, DeciderInvolved
from permissions.membership.refusals import NoAdminSeat
from permissions.models import Membership
from permissions.policy import default_rights
from permissions.roles import Role
from permissions.scope import given
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox.bounces import bounce_of
from portal.outbox.models import Message, State
from tests.accounts.succession.asking import WISH, answer, ask, reference_in
from tests.cast import Cast, invite, let_in, make_member, make_person, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]


def opened(cast: Cast, **changes: Any) -> Succession:
    return flow.ask(actor=cast.admin.user, membership=cast.admin.membership, wish=flow.Wish(**(WISH | changes)))


def confirmed(cast: Cast, **changes: Any) -> Succession:
    case = opened(cast, **changes)
    answer(Message.objects.get(about=f"succession:{case.pk}", kind="succession_confirm").secret)
    case.refresh_from_db()
    assert case.stage == Stage.STAFF
    return case


def officers(cast: Cast) -> list[Membership]:
    return list(Membership.objects.filter(centre=cast.centre, role=Role.EXAMS_OFFICER))


def told(stage: str) -> set[str]:
    return {row.recipient for row in Message.objects.filter(kind="succession_news") if row.context["stage"] == stage}


def happened(event: Event) -> int:
    return AuditEvent.objects.filter(number=event.number).count()


def test_inv2_the_whole_way_an_exams_officer_retires(cast: Cast, post: Post) -> None:
    browser = let_in(cast.exams_officer)
    assert "Send to the head of centre" in browser.get(reverse("change-exams-officer")).content.decode()
    assert "We have written to the head of centre" in ask(browser)
    letters = post()
    reference = reference_in(letters)
    assert reference not in "".join(str(letter.subject) for letter in letters)
    page = browser.get(reverse("change-exams-officer")).content.decode()
    assert "Waiting for the head of centre" in page
    Message.objects.filter(kind="succession_confirm").update(state=State.BOUNCED, reason="5.1.1 no such user")
    assert str(bounce_of("5.1.1 no such user").sentence) in html.unescape(browser.get(reverse("change-exams-officer")).content.decode())
    assert reference not in page
    assert "You have confirmed the change" in answer(reference)
    assert "Waiting for the help desk" in browser.get(reverse("change-exams-officer")).content.decode()
    assert officers(cast)[0].user == cast.exams_officer.user
    case, desk = Succession.objects.get(), let_in(cast.staff)
    url = reverse("admin:succession-approve", args=[case.pk])
    assert url in desk.get(reverse("admin:accounts_succession_change", args=[case.pk])).content.decode()
    assert desk.get(url).status_code == 200
    assert happened(Event.SUCCESSION_DONE) == 0
    assert desk.post(url, {"after": "leaves", "reason": "Called back."}).status_code == 302
    (place,) = officers(cast)
    assert place.user is None
    invitation = Invitation.objects.get(membership=place)
    assert (invitation.email, invitation.invited_by) == ("mair@glan.example", cast.staff.user)
    assert not User.objects.filter(email="eo@glan.example").exists()
    case.refresh_from_db()
    assert (case.stage, case.decided_by, case.asked_by) == (Stage.DONE, cast.staff.user, None)
    addressed = {letter.to[0] for letter in post()}
    assert {"eo@glan.example", "mair@glan.example", "head@glan.example"} <= addressed
    assert [happened(event) for event in (Event.SUCCESSION_ASKED, Event.SUCCESSION_CONFIRMED, Event.SUCCESSION_DONE)] == [1, 1, 1]


@pytest.mark.parametrize("after", ["admin", "user"])
def test_inv2_somebody_of_the_centre_is_promoted_and_the_present_one_keeps_another_account(cast: Cast, after: str) -> None:
    case = confirmed(cast, email="user@glan.example", after=after)
    assert case.full_name == "Lowri Price"
    deciding.approve(actor=cast.staff.user, case=case, after=after, reason="x")
    (place,) = officers(cast)
    assert place.user == cast.user.user
    assert given(place) >= default_rights(Role.EXAMS_OFFICER)
    assert cast.exams_officer.membership.role == after
    kinds = {row.recipient: row.context["role"] for row in Message.objects.filter(kind="role_changed")}
    assert kinds == {"eo@glan.example": after, "user@glan.example": "exams_officer"}
    assert told("done") == {"eo@glan.example", "admin@glan.example", "user@glan.example", "head@glan.example"}


def test_inv2_an_admin_and_the_exams_officer_change_places_though_all_seats_are_taken(cast: Cast) -> None:
    for number in (2, 3):
        make_member(cast.centre, Role.ADMIN, f"admin{number}@glan.example")
    case = confirmed(cast, email="admin@glan.example", after="admin")
    deciding.approve(actor=cast.staff.user, case=case, after="admin", reason="x")
    assert [place.user for place in officers(cast)] == [cast.admin.user]
    assert Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).count() == 3


def test_inv2_without_a_free_seat_nothing_changes_at_all(cast: Cast) -> None:
    for number in (2, 3):
        make_member(cast.centre, Role.ADMIN, f"admin{number}@glan.example")
    case = confirmed(cast, email="user@glan.example")
    with pytest.raises(NoAdminSeat):
        deciding.approve(actor=cast.staff.user, case=case, after="admin", reason="x")
    assert [place.user for place in officers(cast)] == [cast.exams_officer.user]
    assert cast.user.membership.role == Role.USER
    case.refresh_from_db()
    assert case.stage == Stage.STAFF


def test_inv2_the_new_one_has_an_account_elsewhere_and_an_invited_officer_makes_way(cast: Cast, post: Post) -> None:
    case = confirmed(cast)
    deciding.approve(actor=cast.staff.user, case=case, after="leaves", reason="x")
    second = confirmed(cast, email="eo@cwm.example")
    post()
    deciding.approve(actor=cast.staff.user, case=second, after="leaves", reason="x")
    (place,) = officers(cast)
    assert Invitation.objects.get(membership=place).email == "eo@cwm.example"
    assert {"invite_withdrawn", "invite_existing"} <= set(Message.objects.values_list("kind", flat=True))


def test_a60_invites_of_an_officer_who_becomes_a_user_stop(cast: Cast) -> None:
    invite(cast.exams_officer, "elin@glan.example")
    deciding.approve(actor=cast.staff.user, case=confirmed(cast, email="user@glan.example"), after="user", reason="x")
    assert Invitation.objects.get(email="elin@glan.example").invited_by is None


def test_nothing_happens_on_get_and_the_page_tells_nothing(cast: Cast) -> None:
    case = opened(cast)
    secret = Message.objects.get(kind="succession_confirm").secret
    page = Client().get(reverse("confirm-exams-officer"), {"reference": secret}).content.decode()
    assert "Mair" not in page
    assert f'value="{secret}"' not in page
    case.refresh_from_db()
    assert case.stage == Stage.HEAD


def test_the_reference_works_once_and_a_no_ends_the_case(cast: Cast) -> None:
    opened(cast)
    secret = Message.objects.get(kind="succession_confirm").secret
    assert "Select an answer" in answer(secret, "")
    assert "You have declined" in answer(f"https://x.example/exams-officer/confirm/#{secret.upper()}", "no")
    assert "wrong, used or too old" in answer(secret)
    assert Succession.objects.get().stage == Stage.DECLINED
    assert told("declined") == {"eo@glan.example", "admin@glan.example"}
    assert (happened(Event.SUCCESSION_DECLINED), happened(Event.SUCCESSION_CONFIRMED)) == (1, 0)


@pytest.mark.parametrize("text", ["\x00", "ŵ" * 900, "1" * 1001])
def test_a51_odd_references_are_refused(cast: Cast, text: str) -> None:
    opened(cast)
    assert "Error:" in answer(text)


def test_a15_wrong_references_are_counted(cast: Cast) -> None:
    opened(cast)
    for _try in range(limits.SUCCESSION_TRIES_PER_HOUR):
        answer("wrong")
    assert "wrong, used or too old" in answer(Message.objects.get(kind="succession_confirm").secret)


def test_the_case_expires_at_each_stage_and_a_new_one_may_be_opened(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        opened(cast)
        secret = Message.objects.get(kind="succession_confirm").secret
        traveller.move_to(start + timedelta(days=limits.SUCCESSION_CONFIRM_DAYS))
        assert "wrong, used or too old" in answer(secret)
        assert (expiry.end_due(), expiry.end_due()) == (1, 0)
        assert told("expired") == {"eo@glan.example", "admin@glan.example"}
        case = confirmed(cast)
        traveller.shift(timedelta(days=limits.SUCCESSION_DECIDE_DAYS))
        with pytest.raises(CaseOver):
            deciding.approve(actor=cast.staff.user, case=case, after="leaves", reason="x")
        opened(cast)
    assert list(Succession.objects.values_list("stage", flat=True)) == [Stage.HEAD, Stage.EXPIRED, Stage.EXPIRED]


def test_one_open_case_a_centre_by_flow_and_by_the_database(cast: Cast) -> None:
    case = opened(cast)
    with pytest.raises(CaseOpen):
        opened(cast)
    assert "already asked to change the Exams Officer" in ask(sign_in(cast.exams_officer))
    case.pk, case.digest = None, ""
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(centre=cast.centre, after="leaves", expires_at=clock.now())


def test_who_asked_withdraws_and_nobody_else(cast: Cast, post: Post) -> None:
    opened(cast)
    url = reverse("change-exams-officer-withdraw")
    assert sign_in(cast.exams_officer).post(url).status_code == 404
    assert sign_in(cast.other_exams_officer).post(url).status_code == 404
    browser = let_in(cast.admin)
    assert browser.get(url).status_code == 405
    assert "Request withdrawn" in browser.post(url, follow=True).content.decode()
    assert Succession.objects.get().stage == Stage.WITHDRAWN
    assert not [letter for letter in post() if "#" in str(letter.body)]
    assert told("withdrawn") == {"eo@glan.example", "head@glan.example"}
    browser.post(url)
    assert happened(Event.SUCCESSION_WITHDRAWN) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"email": "eo@glan.example"}, "already the Exams Officer"),
        ({"head_email": "mair@glan.example"}, "own email address"),
        ({"head_email": "eo@glan.example"}, "own email address"),
        ({"head_email": "admin@glan.example"}, "own email address"),
        ({"head_email": "x"}, "in the correct format"),
        ({"email": "elin@glan.example"}, "There is an open invite"),
        ({"first_name": "evil.example"}, "There is a problem"),
        ({"after": "stays"}, "Select what happens"),
        ({"reason": ""}, "Enter a reason"),
    ],
)
def test_what_cannot_be_asked_is_refused_kindly_and_sends_nothing(cast: Cast, changes: dict[str, str], error: str) -> None:
    invite(cast.admin, "elin@glan.example")
    page = ask(let_in(cast.admin), **changes)
    assert error in page
    assert "I retire at Easter." in page or not changes.get("reason", "x")
    assert not Succession.objects.exists()
    assert not Message.objects.filter(kind__startswith="succession").exists()


def test_a_user_cannot_ask_and_staff_need_their_right(cast: Cast) -> None:
    case = confirmed(cast)
    assert sign_in(cast.user).post(reverse("change-exams-officer"), WISH).status_code == 403
    clerk = make_person("clerk@board.example", is_staff=True)
    browser = let_in(clerk)
    for name in ("succession-approve", "succession-refuse"):
        assert browser.post(reverse(f"admin:{name}", args=[case.pk]), {"after": "leaves", "reason": "x"}).status_code == 403
        strange = let_in(cast.exams_officer).post(reverse(f"admin:{name}", args=[case.pk]), {"after": "leaves", "reason": "x"})
        assert strange.status_code in {302, 403, 404}
    case.refresh_from_db()
    assert case.stage == Stage.STAFF


def test_staff_refuse_with_a_reason_and_only_once(cast: Cast) -> None:
    case = confirmed(cast)
    desk, url = let_in(cast.staff), reverse("admin:succession-refuse", args=[case.pk])
    assert "Enter a reason" in desk.post(url, {"reason": ""}).content.decode()
    desk.post(url, {"reason": "The head of centre did not know of it."})
    assert "no longer open" in desk.post(url, {"reason": "again"}).content.decode()
    assert told("refused") == {"eo@glan.example", "admin@glan.example", "head@glan.example"}
    assert happened(Event.SUCCESSION_REFUSED) == 1
    assert [place.user for place in officers(cast)] == [cast.exams_officer.user]


def test_nobody_decides_about_their_own_change(cast: Cast) -> None:
    case = confirmed(cast)
    User.objects.filter(pk=cast.admin.user.pk).update(is_staff=True)
    cast.admin.user.refresh_from_db()
    with pytest.raises(DeciderInvolved):
        deciding.approve(actor=cast.admin.user, case=case, after="leaves", reason="x")


def test_a_centre_writes_to_strangers_three_times_a_day_at_most(cast: Cast) -> None:
    for _time in range(limits.SUCCESSION_ASKED_PER_DAY):
        flow.withdraw(actor=cast.admin.user, membership=cast.admin.membership, case=opened(cast))
    assert "Try again tomorrow" in ask(sign_in(cast.admin))
