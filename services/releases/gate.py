"""What may be seen now: a condition for a query, judged by the clock of the database that answers it, and by no other."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from permissions.models import Centre
from services.releases.artefacts import Artefact
from services.releases.models import Release


class Sight(Enum):
    """From which of its two instants on a look sees a thing; the value is the column that holds it."""

    RELEASED = "general_at"
    EMBARGOED = "restricted_at"


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks: for which centre, and how far. Pages get one from `looking`, which asks for the right first."""

    centre: Centre
    sight: Sight


_OPEN: Final[Any] = Now()
"""The moment the statement began (PostgreSQL's STATEMENT_TIMESTAMP, SQLite's 'now'): one for all rows, and never the web server's."""


def is_open(kind: Artefact | str, sight: Sight, *, series: str = "series", level: str = "level") -> Q:
    """Return the condition that a row's thing of this kind has been released for this sight. No release row: not released.

    `series` and `level` name the row's columns, or ways to them.
    """
    release = Release.objects.filter(series=OuterRef(series), level=OuterRef(level), kind=kind)
    return Q(Exists(release.filter(**{f"{sight.value}__lte": _OPEN})))
