"""The lines of a table: everything is escaped but markup of ours, and each cell says its column."""

import pytest
from django.utils.safestring import mark_safe

from portal.web.table_rows import table_rows


def test_cells_and_labels_are_escaped_and_markup_of_ours_is_not() -> None:
    drawn = table_rows([("<b>Mali</b>", 7, mark_safe("<strong>A*</strong>"))], "No.", 'Gr"ade')
    assert drawn == (
        '<tr>\n<th scope="row">&lt;b&gt;Mali&lt;/b&gt;</th>\n<td data-label="No.">7</td>\n'
        '<td data-label="Gr&quot;ade"><strong>A*</strong></td>\n</tr>\n'
    )


def test_a_line_has_as_many_cells_as_the_table() -> None:
    assert table_rows([]) == ""
    for cells in (("Mali", 1, 2), ("Mali",)):
        with pytest.raises(TypeError, match="arguments"):
            table_rows([cells], "one")
    assert 'data-label="100 %s">1</td>' in table_rows([("Mali", 1)], "100 %s")
