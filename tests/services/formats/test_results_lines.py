"""Results from our CSV profile and from EDI: the same line either way, errors in words, nothing that a file can break (formats.md 4.4, 4.6)."""

import io
import itertools
import random
import tracemalloc
from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from services.exams.identifiers import make_uci
from services.formats.edi.writing import centre_file, to_bytes
from services.formats.errors import BadFile, LineError
from services.formats.results import COLUMNS, Expected, ResultLine, from_csv, from_edi, to_csv, to_record
from tests.services.formats.edi_files import HEADING, result, results_file
from tests.services.formats.test_edi_lines import mutated

HEAD = "centre,candidate,uci,surname,forenames,option,grade,indicator,endorsement,ums,ums_max"
ROW = "68001,0001,681990012058G,Jones,Siân Llŷr,3300SA,B,,,310,400"
NIA = ResultLine(
    line=2, centre="68001", candidate="0001", uci="681990012058G", surname="Jones", forenames="Siân Llŷr", option="3300SA", grade="B", ums=310, ums_max=400
)  # fmt: skip


def lines_of(*rows: str, head: str = HEAD, codec: str = "utf-8", end: str = "\r\n") -> list[ResultLine | LineError]:
    return list(from_csv(io.BytesIO(end.join([head, *rows, ""]).encode(codec))))


def error_of(row: str) -> LineError:
    (found,) = lines_of(row)
    assert isinstance(found, LineError), found
    return found


def test_the_template_is_the_first_line() -> None:
    assert b"".join(to_csv([])).decode("utf-8-sig") == HEAD + "\r\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_utf_8_is_read_with_and_without_its_mark(codec: str, end: str) -> None:
    assert lines_of(ROW, codec=codec, end=end) == [NIA]


def test_letters_of_an_older_spreadsheet_are_read() -> None:
    (found,) = lines_of(ROW.replace("ŷ", "y"), codec="cp1252")
    assert isinstance(found, ResultLine)
    assert found.forenames == "Siân Llyr"


def test_letters_that_change_within_a_file_are_named() -> None:
    content = f"{HEAD}\n{ROW}\n".encode() + ROW.replace("ŷ", "y").encode("cp1252")
    _first, second = from_csv(io.BytesIO(content))
    assert isinstance(second, LineError)
    assert "other letters" in second.what
    assert "CSV UTF-8" in second.todo


def test_columns_may_stand_in_another_order_and_be_parted_otherwise() -> None:
    head, row = (";".join(reversed(line.split(","))) for line in (HEAD, ROW))
    assert lines_of(row, head=head.upper()) == [NIA]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "must have the column “centre”"),
        (HEAD.replace(",ums_max", "").encode(), "must have the column “ums_max”"),
        (HEAD.replace("ums_max", "mark").encode(), "has the column “mark”"),
        (HEAD.replace("ums_max", "ums").encode(), "has the column “ums” twice"),
        (HEAD.encode("utf-16"), "not a CSV file"),
        (b"PK\x03\x04" + HEAD.encode(), "not a CSV file"),
        (b"a" * 3000, "not a CSV file"),
        (ROW.encode(), "which our template does not have"),
    ],
)
def test_a_file_without_our_first_line_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        list(from_csv(io.BytesIO(content)))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (ROW.replace("68001", "6801"), "“6801” does not have five figures"),
        (ROW.replace(",0001,", ",1,"), "may have dropped zeros"),
        (ROW.replace(",0001,", ",0000,"), "from 0001 on"),
        (ROW.replace("058G", "058H"), "UCI “681990012058H”: The last letter"),
        (ROW.replace("Jones", ""), "Last name is empty"),
        (ROW.replace("Jones", "J" * 81), "Last name has more than 80 characters"),
        (ROW.replace("Jones", "=cmd|' /C calc'!A0"), "would take for a formula"),
        (ROW.replace("Jones", "\uff1dJones"), "would take for a formula"),
        (ROW.replace("Jones", "J\u202eones"), "cannot be seen"),
        (ROW.replace("Jones", "J\x00ones"), "cannot be seen"),
        (ROW.replace("Jones", '"Jones'), "quotation mark"),
        (ROW.replace("Jones", "Jones,Nia"), "12 cells, and the first line has 11"),
        (ROW + " " * 2000, "more than 2000 bytes"),
        (ROW.replace("3300SA", "3300sa"), "figures and capitals"),
        (ROW.replace(",B,", ",**,"), "cannot be a grade"),
        (ROW.replace(",B,,", ",B,Z,"), "X, Q and # are"),
        (ROW.replace(",B,,", ",,,"), "neither a grade nor an indicator"),
        (ROW.replace(",B,,", ",B,X,"), "stands instead of a grade"),
        (ROW.replace("310", "401"), "401 is not within its maximum (400)"),
        (ROW.replace("400", ""), "not within its maximum (-)"),
        (ROW.replace("310", "3.5"), "not a whole number"),
        (ROW.replace("310", "٣١٠"), "not a whole number"),  # Arabic figures
    ],
)
def test_a_wrong_line_says_what_is_wrong_and_what_to_do(row: str, what: str) -> None:
    error = error_of(row)
    assert (error.line, error.todo != "") == (2, True)
    assert what in error.what


def test_errors_are_welsh_for_welsh_readers() -> None:
    error = error_of(ROW.replace("058G", "058H"))
    with translation.override("cy"):
        assert "llythyren" in error.what


