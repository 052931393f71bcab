"""The deed: one test e-mail to one's own address (HELP-2)."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.models import User
from portal import clock, limits
from portal.audit.record import record
from portal.outbox.models import Message
from portal.outbox.put import put
from portal.ratelimit import allow
from portal.web.refusal import Refusal

_RULES: Final = ((1, limits.HELP2_TEST_SECONDS), (limits.HELP2_TESTS_PER_DAY, 86400))


class TooManyTests(Refusal):
    """One was sent a moment ago, or enough of them today."""

    message = _("You have just sent a test email, or too many today. Wait for a minute and select Refresh")


@transaction.atomic
def send_test(*, actor: User) -> Message:
    """Send a test e-mail to the actor's own address and no other; one that does not leave within the hour is not sent at all.

    Raises `TooManyTests`.
    """
    if not allow.spend("test-email", str(actor.pk), *_RULES):
        raise TooManyTests()
    now = clock.now()
    record(Event.TEST_EMAIL_SENT, actor=actor, subject=actor)
    return put(
        "test_email",
        to=actor.email,
        language=actor.language,
        context={"name": actor.full_name, "asked_at": now.isoformat()},
        expires_at=now + timedelta(hours=1),
        about=_about(actor),
    )


def latest_test(actor: User) -> Message | None:
    """Return somebody's newest test e-mail to the address they have now, or None."""
    return Message.objects.filter(about=_about(actor), recipient=actor.email).defer("secret", "context").order_by("-created_at").first()


def _about(actor: User) -> str:
    return f"test-email:{actor.pk}"
