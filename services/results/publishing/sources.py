"""Read a file of results, whatever it is: CSV, EDI, or a zip file of these, as one stream of lines with the names of their files."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from services.exams.models import Series, SeriesLevel
from services.formats.edi.names import read_name
from services.formats.errors import BadFile, LineError
from services.formats.lines import Stream
from services.formats.results import Expected, ResultLine, from_csv, from_edi
from services.publishing.sources import files_in

Found = tuple[str, ResultLine | LineError]


def expected_of(series: Series, level: str) -> Expected:
    """Return what an EDI file of this series and level must say of itself, as far as the board has told us."""
    found = SeriesLevel.objects.filter(series=series, level=level).first()
    if found is None:
        return Expected()
    return Expected(f"{found.edi_code}{series.year % 100:02}" if found.edi_code else "", found.board_number)


def lines_of(path: Path, name: str, expected: Expected) -> Iterator[Found]:
    """Yield the lines of a file and the name of the file they stand in. Raises `BadFile` when one cannot be used as a whole."""
    for inner, stream in files_in(path, name):
        for line in _results(stream, inner, expected):
            yield inner, line


def _results(stream: Stream, name: str, expected: Expected) -> Iterator[ResultLine | LineError]:
    if name.casefold().endswith(".csv"):
        return from_csv(stream)
    if read_name(name).contents == "R":
        return from_edi(stream, expected)
    raise BadFile(_("“%(name)s” is an EDI file of something else: files of results begin with R") % {"name": name[:80]})