def test_a_line_that_is_wrong_leaves_the_others_right() -> None:
    found = lines_of(ROW.replace("Jones", '"Jones'), "", ",,,,,,,,,,", ROW)
    assert [type(line) for line in found] == [LineError, ResultLine]
    assert [line.line for line in found] == [2, 5]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.limits.SVC5_ROWS", 2)
    with pytest.raises(BadFile, match="more than 2 rows"):
        lines_of(ROW, ROW, ROW)


@pytest.mark.parametrize(("grade", "indicator"), [("A*A*", ""), ("9-8", ""), ("b", ""), ("C", "#"), ("", "X"), ("", "Q"), ("U", "")])
def test_grade_and_indicator_stand_apart_in_both_formats(grade: str, indicator: str) -> None:
    (found,) = lines_of(ROW.replace(",B,,", f",{grade},{indicator},"))
    assert isinstance(found, ResultLine)
    assert (found.grade, found.indicator) == (grade, indicator)
    content = b"".join(to_bytes(centre_file("R", HEADING, [("68001", "YSGOL", [to_record(found)])])))
    (again,) = from_edi(io.BytesIO(content), Expected())
    assert isinstance(again, ResultLine)
    assert (again.grade, again.indicator, again.ums, again.ums_max) == (grade, indicator, 310, 400)
    assert (again.surname, again.forenames, again.uci) == ("JONES", "SIAN LLYR", "681990012058G")


def test_a_uci_that_nobody_can_check_is_taken_and_marked() -> None:
    (found,) = lines_of(ROW.replace("681990012058G", "68199Z012058G"))
    assert isinstance(found, ResultLine)
    assert found.unchecked


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (results_file(result().changed(centre="68002")), "of centre 68002"),
        (results_file(result(uci="681990012058H")), "The last letter of this UCI"),
        (results_file(result(grade="X", ums="", maximum=""), result(grade="*")), "cannot be a grade"),
    ],
)
def test_lines_of_edi_have_the_same_errors(content: bytes, what: str) -> None:
    errors = [line for line in from_edi(io.BytesIO(content), Expected()) if isinstance(line, LineError)]
    assert what in errors[0].what


def test_a_file_of_another_series_or_board_is_refused() -> None:
    (series, board) = (
        next(from_edi(io.BytesIO(results_file()), expected)) for expected in (Expected("1A26", "40"), Expected("6A26", "41"))
    )
    assert isinstance(series, LineError)
    assert isinstance(board, LineError)
    assert "of series 6A26, and these results are of 1A26" in series.what
    assert "board number 40" in board.what
    assert len(list(from_edi(io.BytesIO(results_file()), Expected("6A26", "40")))) == 2


def test_a_file_that_is_not_of_results_is_one_error() -> None:
    entries = b"".join(to_bytes(centre_file("E", HEADING, [])))
    (error,) = from_edi(io.BytesIO(entries), Expected())
    assert isinstance(error, LineError)
    assert "not a file of results" in error.what


@given(
    st.builds(
        ResultLine,
        line=st.just(2),
        centre=st.from_regex(r"\A[0-9]{5}\Z"),
        candidate=st.from_regex(r"\A[1-9][0-9]{3}\Z"),
        uci=st.builds(lambda n: make_uci(centre="68001", year=2025, candidate=f"{n:04}"), st.integers(1, 9999)),
        surname=st.from_regex(r"\A[A-ZŴa-zŷ][A-Za-zâêŵŷ’ ,\"-]{0,30}[a-z]\Z"),
        forenames=st.sampled_from(["", "Siân", 'Ann "Nan"', "Mair; Elen"]),
        option=st.from_regex(r"\A[0-9]{4}[A-Z]{2}\Z"),
        grade=st.sampled_from(["A*", "9-8", "c"]),
        ums=st.none(),
        ums_max=st.one_of(st.none(), st.integers(0, 9999)),
    )
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_as_csv_is_read_again(line: ResultLine) -> None:
    (again,) = from_csv(io.BytesIO(b"".join(to_csv([line]))))
    assert isinstance(again, ResultLine), again.what
    plain = {column.name: getattr(line, column.name) for column in COLUMNS} | {"surname": " ".join(line.surname.split())}
    assert {column.name: getattr(again, column.name) for column in COLUMNS} == plain


def test_a_name_that_looks_like_a_formula_goes_out_as_text() -> None:
    from dataclasses import replace

    assert b"'=1+1" in b"".join(to_csv([replace(NIA, surname="=1+1")]))


def test_mutations_never_crash_the_readers() -> None:
    chance = random.Random(6)  # noqa: S311  the same each time
    content = f"{HEAD}\r\n{ROW}\r\n{ROW}\r\n".encode()
    for _turn in range(1_500):
        try:
            found = list(from_csv(io.BytesIO(mutated(content, chance))))
        except BadFile as refusal:
            assert str(refusal)  # noqa: PT017  it may or may not be raised
        else:
            assert all(isinstance(line, ResultLine) or str(line) for line in found)


def test_a_large_file_is_read_in_constant_memory() -> None:
    class Pipe:
        """Gives a line at a time and keeps none."""

        def __init__(self, lines: Iterator[bytes]) -> None:
            self.lines = lines

        def readline(self, _size: int = -1, /) -> bytes:
            return next(self.lines, b"")

    lines = itertools.chain([HEAD.encode() + b"\n"], itertools.repeat(ROW.encode() + b"\n", 5_000))
    tracemalloc.start()
    count = sum(1 for _line in from_csv(Pipe(lines)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5_000
    assert peak < 200_000
