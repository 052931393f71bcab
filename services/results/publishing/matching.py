"""Hold the lines of a file against what the database knows, a centre at a time: its candidates, the options of the level."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import limits
from services.exams.models import Candidate, Option, Series
from services.formats.errors import LineError
from services.formats.results import ResultLine
from services.publishing.centres import CORRECT, Centres
from services.publishing.tally import Tally
from services.results.issuing import Line
from services.results.publishing.sources import Found

_ADD_OPTION: Final = _("Load the option first (Entry options), or correct the code")


@dataclass(slots=True)
class Matched:
    """The lines of one centre with what they belong to: candidates that are new, those that get a UCI, and what is to be issued."""

    centre: int
    fresh: list[Candidate]
    completed: list[Candidate]
    lines: list[Line]


class Matcher:
    """Knows the centres, and the options of a level; asks for the candidates of each centre once."""

    def __init__(self, series: Series, level: str, tally: Tally) -> None:
        self.series, self.tally = series, tally
        self.centres = Centres(limits.SVC5_ROWS_OF_A_CENTRE)
        self.options = dict(Option.objects.filter(qualification__level=level).values_list("code", "pk"))

    def match(self, found: Iterable[Found]) -> Iterator[Matched]:
        """Yield the centres of a file, one after the other; wrong lines go to the tally."""
        lines, centre = list[tuple[str, ResultLine]](), 0
        for file, line in found:
            if isinstance(line, LineError):
                self.tally.refuse(file, line)
                continue
            if self.centres.enter(line.centre) and lines:
                yield self._centre(centre, lines)
                lines = []
            self.tally.lines += 1
            if (refused := self.centres.wrong()) is not None:
                wrong, remedy, said = refused
                self._refuse(file, line, wrong, remedy, **said)
            else:
                centre = self.centres.pk
                lines.append((file, line))
        self.tally.more["centres"] = self.centres.count
        if lines:
            yield self._centre(centre, lines)

    def _centre(self, centre: int, lines: list[tuple[str, ResultLine]]) -> Matched:
        found = Matched(centre, [], [], [])
        known = {one.number: one for one in Candidate.objects.filter(centre=centre, series=self.series)}
        by_uci = {one.uci: one.number for one in known.values() if one.uci}
        issued = set[tuple[UUID, int]]()
        for file, line in lines:
            option = self.options.get(line.option)
            candidate = known.get(line.candidate)
            tell = self._teller(file, line)
            if option is None:
                tell(_("There is no option %(option)s at this level"), _ADD_OPTION, option=line.option)
            elif line.uci and by_uci.get(line.uci, line.candidate) != line.candidate:
                tell(_("UCI %(uci)s belongs to candidate %(other)s of this centre"), CORRECT, uci=line.uci, other=by_uci[line.uci])
            elif candidate is not None and line.uci and candidate.uci and candidate.uci != line.uci:
                tell(_("Candidate %(number)s has UCI %(uci)s"), CORRECT, number=line.candidate, uci=candidate.uci)
            elif candidate is not None and (candidate.pk, option) in issued:
                tell(_("Candidate %(number)s has two results in %(option)s"), CORRECT, number=line.candidate, option=line.option)
            else:
                if candidate is None:
                    candidate = known[line.candidate] = self._new(centre, line)
                    found.fresh.append(candidate)
                elif line.uci and not candidate.uci:
                    candidate.uci = line.uci
                    found.completed.append(candidate)
                if line.uci:
                    by_uci[line.uci] = line.candidate
                issued.add((candidate.pk, option))
                self.tally.add("unchecked", line.unchecked)
                found.lines.append(_line(candidate.pk, option, line))
        # A candidate made a moment ago from a line without a UCI is completed where it is.
        found.completed = [one.prepared() for one in found.completed if not one._state.adding]  # noqa: SLF001  Django's documented flag
        self.tally.add("candidates", len(found.fresh))
        return found

    def _new(self, centre: int, line: ResultLine) -> Candidate:
        return Candidate(
            centre_id=centre, series=self.series, number=line.candidate, uci=line.uci, surname=line.surname, forenames=line.forenames
        )

    def _teller(self, file: str, line: ResultLine) -> Callable[..., None]:
        return lambda wrong, remedy, **said: self._refuse(file, line, wrong, remedy, **said)

    def _refuse(self, file: str, line: ResultLine, wrong: Promise, remedy: Promise, **said: object) -> None:
        self.tally.refuse(file, LineError(line.line, wrong, remedy, said))


def _line(candidate: UUID, option: int, line: ResultLine) -> Line:
    return Line(
        candidate=candidate, option=option, grade=line.grade, indicator=line.indicator, endorsement=line.endorsement, ums=line.ums, ums_max=line.ums_max
    )  # fmt: skip
