"""Look at a PDF of somebody else before it is kept: a whole PDF and nothing besides, with nothing in it that acts (A126). Pure.

What this is: a search for what has no place in a script or a paper, over the file's own text and its packed objects. What it is not: a PDF reader.
Something that only a reader's own mistake makes dangerous is the scanner's work, and files are served to be saved, never as pages of the Portal.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import limits
from services.formats.errors import BadFile

_BEGINS: Final = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
_ENDS: Final = re.compile(rb"startxref\s{1,4}([0-9]{1,10})\s{1,4}%%EOF[\r\n ]{0,4}\Z")
_TABLE: Final = re.compile(rb"\s{0,4}(xref\b|[0-9]{1,10} [0-9]{1,5} obj\b)")
_TAIL: Final = 64
_PAGE: Final = re.compile(rb"<\s{0,4}(!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
_HEAD: Final = 2048
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"stream\r?\n")
_HOLDS_OBJECTS: Final = re.compile(rb"/(ObjStm|First)(?![A-Za-z0-9])")
"""What marks a stream of objects: its type, and where its first object begins, by which some readers go alone."""
_PLAINLY_PACKED: Final = re.compile(rb"/Filter\s{0,4}(\[\s{0,4}/FlateDecode\s{0,4}\]|/FlateDecode(?![A-Za-z0-9]))")
_OTHERWISE_PACKED: Final = re.compile(rb"/(DecodeParms|DP|F|FFilter|FDecodeParms)(?![A-Za-z0-9])")
"""What packs it once more or mixes its bytes, so that no name in it could be read here."""
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_TAIL: Final = 66_000
_UNSEEN: Final = _("The PDF holds parts that cannot be looked at. Print it to a new PDF and choose that file")
ACTS: Final[dict[bytes, Promise]] = {
    b"JavaScript": _("a program (JavaScript)"),
    b"JS": _("a program (JavaScript)"),
    b"Launch": _("a command that starts a program"),
    b"OpenAction": _("an action when it is opened"),
    b"AA": _("an action of a page or field"),
    b"EmbeddedFile": _("an attached file"),
    b"EmbeddedFiles": _("an attached file"),
    b"RichMedia": _("a film or a game"),
    b"XFA": _("a form of the kind XFA"),
    b"SubmitForm": _("a form that sends data"),
    b"ImportData": _("a form that reads data"),
    b"GoToR": _("a link to another file"),
    b"GoToE": _("a link to an attached file"),
    b"Encrypt": _("a password or restrictions"),
}
"""What a script or a paper never needs, by the PDF's own name for it. Ordinary links to pages and addresses are let pass."""
_NAMES: Final = re.compile(rb"/(" + rb"|".join(ACTS) + rb")(?![A-Za-z0-9])")


def check(content: bytes) -> None:
    """Refuse what is not a plain PDF from its first byte to its last. Raises `BadFile`."""
    if len(content) > limits.SVC7_PDF_BYTES:
        raise BadFile(_("The PDF must be smaller than 5 MB"))
    if not _BEGINS.match(content):
        raise BadFile(_("This is not a PDF. Save or print the document as PDF and choose that file"))
    end = _ENDS.search(content, max(0, len(content) - _TAIL))
    if end is None or not _TABLE.match(content, min(int(end[1]), len(content))):
        raise BadFile(_("The PDF is not whole: its end is missing or damaged. Make it again"))
    if _PAGE.search(content, 0, _HEAD) or _ZIP_END in content[-_ZIP_TAIL:]:
        raise BadFile(_("The file is a PDF and something else at once. Make it again from the document"))
    found = acting(content) or next((name for inside in _packed_objects(content) if (name := acting(inside))), None)
    if found is not None:
        raise BadFile(_("The PDF holds %(what)s. Print it to a new PDF and choose that file") % {"what": ACTS[found]})


def acting(content: bytes) -> bytes | None:
    """Return the first name of something that acts; letters written as #4A count as themselves."""
    found = _NAMES.search(_unescaped(content))
    return found[1] if found else None


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """Unpack the streams that hold objects, where names could hide; all together no more than the limits. Raises `BadFile`."""
    view, before, count, typed, left = memoryview(content), 0, 0, 0, limits.SVC7_PDF_INSIDE_BYTES
    for begin in _STREAM.finditer(content):
        dictionary, before = content[before : begin.start()].rpartition(b"endobj")[2], begin.end()
        plain = _unescaped(dictionary)
        if not _HOLDS_OBJECTS.search(plain):
            continue
        if plain.count(b"/Filter") != 1 or not _PLAINLY_PACKED.search(plain) or _OTHERWISE_PACKED.search(plain):
            raise BadFile(_UNSEEN)
        try:
            inside = zlib.decompressobj().decompress(view[begin.end() :], left)
        except zlib.error:
            raise BadFile(_UNSEEN) from None
        left, count, typed = left - len(inside), count + 1, typed + plain.count(b"/ObjStm")
        if left <= 0 or count > limits.SVC7_PDF_PACKED:
            raise BadFile(_("The PDF grows beyond all measure when it is unpacked. Print it to a new PDF and choose that file"))
        yield inside
    # One that does not begin as all do, or hides what it is, was not among them.
    if _unescaped(content).count(b"/ObjStm") > typed:
        raise BadFile(_UNSEEN)


def _unescaped(content: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content
