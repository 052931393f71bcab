"""Many invites from one file: what was checked and not sent yet, and which invites were sent together (INV-6)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from permissions.models import Centre
from portal import clock
from portal.crypto import EncryptedTextField


class InviteBatch(models.Model):
    """A file that was found good. `people` is ciphertext (JSON) until the invites are sent or the time for that is over, then empty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="invite_batches")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    people = EncryptedTextField(purpose="invite-batch", blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(people=""),
                name="invite_batch_wiped_when_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.created_at:%Y-%m-%d %H:%M}"
