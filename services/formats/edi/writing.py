"""Write EDI files: records to bytes, and whole files with their headers and counts. A stream in, a stream out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.formats.edi.layout import VERSION
from services.formats.edi.records import Record, make


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the first line of a file says of it. `centre` is empty in what goes to everybody."""

    board: str
    series: str
    sequence: int
    made_on: date
    centre: str = ""


def to_bytes(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield each record as it stands in a file; one that was read is the same bytes again."""
    for record in records:
        yield (record.text + record.ending).encode("ascii")


def centre_file(letter: str, heading: Heading, centres: Iterable[tuple[str, str, Iterable[Record]]]) -> Iterator[Record]:
    """Yield the records of a file of entries, amendments or results: for each centre its number, its name and its details."""
    yield _first(letter, heading)
    institutions = records = 0
    for number, name, details in centres:
        yield make(f"{letter}3", centre=number, name=name)
        count = 0
        for count, detail in enumerate(details, 1):  # noqa: B007  counted for the trailer
            yield detail
        yield make(f"{letter}7", centre=number, details=count)
        institutions, records = institutions + 1, records + count + 2
    yield make(f"{letter}9", institutions=institutions, records=records + 2)


def basedata_file(letter: str, heading: Heading, details: Iterable[Record]) -> Iterator[Record]:
    """Yield the records of a file of syllabuses, options, components or links."""
    yield _first(letter, heading)
    count = 0
    for count, detail in enumerate(details, 1):  # noqa: B007  counted for the trailer
        yield detail
    yield make(f"{letter}9", institutions=0, records=count + 2)


def _first(letter: str, heading: Heading) -> Record:
    return make(
        f"{letter}1", version=VERSION, board=heading.board, series=heading.series, centre=heading.centre, sequence=heading.sequence,
        made_on=heading.made_on,
    )  # fmt: skip
