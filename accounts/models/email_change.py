"""The addresses a person had (PRO-2): history is kept, so that a stolen change can be undone from the old mailbox."""

from django.conf import settings
from django.db import models

from portal import clock


class EmailChange(models.Model):
    """One change of the address somebody signs in with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    old = models.EmailField(max_length=254)
    new = models.EmailField(max_length=254)
    changed_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}"
