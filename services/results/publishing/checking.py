"""Read a whole file and count what publishing it would change; nothing is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Final

from services.results.issuing import Line
from services.results.models import Result
from services.results.publishing.matching import Matched, Matcher, Tally
from services.results.publishing.models import ResultsImport
from services.results.publishing.sources import expected_of, lines_of

_SAYS: Final = tuple(one.name for one in fields(Line))[2:]
Told = Callable[[int], None]
"""Is told how many results were read so far, after each centre."""


@dataclass(slots=True)
class Changes:
    """What publishing would do."""

    fresh: int = 0
    reissued: int = 0
    unchanged: int = 0


def centres_of(run: ResultsImport, tally: Tally, told: Told) -> Iterator[Matched]:
    """Yield what a file says of each centre. Raises `BadFile` when the file cannot be used as a whole."""
    found = lines_of(run.path, run.name, expected_of(run.series, run.level))
    for matched in Matcher(run.series, run.level, tally).match(found):
        yield matched
        told(tally.results)


def count(run: ResultsImport, tally: Tally, told: Told) -> Changes:
    """Hold each result of a file against the one that is current now. Raises `BadFile`."""
    changes = Changes()
    for matched in centres_of(run, tally, told):
        now = _current(run, matched.centre)
        for line in matched.lines:
            said = now.get((line.candidate, line.option))
            if said is None:
                changes.fresh += 1
            elif said == tuple(getattr(line, name) for name in _SAYS):
                changes.unchanged += 1
            else:
                changes.reissued += 1
    return changes


def _current(run: ResultsImport, centre: int) -> dict[tuple[object, object], tuple[object, ...]]:
    stored = Result.objects.behind_the_gate().filter(centre=centre, series=run.series_id, level=run.level, current=True).order_by()
    return {(candidate, option): tuple(said) for candidate, option, *said in stored.values_list("candidate", "option", *_SAYS)}
