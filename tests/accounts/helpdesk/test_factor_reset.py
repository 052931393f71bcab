"""A53 and MFA-4: the methods of an Exams Officer, an Admin or staff are reset by two members of staff."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.events import Event
from accounts.factors.resetting import NothingToReset
from accounts.helpdesk import factor_reset
from accounts.helpdesk.factor_reset import AlreadyAsked, AlreadyDecided, AskerGone, NotForOneself, TooLate, TwoPeopleNeeded
from accounts.models import Factor, FactorReset, Session, User
from portal import clock
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, half_sign_in, make_person

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
WHY = "New phone. Called back on the number of the centre."


@pytest.fixture
def second(db: None) -> Person:
    """Another member of staff with every right."""
    return make_person("second@board.example", first_name="Gareth", last_name="Rees", is_staff=True, is_superuser=True)


def clerk(email: str, *rights: str) -> Person:
    """A member of staff with some rights only."""
    person = make_person(email, is_staff=True)
    person.user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return person


def page_of(person: Person) -> str:
    return reverse("admin:accounts_user_change", args=[person.user.pk])


def asking(person: Person) -> str:
    return reverse("admin:factor-reset-ask", args=[person.user.pk])


def deciding(reset: FactorReset, word: str) -> str:
    return reverse(f"admin:factor-reset-{word}", args=[reset.pk])


def asked(cast: Cast, person: Person) -> FactorReset:
    return factor_reset.ask_reset(actor=cast.staff.user, person=person.user, reason=WHY)


def events(event: Event) -> int:
    return AuditEvent.objects.filter(number=event.number).count()


def has_methods(person: Person) -> bool:
    return Factor.objects.filter(user=person.user, confirmed=True).exists()


def words(page: str) -> str:
    return " ".join(strip_tags(page).split())


def test_a53_one_asks_another_approves_and_the_person_is_told(cast: Cast, second: Person, signed_in: SignIn, post: Post) -> None:
    theirs, first, other = signed_in(cast.exams_officer), signed_in(cast.staff), signed_in(second)
    post()
    assert asking(cast.exams_officer) in first.get(page_of(cast.exams_officer)).content.decode()
    page = first.get(asking(cast.exams_officer)).content.decode()
    assert "Call back on the phone number that the centre has published" in page
    answer = words(first.post(asking(cast.exams_officer), {"reason": WHY}, follow=True).content.decode())
    assert "MFA reset asked for. Another member of staff decides about it" in answer
    reset = FactorReset.objects.get()
    assert (reset.user, reset.asked_by, reset.reason, reset.decided_at) == (cast.exams_officer.user, cast.staff.user, WHY, None)
    assert has_methods(cast.exams_officer)
    assert "MFA reset asked for:" in answer
    assert "Waiting for a second member of staff" in other.get(reverse("admin:accounts_factorreset_changelist")).content.decode()
    change = reverse("admin:accounts_factorreset_change", args=[reset.pk])
    assert deciding(reset, "approve") in other.get(change).content.decode()
    assert deciding(reset, "approve") not in first.get(change).content.decode()
    page = words(other.get(deciding(reset, "approve")).content.decode())
    for shown in ("Nia Jones (eo@glan.example)", WHY, "Sian Morgan", "Call back on the phone number", "Approve MFA reset"):
        assert shown in page
    assert has_methods(cast.exams_officer)
    other.post(deciding(reset, "approve"))
    assert not has_methods(cast.exams_officer)
    assert not Session.objects.filter(user=cast.exams_officer.user).exists()
    assert theirs.get(reverse("home")).status_code == 302
    reset.refresh_from_db()
    assert (reset.approved, reset.decided_by) == (True, second.user)
    assert (events(Event.FACTOR_RESET_ASKED), events(Event.FACTORS_RESET), events(Event.FACTOR_RESET_REFUSED)) == (1, 1, 0)
    event = AuditEvent.objects.get(number=Event.FACTORS_RESET.number)
    assert (event.actor_id, event.subject_id) == (str(second.user.pk), str(cast.exams_officer.user.pk))
    assert event.detail["asked_by"] == "Sian Morgan"
    (letter,) = post()
    assert letter.to == ["eo@glan.example"]
    assert "The help desk has done this" in str(letter.body)
    assert half_sign_in(cast.exams_officer).get(reverse("sign-in-factor"))["Location"] == reverse("factor-choose")


def test_a53_a_reset_can_be_refused_by_the_second(cast: Cast, second: Person, signed_in: SignIn) -> None:
    reset = asked(cast, cast.admin)
    browser = signed_in(second)
    assert browser.get(deciding(reset, "refuse")).status_code == 200
    assert FactorReset.objects.get().decided_at is None
    browser.post(deciding(reset, "refuse"))
    assert has_methods(cast.admin)
    assert (events(Event.FACTOR_RESET_REFUSED), events(Event.FACTORS_RESET)) == (1, 0)
    answer = browser.post(deciding(reset, "approve"), follow=True).content.decode()
    assert "Somebody has already decided about this MFA reset" in answer
    assert "Refused" in answer
    assert has_methods(cast.admin)
    asked(cast, cast.admin)


def test_a53_who_asked_decides_nothing(cast: Cast, signed_in: SignIn) -> None:
    reset, browser = asked(cast, cast.exams_officer), signed_in(cast.staff)
    for word in ("approve", "refuse"):
        answer = browser.post(deciding(reset, word), follow=True).content.decode()
        assert "You asked for this MFA reset. Another member of staff decides about it" in answer
    for deed in (factor_reset.approve, factor_reset.refuse):
        with pytest.raises(TwoPeopleNeeded):
            deed(actor=cast.staff.user, reset=reset)
    assert has_methods(cast.exams_officer)
    assert FactorReset.objects.get().decided_at is None
    assert events(Event.FACTORS_RESET) == events(Event.FACTOR_RESET_REFUSED) == 0


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("factor_reset_by_two", {"decided_by": "staff", "decided_at": True, "approved": True}),
        ("factor_reset_not_decided_by_oneself", {"decided_by": "exams_officer", "decided_at": True}),
        ("factor_reset_not_asked_by_oneself", {"asked_by": "exams_officer"}),
        ("factor_reset_approved_is_decided", {"approved": True}),
    ],
)
def test_a53_the_database_refuses_one_person_in_two_parts(cast: Cast, name: str, wrong: dict[str, object]) -> None:
    reset = asked(cast, cast.exams_officer)
    values = {
        key: clock.now() if key == "decided_at" else getattr(cast, value).user if isinstance(value, str) else value
        for key, value in wrong.items()
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FactorReset.objects.filter(pk=reset.pk).update(**values)


def test_a53_the_database_knows_one_open_request_a_person(cast: Cast, second: Person) -> None:
    asked(cast, cast.exams_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.create(user=cast.exams_officer.user, reason="x", asked_by=second.user)
    with pytest.raises(AlreadyAsked):
        factor_reset.ask_reset(actor=second.user, person=cast.exams_officer.user, reason=WHY)


def test_a53_nobody_asks_for_or_decides_about_themselves(cast: Cast, second: Person, signed_in: SignIn) -> None:
    browser = signed_in(cast.staff)
    assert asking(cast.staff) not in browser.get(page_of(cast.staff)).content.decode()
    assert "You cannot reset your own MFA here" in browser.post(asking(cast.staff), {"reason": WHY}).content.decode()
    with pytest.raises(NotForOneself):
        factor_reset.ask_reset(actor=cast.staff.user, person=cast.staff.user, reason=WHY)
    reset = asked(cast, second)
    theirs = signed_in(second)
    assert deciding(reset, "approve") not in theirs.get(reverse("admin:accounts_factorreset_change", args=[reset.pk])).content.decode()
    assert "You cannot reset your own MFA here" in theirs.post(deciding(reset, "approve"), follow=True).content.decode()
    with pytest.raises(NotForOneself):
        factor_reset.refuse(actor=second.user, reset=reset)
    assert has_methods(second)


def test_mfa4_a_request_runs_out_after_a_day_and_can_be_made_anew(cast: Cast, second: Person) -> None:
    with time_machine.travel("2027-03-01 10:00:00+00:00", tick=False) as at:
        reset = asked(cast, cast.exams_officer)
        at.shift(timedelta(hours=24) - timedelta(seconds=1))
        with pytest.raises(AlreadyAsked):
            factor_reset.ask_reset(actor=second.user, person=cast.exams_officer.user, reason=WHY)
        at.shift(1)
        with pytest.raises(TooLate):
            factor_reset.approve(actor=second.user, reset=reset)
        assert has_methods(cast.exams_officer)
        again = factor_reset.ask_reset(actor=second.user, person=cast.exams_officer.user, reason=WHY)
        with pytest.raises(AlreadyDecided):
            factor_reset.approve(actor=second.user, reset=reset)
        at.shift(timedelta(hours=24) - timedelta(seconds=1))
        factor_reset.approve(actor=cast.staff.user, reset=again)
    assert not has_methods(cast.exams_officer)
    assert (events(Event.FACTOR_RESET_ASKED), events(Event.FACTORS_RESET)) == (2, 1)


def test_mfa4_an_old_request_says_so_in_the_admin(cast: Cast, second: Person, signed_in: SignIn) -> None:
    reset, browser = asked(cast, cast.exams_officer), signed_in(second)
    FactorReset.objects.update(asked_at=clock.now() - timedelta(hours=24))
    assert "Expired" in browser.get(reverse("admin:accounts_factorreset_changelist")).content.decode()
    assert "more than 24 hours old" in browser.post(deciding(reset, "approve"), follow=True).content.decode()
    browser.post(deciding(reset, "refuse"))
    assert events(Event.FACTOR_RESET_REFUSED) == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, None])
def test_a53_the_word_of_somebody_who_left_no_longer_counts(cast: Cast, second: Person, change: dict[str, bool] | None) -> None:
    reset = asked(cast, cast.exams_officer)
    if change is None:
        cast.staff.user.delete()
    else:
        User.objects.filter(pk=cast.staff.user.pk).update(**change)
    with pytest.raises(AskerGone):
        factor_reset.approve(actor=second.user, reset=reset)
    assert has_methods(cast.exams_officer)
    factor_reset.refuse(actor=second.user, reset=reset)


def test_a53_who_is_no_longer_staff_does_nothing(cast: Cast, second: Person) -> None:
    reset = asked(cast, cast.exams_officer)
    User.objects.filter(pk=second.user.pk).update(is_staff=False)
    for deed in (factor_reset.approve, factor_reset.refuse):
        with pytest.raises(PermissionDenied):
            deed(actor=second.user, reset=reset)
    for actor in (cast.exams_officer, second):
        with pytest.raises(PermissionDenied):
            factor_reset.ask_reset(actor=actor.user, person=cast.admin.user, reason=WHY)


def test_a133_each_deed_asks_its_own_right(cast: Cast, signed_in: SignIn) -> None:
    looks, asks = clerk("looks@board.example", "view_user", "view_factorreset"), clerk("asks@board.example", "view_user", "add_factorreset")
    decides = clerk("decides@board.example", "change_factorreset")
    other_rights = clerk("others@board.example", "change_user", "delete_user", "add_invitation")
    reset = asked(cast, cast.admin)
    for person, may_ask, may_decide in ((looks, 403, 403), (asks, 200, 403), (decides, 403, 200), (other_rights, 403, 403)):
        browser = signed_in(person)
        assert browser.get(asking(cast.exams_officer)).status_code == may_ask
        if may_ask == 403:
            assert browser.post(asking(cast.exams_officer), {"reason": WHY}).status_code == 403
        for word in ("approve", "refuse"):
            assert browser.get(deciding(reset, word)).status_code == may_decide
            if may_decide == 403:
                assert browser.post(deciding(reset, word)).status_code == 403
    assert FactorReset.objects.get().decided_at is None
    signed_in(asks).post(asking(cast.exams_officer), {"reason": WHY})
    assert FactorReset.objects.filter(asked_by=asks.user).exists()
    browser = signed_in(decides)
    assert deciding(reset, "approve") in browser.get(reverse("admin:accounts_factorreset_change", args=[reset.pk])).content.decode()
    browser.post(deciding(reset, "approve"))
    assert not has_methods(cast.admin)


def test_role_people_of_centres_find_no_reset_in_the_admin(cast: Cast, signed_in: SignIn) -> None:
    reset = asked(cast, cast.admin)
    for person in (cast.user, cast.admin, cast.exams_officer, cast.other_exams_officer):
        browser = signed_in(person)
        for url in (asking(cast.user), deciding(reset, "approve"), deciding(reset, "refuse")):
            # Django's admin sends to its sign-in, which knows no such page for people without the right (A131).
            assert browser.post(url, {"reason": WHY}, follow=True).status_code == 404
    assert FactorReset.objects.get().decided_at is None


def test_a10_missing_people_and_requests_are_absent(cast: Cast, signed_in: SignIn) -> None:
    missing, browser = "00000000-0000-4000-8000-000000000000", signed_in(cast.staff)
    for name in ("ask", "approve", "refuse"):
        assert browser.post(reverse(f"admin:factor-reset-{name}", args=[missing])).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\x00b"])
def test_a53_a_reset_needs_a_reason(cast: Cast, signed_in: SignIn, reason: str) -> None:
    page = signed_in(cast.staff).post(asking(cast.exams_officer), {"reason": reason}).content.decode()
    assert "There is a problem" in page
    assert not FactorReset.objects.exists()


def test_mfa4_where_nothing_is_set_up_there_is_nothing_to_ask_for(cast: Cast, second: Person, signed_in: SignIn) -> None:
    reset = asked(cast, cast.admin)
    Factor.objects.filter(user__in=[cast.exams_officer.user, cast.admin.user]).delete()
    assert "There is no MFA method to reset" in signed_in(cast.staff).post(asking(cast.exams_officer), {"reason": WHY}).content.decode()
    with pytest.raises(NothingToReset):
        factor_reset.approve(actor=second.user, reset=reset)
    reset.refresh_from_db()
    assert reset.decided_at is None


def test_a53_requests_are_read_only(cast: Cast, second: Person, signed_in: SignIn) -> None:
    reset, browser = asked(cast, cast.admin), signed_in(second)
    url = reverse("admin:accounts_factorreset_change", args=[reset.pk])
    assert browser.post(url, {"approved": "on", "reason": "mine"}).status_code == 403
    assert browser.post(reverse("admin:accounts_factorreset_delete", args=[reset.pk]), {"post": "yes"}).status_code == 403
    assert browser.get(reverse("admin:accounts_factorreset_add")).status_code == 403
    reset.refresh_from_db()
    assert (reset.approved, reset.reason) == (False, WHY)
