"""A change of Exams Officer asked for from inside a centre: a case that the head of centre confirms and staff decide (INV-2, HELP-1)."""

import uuid
from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from portal import clock, limits


class Stage(models.TextChoices):
    """Where a case is; the first two are open."""

    HEAD = "head", _("Waiting for the head of centre")
    STAFF = "staff", _("Waiting for the help desk")
    DONE = "done", _("The Exams Officer was changed")
    REFUSED = "refused", _("Refused by the help desk")
    DECLINED = "declined", _("Declined by the head of centre")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class After(models.TextChoices):
    """What becomes of the present Exams Officer's account at the centre."""

    LEAVES = "leaves", _("Their account at the centre is deleted")
    ADMIN = "admin", _("They get an Admin account")
    USER = "user", _("They get a User account")


OPEN: Final = (Stage.HEAD.value, Stage.STAFF.value)


class Succession(models.Model):
    """One case of a centre; at most one is open. Addresses are canonical.

    `digest` is the keyed digest of the reference in the head of centre's e-mail, empty once it was used. `expires_at` ends the stage it is
    in: until then the head confirms, or after that staff decide (limits.SUCCESSION_*).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, verbose_name=_("Centre"), on_delete=models.PROTECT, related_name="successions")
    stage = models.CharField(_("Status"), max_length=9, choices=Stage.choices, default=Stage.HEAD)
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Last name"), max_length=80)
    email = models.EmailField(_("Email address"), max_length=254)
    after = models.CharField(_("The present Exams Officer"), max_length=6, choices=After.choices)
    reason = models.CharField(_("Reason"), max_length=limits.ROLE_REASON_LONGEST)
    head_name = models.CharField(_("Name of the head of centre"), max_length=160)
    head_email = models.EmailField(_("Email address of the head of centre"), max_length=254)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Asked by")
    )
    asked_at = models.DateTimeField(_("Asked at"), default=clock.now)
    answered_at = models.DateTimeField(_("Answered by the head of centre"), null=True)
    expires_at = models.DateTimeField(_("Expires"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("Decided by")
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True)
    answer = models.CharField(_("Reason for the decision"), max_length=limits.ROLE_REASON_LONGEST, blank=True)

    class Meta:
        verbose_name = _("Change of Exams Officer")
        verbose_name_plural = _("Changes of Exams Officer")
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre"], condition=Q(stage__in=OPEN), name="succession_one_open_a_centre"),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="succession_reference_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="succession_stage_known"),
            models.CheckConstraint(condition=Q(after__in=After.values), name="succession_after_known"),
            models.CheckConstraint(condition=Q(email=Lower("email"), head_email=Lower("head_email")), name="succession_canonical"),
            models.CheckConstraint(condition=Q(stage__in=OPEN, decided_at=None) | ~Q(stage__in=OPEN), name="succession_decided_is_over"),
            models.CheckConstraint(condition=Q(stage=Stage.HEAD) | Q(digest=""), name="succession_reference_only_for_the_head"),
            models.CheckConstraint(
                condition=~Q(stage__in=(Stage.STAFF.value, Stage.DONE.value)) | Q(answered_at__isnull=False),
                name="succession_confirmed_before_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}, {self.centre.number}"

    @property
    def full_name(self) -> str:
        """Names of the person who shall be Exams Officer."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self) -> bool:
        """Say whether nobody has ended the case; it may have run out (`expired`)."""
        return self.stage in OPEN

    def expired(self, at: datetime) -> bool:
        """Say whether an open case has run out at an instant: the end is exclusive and judged when it is used."""
        return self.is_open and at >= self.expires_at
