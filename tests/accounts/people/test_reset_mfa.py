"""MFA-4: an Exams Officer or Admin resets the methods of a User of their centre, and of nobody else."""

import re
from collections.abc import Callable
from itertools import product
from urllib.parse import urljoin

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.events import Event
from accounts.factors import guesses
from accounts.factors.resetting import NothingToReset
from accounts.factors.rules import TooManyTries
from accounts.models import Code, Factor, KnownBrowser, Method, Purpose, RecoveryCode, Session, User
from accounts.people.mfa_rules import WhoResets, who_resets
from accounts.people.reset_mfa import NotYoursToReset, reset_member
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre, Membership
from permissions.roles import Role
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.ratelimit import allow
from tests.cast import Cast, Person, half_sign_in, invite, let_in, make_member, sign_in

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]


def reset_url(place: Membership) -> str:
    return reverse("reset-mfa", args=[place.pk])


def join(person: Person, centre: Centre, role: Role) -> None:
    accept(membership=open_membership(centre=centre, role=role), user=person.user)


def place_at(person: Person, centre: Centre) -> Membership:
    return Membership.objects.select_related("centre").get(user=person.user, centre=centre)


def resets() -> int:
    return AuditEvent.objects.filter(number=Event.FACTORS_RESET.number).count()


def has_methods(person: Person) -> bool:
    return Factor.objects.filter(user=person.user, confirmed=True).exists()


def words(page: str) -> str:
    return " ".join(strip_tags(page).split())


def test_mfa4_a_reset_takes_all_methods_codes_browsers_and_sessions_and_tells_the_person(cast: Cast, signed_in: SignIn, post: Post) -> None:
    user = cast.user.user
    theirs, ours = signed_in(cast.user), signed_in(cast.admin)
    Factor.objects.create(user=user, method=Method.SMS, name="sms", number="+447700900123", confirmed=True)
    Factor.objects.create(user=user, method=Method.EMAIL, name="email", confirmed=False)
    RecoveryCode.objects.create(user=user, selector="x", password_hash="x")
    Code.objects.create(user=user, purpose=Purpose.CONFIRM, digest="x", browser="x", expires_at=clock.now(), tries_left=5)
    assert KnownBrowser.objects.filter(user=user).exists()
    post()
    answer = ours.post(reset_url(cast.user.membership), follow=True)
    assert "MFA reset: Lowri Price" in words(answer.content.decode())
    for model in (Factor, RecoveryCode, Code, KnownBrowser, Session):
        assert not model._default_manager.filter(user=user).exists(), model
    assert theirs.get(reverse("home")).status_code == 302
    event = AuditEvent.objects.get(number=Event.FACTORS_RESET.number)
    assert (event.actor_id, event.subject_id, event.centre_number) == (str(cast.admin.user.pk), str(user.pk), "68001")
    letters = post()
    assert [letter.to for letter in letters] == [["user@glan.example"]]
    assert "MFA methods have been reset" in letters[0].subject
    assert "Admin of your centre" in str(letters[0].body)
    assert Message.objects.get(kind="number_replaced").recipient == "+447700900123"


def test_mfa4_the_next_sign_in_asks_to_set_up_a_method_and_the_password_stays(cast: Cast) -> None:
    reset_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    browser = half_sign_in(cast.user)
    assert browser.get(reverse("sign-in-factor"))["Location"] == reverse("factor-choose")
    assert browser.get(reverse("factor-choose")).status_code == 200


def test_mfa4_a_sign_in_under_way_ends_with_the_reset(cast: Cast) -> None:
    half = half_sign_in(cast.user)
    reset_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    assert half.get(reverse("factor-choose"))["Location"] == reverse("sign-in")


def test_p13_a_reset_lets_codes_work_again_after_a_hundred_wrong_ones(cast: Cast) -> None:
    user = cast.user.user
    rules = guesses._ask(user).rules[-1:]
    for _each in range(100):
        allow.take(allow.Ask("factor-failures", str(user.pk), rules))
    with pytest.raises(TooManyTries):
        guesses.take(user)
    reset_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    guesses.was_right(guesses.take(user))


def test_mfa4_asking_changes_nothing_and_names_the_person_and_what_goes(cast: Cast, signed_in: SignIn) -> None:
    page = words(signed_in(cast.admin).get(reset_url(cast.user.membership)).content.decode())
    for shown in ("Reset MFA: Lowri Price", "Authenticator App", "recovery codes", "signed out everywhere", "We tell them by email"):
        assert shown in page
    assert has_methods(cast.user)
    assert not resets()


