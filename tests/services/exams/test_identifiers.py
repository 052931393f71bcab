"""UCI and ULN: the published vectors, and what a check letter can and cannot catch (formats.md 4.2, 4.3)."""

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from services.exams.identifiers import BadUci, BadUln, Uci, check_letter, make_uci, read_uci, read_uln

VECTORS = {
    "681990012058": "G",
    "689990980001": "D",
    "681230250001": "F",
    "681230250002": "M",
    "684560241234": "X",
    "68123E250001": "L",
}
FIRST = st.from_regex(r"[0-9]{5}[0-9A-P][0-9]{6}", fullmatch=True)
COUNTS = {character: value for value, character in enumerate("0123456789")} | {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOP", 1)}


@pytest.mark.parametrize(("first", "letter"), VECTORS.items())
def test_published_ucis_have_the_published_letter(first: str, letter: str) -> None:
    assert check_letter(first) == letter
    assert read_uci(first + letter) == Uci(first + letter)


@pytest.mark.parametrize(("first", "letter"), VECTORS.items())
def test_twelve_characters_are_completed(first: str, letter: str) -> None:
    assert read_uci(first) == Uci(first + letter, completed=True)


def test_the_placeholder_of_another_board_is_no_vector() -> None:
    assert check_letter("999990140001") == "B"
    with pytest.raises(BadUci):
        read_uci("999990140001X")


@pytest.mark.parametrize("typed", ["68199 0 01 2058 g", "68199-001-2058G", " 681990012058G\t", "68199001/2058G"])
def test_a_uci_is_read_as_people_type_it(typed: str) -> None:
    assert str(read_uci(typed)) == "681990012058G"


@pytest.mark.parametrize("mark", "QRSTUVWXYZ")
def test_a_mark_of_which_nobody_knows_what_it_counts_is_taken_and_told(mark: str) -> None:
    assert read_uci(f"68199{mark}012058G").unchecked
    with pytest.raises(BadUci, match="all 13"):
        read_uci(f"68199{mark}012058")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a UCI"),
        ("   ", "Enter a UCI"),
        ("68199001205", "has 11"),
        ("681990012058GG", "has 14"),
        ("68199001205OG", "12 figures and a letter"),
        ("6819900120583", "12 figures and a letter"),
        ("681990012058I", "12 figures and a letter"),
        ("６８１９９００１２０５８G", "12 figures and a letter"),  # full-width figures
        ("681990012058H", "does not belong"),
    ],
)
def test_a_wrong_uci_is_refused_kindly(typed: str, said: str) -> None:
    with pytest.raises(BadUci, match=said):
        read_uci(typed)


def test_the_words_are_welsh_for_welsh_readers() -> None:
    with translation.override("cy"), pytest.raises(BadUci, match="llythyren"):
        read_uci("681990012058H")


def test_a_uci_tells_who_issued_it_and_when() -> None:
    uci = read_uci("689990980001D")
    assert (uci.centre, uci.year) == ("68999", "98")


def test_a_centre_makes_ucis_that_can_be_read() -> None:
    assert make_uci(centre="68123", year=2025, candidate="0001") == "681230250001F"
    with pytest.raises(ValueError, match="no UCI"):
        make_uci(centre="6812", year=2025, candidate="0001")


@given(FIRST, st.integers(0, 11), st.sampled_from("0123456789ABCDEFGHIJKLMNOP"))
@settings(max_examples=100, deadline=None)
def test_every_wrong_character_that_counts_otherwise_is_caught(first: str, place: int, other: str) -> None:
    """17 is prime and no two characters of one place differ by 17 or more: all such errors change the letter."""
    if place != 5 and not other.isdigit():
        other = str(COUNTS[other] % 10)
    wrong = first[:place] + other + first[place + 1 :]
    same = COUNTS[other] == COUNTS[first[place]]
    assert (check_letter(wrong) == check_letter(first)) is same


@given(FIRST, st.integers(0, 10))
@settings(max_examples=100, deadline=None)
def test_two_neighbours_that_changed_places_are_caught(first: str, place: int) -> None:
    one, two = first[place], first[place + 1]
    swapped = first[:place] + two + one + first[place + 2 :]
    assert (check_letter(swapped) == check_letter(first)) is (COUNTS[one] == COUNTS[two])


@given(st.text(max_size=16))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_readers(text: str) -> None:
    for read, refusal in ((read_uci, BadUci), (read_uln, BadUln)):
        try:
            read(text)
        except refusal as kind:
            assert str(kind)  # noqa: PT017  it may or may not be raised


@pytest.mark.parametrize("uln", ["1000000043", "1000000000", "1234567899", "1987654322", "8000000015", " 1000 000 043 "])
def test_published_ulns_are_right(uln: str) -> None:
    assert read_uln(uln) == uln.replace(" ", "")


@pytest.mark.parametrize("uln", ["1000000063", "100000004", "", "1000000044", "10000000430", "100000004X", "１000000043"])
def test_wrong_ulns_are_refused(uln: str) -> None:
    with pytest.raises(BadUln):
        read_uln(uln)


def test_the_uln_of_somebody_unknown_is_told_apart() -> None:
    with pytest.raises(BadUln, match="not known"):
        read_uln("9999999999")
