"""How a file of results is checked and issued; the rest of its way is that of every file (`services.publishing`)."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _

from portal import limits
from services.exams.models import Candidate
from services.publishing.issuing import compare
from services.publishing.models import Issued
from services.publishing.pipeline import Pipeline, Steps
from services.publishing.tally import Changes, Tally, Told
from services.results.issuing import SHAPE, Line, issue_lines
from services.results.publishing.events import Event
from services.results.publishing.matching import Matched, Matcher
from services.results.publishing.models import ResultsImport
from services.results.publishing.sources import expected_of, lines_of

_COUNTED: Final = ("centres", "candidates", "unchecked")


class ResultsPipeline(Pipeline[ResultsImport]):
    """Results: a file brings the candidates that we do not know yet."""

    model = ResultsImport
    steps = Steps(
        Event.RESULTS_FILE_TAKEN,
        Event.RESULTS_FILE_ORDERED,
        Event.RESULTS_FILE_PUBLISHED,
        Event.RESULTS_FILE_REFUSED,
        Event.RESULTS_FILE_FORGOTTEN,
        Event.RESULTS_FILE_GIVEN_UP,
    )
    empty: ClassVar = _("The file holds no results")

    def check(self, run: ResultsImport, tally: Tally, told: Told) -> Changes:
        """Count what would change. A candidate whom we do not know yet has no results that could."""
        lines = ((matched.centre, line) for matched in _centres_of(run, tally, told) for line in matched.lines)
        return compare(shape=SHAPE, series=run.series, level=run.level, rows=lines)

    def issue(self, run: ResultsImport, tally: Tally, told: Told) -> tuple[Issued, Changes]:
        """Write the candidates of each centre down before their results, and issue these."""
        lines = _lines(run, tally, told)
        return issue_lines(actor=run.ordered_by, series=run.series, level=run.level, lines=lines, source=run.name, digest=run.digest)

    def counts(self, tally: Tally) -> Mapping[str, int]:
        """Return what the row counts of a file."""
        return {"results": tally.lines, **{name: tally.more.get(name, 0) for name in _COUNTED}}

    def said(self, run: ResultsImport) -> Mapping[str, Any]:
        """Say how many centres it is about, once that is known."""
        return {"centres": run.centres} if run.centres else {}


def _centres_of(run: ResultsImport, tally: Tally, told: Told) -> Iterator[Matched]:
    found = lines_of(run.path, run.name, expected_of(run.series, run.level))
    for matched in Matcher(run.series, run.level, tally).match(found):
        yield matched
        told(tally.lines)


def _lines(run: ResultsImport, tally: Tally, told: Told) -> Iterator[tuple[int, Line]]:
    for matched in _centres_of(run, tally, told):
        if tally.wrong:
            return
        Candidate.objects.bulk_create([one.prepared() for one in matched.fresh], batch_size=limits.SVC5_ROWS_AT_ONCE)
        Candidate.objects.bulk_update(matched.completed, ["uci", "searched"], batch_size=limits.SVC5_ROWS_AT_ONCE)
        yield from ((matched.centre, line) for line in matched.lines)
