"""Where people are signed in: Django's session row, with whose it is and which browser."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

PENDING_PERSON = "pending_person"
"""The key under which a session names the person whose password was right but whose factor is still to come."""


class Session(AbstractBaseSession):
    """A browser session. `user` is set from the moment the password was right, so that ending a person's sessions ends half-finished sign-ins too."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="browser_sessions")
    browser = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
