"""What a freeze reference looks like when it is typed, and the one answer to a bad one. Pure."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class BadReference(Refusal):
    """The reference is unknown, used or too old, or too many were tried: one sentence for all."""

    message = _("This reference is wrong, used or older than 7 days. Copy it from our newest email, or write to the IT Helpdesk")
    field = "reference"


def reference_in(text: str) -> str:
    """Return the reference in what somebody typed or pasted: the whole link of the e-mail is fine too."""
    return text.rpartition("#")[2]