def test_mfa4_the_way_to_a_reset_stands_in_the_menu_of_users_only(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    links = re.findall(r'href="([^"]+/reset-mfa/)"', browser.get(reverse("manage-users")).content.decode())
    assert [urljoin(reverse("manage-users"), link) for link in links] == [reset_url(cast.user.membership)]
    assert 'href="reset-mfa/"' in browser.get(reverse("manage-user", args=[cast.user.membership.pk])).content.decode()
    page = browser.get(reverse("manage-user", args=[cast.admin.membership.pk])).content.decode()
    assert "reset-mfa" not in page
    assert "Only the help desk can reset" in page


def test_mfa4_who_may_reset_whom(cast: Cast) -> None:
    """Every account type against every other: by request, sent directly, as by somebody who never saw the link."""
    second = make_member(cast.centre, Role.ADMIN, "admin2@glan.example")
    other = make_member(cast.other_centre, Role.USER, "user@cwm.example")
    manager_elsewhere = make_member(cast.centre, Role.USER, "two@glan.example")
    join(manager_elsewhere, cast.other_centre, Role.ADMIN)
    staff_here = make_member(cast.centre, Role.USER, "clerk@glan.example", is_staff=True)
    frozen = make_member(cast.centre, Role.USER, "frozen@glan.example")
    User.objects.filter(pk=frozen.user.pk).update(frozen_at=clock.now())
    here = [cast.exams_officer, cast.admin, second, manager_elsewhere, staff_here, frozen]
    refused_to_managers = [*((person, 403) for person in here), (other, 404), (cast.other_exams_officer, 404)]
    for asker in (cast.exams_officer, cast.admin):
        browser = let_in(asker)
        for person, status in refused_to_managers:
            place = Membership.objects.filter(user=person.user).order_by("accepted_at")[0]
            assert browser.get(reset_url(place)).status_code == status, person.user.email
            assert browser.post(reset_url(place)).status_code == status, person.user.email
            with pytest.raises(NotYoursToReset):
                reset_member(actor=asker.user, membership=place)
    for asker in (cast.user, other, cast.staff, staff_here):
        assert sign_in(asker).post(reset_url(cast.user.membership)).status_code == 403, asker.user.email
        with pytest.raises(NotYoursToReset):
            reset_member(actor=asker.user, membership=cast.user.membership)
    assert sign_in(cast.other_exams_officer).post(reset_url(cast.user.membership)).status_code == 404
    assert Client().post(reset_url(cast.user.membership)).status_code == 302
    assert not resets()
    assert all(has_methods(person) for person in (*here, other, cast.other_exams_officer, cast.user))
    for asker in (cast.exams_officer, cast.admin):
        person = make_member(cast.centre, Role.USER, f"of{asker.user.pk}@glan.example")
        assert sign_in(asker).post(reset_url(person.membership)).status_code == 302
        assert not has_methods(person)
    assert resets() == 2


def test_mfa4_a_user_of_two_centres_is_reset_by_either(cast: Cast) -> None:
    join(cast.user, cast.other_centre, Role.USER)
    assert sign_in(cast.other_exams_officer).post(reset_url(place_at(cast.user, cast.other_centre))).status_code == 302
    assert not has_methods(cast.user)


def test_mfa4_somebody_who_became_a_manager_elsewhere_meanwhile_is_not_reset(cast: Cast) -> None:
    """The page was opened while they were a plain User."""
    browser, place = let_in(cast.admin), cast.user.membership
    assert browser.get(reset_url(place)).status_code == 200
    join(cast.user, cast.other_centre, Role.ADMIN)
    assert browser.post(reset_url(place)).status_code == 403
    with pytest.raises(NotYoursToReset):
        reset_member(actor=cast.admin.user, membership=place)
    assert has_methods(cast.user)


def test_mfa4_who_lost_their_own_role_meanwhile_resets_nobody(cast: Cast) -> None:
    Membership.objects.filter(user=cast.admin.user).update(role=Role.USER, seat=None)
    with pytest.raises(NotYoursToReset):
        reset_member(actor=cast.admin.user, membership=cast.user.membership)
    Centre.objects.filter(pk=cast.centre.pk).update(frozen_at=clock.now())
    with pytest.raises(NotYoursToReset):
        reset_member(actor=cast.exams_officer.user, membership=cast.user.membership)


def test_a10_missing_ids_and_open_invites(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    assert browser.post("/manage-users/00000000-0000-4000-8000-000000000000/reset-mfa/").status_code == 404
    waiting = invite(cast.exams_officer, "elin@glan.example").membership
    assert waiting is not None
    assert browser.get(reset_url(waiting)).status_code == 302
    assert browser.post(reset_url(waiting)).status_code == 403
    assert not resets()


def test_mfa4_twice_is_once(cast: Cast, signed_in: SignIn) -> None:
    browser, url = signed_in(cast.admin), reset_url(cast.user.membership)
    browser.post(url)
    assert "There is no MFA method to reset" in browser.post(url, follow=True).content.decode()
    assert "There is no MFA method to reset" in browser.get(url, follow=True).content.decode()
    with pytest.raises(NothingToReset):
        reset_member(actor=cast.admin.user, membership=cast.user.membership)
    assert resets() == 1
    assert Message.objects.filter(kind="factor_changed").count() == 1


def test_p19_a_reset_needs_a_factor_of_the_last_quarter_of_an_hour(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.admin)
    session = browser.session
    session["proved_at"] = clock.now().timestamp() - 16 * 60
    session.save()
    assert browser.post(reset_url(cast.user.membership)).status_code == 302
    assert has_methods(cast.user)


def test_mfa4_the_list_says_for_everybody_who_may_reset_them(cast: Cast, signed_in: SignIn) -> None:
    bare = make_member(cast.centre, Role.USER, "bare@glan.example", first_name="Moel", last_name="Iawn")
    Factor.objects.filter(user=bare.user).delete()
    invite(cast.exams_officer, "elin@glan.example")
    browser = signed_in(cast.exams_officer)
    assert reverse("mfa-overview") in browser.get(reverse("manage-users")).content.decode()
    page = browser.get(reverse("mfa-overview")).content.decode()
    rows = {found[0]: words(found[1]) for found in re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>(.*?)</tr>', page, re.DOTALL)}
    assert set(rows) == {"Nia Jones", "Bethan Lloyd", "Lowri Price", "Moel Iawn"}
    assert "Authenticator App Can be reset here: Reset MFA" in rows["Lowri Price"]
    assert "Only by the help desk: ithelpdesk@" in rows["Nia Jones"]
    assert "Only by the help desk: ithelpdesk@" in rows["Bethan Lloyd"]
    assert "Not set up Nothing set up" in rows["Moel Iawn"]
    assert "Huw Parry" not in page
    assert "We call back on the phone number that your centre has published" in page
    assert sign_in(cast.user).get(reverse("mfa-overview")).status_code == 403
    assert browser.post(reverse("mfa-overview")).status_code == 405


def test_mfa4_the_list_has_fifty_a_page_and_its_queries_do_not_grow(cast: Cast, signed_in: SignIn) -> None:
    browser, url = signed_in(cast.exams_officer), reverse("mfa-overview")
    counts = []
    for start, end in ((0, 1), (1, 9)):
        for number in range(start, end):
            person = make_member(cast.centre, Role.USER, f"u{number}@glan.example", last_name=f"Zz{number}")
            join(person, cast.other_centre, Role.USER)
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
    for number in range(50):
        user = User.objects.create_user(email=f"b{number}@glan.example", password=None, first_name="B", last_name=f"{number}")
        accept(membership=open_membership(centre=cast.centre, role=Role.USER), user=user)
    assert "Page 1 of 2" in browser.get(url).content.decode()
    for page in ("2", "999999999", "0", "x", "-1", "9" * 5000, "\x00"):
        assert browser.get(url, {"page": page}).status_code == 200
    assert "Page 2 of 2" in browser.get(url, {"page": "99999"}).content.decode()


@pytest.mark.parametrize(("reader", "role"), list(product(Role, Role)))
def test_mfa4_the_rule_for_every_pair_of_account_types(reader: Role, role: Role) -> None:
    def ask(**other: object) -> WhoResets:
        asked: dict[str, object] = {"same_person": False, "roles": {role}, "staff": False, "closed": False, "enrolled": True}
        return who_resets(reader=reader, **asked | other)  # type: ignore[arg-type]

    here = reader is not Role.USER and role is Role.USER
    assert ask() is (WhoResets.HERE if here else WhoResets.HELP_DESK)
    assert ask(enrolled=False) is WhoResets.NOTHING_ENROLLED
    barred: tuple[dict[str, object], ...] = (
        {"same_person": True}, {"staff": True}, {"closed": True}, {"roles": {role, Role.ADMIN}}, {"roles": frozenset()},
    )  # fmt: skip
    for never in barred:
        assert ask(**never) is WhoResets.HELP_DESK
