"""Write a plain PDF: pages of lines in one of the fonts that every reader has. Pure; the Portal's own files are made here, nobody else's.

The same document is the same bytes: no date and no id stand in it.
"""

import re
import textwrap
import zlib
from dataclasses import dataclass
from typing import Final

_ROOFED: Final = {"Ŵ": ("W", (944, 944)), "ŵ": ("w", (722, 778)), "Ŷ": ("Y", (667, 667)), "ŷ": ("y", (500, 556))}
"""The letters that Windows-1252 lacks, and readers' own fonts as well: each is its letter with a circumflex drawn above it. The widths are
those of Helvetica and of its bold, in thousandths of the size; the circumflex has 333 in both."""
_ROOF: Final = 333
_APART: Final = re.compile("([ŴŵŶŷ])")
_FONT: Final = "<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
_HEADING: Final = "# "
_SIZES: Final = {True: ("B", 16, 30), False: ("R", 11, 16)}
"""Font, size and distance to the line before, in points, of a heading and of a line."""
_LEFT, _TOP, _BOTTOM = 56, 786, 56
_WIDTH: Final = 86
"""Characters in a line, so that none runs off a page of A4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A title, the language it is in ("en" or "cy"), and pages of lines; a line that begins with "# " is a heading."""

    title: str
    language: str
    pages: tuple[tuple[str, ...], ...]

    def pdf(self) -> bytes:
        """Return it as a PDF 1.7. A page that is too long goes on on the next."""
        sheets = [sheet for page in self.pages for sheet in _sheets(page)]
        first = 6
        kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(sheets)))
        objects = [
            f"<< /Type /Catalog /Pages 2 0 R /Lang ({self.language}) /ViewerPreferences << /DisplayDocTitle true >> >>".encode(),
            f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} /MediaBox [0 0 595 842] "
            "/Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>".encode(),
            _FONT.format(name="Helvetica").encode(),
            _FONT.format(name="Helvetica-Bold").encode(),
            f"<< /Title <{self.title.encode('utf-16').hex()}> >>".encode(),
        ]
        for number, sheet in enumerate(sheets):
            packed = zlib.compress(sheet, 9)
            objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * number + 1} 0 R >>".encode())
            objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream")
        return _whole(objects)


def _sheets(page: tuple[str, ...]) -> list[bytes]:
    """Set the lines of a page; returns what is drawn on each sheet of paper."""
    made, drawn, height = [], list[bytes](), _TOP
    for line in page or ("",):
        heading = line.startswith(_HEADING)
        font, size, distance = _SIZES[heading]
        for part in textwrap.wrap(line.removeprefix(_HEADING), _WIDTH * 11 // size, break_on_hyphens=False) or [""]:
            if height - distance < _BOTTOM:
                made.append(b"\n".join(drawn))
                drawn, height = [], _TOP
            height -= distance
            drawn.append(f"BT /{font} {size} Tf {_LEFT} {height} Td {_shown(part, size, bold=heading)} ET".encode())
    return [*made, b"\n".join(drawn)]


def _shown(text: str, size: int, *, bold: bool) -> str:
    """Return what draws a line; what is copied out of the page is the letter itself."""
    parts = []
    for part in _APART.split(text):
        if part not in _ROOFED:
            parts.append(f"<{part.encode('cp1252', 'replace').hex()}> Tj")
            continue
        letter, widths = _ROOFED[part]
        width, rise = widths[bold], size / 5 if letter.isupper() else 0
        back, on = (width + _ROOF) / 2, (_ROOF - width) / 2
        said = f"feff{part.encode('utf-16-be').hex()}"
        parts.append(f"/Span << /ActualText <{said}> >> BDC <{letter.encode().hex()}> Tj {rise:.1f} Ts [{back} <88> {on}] TJ 0 Ts EMC")
    return " ".join(parts)


def _whole(objects: list[bytes]) -> bytes:
    """Put numbered objects together, with the table that says where each begins."""
    content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(content)}\n%%EOF\n".encode()
    return content + f"xref\n0 {size}\n0000000000 65535 f \n".encode() + table + trailer
