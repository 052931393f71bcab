"""The lines of a long table: hundreds of cells of one kind, which a template would write one node at a time."""

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString


def table_rows(lines: Iterable[Sequence[object]], *labels: str) -> SafeString:
    """Draw table rows: the first cell of a line is its header, the others say their column, one of `labels` each, where a row is a card.

    Cells are escaped unless they are safe already. Raises `TypeError` for a line that has more or fewer cells than the table.
    """
    said = [escaped(label).replace("%", "%%") for label in labels]
    cells = "".join([f'<td data-label="{label}">%s</td>\n' for label in said])
    row = f'<tr>\n<th scope="row">%s</th>\n{cells}</tr>\n'
    return SafeString("".join([row % tuple(map(escaped, line)) for line in lines]))


def escaped(cell: object) -> str:
    """Return what may stand in a page: markup of ours as it is, everything else escaped."""
    if isinstance(cell, SafeString):
        return cell
    text = str(cell)
    return text if text.isalnum() else escape(text)
