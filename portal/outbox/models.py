"""A message on its way, and in demonstrations a copy of what was sent."""

import uuid
from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.crypto import EncryptedTextField


class State(models.TextChoices):
    """Where a message is; it only moves forward."""

    QUEUED = "queued", _("Queued")
    CLAIMED = "claimed", _("Being sent")
    HELD = "held", _("Held back after a restore")
    ACCEPTED = "accepted", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Bounced: the email could not be delivered")
    FAILED = "failed", _("Refused by the mail server")
    EXPIRED = "expired", _("Not sent in time")
    DEAD = "dead", _("Given up")


class Channel(models.TextChoices):
    """The two ways."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message (SMS)")


class Queue(models.TextChoices):
    """Who goes before whom: a code is awaited at a screen, a notice is read today, an invite this week (F17)."""

    CODES = "codes", _("Codes")
    NOTICES = "notices", _("Notices")
    BULK = "bulk", _("Invites")


SECRET_PURPOSE: Final = "message-secret"  # noqa: S105  what it is encrypted for
WAITING = (State.QUEUED, State.CLAIMED)
UNSENT: Final = (State.QUEUED, State.HELD)
"""In nobody's hand: may still be called back."""


class Message(models.Model):
    """One message to one recipient. `secret` (a code, a temporary password) is ciphertext and wiped once sent, expired or given up.

    `attempt` counts claims: whoever records a result names the claim it belongs to. `tries` counts sendings that the other side did not
    take (P23), `falls` those that raised an error of our own or ended the process (F26).
    """

    sealed: str = ""  # a claim brings the secret's ciphertext here

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Kind"), max_length=40)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    recipient = models.CharField(_("Recipient"), max_length=254)
    language = models.CharField(max_length=7)
    context = models.JSONField(default=dict)
    secret = EncryptedTextField(purpose=SECRET_PURPOSE, blank=True, default="")
    about = models.CharField(max_length=60, blank=True, db_index=True)
    queue = models.CharField(_("Queue"), max_length=7, choices=Queue.choices, default=Queue.NOTICES, db_default=Queue.NOTICES)
    state = models.CharField(_("Status"), max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    falls = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("Created"), default=clock.now)
    sent_at = models.DateTimeField(_("Sent"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=(*WAITING, State.HELD)) | models.Q(secret=""), name="message_secret_wiped_at_its_end"
            ),
            models.CheckConstraint(condition=models.Q(queue__in=Queue.values), name="message_queue_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["queue", "next_try_at"], condition=models.Q(state__in=WAITING), name="message_due_in_queue"),
            models.Index(fields=["provider_id"], condition=~models.Q(provider_id=""), name="message_by_provider_id"),
            models.Index(fields=["created_at"], name="message_by_age"),
            models.Index(fields=["state"], condition=models.Q(state=State.HELD), name="message_held"),
            models.Index(fields=["recipient", "created_at"], name="message_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.recipient}"


class DemoCopy(models.Model):
    """A message as it was sent, kept in demonstrations only, for the mailbox page."""

    at = models.DateTimeField(default=clock.now)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.subject or self.text[:60]


class Sign(models.Model):
    """A sign of life: when a worker, or the timetable, last did something (`portal.outbox.canary`)."""

    name = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"
