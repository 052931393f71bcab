"""What is wrong with a line of a file: in words, with what to do, in the language of whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from portal.web.refusal import Refusal


@dataclass(frozen=True, slots=True)
class LineError:
    """A line that cannot be used. `wrong` and `remedy` are sentences with places for `said`; both are put into words when they are shown."""

    line: int
    wrong: Promise
    remedy: Promise
    said: Mapping[str, object] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """What is wrong, in the present language."""
        return str(self.wrong) % self.said

    @property
    def todo(self) -> str:
        """What to do about it, in the present language."""
        return str(self.remedy) % self.said

    def __str__(self) -> str:
        return f"{self.line}: {self.what}. {self.todo}"


class BadFile(Refusal):
    """A file that cannot be used as a whole."""

    field = "file"
