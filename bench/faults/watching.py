"""Break something for a while, under load and before the eyes of people who sign in."""

import time
from collections.abc import Callable

from bench.faults.report import Figure
from bench.faults.stack import Stack
from bench.faults.visitor import Visitor

_BEFORE_SECONDS = 3


def watched(
    stack: Stack,
    figure: Figure,
    visitors: list[Visitor],
    seconds: float,
    begin: Callable[[], object],
    end: Callable[[], object] = lambda: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Figure:
    """Break, call `meanwhile`, wait until `seconds` are over, mend, and count from then. The visitors hold what they saw."""
    for visitor in visitors:
        visitor.begin()
    load = stack.load(int(seconds) + 20, seconds=seconds + 5)
    time.sleep(_BEFORE_SECONDS)
    begin()
    began = time.monotonic()
    meanwhile()
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    end()
    ended = time.monotonic()
    for visitor in visitors:
        visitor.finish()
    kept = load.kept()
    figure.await_end(stack, 200, ended)
    return figure.settle(stack, kept)


def demand_quick_sign_in(figure: Figure, visitor: Visitor, p95: float) -> None:
    """Note how signing in went, and what was wrong with it."""
    figure.add(f"{len(visitor.seconds)} sign-ins, p95 {visitor.p95():.2f} s, {len(visitor.errors)} errors")
    figure.demand(not visitor.errors, f"errors {visitor.errors[:3]}")
    figure.demand(visitor.p95() < p95, "signing in was slow")


def demand_quick_refusal(figure: Figure, visitor: Visitor, seconds: float) -> None:
    """Note how signing in was refused: by 503 and soon, and by nothing else."""
    others = [error for error in visitor.errors if not error.endswith(" 503")]
    figure.add(f"{len(visitor.errors)} answers of 503, the slowest of all after {visitor.slowest:.1f} s")
    figure.demand(not others, f"other errors {others[:3]}")
    figure.demand(bool(visitor.errors), "nobody noticed")
    figure.demand(visitor.slowest <= seconds, "somebody waited too long")
