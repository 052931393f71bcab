"""Hold the lines of a file against what the database knows, a centre at a time: its candidates, the options of the level."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from portal import limits
from services.exams.models import Candidate, Option, Series
from services.formats.errors import LineError
from services.formats.results import ResultLine
from services.results.issuing import Line
from services.results.publishing.sources import Found

_CORRECT: Final = _("Correct this line where it comes from and choose the file again")
_TOGETHER: Final = _("Sort the file so that the lines of a centre stand together")
_ADD_CENTRE: Final = _("Add the centre first, or correct the number")
_ADD_OPTION: Final = _("Load the option first (Entry options), or correct the code")


@dataclass(slots=True)
class Tally:
    """What a file holds, counted while it is read; of the wrong lines the first are kept in words."""

    results: int = 0
    centres: int = 0
    candidates: int = 0
    unchecked: int = 0
    wrong: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, file: str, error: LineError) -> None:
        """Note a wrong line."""
        self.wrong += 1
        if len(self.errors) < limits.SVC5_ERRORS_SHOWN:
            self.errors.append({"file": file, "line": error.line, "what": error.what, "todo": error.todo})


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
        self.centres = dict(Centre.objects.values_list("number", "pk"))
        self.options = dict(Option.objects.filter(qualification__level=level).values_list("code", "pk"))
        self.seen: set[str] = set()

    def match(self, found: Iterable[Found]) -> Iterator[Matched]:
        """Yield the centres of a file, one after the other; wrong lines go to the tally."""
        for number, lines in self._by_centre(found):
            yield self._centre(self.centres[number], lines)

    def _by_centre(self, found: Iterable[Found]) -> Iterator[tuple[str, list[tuple[str, ResultLine]]]]:
        """Gather the lines that stand together; a centre that comes again is refused, so that one centre is all that is ever held."""
        number, lines, refused = "", list[tuple[str, ResultLine]](), None
        for file, line in found:
            if isinstance(line, LineError):
                self.tally.refuse(file, line)
                continue
            if line.centre != number:
                if lines:
                    yield number, lines
                number, lines = line.centre, []
                refused = self._wrong_centre(number)
                self.seen.add(number)
            self.tally.results += 1
            if refused is not None or len(lines) == limits.SVC5_ROWS_OF_A_CENTRE:
                self._refuse(file, line, *(refused or (_("Centre %(centre)s has too many lines"), _CORRECT)), centre=number)
            else:
                lines.append((file, line))
        if lines:
            yield number, lines

    def _wrong_centre(self, number: str) -> tuple[Promise, Promise] | None:
        if number in self.seen:
            return _("Lines of centre %(centre)s stand in another place of the file too"), _TOGETHER
        if number not in self.centres:
            return _("There is no centre %(centre)s"), _ADD_CENTRE
        self.tally.centres += 1
        return None

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
                tell(_("UCI %(uci)s belongs to candidate %(other)s of this centre"), _CORRECT, uci=line.uci, other=by_uci[line.uci])
            elif candidate is not None and line.uci and candidate.uci and candidate.uci != line.uci:
                tell(_("Candidate %(number)s has UCI %(uci)s"), _CORRECT, number=line.candidate, uci=candidate.uci)
            elif candidate is not None and (candidate.pk, option) in issued:
                tell(_("Candidate %(number)s has two results in %(option)s"), _CORRECT, number=line.candidate, option=line.option)
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
                self.tally.unchecked += line.unchecked
                found.lines.append(_line(candidate.pk, option, line))
        # A candidate made a moment ago from a line without a UCI is completed where it is.
        found.completed = [one.prepared() for one in found.completed if not one._state.adding]  # noqa: SLF001  Django's documented flag
        self.tally.candidates += len(found.fresh)
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
