"""Ways back in, and ways to shut the door: recovery codes (MFA-2), recognised browsers (P11), freeze references (issue: notices)."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models.email_change import EmailChange
from portal import clock


class RecoveryCode(models.Model):
    """One of ten one-time codes (P10), kept as an Argon2 hash; `selector` is a keyed digest that finds the right one with a single hash check."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    selector = models.CharField(max_length=8)
    password_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class KnownBrowser(models.Model):
    """A browser in which somebody finished signing in before; the cookie holds the mark, the row a keyed digest of it (A20, A48)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_browsers")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "digest"], name="known_browser_once")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


class FreezeReference(models.Model):
    """What a security notice carries so that its reader can freeze the account; it opens nothing, works once and dies after seven days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="freeze_references")
    digest = models.CharField(max_length=64, unique=True)
    email_change = models.ForeignKey(EmailChange, null=True, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.expires_at:%Y-%m-%d}"
