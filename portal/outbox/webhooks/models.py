"""One row for each thing that a provider told us, however often it does."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.outbox.models import Message


class Tiding(models.TextChoices):
    """What we want to hear. Opening and following links are not among it: nobody is tracked."""

    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Reported as spam")


class ProviderEvent(models.Model):
    """An event of a provider. `message` is empty until we know which of ours it means; deleted after 90 days."""

    provider = models.CharField(_("Provider"), max_length=30)
    event_id = models.CharField(max_length=200)
    tiding = models.CharField(_("Event"), max_length=10, choices=Tiding.choices)
    row = models.UUIDField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="events", verbose_name=_("message"))
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    happened_at = models.DateTimeField(_("When"), null=True)
    received_at = models.DateTimeField(_("Received"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("message event")
        verbose_name_plural = _("message events")
        ordering: ClassVar = ["-received_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="providerevent_told_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], condition=models.Q(message=None), name="providerevent_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.tiding}"
