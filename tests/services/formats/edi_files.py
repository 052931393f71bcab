"""EDI files to try things with: a small one of results, and values that fit any field."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from services.formats.edi.fields import Field, Kind
from services.formats.edi.layout import LAYOUTS
from services.formats.edi.records import Record, make
from services.formats.edi.writing import Heading, centre_file, to_bytes

HEADING = Heading(board="40", series="6A26", sequence=1, made_on=date(2026, 8, 18), centre="68001")


def result(candidate: str = "0001", **values: Any) -> Record:
    """Make a line of a result."""
    said = {"uci": "681990012058G", "name": "JONES:NIA", "option": "3300SA", "grade": "B", "ums": 310, "maximum": 400} | values
    return make("R5", centre=said.pop("centre", "68001"), candidate=candidate, **said)


def results_file(*details: Record, heading: Heading = HEADING) -> bytes:
    """Make a whole file of results of one centre."""
    return b"".join(to_bytes(centre_file("R", heading, [("68001", "YSGOL GLAN Y MOR", details or (result(), result("0002")))])))


def values_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Values for every field of a kind of line, some blank where that is allowed."""
    return st.fixed_dictionaries({field.name: _value(field) for field in LAYOUTS[kind]})


def _value(field: Field) -> st.SearchStrategy[Any]:
    edge = st.characters(min_codepoint=33, max_codepoint=126)
    inner = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=max(0, field.width - 2))
    words = edge if field.width == 1 else st.builds(lambda one, between, two: one + between + two, edge, inner, edge)
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.FIGURES: st.integers(0, 10**field.width - 1),
        Kind.DAY: st.dates(date(2000, 1, 1), date(2099, 12, 31)),
        Kind.FLAG: st.just(True),
    }
    some = kinds.get(field.kind, words)
    return some if field.needed else st.one_of(st.just(""), some)
