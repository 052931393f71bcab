"""Charts as plain shapes that a template writes as SVG: bars of a centre beside those of all centres, one pair a line. Pure.

No script, no style attribute: the look is classes, so that dark mode, print and a strict content security policy are all the same chart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.reports.items.figures import tenths

WIDTH: Final = 360
_LEFT, _LONGEST, _LINE, _BAR, _TOP = 62, 250, 32, 12, 6
_A_CHART: Final = 18
"""Lines of one chart, so that each fits a printed page."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a line compares, in tenths of a per cent; None: nothing to show; `hidden`: a small group."""

    label: str
    mine: int | None
    theirs: int | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its number behind it. Coordinates are texts, since a template would write numbers in the page's language."""

    kind: str
    y: str
    width: str
    text_x: str
    text_y: str
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its two bars."""

    label: str
    y: str
    bars: tuple[Bar, Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and the first and last of its lines."""

    key: str
    height: str
    lines: tuple[Line, ...]
    first: str
    last: str


def charts_of(key: str, pairs: Iterable[Pair]) -> list[Chart]:
    """Draw as many charts as it takes; `key` tells the drawings of a page apart."""
    return [_chart(f"{key}-{number}", some) for number, some in enumerate(_parts(pairs), start=1)]


def _parts(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    rest = iter(pairs)
    while some := list(islice(rest, _A_CHART)):
        yield some


def _chart(key: str, pairs: list[Pair]) -> Chart:
    lines = tuple(_line(pair, _TOP + number * _LINE) for number, pair in enumerate(pairs))
    return Chart(key, str(2 * _TOP + len(pairs) * _LINE), lines, pairs[0].label, pairs[-1].label)


def _line(pair: Pair, top: int) -> Line:
    bars = _bar("mine", pair.mine, top, hidden=pair.hidden), _bar("theirs", pair.theirs, top + _BAR)
    return Line(pair.label, str(top + _BAR + 4), bars)


def _bar(kind: str, value: int | None, top: int, *, hidden: bool = False) -> Bar:
    width = min(1000, value or 0) * (_LONGEST - 40) // 1000
    return Bar(kind, str(top), str(width), str(_LEFT + width + 4), str(top + _BAR - 2), tenths(value), hidden)
