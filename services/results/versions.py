"""A candidate's results with what each was before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from services.results.models import Result


@dataclass(frozen=True, slots=True)
class History:
    """A result that counts, and its earlier versions, latest first."""

    now: Result
    before: list[Result]


def histories(versions: Iterable[Result]) -> list[History]:
    """Group versions, which come by option and from the latest to the first."""
    found = []
    for _option, rows in groupby(versions, key=lambda row: row.option_id):
        latest, *earlier = rows
        found.append(History(latest, earlier))
    return found
