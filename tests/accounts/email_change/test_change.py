"""PRO-2: the address one signs in with changes once the new one is proved; the old one is told, and nobody learns who has an account."""

import re
from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import Code, EmailChange, Invitation, KnownBrowser, Purpose, Session, User
from accounts.sessions.confirmed import CONFIRMED_AT
from portal import clock
from portal.outbox.models import Message
from tests.accounts.email_change.asking import NEW, WRONG, Post, ask, code_to, confirmed, email_of, enter, events
from tests.cast import Cast, code_in, invite, make_person, sign_in


def test_pro2_the_profile_leads_there(cast: Cast) -> None:
    assert reverse("change-email") in sign_in(cast.user).get(reverse("profile")).content.decode()


def test_p19_only_who_has_just_confirmed_who_they_are(cast: Cast) -> None:
    client = sign_in(cast.user)
    for answer in (client.get(reverse("change-email")), client.post(reverse("change-email"), {"email": NEW})):
        assert answer["Location"] == "/security/confirm/email/"
    assert client.get(reverse("change-email-code"))["Location"] == reverse("change-email")
    assert client.post(reverse("change-email-code"), {"again": "1"})["Location"] == reverse("change-email")
    assert not Code.objects.filter(purpose=Purpose.EMAIL).exists()
    session = client.session
    session[CONFIRMED_AT] = clock.now().timestamp()
    session.save()
    assert f'value="{NEW}"' in client.get(reverse("change-email")).content.decode(), "what was typed is kept"
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        assert client.post(reverse("change-email"), {"email": NEW}).status_code == 302
        assert not Code.objects.filter(purpose=Purpose.EMAIL).exists()


def test_pro2_a_code_from_the_new_address_changes_it_and_both_are_told(cast: Cast, post: Post) -> None:
    client, other = confirmed(cast.user), sign_in(cast.user)
    KnownBrowser.objects.create(user=cast.user.user, digest="0" * 64)
    Client().post(reverse("forgot-password"), {"email": "user@glan.example"})
    before = client.session.session_key
    page = ask(client)
    assert "a 6-digit code is on its way" in page
    assert email_of(cast.user) == "user@glan.example"
    code = code_to(NEW, post)
    assert "Your email address has been changed" in enter(client, code)
    assert email_of(cast.user) == NEW
    change = EmailChange.objects.get()
    assert (change.old, change.new, change.undone_at) == ("user@glan.example", NEW, None)
    assert client.get(reverse("home")).status_code == 200
    assert client.session.session_key != before
    assert other.get(reverse("home")).status_code == 302
    assert Session.objects.filter(user=cast.user.user).count() == 1
    assert not KnownBrowser.objects.filter(user=cast.user.user).exists()
    assert not Code.objects.filter(user=cast.user.user, spent_at=None).exists(), "a code sent to the old address proves nothing any more"
    told = {letter.to[0]: str(letter.body) for letter in post()}
    assert set(told) == {"user@glan.example", NEW}
    (event,) = events(Event.EMAIL_CHANGED)
    assert event.actor_id == str(cast.user.user.pk)
    assert "user@glan.example" not in str(event.detail)
    assert NEW not in str(event.detail)
    cast.user.user.refresh_from_db()
    assert sign_in(cast.user)


def test_p19_the_confirmation_is_used_up(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    enter(client, code_to(NEW, post))
    assert client.get(reverse("change-email")).status_code == 302


def test_contract_the_address_stands_in_no_url(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    answers = [
        client.post(reverse("change-email"), {"email": NEW}),
        client.post(reverse("change-email-code"), {"code": code_to(NEW, post)}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert "@" not in answer["Location"]
        assert "new.example" not in answer["Location"]
        assert "?" not in answer["Location"]


def test_pro2_an_address_that_somebody_took_meanwhile_is_a_wrong_code(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    code = code_to(NEW, post)
    make_person(NEW)
    assert WRONG in enter(client, code)
    assert email_of(cast.user) == "user@glan.example"
    assert not EmailChange.objects.exists()
    assert not events(Event.EMAIL_CHANGED)
    assert not Message.objects.filter(kind="email_changed_old").exists()


def test_a80_an_account_frozen_meanwhile_changes_nothing(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    code = code_to(NEW, post)
    User.objects.filter(pk=cast.user.user.pk).update(frozen_at=clock.now())
    client.post(reverse("change-email-code"), {"code": code})
    assert email_of(cast.user) == "user@glan.example"


def test_a100_a_poisoned_host_is_refused_and_links_come_from_the_base(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    assert client.post(reverse("change-email"), {"email": NEW}, headers={"host": "evil.example"}).status_code == 400
    client.post(reverse("change-email"), {"email": NEW}, headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})
    code = code_to(NEW, post)
    client.post(reverse("change-email-code"), {"code": code}, headers={"x-forwarded-host": "evil.example"})
    letters = post()
    assert len(letters) == 2
    for letter in letters:
        assert "evil.example" not in str(letter.body)
        assert "/freeze/#" in str(letter.body)


def test_a35_the_code_stands_in_no_subject_and_no_link(cast: Cast, post: Post) -> None:
    ask(confirmed(cast.user))
    letter = next(one for one in post() if one.to == [NEW])
    code = code_in(str(letter.body))
    assert code not in letter.subject
    assert not [link for link in re.findall(r"https?://\S+", str(letter.body)) if code in link]
    assert Message.objects.get(recipient=NEW).secret == ""


def test_a98_each_change_needs_the_token_of_its_form(cast: Cast) -> None:
    client = confirmed(cast.user)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("change-email"), {"email": NEW}).status_code == 403
    assert strict.post(reverse("change-email-code"), {"code": "123456"}).status_code == 403


def test_inv7_an_invite_stays_with_the_mailbox_its_sender_typed(cast: Cast, post: Post) -> None:
    """It had relied on the account: now it gets a temporary password of its own, and its sender cannot tell that there was an account."""
    waiting = invite(cast.other_exams_officer, "user@glan.example")
    assert waiting.password_hash == ""
    client = confirmed(cast.user)
    ask(client)
    code = code_to(NEW, post)
    enter(client, code)
    after = Invitation.objects.get(pk=waiting.pk)
    assert after.email == "user@glan.example"
    assert after.password_hash
    assert (after.sent_at, after.expires_at) == (waiting.sent_at, waiting.expires_at)
    assert sorted(letter.to[0] for letter in post()) == [NEW, "user@glan.example", "user@glan.example"]


def test_inv7_an_invite_to_the_new_address_may_be_accepted_by_its_new_owner(cast: Cast, post: Post) -> None:
    waiting = invite(cast.other_exams_officer, NEW)
    client = confirmed(cast.user)
    ask(client)
    enter(client, code_to_the_person(post))
    client.post(reverse("join-centre"), {"invitation": str(waiting.pk)})
    assert Invitation.objects.get(pk=waiting.pk).accepted_at is not None


def code_to_the_person(post: Post) -> str:
    """Return the code among the letters to the new address; the invite is one of them."""
    return code_in(str(next(one for one in post() if one.to == [NEW] and "Confirm your new email" in one.subject).body))
