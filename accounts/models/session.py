"""Where people are signed in: Django's session row, with whose it is and which browser."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

PENDING_PERSON = "pending_person"
"""The key under which a session names the person whose password was right but whose factor is still to come."""

STARTED = "started"
"""The key under which a session keeps when its person finished signing in (epoch seconds)."""


class Session(AbstractBaseSession):
    """A browser session. `user` is set from the moment the password was right, so that ending a person's sessions ends half-finished sign-ins too.

    `signed_in_at` is None until a factor was proved; `address` is where it was last seen, to say "the same network" or "another".
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="browser_sessions")
    browser = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    seen_at = models.DateTimeField(null=True)
    signed_in_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
