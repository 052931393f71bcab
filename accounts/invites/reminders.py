"""Remind people of an invite that ends within a week, once (INV-5). Called by the timetable."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.events import Event
from accounts.invites.messages import send_reminder
from accounts.models import Invitation, User
from permissions.models import Membership
from permissions.roles import Role
from portal import clock, limits
from portal.audit.record import record


def send_due() -> int:
    """Send the reminders that are due; returns how many. Each is a transaction of its own, and two callers never remind twice.

    An invite that could not be accepted as it stands is left alone: locked, or its sender gone or suspended (A60).
    """
    now = clock.now()
    stopped = Membership.objects.filter(user=OuterRef("invited_by"), centre=OuterRef("centre"), suspended_at__isnull=False)
    due = Invitation.objects.filter(
        ~Exists(stopped),
        Q(invited_by__is_active=True) | Q(invited_by=None, role=Role.EXAMS_OFFICER),
        tries_left__gt=0,
        accepted_at=None,
        withdrawn_at=None,
        reminded_at=None,
        membership__isnull=False,
        centre__frozen_at=None,
        expires_at__gt=now,
        expires_at__lte=now + timedelta(days=limits.P5_REMINDER_DAYS),
    )
    return sum(_remind(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: UUID) -> bool:
    still_open = Invitation.objects.filter(pk=pk, accepted_at=None, withdrawn_at=None, reminded_at=None)
    if not still_open.update(reminded_at=clock.now()):
        return False
    invitation = Invitation.objects.select_related("centre", "invited_by").get(pk=pk)
    send_reminder(invitation=invitation, person=User.objects.filter(email=invitation.email).first())
    record(Event.INVITE_REMINDED, subject=invitation, centre=invitation.centre)
    return True
