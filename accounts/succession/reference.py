"""The reference in the head of centre's e-mail: it answers one case, once, and opens nothing else."""

from accounts.notices.reference import reference_text, typed
from portal import crypto


def new_reference() -> tuple[str, str]:
    """Make a reference; returns its text in groups and the keyed digest that is kept."""
    text = reference_text()
    return text, digest_of(text)


def digest_of(text: str) -> str:
    """Return how a typed reference is looked up; the whole link of the e-mail is fine too."""
    return crypto.digest("succession", typed(text.rpartition("#")[2]))
