"""What may be seen now: a condition for a query, judged by the clock of the database that answers it, and by no other."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, cast

from django.db.models import BigAutoField, BooleanField, F, Func, Q, Value
from django.db.models.functions import Now

from permissions.models import Centre
from portal.fixed_query import Given
from services.releases.artefacts import Artefact


class Sight(Enum):
    """From which of its two instants on a look sees a thing; the value is the column that holds it."""

    RELEASED = "general_at"
    EMBARGOED = "restricted_at"


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks: for which centre, and how far. Pages get one from `looking`, which asks for the right first."""

    centre: Centre
    sight: Sight

    @property
    def of_any_centre(self) -> "Look":
        """The same look with the centre left open, for the text of a fixed query (`services.releases.fixed`); asked without one it raises."""
        return replace(self, centre=_ANY_CENTRE)


_ANY_CENTRE: Final = cast("Centre", Given("centre", BigAutoField()))


def is_open(kind: Artefact | str, sight: Sight, *, series: str = "series", level: str = "level") -> Q:
    """Return the condition that a row's thing of this kind has been released for this sight. No release row: not released.

    `series` and `level` name the row's columns, or ways to them.
    """
    return Q(_Open(F(series), F(level), Value(str(kind)), instant=sight.value))


class _Open(Func):
    """The gate as the database reads it. Written out, since it stands in every query of results and Django's own way costs four times as much.

    "Now" is the moment the statement began (PostgreSQL's STATEMENT_TIMESTAMP, SQLite's 'now'): one for all rows, and never the web server's.
    """

    arity = 3
    output_field = BooleanField()
    template = (
        'EXISTS (SELECT 1 FROM "releases_release" AS "gate" WHERE ("gate"."series_id", "gate"."level", "gate"."kind") = (%(expressions)s)'
        ' AND "gate"."%(instant)s" <= %(now)s)'
    )

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        """Write it, with this database's word for now."""
        now, _parameters = compiler.compile(Now())
        return super().as_sql(compiler, connection, **context, now=now)
