"""What loading a file of any kind shares: the counts, wrong lines, adding and changing rows, and doing it all only to see what it would do."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.refusal import Refusal
from services.formats.csvs.reading import Row
from services.formats.errors import LineError

CORRECT: Final = _("Correct this line in the file and choose the file again")
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")
Rule = tuple[str, re.Pattern[str], Promise]
"""A column, what it may hold, and how it is said that it does not."""
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows are new, read otherwise now, and are as they were."""

    added: int
    changed: int
    unchanged: int


class WrongLines(Refusal):
    """Lines cannot be used; nothing was loaded."""

    field = "file"
    message = _("Nothing was loaded. Correct the lines below and choose the file again")

    def __init__(self, errors: list[LineError]) -> None:
        self.errors = errors
        super().__init__()


def first_wrong(row: Row, rules: Iterable[Rule]) -> LineError | None:
    """Return what is wrong with a row by the first rule that it breaks, or None."""
    for name, pattern, text in rules:
        if not pattern.fullmatch(row.cells[name]):
            return LineError(row.line, text, CORRECT, {"said": row.cells[name]})
    return None


def preview(load: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Load and take everything back, its line in the trail too; returns what loading would have done. Raises what it raises."""
    with transaction.atomic():
        done = load(*args, **kwargs)
        transaction.set_rollback(True)
    return done


def keep(kind: type[M], key: str, wanted: dict[str, dict[str, Any]]) -> tuple[dict[str, M], int, int]:
    """Add and change rows so that they say what is wanted; returns all of them by their key, how many are new and how many changed."""
    known: dict[str, M] = {getattr(row, key): row for row in kind._default_manager.filter(**{f"{key}__in": wanted})}  # noqa: SLF001  Django's documented door
    fresh = {name: kind(**{key: name}, **said) for name, said in wanted.items() if name not in known}
    changed = []
    for name, row in known.items():
        if any(getattr(row, field) != value for field, value in wanted[name].items()):
            for field, value in wanted[name].items():
                setattr(row, field, value)
            changed.append(row)
    kind._default_manager.bulk_create(list(fresh.values()), batch_size=limits.SVC5_ROWS_AT_ONCE)  # noqa: SLF001
    if changed:
        fields = [field.removesuffix("_id") for field in next(iter(wanted.values()))]
        kind._default_manager.bulk_update(changed, fields, batch_size=limits.SVC5_ROWS_AT_ONCE)  # noqa: SLF001
    return known | fresh, len(fresh), len(changed)
