"""INV-5: the reminder a week before an invite ends."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.core.mail import EmailMultiAlternatives

from accounts.invites.flow import Details, invite_exams_officer, withdraw
from accounts.invites.queries import standings
from accounts.invites.reminders import send_due
from accounts.invites.states import InviteState
from accounts.models import Invitation
from accounts.people.delete import delete_by_staff, delete_member
from tests.cast import Cast, invite, make_person, temporary_password_in

Letters = Callable[[], list[EmailMultiAlternatives]]


def test_inv5_a_reminder_leaves_once_a_week_before_the_end_without_the_password(cast: Cast, post: Letters) -> None:
    with time_machine.travel("2026-10-01T09:00:00+00:00", tick=False) as travel:
        invitation = invite(cast.admin, "elin@glan.example")
        secret = temporary_password_in(str(post()[-1].body))
        travel.move_to(invitation.expires_at - timedelta(days=7, seconds=1))
        assert send_due() == 0
        travel.shift(1)
        assert (send_due(), send_due()) == (1, 0)
        (letter,) = post()
        assert "will expire soon" in str(letter.body)
        assert secret not in str(letter.body)
        invitation.refresh_from_db()
        assert standings([invitation])[invitation.pk].state is InviteState.SENT


def test_inv5_no_reminder_for_what_is_over(cast: Cast) -> None:
    with time_machine.travel("2026-10-01T09:00:00+00:00", tick=False) as travel:
        first, second = invite(cast.admin, "elin@glan.example"), invite(cast.admin, "b@glan.example")
        withdraw(actor=cast.admin.user, invitation=second)
        travel.move_to(first.expires_at)
        assert send_due() == 0


def test_inv7_a_reminder_to_somebody_with_an_account_names_no_temporary_password(cast: Cast, post: Letters) -> None:
    make_person("known@cwm.example", language="cy")
    with time_machine.travel("2026-10-01T09:00:00+00:00", tick=False) as travel:
        invitation = invite(cast.admin, "known@cwm.example")
        post()
        travel.move_to(invitation.expires_at - timedelta(days=3))
        assert send_due() == 1
        (letter,) = post()
        assert "password from the invite" not in str(letter.body)


def test_inv5_no_reminder_for_what_cannot_be_accepted_any_more(cast: Cast) -> None:
    with time_machine.travel("2026-10-01T09:00:00+00:00", tick=False) as travel:
        stopped, locked = invite(cast.admin, "elin@glan.example"), invite(cast.exams_officer, "b@glan.example")
        Invitation.objects.filter(pk=locked.pk).update(tries_left=0)
        delete_member(actor=cast.exams_officer.user, membership=cast.admin.membership)
        travel.move_to(stopped.expires_at - timedelta(days=3))
        assert send_due() == 0


def test_inv5_an_exams_officer_whom_a_shell_invited_is_reminded(cast: Cast) -> None:
    with time_machine.travel("2026-10-01T09:00:00+00:00", tick=False) as travel:
        delete_by_staff(actor=cast.staff.user, membership=cast.exams_officer.membership)
        details = Details(email="new@glan.example", first_name="Nia", last_name="Rees")
        invitation = invite_exams_officer(actor=None, centre=cast.centre, details=details)
        travel.move_to(invitation.expires_at - timedelta(days=3))
        assert send_due() == 1
