"""A provider's final no."""


class PermanentRefusal(Exception):
    """The message will never be taken: no such mailbox, no such number. Not tried again."""
