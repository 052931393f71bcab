"""What each kind of file plugs in, and the list of those that did."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.utils.functional import Promise

from portal.audit.kinds import AuditKind
from services.publishing.models import Issued, StaffFile
from services.publishing.tally import Changes, Tally, Told

F = TypeVar("F", bound=StaffFile)


@dataclass(frozen=True, slots=True)
class Steps:
    """The audit events of a file's way."""

    taken: AuditKind
    ordered: AuditKind
    published: AuditKind
    refused: AuditKind
    forgotten: AuditKind
    given_up: AuditKind


class Pipeline(ABC, Generic[F]):
    """One kind of file: its table, its events, how it is read and checked, and how it is issued."""

    model: type[F]
    steps: ClassVar[Steps]
    empty: ClassVar[Promise]
    """What is said of a file without a line."""

    @property
    def may_take(self) -> str:
        """The right to bring a file, and to delete one."""
        return f"{self.model._meta.app_label}.add_{self.model._meta.model_name}"

    @property
    def may_publish(self) -> str:
        """The right to publish one."""
        return f"{self.model._meta.app_label}.change_{self.model._meta.model_name}"

    @abstractmethod
    def check(self, run: F, tally: Tally, told: Told) -> Changes:
        """Read a whole file and count what publishing it would change; nothing is written. Raises `BadFile` for one that cannot be used as a whole."""

    @abstractmethod
    def issue(self, run: F, tally: Tally, told: Told) -> tuple[Issued, Changes]:
        """Issue what a file says, inside the caller's transaction; wrong lines go to the tally. Raises `Refusal`."""

    def counts(self, tally: Tally) -> Mapping[str, int]:
        """Return what else stands in the row once a file was read."""
        return tally.more

    @abstractmethod
    def said(self, run: F) -> Mapping[str, Any]:
        """Return what else each event says of a file."""


_known: dict[type[StaffFile], Pipeline[Any]] = {}


def register(pipeline: Pipeline[Any]) -> None:
    """Add a kind of file; each app does so when it is ready."""
    _known[pipeline.model] = pipeline


def pipelines() -> Iterator[Pipeline[Any]]:
    """Yield every kind of file."""
    yield from _known.values()


def pipeline_of(run: StaffFile) -> Pipeline[Any]:
    """Return what a file's kind plugged in. Raises `KeyError`."""
    return _known[type(run)]


def pipeline_with(key: UUID) -> Pipeline[Any] | None:
    """Return the kind that has a file of this id; ids are unique over all kinds."""
    return next((one for one in pipelines() if one.model._default_manager.filter(pk=key).exists()), None)  # noqa: SLF001
