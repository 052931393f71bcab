"""The freeze: closes the account at once, by the reference of a notice or from within, and opens nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import Code, EmailChange, Factor, FreezeReference, Invitation, KnownBrowser, Method, Session, User
from accounts.notices import send
from accounts.notices.reference import new_reference
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.cast import Cast, half_sign_in, invite, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
REFUSED = "This reference is wrong, used or older than 7 days"


def notice(user: User) -> str:
    """Send a notice and return the reference in it."""
    send.new_sign_in(user)
    return str(Message.objects.filter(kind="new_sign_in").latest("created_at").secret)


def change_address(user: User, new: str) -> str:
    """Change somebody's address as the flow does, and return the reference that the earlier address got."""
    change = EmailChange.objects.create(user=user, old=user.email, new=new)
    user.email = new
    user.save(update_fields=["email"])
    send.email_changed(user, change)
    return str(Message.objects.filter(kind="email_changed_old").latest("created_at").secret)


def freeze(reference: object, client: Client | None = None) -> str:
    """Post the form and return the page that follows."""
    answer = (client or Client()).post(reverse("freeze"), {"reference": reference}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def events(kind: Event) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(number=kind.number))


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_the_page_says_what_freezing_does_and_opening_it_does_nothing(cast: Cast) -> None:
    reference = notice(cast.user.user)
    for client in (Client(), sign_in(cast.user)):
        page = client.get(reverse("freeze"), {"reference": reference, "lang": "en"})
        assert page.status_code == 200
        assert "Freeze my account" in page.content.decode()
        assert client.head(reverse("freeze")).status_code == 200
    assert again(cast.user.user).frozen_at is None
    assert not events(Event.ACCOUNT_FROZEN)
    assert not FreezeReference.objects.exclude(used_at=None).exists()


def test_the_script_reads_the_reference_from_the_link_of_the_letter(cast: Cast) -> None:
    page = Client().get(reverse("freeze")).content.decode()
    assert "js/freeze.js" in page
    assert "data-reference" in page
    assert 'nonce=""' not in page


def test_a_reference_shuts_every_way_in_and_is_told(cast: Cast, post: Post) -> None:
    user = cast.user.user
    inside, halfway = sign_in(cast.user), half_sign_in(cast.user)
    Client().post(reverse("forgot-password"), {"email": user.email})
    KnownBrowser.objects.create(user=user, digest="0" * 64)
    factors = list(Factor.objects.filter(user=user).values_list("pk", flat=True))
    reference = notice(user)
    post()
    assert "The account is frozen" in freeze(reference)
    frozen = again(user)
    assert not frozen.has_usable_password()
    assert frozen.frozen_at is not None
    assert frozen.is_active
    assert inside.get(reverse("home"))["Location"].startswith(reverse("sign-in"))
    assert halfway.get(reverse("sign-in-factor")).status_code == 302
    assert not Session.objects.filter(user=user).exists()
    assert not Code.objects.filter(user=user).exists()
    assert not KnownBrowser.objects.filter(user=user).exists()
    assert list(Factor.objects.filter(user=user).values_list("pk", flat=True)) == factors
    (event,) = events(Event.ACCOUNT_FROZEN)
    assert (event.subject_id, event.detail["undone"]) == (str(user.pk), False)
    (letter,) = post()
    assert (letter.to, letter.subject) == (["user@glan.example"], "Your Portal account is frozen")


def test_nobody_signs_in_to_a_frozen_account(cast: Cast) -> None:
    freeze(notice(cast.user.user))
    client = Client()
    client.post(reverse("sign-in"), {"email": "user@glan.example"})
    assert client.post(reverse("sign-in-password"), {"password": cast.user.password}).status_code == 200
    assert client.get(reverse("home")).status_code == 302


