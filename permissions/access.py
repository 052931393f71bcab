"""THE access table: what each type of account has by default, may be given, or never has (ROLE; same content as `access-matrix.csv`)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from permissions.levels import Level, Right, Service
from permissions.roles import Role


class Cell(StrEnum):
    """What the table says of one right for one type of account."""

    DEFAULT = "default"
    ON_REQUEST = "on_request"
    NEVER = "never"


def _row(exams_officer: Cell, admin: Cell, user: Cell) -> Mapping[Role, Cell]:
    return MappingProxyType({Role.EXAMS_OFFICER: exams_officer, Role.ADMIN: admin, Role.USER: user})


TABLE: Final[Mapping[Right, Mapping[Role, Cell]]] = MappingProxyType(
    {
        (Service.A2C_KEYS, Level.MANAGE): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.NEVER),
        (Service.IAMIS, Level.ENTER_MARKS): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.ON_REQUEST),
        (Service.ACCESS_ARRANGEMENTS, Level.MANAGE): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.ON_REQUEST),
        (Service.ENTRIES, Level.VIEW): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.ON_REQUEST),
        (Service.ENTRIES, Level.MAKE): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.NEVER),
        (Service.RESULTS, Level.VIEW_RELEASED): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.ON_REQUEST),
        (Service.RESULTS, Level.VIEW_EMBARGOED): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.NEVER),
        (Service.VIEW_SCRIPTS, Level.VIEW): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.ON_REQUEST),
        (Service.RESOURCES, Level.VIEW): _row(Cell.DEFAULT, Cell.DEFAULT, Cell.DEFAULT),
    }
)

ALWAYS: Final[frozenset[Right]] = frozenset(right for right, row in TABLE.items() if all(cell is Cell.DEFAULT for cell in row.values()))
"""What every account has by default and nobody can lose: past papers, marking schemes and resources."""

HELD: Final[frozenset[Right]] = frozenset({(Service.A2C_KEYS, Level.MANAGE), (Service.RESULTS, Level.VIEW_EMBARGOED)})
"""What rests, beside managing people, for 24 hours after the reset of somebody whose only method is e-mail (MFA-5)."""

FRESH: Final[frozenset[Right]] = frozenset({(Service.RESULTS, Level.VIEW_EMBARGOED)})
"""What asks for a second factor proved in the last 15 minutes (P19), as managing people does."""
