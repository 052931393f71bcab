"""The one way what reports show comes into being: an issue adds versions and never changes one (SVC 6). How rows are added, `services.publishing` knows."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from portal.audit.record import record
from services.exams.models import Series
from services.publishing.issuing import Shape
from services.publishing.issuing import issue as issue_rows
from services.publishing.tally import Changes
from services.reports.events import Event
from services.reports.models import ItemMark, NotionalBoundary, PaperItem, Report, ReportIssue, ReportVersion, SubjectBoundary


def _shape(model: type[ReportVersion], key: tuple[str, ...], says: tuple[str, ...], beside: tuple[str, ...] = ()) -> Shape:
    return Shape(model, key, says, beside, attrgetter(*key, *says, *beside))


SHAPES: Final = {
    Report.SUBJECT: _shape(SubjectBoundary, ("option_id", "tier"), ("maximum", "ums_maximum", "grades")),
    Report.NOTIONAL: _shape(NotionalBoundary, ("component_id", "tier"), ("maximum", "grades")),
    Report.ITEMS: _shape(PaperItem, ("component_id", "label"), ("place", "maximum", "optional", "figures")),
    Report.MARKS: _shape(ItemMark, ("candidate_id", "component_id", "item"), ("maximum", "mark", "state", "sex"), ("centre_id",)),
}


def issue(
    *,
    actor: AbstractBaseUser | None,
    kind: Report,
    series: Series,
    level: str,
    rows: Iterable[Any],
    source: str = "",
    digest: str = "",
) -> ReportIssue:
    """Issue rows, all or none; one that says what is current already adds no version. A row has the columns of its table as attributes."""
    return issue_counted(actor=actor, kind=kind, series=series, level=level, rows=rows, source=source, digest=digest)[0]


@transaction.atomic
def issue_counted(
    *, actor: AbstractBaseUser | None, kind: Report, series: Series, level: str, rows: Iterable[Any], source: str, digest: str
) -> tuple[ReportIssue, Changes]:
    """Issue rows and return what that changed, too. Raises `TwiceInOneIssue`."""
    made, changes = issue_rows(
        actor=actor, kind=ReportIssue, shape=SHAPES[kind], series=series, level=level, rows=rows, source=source, digest=digest,
        slot={"kind": kind},
    )  # fmt: skip
    made.fresh, made.reissued = changes.fresh, changes.reissued
    made.save(update_fields=["fresh", "reissued"])
    said: dict[str, Any] = {"series": series.code, "level": level, "report": str(kind), "rows": changes.fresh + changes.reissued}
    record(Event.REPORT_ISSUED, actor=actor, subject=made, **said)
    return made, changes
