"""What a file holds, counted while it is read, and what publishing it changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal import limits
from services.formats.errors import LineError

Told = Callable[[int], None]
"""Is told now and then how many lines were read so far."""


@dataclass(slots=True)
class Tally:
    """Lines that were read, and wrong ones: all are counted, of the first ones the words are kept. `more` counts what one kind of file has besides."""

    lines: int = 0
    wrong: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)

    def refuse(self, file: str, error: LineError) -> None:
        """Note a wrong line."""
        self.wrong += 1
        if len(self.errors) < limits.SVC5_ERRORS_SHOWN:
            self.errors.append({"file": file, "line": error.line, "what": error.what, "todo": error.todo})

    def add(self, name: str, count: int = 1) -> None:
        """Count something else."""
        self.more[name] = self.more.get(name, 0) + count


@dataclass(slots=True)
class Changes:
    """What publishing does, or would do."""

    fresh: int = 0
    reissued: int = 0
    unchanged: int = 0
