"""INV-5: the page of an invited person says what was sent, and why something came back; through requests."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from accounts.invites.reminders import send_due
from accounts.models import Invitation
from portal import clock
from portal.outbox.models import Message, State
from tests.cast import Cast, Person, invite

SignIn = Callable[[Person], Client]


def test_inv5_every_message_stands_there_with_its_state_and_the_reason(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.exams_officer, "elin@glan.example")
    Message.objects.update(state=State.FAILED, reason="552 5.2.2 The email account is over quota", secret="")
    browser = signed_in(cast.admin)
    browser.post(reverse("invite-correct", args=[waiting.membership_id]), {"email": "elen@glan.example"})
    Message.objects.filter(kind="invite", state=State.QUEUED).update(state=State.DELIVERED, secret="")
    Invitation.objects.update(expires_at=clock.now() + timedelta(days=3))
    assert send_due() == 1
    page = browser.get(reverse("manage-user", args=[waiting.membership_id])).content.decode()
    told = page[page.index("What was sent") :]
    assert told.index("elin@glan.example") < told.index("The mailbox is full.") < told.index("elen@glan.example") < told.index("Reminder")
    assert "5.2.2" not in page
    assert "Delivered" in told


def test_inv7_the_history_of_somebody_with_an_account_elsewhere_reads_the_same(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    pages = []
    for email in ("eo@cwm.example", "new@glan.example"):
        place = invite(cast.exams_officer, email).membership_id
        page = browser.get(reverse("manage-user", args=[place])).content.decode()
        told = page[page.index("What was sent") : page.index("Actions")]
        pages.append(told[told.index("</time>") :].replace(email, ""))
    assert pages[0] == pages[1]
