"""Models that are read through the gate or not at all: a query that did not pass it refuses to be run, whatever asks it.

Counting, existence, aggregates, values and subqueries are the same query to the database and refused alike. Relations of a gated model
have no way back (`related_name="+"`), so that no other model's query reaches it either. Writing is not reading and stays free.
"""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import ProtectedError, Q
from django.db.models.deletion import Collector
from django.db.models.sql import Query
from django.db.models.sql.where import AND

from services.releases.artefacts import Artefact
from services.releases.gate import Look, is_open

M = TypeVar("M", bound="Gated")
R = TypeVar("R")


class UngatedRead(RuntimeError):
    """Somebody asked for what may be under embargo without passing the gate: a fault of ours, never shown as anything else."""


def kept(collector: Collector, field: Any, rows: Any, using: str) -> None:  # noqa: ARG001  (as Django calls it)
    """Refuse to delete what a gated row stands on (an `on_delete`, as PROTECT is); which rows those are stays untold. Raises `ProtectedError`."""
    if getattr(rows, "behind_the_gate", rows.all)().exists():
        raise ProtectedError(f"{field.model.__name__} stands on it", set())


# Django would look at the rows itself before it asks.
kept.lazy_sub_objs = True  # type: ignore[attr-defined]


class GatedQuery(Query):
    """A query that is compiled only once the gate is in it."""

    passed = False
    model: type[models.Model]

    def get_compiler(self, *args: Any, **options: Any) -> Any:
        """Compile, if the gate was passed. Raises `UngatedRead`."""
        if not self.passed:
            raise UngatedRead(f"{self.model.__name__} is read through the release gate only (services.releases.gated)")
        return super().get_compiler(*args, **options)

    def combine(self, rhs: Query, connector: str) -> None:
        """Join with another query; what did not pass the gate may narrow this one and never widen it. Raises `UngatedRead`."""
        if connector != AND and not getattr(rhs, "passed", False):
            raise UngatedRead(f"{self.model.__name__}: both sides of | pass the release gate")
        super().combine(rhs, connector)


class GatedQuerySet(models.QuerySet[M, M]):
    """Rows of a gated model."""

    def __init__(self, model: type[M] | None = None, query: Query | None = None, using: str | None = None, hints: Any = None) -> None:
        super().__init__(model, query or (GatedQuery(model) if model is not None else None), using, hints)

    def seen_by(self, look: Look, kind: Artefact | None = None) -> Self:
        """Keep what this look may see now of its own centre, as a thing of this kind (the model's own unless said)."""
        mine = Q(centre=look.centre) if self.model.of_a_centre else Q()
        return self._opened(self.filter(mine, is_open(kind or self.model.artefact, look.sight)))

    def behind_the_gate(self) -> Self:
        """Read everything: for the deeds that issue it. A house test names the modules that may say this."""
        return self._opened(self.all())

    @staticmethod
    def _opened(rows: R) -> R:
        rows.query.passed = True  # type: ignore[attr-defined]
        return rows


class Gated(models.Model):
    """Base of everything under embargo: has a `series` and a `level`, and a `centre` where `of_a_centre` says so."""

    artefact: ClassVar[Artefact]
    of_a_centre: ClassVar[bool] = True

    objects: ClassVar[Any] = GatedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
