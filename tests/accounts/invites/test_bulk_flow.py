"""INV-6: a file of invites is sent whole or not at all, once, and shows how it goes on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events import Event
from accounts.invites.bulk.flow import purge_expired
from accounts.models import Invitation, InviteBatch
from permissions.models import Grant, Membership
from permissions.roles import Role
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox.models import Message, State
from portal.ratelimit.models import Counter
from tests.attacks.test_bulk import HEAD, problems, send, upload
from tests.cast import Cast, Person, invite, make_member, temporary_password_in

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
FILE = (
    f"{HEAD},Title,Job role,Language preference,View Entries,IAMIS (All Subjects),Last day of access\n"
    "Elin,Wyn,elin@glan.example,User,Ms,Teacher of Art,Welsh,yes,,31/12/2099\n"
    "Tom,Rees,tom@glan.example,Admin,,,,,,\n"
)


def many(number: int) -> str:
    return "\n".join([HEAD, *(f"Elin,Wyn,e{one}@glan.example,User" for one in range(number))])


def test_inv6_the_check_shows_everybody_and_sends_nothing(cast: Cast, signed_in: SignIn) -> None:
    page = upload(signed_in(cast.exams_officer), FILE)
    for shown in ("2 people will be invited.", "elin@glan.example", "View Entries", "31 December 2099", "No end", "Send 2 invites"):
        assert shown in page
    assert not Invitation.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people FROM accounts_invitebatch")
        assert "glan" not in cursor.fetchone()[0]


def test_inv6_sending_invites_everybody_as_the_page_of_one_invite_does(cast: Cast, signed_in: SignIn, post: Post) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    page = send(browser)
    assert "Still to go: 2" in page
    assert "Refresh" in page
    elin, tom = Invitation.objects.order_by("first_name")
    assert (elin.title, elin.job_role, elin.language, elin.role) == ("Ms", "Teacher of Art", "cy", Role.USER)
    assert set(Grant.objects.filter(membership=elin.membership).values_list("service", "level", "ends_on")) == {
        ("entries", "view", clock.london(clock.now()).date().replace(2099, 12, 31)),
        ("resources", "view", None),
    }
    assert Grant.objects.filter(membership=tom.membership, level="view_embargoed").exists()
    letters = post()
    assert sorted(letter.to[0] for letter in letters) == ["elin@glan.example", "tom@glan.example"]
    assert len({temporary_password_in(str(letter.body)) for letter in letters}) == 2
    page = browser.get(reverse("invite-many-check", args=[elin.batch_id])).content.decode()
    assert "All emails have left." in page
    events = AuditEvent.objects.filter(actor_id=str(cast.exams_officer.user.pk))
    assert events.filter(number=Event.INVITED.number).count() == 2
    assert events.get(number=Event.INVITED_FROM_FILE.number).detail == {"invites": 2}


def test_inv6_a_second_press_sends_nothing_twice(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    for _press in range(2):
        assert "Invites from your file" in send(browser)
    assert Invitation.objects.count() == 2
    assert Message.objects.filter(kind="invite").count() == 2


def test_inv6_all_or_nothing_also_when_something_changed_since_the_check(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    invite(cast.admin, "tom@glan.example")
    page = send(browser)
    assert problems(page) == [("3", "tom@glan.example", "There is already an invite for this email address. You can resend it")]
    assert Invitation.objects.count() == Membership.objects.filter(user=None).count() == 1
    assert Counter.objects.filter(seconds=86400, count__gt=1).count() == 0


def test_inv2_the_seats_of_admins_are_kept_by_the_database_when_a_file_is_sent(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    for number in range(2):
        make_member(cast.centre, Role.ADMIN, f"a{number}@glan.example")
    assert problems(send(browser)) == [("3", "tom@glan.example", "All 3 Admin accounts are in use")]
    assert not Invitation.objects.exists()


def test_p17_what_the_centre_may_send_today_is_told_before_and_kept(cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "P17_INVITES_PER_CENTRE_PER_DAY", 4)
    browser = signed_in(cast.exams_officer)
    invite(cast.exams_officer, "one@glan.example")
    assert "3 are left today. This file has 4" in upload(browser, many(4))
    assert not InviteBatch.objects.exists()
    upload(browser, many(3))
    invite(cast.exams_officer, "two@glan.example")
    assert "Too many invites were sent in a short time" in send(browser)
    assert Invitation.objects.count() == 2


def test_p17_a_file_counts_as_one_of_its_senders_invites_an_hour(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, many(limits.P17_INVITES_PER_INVITER_PER_HOUR + 2))
    send(browser)
    assert Invitation.objects.count() == limits.P17_INVITES_PER_INVITER_PER_HOUR + 2
    assert max(Counter.objects.filter(seconds__in=[3600, 86400]).values_list("count", flat=True)) == 22


def test_inv6_a_check_is_forgotten_after_an_hour(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    InviteBatch.objects.update(expires_at=clock.now())
    assert "too old" in send(browser)
    assert not Invitation.objects.exists()
    assert purge_expired() == 1


def test_inv6_a_file_that_was_sent_keeps_nobodys_details(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    send(browser)
    batch = InviteBatch.objects.get()
    assert batch.people == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        InviteBatch.objects.filter(pk=batch.pk).update(people="x")


def test_a10_a_file_is_its_makers_until_it_is_sent_and_its_centres_then(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    page = reverse("invite-many-check", args=[InviteBatch.objects.get().pk])
    admin, stranger = signed_in(cast.admin), signed_in(cast.other_exams_officer)
    assert [one.get(page).status_code for one in (admin, stranger)] == [404, 404]
    assert [one.post(page).status_code for one in (admin, stranger)] == [404, 404]
    send(browser)
    assert [one.get(page).status_code for one in (admin, stranger)] == [200, 404]
    assert stranger.get(page + "list/").status_code == 404
    assert browser.get(reverse("invite-many-check", args=["nonsense"])).status_code == 404


def test_inv5_the_result_tells_why_an_email_came_back(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    upload(browser, FILE)
    send(browser)
    Message.objects.filter(recipient="tom@glan.example").update(state=State.FAILED, reason="552 5.2.2 mailbox full", secret="")
    page = browser.get(reverse("invite-many-check", args=[InviteBatch.objects.get().pk])).content.decode()
    assert "The mailbox is full." in page
    sheet = browser.get(reverse("invite-many-list", args=[InviteBatch.objects.get().pk])).content.decode()
    assert "The mailbox is full." in sheet


def test_inv6_the_result_asks_the_database_as_often_for_two_as_for_forty(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    counts = []
    for content in (FILE, many(40)):
        upload(browser, content)
        send(browser)
        page = reverse("invite-many-check", args=[InviteBatch.objects.latest("created_at").pk])
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_inv2_a_user_sends_no_file(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.user)
    for name in ("invite-many", "invite-many-template"):
        assert browser.get(reverse(name)).status_code == 403


def test_a80_somebody_who_is_no_admin_any_more_sends_no_file(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.admin)
    upload(browser, FILE)
    Membership.objects.filter(user=cast.admin.user).update(role=Role.USER, seat=None)
    batch = InviteBatch.objects.get()
    assert browser.post(reverse("invite-many-check", args=[batch.pk])).status_code == 403
    assert not Invitation.objects.exists()


def test_inv6_the_template_can_be_filled_in_and_sent_in_both_languages(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    for number, language in enumerate(("en", "cy")):
        browser.post(reverse("language"), {"language": language})
        head = browser.get(reverse("invite-many-template")).content.decode("utf-8-sig").strip()
        row = ["Ms", "Elin", "Wyn", f"t{number}@glan.example", "", "", "", (clock.now() + timedelta(days=9)).strftime("%d/%m/%Y")]
        upload(browser, f"{head}\n{','.join(row)}\n")
        send(browser)
    assert [one.language for one in Invitation.objects.order_by("email")] == ["en", "cy"]
