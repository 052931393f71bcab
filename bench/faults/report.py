"""What became of each message of a fault, and the page that tells it."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.faults.stack import Stack

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
_BEGIN: Final = "<!-- figures: written by make faults -->"
_END: Final = "<!-- end of figures -->"


@dataclass
class Figure:
    """The figures of one fault.

    `recovery` counts seconds from the fault's end until the oldest due message was under 30 s old (0 when it never was), `empty` until
    none waited. No recovery allowed means not asked.
    """

    fault: str
    what: str
    duplicates_allowed: int = 0
    recovery_allowed: float = 0
    messages: int = 0
    lost: int = 0
    ghosts: int = 0
    duplicates: int = 0
    recovery: float = 0
    empty: float = 0
    remark: str = ""
    wrong: list[str] = field(default_factory=list)

    def settle(self, stack: Stack, kept: list[str], *, finished: tuple[str, ...] = ("accepted",)) -> "Figure":
        """Compare the database, the provider's log and what was committed.

        Lost: committed and neither accepted by the provider nor ended in a state that the fault allows. Ghosts: accepted and not
        committed. Duplicates: further acceptances of a key.
        """
        states = {str(pk): str(state) for pk, state in stack.ask("SELECT id, state FROM outbox_message")}
        taken = Counter(stack.provider.keys())
        self.messages += len(kept)
        self.lost += sum(1 for pk in kept if not (states.get(pk) in finished and (taken[pk] or states[pk] != "accepted")))
        self.ghosts += sum(1 for pk in taken if pk not in states)
        self.duplicates += sum(taken[pk] - 1 for pk in kept if taken[pk] > 1)
        return self

    def await_end(self, stack: Stack, patience: float, since: float | None = None) -> None:
        """Wait until every message came to an end, and note how long it took from `since` (monotonic), else from now."""
        extra = time.monotonic() - since if since is not None else 0.0
        took = stack.drained(patience)
        self.recovery = took + extra if took else 0.0
        self.empty = stack.empty_after + extra

    def add(self, remark: str) -> None:
        """Say one thing more about it."""
        self.remark = "; ".join(filter(None, (self.remark, remark)))

    def demand(self, holds: bool, otherwise: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(otherwise)

    @property
    def good(self) -> bool:
        """Say whether every figure is as expected."""
        slow = self.recovery_allowed and self.recovery > self.recovery_allowed
        return not (self.lost or self.ghosts or self.duplicates > self.duplicates_allowed or slow or self.wrong)

    @property
    def remarks(self) -> str:
        """Return what there is to say besides figures."""
        empty = f"all sent after {self.empty:.0f} s" if self.empty else ""
        return "; ".join(filter(None, (self.remark, empty, *self.wrong)))


def row(runs: list[Figure]) -> str:
    """Return a line of the table: one fault in each run, with what was lost in all, the worst of the rest and the remarks of the slowest run."""
    one, slowest = runs[0], max(runs, key=lambda figure: (not figure.good, figure.empty))
    recovery = f"{max(figure.recovery for figure in runs):.0f} s (at most {one.recovery_allowed:.0f})" if one.recovery_allowed else "-"
    verdict = ", ".join("yes" if figure.good else "**no**" for figure in runs)
    duplicates = f"{max(figure.duplicates for figure in runs)} (at most {max(figure.duplicates_allowed for figure in runs)})"
    messages = max(figure.messages for figure in runs)
    lost, ghosts = sum(figure.lost for figure in runs), sum(figure.ghosts for figure in runs)
    return f"| {one.fault} | {one.what} | {messages} | {lost} | {ghosts} | {duplicates} | {recovery} | {slowest.remarks} | {verdict} |"


def write(runs: list[list[Figure]], seconds: float) -> None:
    """Put the table of runs in a row into docs/faults.md, between its marks."""
    head = "| Fault | What | Messages | Lost | Before commit | Duplicates | Recovery | Remark | As expected |\n" + "|---" * 9 + "|\n"
    table = head + "\n".join(row(list(same)) for same in zip(*runs, strict=True)) + "\n"
    when = datetime.now(UTC).strftime("%d %B %Y")
    many = (
        "One run" if len(runs) == 1 else f"{len(runs)} runs in a row: lost and before commit are of all, duplicates and recovery the worst"
    )
    text = PAGE.read_text()
    before, _mark, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_BEGIN}\n{many}. {when}, {seconds / 60:.0f} minutes.\n\n{table}{_END}{after}")
