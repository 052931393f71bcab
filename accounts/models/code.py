"""Codes we send: one live code for each person and purpose, kept only as a keyed digest (P7, P8)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from portal import clock


class Purpose(models.TextChoices):
    """What a code may be used for, and nothing else."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    ENROL = "enrol"
    RESET = "reset"
    EMAIL = "email"


class Code(models.Model):
    """A code sent by e-mail or text, bound to a person, a purpose and the browser session that asked for it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    digest = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=64)
    target = models.CharField(max_length=254, blank=True)
    recognised = models.BooleanField(default=False, db_default=False)
    """Asked for in a browser its owner signed in from before: nobody elsewhere replaces it (A20)."""
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    stamped_at = models.DateTimeField(db_default=Now(), editable=False)
    """When it was made by the database's clock: whoever reads it elsewhere may have another time than who wrote it (F22)."""
    tries_left = models.PositiveSmallIntegerField()
    spent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=models.Q(spent_at__isnull=True), name="code_one_live_per_purpose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"
