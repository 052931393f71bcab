"""INV-5: re-send, correct and withdraw, each on its own page; the list of what was withdrawn."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.invites.details import Details
from accounts.invites.flow import invite_exams_officer
from accounts.models import Invitation
from permissions.models import Membership
from permissions.roles import Role
from portal.outbox.models import Message
from tests.cast import Cast, Person, invite, make_centre, make_member

SignIn = Callable[[Person], Client]


def test_inv5_each_act_asks_first_and_changes_nothing_by_get(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    browser = signed_in(cast.exams_officer)
    for name in ("invite-resend", "invite-correct", "invite-withdraw"):
        page = browser.get(reverse(name, args=[waiting.membership_id])).content.decode()
        assert "Elin Wyn" in page
        assert "elin@glan.example" in page
    assert Message.objects.count() == 1


def test_inv5_resend_says_until_when(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    browser = signed_in(cast.exams_officer)
    url = reverse("invite-resend", args=[waiting.membership_id])
    assert "Invite sent: Elin Wyn. Invite expires on" in browser.post(url, follow=True).content.decode()
    assert "once in 5 minutes" in browser.post(url, follow=True).content.decode()


def test_inv5_correct_shows_its_refusal_beside_the_field(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    browser, url = signed_in(cast.admin), reverse("invite-correct", args=[waiting.membership_id])
    for email, words in (("elin", "correct format"), ("user@glan.example", "already exists"), ("elin@glan.example", "different email")):
        page = browser.post(url, {"email": email}).content.decode()
        assert words in page
        assert "<title>Error:" in page
    assert browser.post(url, {"email": "elin.wyn@glan.example"})["Location"] == reverse("manage-users")
    assert Invitation.objects.get().email == "elin.wyn@glan.example"


def test_inv5_withdrawn_invites_stay_visible(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    browser, url = signed_in(cast.admin), reverse("invite-withdraw", args=[waiting.membership_id])
    assert "Invite withdrawn: Elin Wyn" in browser.post(url, follow=True).content.decode()
    assert browser.post(url).status_code == 404
    page = browser.get(reverse("invites-withdrawn")).content.decode()
    assert "elin@glan.example" in page
    assert "Bethan Lloyd" in page
    assert "elin@glan.example" not in signed_in(cast.other_exams_officer).get(reverse("invites-withdrawn")).content.decode()


def test_a73_an_admin_handles_no_exams_officers_invite(cast: Cast, signed_in: SignIn) -> None:
    centre = make_centre("68003", "Ysgol Newydd")
    admin = make_member(centre, Role.ADMIN, "admin@newydd.example")
    details = Details(email="eo@newydd.example", first_name="E", last_name="O")
    waiting = invite_exams_officer(actor=cast.staff.user, centre=centre, details=details)
    browser = signed_in(admin)
    for name in ("invite-resend", "invite-correct", "invite-withdraw"):
        url = reverse(name, args=[waiting.membership_id])
        assert browser.get(url).status_code == 403
        assert browser.post(url, {"email": "mine@newydd.example"}).status_code == 403
    page = browser.get(reverse("manage-users")).content.decode()
    assert "Actions for E O" not in page
    assert Membership.objects.filter(centre=centre, role=Role.EXAMS_OFFICER).exists()
