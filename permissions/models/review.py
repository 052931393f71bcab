"""The access review of a term: who of a centre was confirmed by whom (MAN-4). The trail keeps the same for ever, by name."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from permissions.models.centre import Centre
from permissions.models.membership import Membership
from portal import clock


class Review(models.Model):
    """One centre's review of one term (`2026-autumn`). `reminded` counts the reminders its Exams Officer has had."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="reviews")
    term = models.CharField(max_length=12)
    reminded = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["centre", "term"], name="review_once_a_term")]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.term}"


class Confirmation(models.Model):
    """Somebody whose access was looked at and kept; it goes when their place goes."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="confirmations")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="confirmations")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "membership"], name="confirmation_once_a_review")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.confirmed_at:%Y-%m-%d}"
