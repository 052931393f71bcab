"""The lines of a long table: hundreds of cells of one kind, which a template would write one node at a time."""

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString


def table_rows(lines: Iterable[Sequence[object]], *labels: str) -> SafeString:
    """Draw table rows: the first cell of a line is its header, the others say their column, one of `labels` each, where a row is a card.

    Cells are escaped unless they are safe already. Raises `ValueError` for a line that has more or fewer cells than the table.
    """
    openings = [f'<td data-label="{escaped(label)}">' for label in labels]
    return SafeString("".join([_row(line, openings) for line in lines]))


def escaped(cell: object) -> str:
    """Return what may stand in a page: markup of ours as it is, everything else escaped."""
    return cell if isinstance(cell, SafeString) else escape(str(cell))


def _row(line: Sequence[object], openings: list[str]) -> str:
    header, *cells = line
    written = "".join([f"{opening}{escaped(cell)}</td>\n" for opening, cell in zip(openings, cells, strict=True)])
    return f'<tr>\n<th scope="row">{escaped(header)}</th>\n{written}</tr>\n'
