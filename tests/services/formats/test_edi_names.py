"""Names of EDI files (formats.md 4.4)."""

import pytest

from services.formats.edi.names import BOARDS, CONTENTS, FileName, read_name
from services.formats.errors import BadFile


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("R6800140.X01", FileName("R", "68001", "40", 1)),
        ("e6899941.x12", FileName("E", "68999", "41", 12)),
        ("S6A16_70.X01", FileName("S", "6A16", "70", 1)),
        ("lbg25_40.x03", FileName("L", "BG25", "40", 3)),
        ("Z1A26_41.X99", FileName("Z", "1A26", "41", 99)),
    ],
)
def test_a_name_says_what_is_in_the_file(text: str, name: FileName) -> None:
    assert read_name(text) == name
    assert str(name) == text.upper()
    assert name.contents in CONTENTS
    assert name.board in BOARDS


@pytest.mark.parametrize(
    "text",
    ["", "results.csv", "R680014O.X01", "R6800140.X1", "R6800140.X01.exe", "../R6800140.X01", "R6800140.X01\n", "SDA16_70.X01", "R٦٨٠٠١٤٠.X01", "Q6800140.X01"],
)  # fmt: skip
def test_other_names_are_refused_kindly(text: str) -> None:
    with pytest.raises(BadFile, match="do not rename"):
        read_name(text)


def test_sequence_numbers_go_by_their_last_two_figures() -> None:
    assert str(FileName("R", "68001", "40", 101)) == "R6800140.X01"
