"""How a sending can fail."""


class PermanentRefusal(Exception):
    """The message will never be taken: no such mailbox, no such number. Not tried again."""


class Trouble(Exception):
    """The other side did not take the message now; tried again (P23), and counted by the breaker. `str()` is its cause, without secrets."""
