"""The lines of the lists of results, as cells for `table_rows`: a link to whom or what it is about, then what is known of it."""

from collections.abc import Iterable, Iterator
from html import escape

from django.utils.safestring import SafeString

from services.results.models import Indicator
from services.results.queries import Graded, Listed, Taken

NOTHING = "–"


def of_candidates(rows: Iterable[Listed], *, here: str) -> Iterator[tuple[object, ...]]:
    """Return candidates with their awards; `here` is the address under which each has a page."""
    for row in rows:
        yield _link(here, row.pk, row.name), row.number, row.uci or NOTHING, row.awards


def of_subjects(rows: Iterable[Taken], *, here: str) -> Iterator[tuple[object, ...]]:
    """Return subjects and units with how many candidates have which grade."""
    for row in rows:
        name = f'{_link(here, row.code, row.title)} <span class="hint">{escape(row.kind)}, {escape(row.code)}</span>'
        yield SafeString(name), row.type, row.taken, row.grades


def of_one_subject(rows: Iterable[Graded], *, here: str) -> Iterator[tuple[object, ...]]:
    """Return the candidates of a subject with grade, indicator and uniform mark, each apart."""
    signs = {sign.value: f"{sign.value} ({sign.label})" for sign in Indicator}
    for row in rows:
        grade = f"<strong>{escape(row.grade or NOTHING)}</strong>{f' {escape(row.endorsement)}' if row.endorsement else ''}"
        uniform = NOTHING if row.ums is None else f"{row.ums}/{row.ums_max}"
        yield (
            _link(here, row.pk, row.name),
            row.number,
            SafeString(grade),
            signs.get(row.indicator, NOTHING),
            uniform,
        )


def _link(here: str, key: object, name: str) -> SafeString:
    """Return a link to a page under an address of ours; `key` is an id or a code, which stand in addresses as they are."""
    return SafeString(f'<a href="{here}{key}/">{escape(name)}</a>')
