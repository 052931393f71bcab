"""The base of every named refusal: a flow says no in a sentence that the person can read."""

from typing import ClassVar

from django.utils.functional import Promise


class Refusal(Exception):
    """A deed that was refused; nothing was changed and nothing sent.

    `message` is a translatable sentence, `field` the form field it belongs beside, or "" for the whole form.
    """

    message: str | Promise = ""
    field: ClassVar[str] = ""

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)
