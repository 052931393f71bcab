"""Read an EDI file line by line: each is a record, or an error in words. Nothing that stands in a file can make it stop otherwise."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy as _

from services.formats.edi.layout import LAYOUTS, LONGEST_LINE
from services.formats.edi.records import Record
from services.formats.errors import LineError
from services.formats.lines import Stream, numbered

_ENDINGS: Final = ("\r\n", "\n", "\r", "")
_SEND_AGAIN: Final = _("Make the file again with your software; do not edit it by hand")


def read(stream: Stream) -> Iterator[Record | LineError]:
    """Yield the lines of a file in their order. Memory does not grow with the file, nor with a line that never ends."""
    for number, line in numbered(stream, LONGEST_LINE):
        yield (
            LineError(number, _("The line has more than %(most)s characters"), _SEND_AGAIN, {"most": LONGEST_LINE})
            if line is None
            else read_line(line, number)
        )


def read_line(line: bytes, number: int) -> Record | LineError:
    """Read one line with its end."""
    whole = line.decode("latin-1")
    ending = next(ending for ending in _ENDINGS if whole.endswith(ending))
    text = whole[: len(whole) - len(ending)]
    if not text.strip(" "):
        return LineError(number, _("The line is empty"), _("Remove the empty line"))
    if not (text.isascii() and text.isprintable()):
        sign = next(place for place, character in enumerate(text, 1) if not (character.isascii() and character.isprintable()))
        return LineError(
            number, _("Character %(place)s is an accented letter or a sign that EDI does not have"),
            _("Write names without accents, and make the file again"), {"place": sign},
        )  # fmt: skip
    fields = LAYOUTS.get(text[:2])
    if fields is None:
        return LineError(
            number, _("The line begins with “%(kind)s”, and no line of an EDI file does"), _SEND_AGAIN, {"kind": text[:2]}
        )  # fmt: skip
    longest = fields[-1].last
    if len(text.rstrip(" ")) > longest:
        return LineError(
            number, _("The line has %(count)s characters; this kind of line has %(most)s at most"), _SEND_AGAIN,
            {"count": len(text.rstrip(" ")), "most": longest},
        )  # fmt: skip
    for field in fields:
        if not field.right(text):
            said = {"first": field.first, "last": field.last, "label": field.label, "said": field.of(text)}
            wrong = (
                _("Characters %(first)s to %(last)s (%(label)s) cannot be “%(said)s”")
                if said["said"]
                else _("Characters %(first)s to %(last)s (%(label)s) are empty")
            )
            return LineError(number, wrong, _("Correct it where the file comes from, and make the file again"), said)
    return Record(text, number, ending)
