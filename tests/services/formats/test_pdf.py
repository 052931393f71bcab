"""PDFs of others: a whole PDF and nothing besides, with nothing in it that acts (A126)."""

import zlib

import pytest

from services.formats import pdf
from services.formats.errors import BadFile
from tests.services.formats.pdfs import packed, plain_pdf


def test_a_plain_pdf_is_taken() -> None:
    pdf.check(plain_pdf())
    pdf.check(plain_pdf(b"/Annots [<< /Type /Annot /A << /S /URI /URI (https://www.example.org/) >> >>]"))
    pdf.check(packed(b"<< /Type /Page /Contents 4 0 R >>"))


def test_words_on_a_page_are_not_taken_for_commands() -> None:
    pdf.check(plain_pdf(stream=b"BT (A program in JavaScript: /JSON /AAA launch) Tj ET"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a PDF"),
        (b"<html>%PDF-1.7", "not a PDF"),
        (b"MZ" + plain_pdf(), "not a PDF"),
        (plain_pdf().replace(b"%PDF-1.7", b"%PDF-9.9"), "not a PDF"),
        (plain_pdf()[:-8], "not whole"),
        (plain_pdf() + b"PK\x05\x06 more behind it", "not whole"),
        (plain_pdf().replace(b"startxref\n", b"startxref\n9"), "not whole"),
        (plain_pdf(stream=b"<script>alert(1)</script>"), "something else at once"),
        (plain_pdf(stream=b"< SVG onload=alert(1)>"), "something else at once"),
        (plain_pdf(stream=b"PK\x05\x06" + b"\0" * 18), "something else at once"),
    ],
)
def test_what_is_no_whole_pdf_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        pdf.check(content)


@pytest.mark.parametrize("name", sorted(pdf.ACTS))
def test_what_acts_is_refused_by_name(name: bytes) -> None:
    for spelt in (name, b"#%02X" % name[0] + name[1:], b"".join(b"#%02x" % letter for letter in name)):
        with pytest.raises(BadFile, match="The PDF holds"):
            pdf.check(plain_pdf(b"/" + spelt + b" 9 0 R"))
        with pytest.raises(BadFile, match="The PDF holds"):
            pdf.check(packed(b"<< /" + spelt + b" (x) >>"))


@pytest.mark.parametrize("kind", [b"/Type/ObjStm", b"/Type % a comment\n /ObjStm", b"/Type /#4fbjStm", b"/Type /ObjStm" + b" " * 5000])
def test_names_do_not_hide_in_packed_objects(kind: bytes) -> None:
    with pytest.raises(BadFile, match="JavaScript"):
        pdf.check(packed(b"<< /S /JavaScript >>", kind=kind))


PROGRAM = zlib.compress(b"<< /S /JavaScript >>")
TWICE = zlib.compress(PROGRAM)
DISGUISES = {
    "a word of its dictionary that looks like its end": packed(b"", kind=b"/Type /ObjStm /X (endobj)", raw=PROGRAM),
    "a space behind the keyword": packed(b"", raw=PROGRAM, begins=b"stream \n"),
    "a carriage return alone behind it": packed(b"", raw=PROGRAM, begins=b"stream\r"),
    "no type, which some readers do not ask for": packed(b"", kind=b"", raw=PROGRAM),
    "packed twice": packed(b"", raw=TWICE, how=b"/Filter [/FlateDecode /FlateDecode]"),
    "packed twice, as said elsewhere": packed(b"", raw=TWICE, how=b"/Filter 9 0 R"),
    "a comment that says how it is packed": packed(b"", raw=TWICE, how=b"% /Filter /FlateDecode\n/Filter 9 0 R"),
    "bytes that are differences": packed(b"mixed", how=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
    "bytes of another file": packed(b"<< >>", how=b"/Filter /FlateDecode /F (other.bin)"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a126_packed_objects_do_not_hide_behind(disguise: str) -> None:
    with pytest.raises(BadFile, match=r"JavaScript|cannot be looked at"):
        pdf.check(DISGUISES[disguise])


def test_packed_objects_that_cannot_be_looked_at_are_refused() -> None:
    with pytest.raises(BadFile, match="cannot be looked at"):
        pdf.check(packed(b"", raw=b"2f4a6176615363726970743e"))


def test_a_pdf_that_grows_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.limits.SVC7_PDF_INSIDE_BYTES", 100_000)
    with pytest.raises(BadFile, match="beyond all measure"):
        pdf.check(packed(b"", raw=zlib.compress(b" " * 1_000_000)))


def test_a_pdf_is_no_larger_than_any_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.limits.SVC7_PDF_BYTES", 100)
    with pytest.raises(BadFile, match="smaller than 5 MB"):
        pdf.check(plain_pdf())
