"""What must follow what in an EDI file: header, centres with their details and counts, trailer (formats.md 4.4). Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.formats.edi.layout import CENTRE_FILES, VERSION
from services.formats.edi.records import Record
from services.formats.errors import LineError

_WHOLE: Final = _("Take the whole file as it was made, or make it again")
_FOLLOWS: Final = {"": "1", "1": "39", "3": "57", "5": "57", "7": "39", "9": ""}
_FOLLOWS_IN_BASEDATA: Final = {"": "1", "1": "59", "5": "59", "9": ""}


@dataclass(slots=True)
class _Place:
    """Where in a file one is, and what was counted so far."""

    letter: str = ""
    last: str = ""
    line: int = 0
    centre: str = ""
    details: int = 0
    institutions: int = 0
    records: int = 0
    broken: bool = False


def checked(lines: Iterable[Record | LineError]) -> Iterator[Record | LineError]:
    """Yield the lines of a file, with an error in place of each that does not belong where it stands, and one more if the file breaks off."""
    place = _Place()
    for line in lines:
        place.line = line.line
        if isinstance(line, LineError):
            place.broken = True
            yield line
            continue
        error = _wrong(place, line)
        place.broken = place.broken or error is not None
        _go_on(place, line)
        yield error or line
    if place.last != "9":
        wrong = _("The file is empty") if not place.line else _("The file breaks off: its last line is missing")
        yield LineError(place.line + 1, wrong, _WHOLE)


def _wrong(place: _Place, record: Record) -> LineError | None:
    """Say what is wrong with a record at its place."""
    letter, number = record.kind[0], record.kind[1]
    follows = _FOLLOWS if letter in CENTRE_FILES else _FOLLOWS_IN_BASEDATA
    if place.letter and letter != place.letter:
        return _error(
            record, _("The file began with lines of type %(type)s, and this is one of type %(other)s"), type=place.letter, other=letter
        )
    if number not in follows[place.last]:
        return _error(record, _("A line of kind %(kind)s cannot stand here"), kind=record.kind)
    if number == "1" and record["version"] != VERSION:
        return _error(
            record, _("The file has version %(said)s of the format; we read version %(ours)s"), said=record["version"], ours=VERSION
        )
    if number in "57" and place.centre and record["centre"] != place.centre:
        return _error(
            record, _("The line is of centre %(said)s, in the part of centre %(centre)s"), said=record["centre"], centre=place.centre
        )
    return None if place.broken else _wrong_count(place, record)


def _wrong_count(place: _Place, record: Record) -> LineError | None:
    """Hold the counts of a trailer against what was read; after another error they would only say so again."""
    counted = {"7": {"details": place.details}, "9": {"institutions": place.institutions, "records": place.records + 1}}
    for name, count in counted.get(record.kind[1], {}).items():
        if record.number(name) != count:
            return _error(record, _("The line counts %(said)s, and there are %(count)s"), said=record.number(name), count=count)
    return None


def _go_on(place: _Place, record: Record) -> None:
    place.records += 1
    place.letter = place.letter or record.kind[0]
    if record.kind[0] != place.letter:
        return
    place.last = record.kind[1]
    if place.last == "3":
        place.centre, place.details, place.institutions = record["centre"], 0, place.institutions + 1
    elif place.last == "5":
        place.details += 1
    elif place.last == "7":
        place.centre = ""


def _error(record: Record, wrong: Promise, **said: object) -> LineError:
    return LineError(record.line, wrong, _WHOLE, said)
