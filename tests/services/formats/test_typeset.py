"""The PDFs that the Portal makes itself: they pass its own check, say what they were given, and are the same bytes each time."""

import re
import zlib

import pytest

from services.formats import pdf
from services.formats.typeset import Document


def drawn(content: bytes) -> list[str]:
    """Return what is written on each page, in the order of the pages."""
    found = []
    for packed in re.findall(rb"FlateDecode >>\nstream\n(.*?)\nendstream", content, re.DOTALL):
        text = zlib.decompress(packed).decode()
        found.append("".join(bytes.fromhex(part).decode("cp1252") for part in re.findall(r"<([0-9a-f]*)> Tj", text)))
    return found


def document(*pages: tuple[str, ...], language: str = "cy") -> Document:
    return Document(title="Papur Ŵyn (1)", language=language, pages=pages)


def test_a_document_passes_the_check_of_files_of_others() -> None:
    content = document(("# Mathemateg", "Darganfyddwch £80 (15%) \\ > <"), ("/JavaScript /Launch",)).pdf()
    pdf.check(content)
    assert drawn(content) == ["MathemategDarganfyddwch £80 (15%) \\ > <", "/JavaScript /Launch"]
    assert content == document(("# Mathemateg", "Darganfyddwch £80 (15%) \\ > <"), ("/JavaScript /Launch",)).pdf()


def test_its_title_and_language_are_said_to_readers_aloud() -> None:
    content = document(("x",)).pdf()
    assert b"/Lang (cy)" in content
    assert "Papur Ŵyn (1)".encode("utf-16").hex().encode() in content


def test_welsh_letters_are_drawn_and_copied_as_themselves() -> None:
    content = document(("sŵn y tŷ",)).pdf()
    (text,) = (zlib.decompress(part).decode() for part in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL))
    assert drawn(content) == ["swn y ty"]
    assert re.findall(r"ActualText <([0-9a-f]+)>", text) == ["feff0175", "feff0177"]
    assert text.count("<88>") == 2


@pytest.mark.parametrize(("lines", "pages"), [(0, 1), (45, 1), (46, 2), (500, 12)])
def test_a_long_page_goes_on_and_loses_no_line(lines: int, pages: int) -> None:
    content = document(tuple(f"{number:03} " for number in range(lines))).pdf()
    assert len(drawn(content)) == pages
    assert "".join(drawn(content)) == "".join(f"{number:03}" for number in range(lines))
    assert f"/Count {pages} ".encode() in content


def test_a_long_line_is_broken_between_words_and_a_long_word_anywhere() -> None:
    content = document(("word " * 40 + "x" * 200,)).pdf()
    assert drawn(content)[0].replace(" ", "") == "word" * 40 + "x" * 200
    places = [
        int(place)
        for place in re.findall(r"(\d+) Td", zlib.decompress(re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)[0]).decode())
    ]
    assert len(places) >= 5
    assert places == sorted(set(places), reverse=True)


def test_each_object_stands_where_the_table_says() -> None:
    content = document(("a",), ("b",)).pdf()
    table = content[int(re.findall(rb"startxref\n(\d+)", content)[0]) :]
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n", table), start=1):
        assert content[int(place) :].startswith(f"{number} 0 obj".encode())
