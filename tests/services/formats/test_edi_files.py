"""Whole EDI files: what must follow what, and that counts agree (formats.md 4.4)."""

import io
import itertools
import tracemalloc
from collections.abc import Iterator

import pytest

from services.formats.edi.reading import read
from services.formats.edi.records import Record, make
from services.formats.edi.structure import checked
from services.formats.edi.writing import basedata_file, centre_file, to_bytes
from services.formats.errors import LineError
from tests.services.formats.edi_files import HEADING, result, results_file

FIRST, CENTRE, ONE, TWO, CENTRE_END, LAST = results_file().splitlines(keepends=True)


def errors(*lines: bytes) -> list[LineError]:
    return [line for line in checked(read(io.BytesIO(b"".join(lines)))) if isinstance(line, LineError)]


def test_a_file_of_results_has_no_error_and_is_written_again_byte_for_byte() -> None:
    content = results_file()
    lines = list(checked(read(io.BytesIO(content))))
    assert [line.kind for line in lines if isinstance(line, Record)] == ["R1", "R3", "R5", "R5", "R7", "R9"]
    assert b"".join(to_bytes(line for line in lines if isinstance(line, Record))) == content


def test_basedata_has_no_centres() -> None:
    links = [make("L5", option="3300SA", component="3300/01"), make("L5", option="3300SA", component="3300/02")]
    content = b"".join(to_bytes(basedata_file("L", HEADING, links)))
    assert errors(content) == []


@pytest.mark.parametrize(
    ("lines", "number", "what"),
    [
        ((), 1, "The file is empty"),
        ((FIRST, CENTRE, ONE, TWO, CENTRE_END), 6, "breaks off"),
        ((CENTRE, ONE, TWO, CENTRE_END, LAST), 1, "A line of kind R3 cannot stand here"),
        ((FIRST, ONE, TWO, CENTRE_END, LAST), 2, "A line of kind R5 cannot stand here"),
        ((FIRST, CENTRE, ONE, TWO, LAST), 5, "A line of kind R9 cannot stand here"),
        ((FIRST, CENTRE, ONE, CENTRE_END, LAST), 4, "counts 2, and there are 1"),
        ((FIRST, CENTRE, ONE, TWO, CENTRE_END, CENTRE, CENTRE_END, LAST), 7, "counts 2, and there are 0"),
        ((FIRST, CENTRE, ONE, TWO, CENTRE_END, LAST, FIRST), 7, "A line of kind R1 cannot stand here"),
        ((FIRST, CENTRE, ONE.replace(b"R5", b"E5"), TWO, CENTRE_END, LAST), 3, "Characters"),
        ((FIRST, CENTRE.replace(b"R3", b"E3"), CENTRE, ONE, TWO, CENTRE_END, LAST), 2, "began with lines of type R"),
        ((FIRST, b"S5003300\n", CENTRE, ONE, TWO, CENTRE_END, LAST), 2, "began with lines of type R"),
        ((FIRST, CENTRE, ONE, TWO.replace(b"R568001", b"R568002"), CENTRE_END, LAST), 4, "of centre 68002, in the part of centre 68001"),
        ((FIRST.replace(b"R114", b"R113"), CENTRE, ONE, TWO, CENTRE_END, LAST), 1, "version 13 of the format; we read version 14"),
        ((FIRST, CENTRE, ONE, TWO, CENTRE_END, LAST.replace(b"0006", b"0007")), 6, "counts 7, and there are 6"),
    ],
)
def test_what_does_not_belong_is_named_with_its_line(lines: tuple[bytes, ...], number: int, what: str) -> None:
    found = errors(*lines)
    assert found[0].line == number
    assert what in found[0].what
    assert found[0].todo


def test_one_mistake_is_told_once() -> None:
    assert len(errors(FIRST, CENTRE, ONE.replace(b"3300SA", b"      "), TWO, CENTRE_END, LAST)) == 1


def test_a_file_is_written_and_read_in_constant_memory() -> None:
    class Pipe(io.RawIOBase):
        """Gives what an iterator yields, a line at a time."""

        def __init__(self, chunks: Iterator[bytes]) -> None:
            self.chunks = chunks

        def readline(self, _size: int | None = -1) -> bytes:
            return next(self.chunks, b"")

    one = result()
    records = centre_file("R", HEADING, [("68001", "", itertools.repeat(one, 5_000))])
    tracemalloc.start()
    count = sum(1 for _line in checked(read(Pipe(to_bytes(records)))))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5_004
    assert peak < 200_000
