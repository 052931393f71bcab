"""A request for access: what somebody asked for and why, and the one answer it got (ROLE)."""

import uuid
from functools import reduce
from operator import or_
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permissions.access import TABLE
from permissions.levels import Level, Right, Service
from permissions.models.membership import Membership
from portal import clock, limits


class Outcome(models.TextChoices):
    """How a request ended; empty text while it waits."""

    APPROVED = "approved", _("Approved")
    NARROWED = "narrowed", _("Approved in part")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccessRequest(models.Model):
    """One asking by one membership, with its purpose in the person's own words. It goes when the membership goes.

    `ends_on` is the last day that was given, `decided_by` whoever answered (NULL once they are gone; the trail keeps the name).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="access_requests")
    purpose = models.CharField(_("Purpose"), max_length=limits.ROLE_PURPOSE_LONGEST)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("Reason"), max_length=limits.ROLE_REASON_LONGEST, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["asked_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | Q(outcome__in=Outcome.values, decided_at__isnull=False),
                name="access_request_decided_with_an_outcome",
            ),
            models.CheckConstraint(condition=~Q(outcome=Outcome.REFUSED, reason=""), name="access_request_refused_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.outcome or 'open'}"


class AskedRight(models.Model):
    """One right of a request. The database keeps at most one open asking for a right of a membership."""

    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="rights")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=20, choices=Service.choices)
    level = models.CharField(max_length=16, choices=Level.choices)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "service", "level"],
                condition=Q(is_open=True),
                name="asked_right_open_once",
                violation_error_message=_("You have already asked for this. Wait for the answer"),
            ),
            models.CheckConstraint(
                condition=reduce(or_, (Q(service=service, level=level) for service, level in TABLE)),
                name="asked_right_is_in_the_access_table",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}.{self.level}"

    @property
    def right(self) -> Right:
        """The right this row asks for."""
        return Service(self.service), Level(self.level)
