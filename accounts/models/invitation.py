"""An invitation: what exists of a person until they have set a password of their own (INV)."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.invite_batch import InviteBatch
from accounts.models.user import Language
from permissions.models import Centre, Membership
from permissions.roles import Role
from portal import clock, limits


class Invitation(models.Model):
    """One invite to one address for one centre.

    `membership` holds the seat while the invite lives (pending invites count, INV-2) and is None once it was withdrawn. The temporary password
    is kept as an Argon2 hash; `selector` is a short keyed digest by which the right one of several invites is found with a single hash check.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="invitations")
    membership = models.OneToOneField(Membership, null=True, on_delete=models.SET_NULL, related_name="invitation")
    role = models.CharField(max_length=20, choices=Role.choices)
    email = models.EmailField(_("Email address"), max_length=254)
    title = models.CharField(_("Title"), max_length=30, blank=True)
    first_name = models.CharField(_("First name"), max_length=80)
    last_name = models.CharField(_("Last name"), max_length=80)
    job_role = models.CharField(_("Job role"), max_length=100, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    selector = models.CharField(max_length=8, blank=True)
    password_hash = models.CharField(max_length=128, blank=True)
    tries_left = models.PositiveSmallIntegerField(default=limits.P6_TEMPORARY_PASSWORD_TRIES)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations_sent")
    batch = models.ForeignKey(InviteBatch, null=True, on_delete=models.SET_NULL, related_name="invitations", editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Invite")
        verbose_name_plural = _("Invites")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["centre", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open_per_address_and_centre",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn_not_both",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["email"], name="invitation_by_email")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name as the inviter typed them."""
        return f"{self.first_name} {self.last_name}".strip()

    def expired(self, at: datetime) -> bool:
        """Say whether the invite has run out at an instant: the end is exclusive and judged when it is used (INV-4, P5)."""
        return at >= self.expires_at
