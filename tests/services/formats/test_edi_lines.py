"""Lines of EDI files: what is written is read again, and nothing that stands in a line breaks the reader."""

import io
import random
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from services.formats.edi.fields import day_of, name_of
from services.formats.edi.layout import LAYOUTS, LONGEST_LINE
from services.formats.edi.reading import read, read_line
from services.formats.edi.records import Record, make
from services.formats.edi.structure import checked
from services.formats.edi.writing import to_bytes
from services.formats.errors import LineError
from tests.services.formats.edi_files import result, results_file, values_of


@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_fields_of_a_layout_follow_each_other_without_overlap(kind: str) -> None:
    last = 2
    for field in LAYOUTS[kind]:
        assert last < field.first <= field.last < LONGEST_LINE
        last = field.last


def test_basedata_stands_where_the_working_program_reads_it() -> None:
    """Spot checks of the published positions; a slip in the table would go unseen in a round trip."""
    option = read_line(b"O53300SA003300GCSEFC C" + b" " * 20 + b"MATHEMATICS".ljust(36) + b" " * 31 + b"040002\r\n", 7)
    assert isinstance(option, Record)
    assert (option["option"], option["syllabus"], option["qualification"], option["level"]) == ("3300SA", "003300", "GCSE", "FC")
    assert (option["item"], option["title"], option.number("maximum"), option.number("components")) == ("C", "MATHEMATICS", 400, 2)
    component = read_line(b"C53300/01     MATHEMATICS UNIT 1".ljust(50) + b" 080GCSE110626Y120626A105", 1)
    assert isinstance(component, Record)
    assert (component["component"], component.number("maximum"), component["session"]) == ("3300/01", 80, "A")
    assert (component.day("due"), component.day("sat_on"), component.number("minutes")) == (date(2026, 6, 11), date(2026, 6, 12), 105)
    assert make("E5", centre="68001", candidate="0042", name="JONES:NIA", uci="681990012058G", count=0).text[59:72] == "681990012058G"


@pytest.mark.parametrize("kind", LAYOUTS)
def test_what_is_written_is_read_again_byte_for_byte(kind: str) -> None:
    @given(values_of(kind), st.sampled_from(["\r\n", "\n", ""]), st.booleans())
    @settings(max_examples=15, deadline=None)
    def _round_trip(values: dict[str, Any], ending: str, stripped: bool) -> None:
        line = make(kind, **values)
        text = line.text.rstrip(" ") if stripped else line.text
        (content,) = to_bytes([Record(text, 0, ending)])
        again = read_line(content, 5)
        assert isinstance(again, Record), str(again)
        assert list(to_bytes([again])) == [content]
        for field in LAYOUTS[kind]:
            assert again[field.name] == field.filled(values[field.name]).strip(" ")

    _round_trip()


def test_a_changed_field_leaves_the_others_alone() -> None:
    line = result()
    assert line.changed(grade="A*").changed(grade="B").text == line.text
    assert line.changed(grade="A*")["grade"] == "A*"


def test_codes_that_stand_one_behind_the_other() -> None:
    entry = make("E5", centre="68001", candidate="0042", name="JONES:NIA", count=2, options="3300SA3310GU")
    assert entry.codes("options", 6) == ["3300SA", "3310GU"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("grade", "A*A*A"), ("ums", 10_000), ("ums", -1), ("ums", "12a"), ("name", "Siân"), ("name", "A\nB"), ("name", " A"), ("option", "")],
)
def test_a_value_without_a_place_is_not_written(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"(no place in {name}|{name} is missing)"):
        result(**{name: value})


@pytest.mark.parametrize(
    ("line", "what", "todo"),
    [
        (b"\r\n", "The line is empty", "Remove"),
        (b"   \n", "The line is empty", "Remove"),
        (b"X5680010001\r\n", "begins with “X5”", "Make the file again"),
        (b"R2680010001\r\n", "begins with “R2”", "Make the file again"),
        (result().text.replace("JONES", "J\u00d4NES").encode("latin-1"), "Character 26 is an accented", "without accents"),
        (result().text.replace("JONES", "J\tNES").encode(), "Character 26", "without accents"),
        (result().text.encode() + b" X", "has 105 characters; this kind of line has 103", "Make the file again"),
        (result().text.replace("68001", "6800A").encode(), "Characters 3 to 7 (Centre number) cannot be “6800A”", "Correct it"),
        (result().text.replace("3300SA", "      ").encode(), "Characters 65 to 70 (Option code) are empty", "Correct it"),
        (b"C53300/01".ljust(58) + b"310226", "Characters 59 to 64 (Due date) cannot be “310226”", "Correct it"),
    ],
)
def test_a_wrong_line_says_what_is_wrong_and_what_to_do(line: bytes, what: str, todo: str) -> None:
    error = read_line(line, 12)
    assert isinstance(error, LineError)
    assert error.line == 12
    assert what in error.what
    assert todo in error.todo


def test_errors_are_put_into_words_in_the_language_of_whoever_reads_them() -> None:
    error = read_line(result().text.replace("68001", "6800A").encode(), 1)
    with translation.override("cy"):
        assert "Rhif canolfan" in str(error)
    assert "Centre number" in str(error)


def test_a_line_that_never_ends_is_one_error_and_the_next_line_is_read() -> None:
    lines = list(read(io.BytesIO(b"R" * 100_000 + b"\r\n" + result().text.encode())))
    assert isinstance(lines[0], LineError)
    assert "more than 512 characters" in lines[0].what
    assert isinstance(lines[1], Record)
    assert lines[1].line == 2


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Change, take out, double or put in a byte or three."""
    some = bytearray(content)
    for _turn in range(chance.randint(1, 3)):
        place = chance.randrange(len(some) + 1)
        put = bytes(chance.randrange(256) for _byte in range(chance.randint(0, 2)))
        some[place : place + chance.randint(0, 2)] = put
    return bytes(some)


def test_ten_thousand_mutations_never_crash_the_reader() -> None:
    chance = random.Random(6)  # noqa: S311  the same each time
    content = results_file(result())
    lines = content.splitlines(keepends=True)
    for _turn in range(10_000):
        line = read_line(mutated(chance.choice(lines), chance), 1)
        assert isinstance(line, Record) or str(line)
    for _turn in range(300):
        spoilt = mutated(content, chance)
        found = list(checked(read(io.BytesIO(spoilt))))
        if not any(isinstance(line, LineError) for line in found):
            assert b"".join(to_bytes(line for line in found if isinstance(line, Record))) == spoilt


@pytest.mark.services
def test_a_hundred_thousand_more_mutations_never_crash_the_reader() -> None:
    chance = random.SystemRandom()
    content = results_file(result(), result("0002", partly_absent=True, grade_2="#"))
    for _turn in range(100_000 // 6):
        assert all(isinstance(line, Record) or str(line) for line in checked(read(io.BytesIO(mutated(content, chance)))))


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    assert all(isinstance(line, Record) or str(line) for line in checked(read(io.BytesIO(content))))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (("Ddafydd", "Llŷr Siôn"), "DDAFYDD:LLYR SION"),
        (("O’Neill-Ŵyn", ""), "O'NEILL-WYN:"),
        (("Jones", "x" * 60), "JONES:" + "X" * 34),
        (("A:B", "C 3"), "A B:C"),
    ],
)
def test_names_are_written_as_the_boards_do(said: tuple[str, str], written: str) -> None:
    assert name_of(*said) == written


@pytest.mark.parametrize("text", ["", "310226", "1106", "11062６", "ab0626", "110626 "])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_of(text) is None