def test_a_reference_works_once_and_takes_the_others_of_its_person_with_it(cast: Cast) -> None:
    first, second, other = notice(cast.user.user), notice(cast.user.user), notice(cast.admin.user)
    freeze(first)
    for used in (first, second):
        assert REFUSED in freeze(used)
    assert len(events(Event.ACCOUNT_FROZEN)) == 1
    assert "The account is frozen" in freeze(other)


def test_a_reference_dies_after_seven_days(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        reference = notice(cast.user.user)
        traveller.move_to(start + timedelta(days=7))
        assert REFUSED in freeze(reference)
        assert again(cast.user.user).frozen_at is None
        traveller.move_to(start + timedelta(days=7, seconds=-1))
        assert "The account is frozen" in freeze(reference)


def test_a26_case_spaces_and_the_whole_link_are_read_kindly(cast: Cast) -> None:
    for person, dress in (
        (cast.user, lambda text: f"  {text.upper().replace('-', ' ')} "),
        (cast.admin, lambda text: f"https://portal.example/freeze/?lang=cy#{text}"),
        (cast.other_exams_officer, lambda text: text.replace("-", "")),
    ):
        freeze(dress(notice(person.user)))
        assert again(person.user).frozen_at is not None


@pytest.mark.parametrize(
    "text", ["abcd-efgh", "#", "--", "\x00", "x\x00y", "1" * 1001, "a" * 1000, "ŵ" * 900, "'; --", "{}", "１２３", "\u202e"]
)
def test_a51_odd_references_are_refused_and_never_a_fault(cast: Cast, text: str) -> None:
    notice(cast.user.user)
    answer = Client().post(reverse("freeze"), {"reference": text})
    assert answer.status_code == 200
    assert "Error:" in answer.content.decode()
    assert not events(Event.ACCOUNT_FROZEN)


def test_a143_a_body_of_a_megabyte_is_refused_and_lists_count_as_one_value(cast: Cast) -> None:
    assert Client().post(reverse("freeze"), {"reference": "a" * 1_000_000}).status_code == 400
    assert Client().post(reverse("freeze"), {"reference": [notice(cast.user.user), "wrong"]}).status_code == 200
    assert Client().post(reverse("freeze"), b'{"reference": ["x"]}', content_type="application/json").status_code == 200
    assert Client().post(reverse("freeze")).status_code == 200
    assert Client().put(reverse("freeze")).status_code == 405
    assert not events(Event.ACCOUNT_FROZEN)


def test_a98_without_the_token_of_the_form_nothing_happens(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("freeze"), {"reference": notice(cast.user.user)}).status_code == 403
    assert again(cast.user.user).frozen_at is None


def test_twenty_wrong_references_an_hour_from_one_address_and_the_same_sentence_after(cast: Cast) -> None:
    right = notice(cast.user.user)
    pages = {freeze("abcd-efgh").count(REFUSED) for _number in range(20)}
    assert pages == {freeze(right).count(REFUSED)}
    assert again(cast.user.user).frozen_at is None
    freeze(right, Client(REMOTE_ADDR="192.0.2.77"))
    assert again(cast.user.user).frozen_at is not None


def test_right_references_cost_a_school_nothing(cast: Cast) -> None:
    for _number in range(25):
        reference = new_reference(cast.user.user)
        assert "The account is frozen" in freeze(reference)


def test_somebody_signed_in_freezes_their_own_account_with_the_button_alone(cast: Cast, post: Post) -> None:
    client, other = sign_in(cast.user), sign_in(cast.user)
    stranger = notice(cast.admin.user)
    post()
    assert "user@glan.example" in client.get(reverse("freeze")).content.decode()
    assert "The account is frozen" in freeze(stranger, client)
    assert again(cast.user.user).frozen_at is not None
    assert again(cast.admin.user).frozen_at is None
    for browser in (client, other):
        assert browser.get(reverse("home")).status_code == 302
    (event,) = events(Event.ACCOUNT_FROZEN)
    assert event.actor_id == str(cast.user.user.pk)
    assert [letter.to for letter in post()] == [["user@glan.example"]]


def test_the_reference_of_a_deleted_person_does_nothing(cast: Cast) -> None:
    reference = notice(cast.user.user)
    cast.user.user.delete()
    assert REFUSED in freeze(reference)


def test_pro2_the_old_mailbox_undoes_a_change_of_address(cast: Cast, post: Post) -> None:
    user = cast.user.user
    reference = change_address(user, "thief@evil.example")
    Factor.objects.create(user=user, method=Method.EMAIL, name="email", confirmed=True)
    post()
    freeze(reference)
    assert again(user).email == "user@glan.example"
    assert EmailChange.objects.get().undone_at is not None
    assert Factor.objects.filter(user=user).count() == 2
    (event,) = events(Event.ACCOUNT_FROZEN)
    assert event.detail["undone"] is True
    assert [letter.to for letter in post()] == [["user@glan.example"]]


def test_pro2_an_earlier_notice_to_the_old_mailbox_undoes_it_too(cast: Cast) -> None:
    """The thief signs in, of which the owner is told, and changes the address then: the owner opens the first letter."""
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        earlier = notice(cast.user.user)
        traveller.shift(timedelta(minutes=2))
        change_address(cast.user.user, "thief@evil.example")
        traveller.shift(timedelta(minutes=2))
        freeze(earlier)
    assert again(cast.user.user).email == "user@glan.example"


def test_pro2_a_second_change_hides_nothing_from_the_first_mailbox(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        first = change_address(cast.user.user, "thief@evil.example")
        traveller.shift(timedelta(minutes=2))
        change_address(cast.user.user, "other@evil.example")
        freeze(first)
    assert again(cast.user.user).email == "user@glan.example"
    assert not EmailChange.objects.filter(undone_at=None).exists()


@pytest.mark.parametrize("first_letter", [True, False])
@pytest.mark.parametrize("within", [True, False])
def test_pro2_a_thief_who_freezes_uses_up_nothing_of_the_old_mailbox(cast: Cast, within: bool, first_letter: bool) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        earlier = notice(cast.user.user)
        traveller.shift(timedelta(minutes=2))
        old = change_address(cast.user.user, "thief@evil.example")
        new = str(Message.objects.get(kind="email_changed_new").secret)
        traveller.shift(timedelta(minutes=2))
        later = notice(cast.user.user)
        if within:
            freeze("", sign_in(cast.user))
        else:
            freeze(new)
        assert again(cast.user.user).email == "thief@evil.example"
        for used in (new, later):
            assert REFUSED in freeze(used)
        freeze(earlier if first_letter else old)
        assert again(cast.user.user).email == "user@glan.example"
        for used in (old, earlier):
            assert REFUSED in freeze(used)


def test_pro2_an_address_that_somebody_else_has_by_now_stays_theirs_and_the_help_desk_decides(cast: Cast, post: Post) -> None:
    user = cast.user.user
    reference = change_address(user, "thief@evil.example")
    User.objects.create_user(email="user@glan.example", password=None, first_name="A", last_name="B")
    post()
    freeze(reference)
    assert again(user).email == "thief@evil.example"
    assert again(user).frozen_at is not None
    assert not again(user).is_active
    (event,) = events(Event.ACCOUNT_FROZEN)
    assert (event.detail["undone"], event.detail["suspended"]) == (False, True)
    (letter,) = post()
    assert letter.to == ["user@glan.example"]
    assert "ring the help desk" in str(letter.body)


def test_inv7_invites_to_the_address_that_is_given_up_get_a_temporary_password(cast: Cast, post: Post) -> None:
    reference = change_address(cast.user.user, "lowri@new.example")
    waiting = invite(cast.other_exams_officer, "lowri@new.example")
    assert waiting.password_hash == ""
    post()
    freeze(reference)
    assert Invitation.objects.get(pk=waiting.pk).password_hash
    assert ["lowri@new.example"] in [letter.to for letter in post()]
