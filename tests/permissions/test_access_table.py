"""ROLE: the table in the code and the client's matrix are the same."""

import csv
from pathlib import Path

from permissions.access import ALWAYS, TABLE, Cell
from permissions.levels import Level, Service
from permissions.roles import Role
from permissions.words import LABELS, NOTES, code, from_code

MATRIX = Path(__file__).with_name("access-matrix.csv")


def test_role_table_and_matrix_have_no_difference() -> None:
    """Every cell of `access-matrix.csv` is in the table, and nothing else is."""
    with MATRIX.open(newline="") as file:
        rows = list(csv.DictReader(file))
    matrix = {(Service(row["service"]), Level(row["level"])): {role: Cell(row[role.value]) for role in Role} for row in rows}
    assert matrix == {right: dict(cells) for right, cells in TABLE.items()}
    assert list(matrix) == list(TABLE)


def test_role_every_right_has_a_label_a_note_and_a_code() -> None:
    """Nothing in the table lacks words; codes can be read back; labels tell rights apart."""
    assert LABELS.keys() == NOTES.keys() == TABLE.keys()
    assert {from_code(code(right)) for right in TABLE} == set(TABLE)
    assert len({str(label) for label in LABELS.values()}) == len(TABLE)


def test_role_resources_are_all_that_everybody_always_has() -> None:
    """Only past papers, marking schemes and resources are a default of all three types of account."""
    assert {(Service.RESOURCES, Level.VIEW)} == ALWAYS


def test_levels_are_ordered_within_their_services() -> None:
    """Making entries is more than viewing them; embargoed results are more than released ones."""
    assert Level.VIEW.rank < Level.MAKE.rank
    assert Level.VIEW_RELEASED.rank < Level.VIEW_EMBARGOED.rank
