"""Open a file of results, whatever it is: CSV, EDI, or a zip file of these, as one stream of lines with the names of their files."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from services.exams.models import Series, SeriesLevel
from services.formats.edi.names import read_name
from services.formats.errors import BadFile, LineError
from services.formats.lines import Stream
from services.formats.results import Expected, ResultLine, from_csv, from_edi
from services.formats.unpack import entries

Found = tuple[str, ResultLine | LineError]
_ZIP = b"PK\x03\x04"


def expected_of(series: Series, level: str) -> Expected:
    """Return what an EDI file of this series and level must say of itself, as far as the board has told us."""
    found = SeriesLevel.objects.filter(series=series, level=level).first()
    if found is None:
        return Expected()
    return Expected(f"{found.edi_code}{series.year % 100:02}" if found.edi_code else "", found.board_number)


def lines_of(path: Path, name: str, expected: Expected) -> Iterator[Found]:
    """Yield the lines of a file and the name of the file they stand in. Raises `BadFile` when one cannot be used as a whole."""
    with path.open("rb") as stream:
        packed = stream.read(len(_ZIP)) == _ZIP
        stream.seek(0)
        yield from _packed(stream, expected) if packed else _plain(stream, name, expected)


def _packed(stream: BinaryIO, expected: Expected) -> Iterator[Found]:
    for entry in entries(stream):
        yield from _plain(entry, PurePosixPath(entry.name).name, expected)


def _plain(stream: Stream, name: str, expected: Expected) -> Iterator[Found]:
    if name.casefold().endswith(".csv"):
        lines = from_csv(stream)
    elif read_name(name).contents == "R":
        lines = from_edi(stream, expected)
    else:
        raise BadFile(_("“%(name)s” is an EDI file of something else: files of results begin with R") % {"name": name[:80]})
    for line in lines:
        yield name, line
