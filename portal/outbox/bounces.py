"""Why a message came back, in plain words. The registry of what servers answer; their own words are never shown to people in centres."""

import re
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Bounce(Enum):
    """A reason that people can do something about. Names travel in messages; sentences are read."""

    FULL = _("The mailbox is full.")
    NO_MAILBOX = _("There is no such mailbox. Check the email address.")
    NO_DOMAIN = _("There is no such mail server. Check the part of the email address after the @.")
    CLOSED = _("The mailbox is closed or suspended. Ask the person for another email address.")
    BLOCKED = _("The mail server blocked our email. Ask your IT support to allow our address.")
    COMPLAINED = _("The recipient once reported an email of ours as spam. Ask the person for another email address.")
    UNREACHABLE = _("We could not reach the mail server. Check the email address or resend the invite.")
    REFUSED = _("The mail server did not take our email. Check the email address.")

    @property
    def sentence(self) -> Promise:
        """What it means, in the present language."""
        return self.value


# The first that fits counts: an enhanced status code (RFC 3463) says more than the words, and the words more than a bare reply code.
# "Recipient address rejected: User unknown" (Postfix, 5.1.1) and "Access denied" (Exchange Online, 5.4.1) mean that there is no mailbox.
# The bare words at the end are those of django-anymail (RejectReason).
_REASONS: Final[tuple[tuple[re.Pattern[str], Bounce], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), bounce)
    for pattern, bounce in (
        (r"\b[45]\.2\.2\b", Bounce.FULL),
        (r"\b5\.2\.1\b", Bounce.CLOSED),
        (r"\b5\.1\.2\b|\b5\.4\.4\b|\b5\.1\.10\b", Bounce.NO_DOMAIN),
        (r"\b5\.1\.[013456]\b|\b5\.4\.1\b", Bounce.NO_MAILBOX),
        (r"\b5\.7\.|\b5\.1\.[78]\b", Bounce.BLOCKED),
        (r"\b[45]\.4\.[02-9]\b", Bounce.UNREACHABLE),
        (r"quota|mailbox (is )?full|over ?limit", Bounce.FULL),
        (r"(disabled|inactive|suspended|closed).{0,20}(mailbox|account|user)|(mailbox|account|user).{0,20}(disabled|inactive|suspended|closed)",
         Bounce.CLOSED),
        (r"(domain|host).{0,20}(not found|not exist|unknown|no such)|(unknown|no such) (domain|host)|nxdomain", Bounce.NO_DOMAIN),
        (r"(user|recipient|mailbox|address) unknown|unknown (user|recipient|mailbox)|no such|not (found|exist)", Bounce.NO_MAILBOX),
        (r"complain|^spam$|unsubscribed", Bounce.COMPLAINED),
        (r"spam|block|policy|denied|reject|blacklist|quarantin|\b554\b", Bounce.BLOCKED),
        (r"time[d _]*out|unreachable|no answer", Bounce.UNREACHABLE),
        (r"unknown|invalid|suppress|\b550\b", Bounce.NO_MAILBOX),
        (r"\b552\b", Bounce.FULL),
    )
)  # fmt: skip


def bounce_of(answer: str) -> Bounce:
    """Return what a server's answer, or a provider's word for it, means. `REFUSED` when nothing is known of it."""
    return next((bounce for pattern, bounce in _REASONS if pattern.search(answer)), Bounce.REFUSED)
