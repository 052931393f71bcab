"""Which passwords are refused (P1, P3, A143, A158)."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.passwords.blocklist import common_passwords, context_words
from accounts.passwords.reading import plain, readings
from accounts.passwords.rules import BadPassword, check_new_password, rules_in_words
from accounts.passwords.strength import LONGEST_RAW
from portal import limits

COMMON = "Do not use a very common password"
OWN = "Do not include your name or email in your password"
CENTRE = "Do not use your centre’s name or number as your password"
PATTERN = "Do not use repeated characters or keys in a row"
NUMERIC = "This password is entirely numeric"
SHORT = "Your password must be at least 10 characters long"
LONG = "Your password must be 128 characters or fewer"
KNOWN_WORDS = [*context_words(), "password", "dragon"]
PHRASE_WORDS = ["lantern", "quilt", "velvet", "compass", "meadow", "trumpet", "pebble", "orchard", "ysgubor", "cerbyd", "gobennydd", "drws"]


def refusal(password: str, own: tuple[str, ...] = (), centre: tuple[str, ...] = ()) -> str:
    """Return the words a password is refused with, or nothing."""
    try:
        check_new_password(password, own_words=own, centre_words=centre)
    except BadPassword as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kettle on9", ""),
        ("kettle 9x", SHORT),
        ("ŵ" * 4 + "kx tr", SHORT),
        ("w\u0302kx trw\u0302 p", SHORT),  # eleven code points typed, nine in their one form
        ("lantern of the quilt " * 6 + "go", ""),
        ("lantern of the quilt " * 6 + "gox", LONG),
        ("\ufb03 quilt pe", ""),  # one code point typed, three letters in NFKC
    ],
)
def test_p1_lengths_are_code_points_after_nfkc(password: str, said: str) -> None:
    assert refusal(password) == said


@given(st.text(max_size=200))
def test_p1_what_is_refused_unread_could_never_have_been_short_enough(text: str) -> None:
    """NFKC puts at most four code points into one."""
    assert 4 * len(unicodedata.normalize("NFKC", text)) >= len(text)


@given(st.text(max_size=600))
def test_p1_nothing_outside_the_lengths_is_ever_taken_and_nothing_breaks(text: str) -> None:
    said = refusal(text)
    length = len(unicodedata.normalize("NFKC", text))
    assert (said == SHORT) == (length < limits.P1_PASSWORD_SHORTEST)
    assert (said == LONG) == (length > limits.P1_PASSWORD_LONGEST)


@given(st.text(min_size=8, max_size=40))
def test_a158_composed_and_decomposed_are_judged_alike(text: str) -> None:
    assert refusal(unicodedata.normalize("NFC", text)) == refusal(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("character", ["a", "\ufdfa", "\u0301", " "])
def test_a143_a_password_of_a_million_characters_is_refused_unread(character: str) -> None:
    common_passwords()
    start = time.perf_counter()
    assert refusal(character * 1_000_000) == LONG
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize(
    "text",
    ["\ufdfa" * LONGEST_RAW, "a" + "\u0301\u0323" * 200, "wjec" * 32, "1w!jec3a@" * 14, "mai haf sul " * 10, "111annli" * 16, "\ufdfa" * 7],
)
def test_a143_no_password_of_allowed_length_is_slow_to_judge(text: str) -> None:
    common_passwords()
    start = time.perf_counter()
    refusal(text, own=("Ann", "Li"), centre=("Ysgol Glan y Mor", "68001"))
    assert time.perf_counter() - start < 0.05


def test_p3_the_list_holds_twenty_thousand_and_is_read_once() -> None:
    assert len(common_passwords()) >= limits.P3_BLOCKLIST_SMALLEST
    assert common_passwords() is common_passwords()


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t", "qwertyuiop", "Password1234!", "P@ssw0rd1234", "pr1nc355123", "!!Pa$$word!!", "Croeso12345", "Cr03s0 2026", "CROESO!!!!!",
        "pass word 1234 5", "2026dragon2026", "Caernarfon1!", "Cymru/2026/!", "CroesoCymru2026", "1Cariad1234", "P.a.s.s.w.o.r.d",
    ],
)  # fmt: skip
def test_p3_common_passwords_in_both_languages_however_dressed(password: str) -> None:
    assert refusal(password) == COMMON


@pytest.mark.parametrize(
    "password",
    [
        "summer2026", "Summer-2026!", "haf2026haf!", "Gaeaf2026!!", "gwanwyn2026", "HYDREF 2026", "2026hydref", "March2026!!", "Medi2026!!!",
        "mehefin2027", "Monday2026!", "Dydd Llun 2026", "dydd gwener 26", "wjec123456789", "CBAC20262027", "Eduqas2026", "Portal2026!!",
        "Porth123456", "PortalWjec26",
    ],
)  # fmt: skip
def test_p3_board_service_season_month_and_day_with_a_year(password: str) -> None:
    assert refusal(password) == COMMON


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa", "ŵŵŵŵŵŵŵŵŵŵ", "          ", "abcdefghijkl", "lkjihgfedcba", "abababababab", "xk7xk7xk7xk7", "qqwweerrttyy", "tgbtgbtgbtgb",
        "asdfghjkl;;;", "zxcvbnmmnbvcxz", "lantern lantern", "hijklm2026!", "haha haha haha",
    ],
)  # fmt: skip
def test_p3_sequences_and_repetitions(password: str) -> None:
    assert refusal(password) in {PATTERN, COMMON}


@given(st.characters(), st.integers(10, 128))
def test_p3_one_character_over_and_over_is_never_taken(character: str, count: int) -> None:
    assert refusal(character * count)


@given(st.sampled_from(sorted(context_words())), st.text("0123456789!?.-_ ", min_size=7, max_size=40), st.booleans())
def test_p3_no_word_of_ours_is_taken_with_figures_and_signs_alone(word: str, tail: str, capital: bool) -> None:
    written = word.title() if capital else word
    for password in (written + tail, tail + written):
        said = refusal(password)
        assert said or len(unicodedata.normalize("NFKC", password)) < limits.P1_PASSWORD_SHORTEST


@given(
    st.lists(st.sampled_from(PHRASE_WORDS), min_size=3, max_size=9, unique=True),
    st.sampled_from(KNOWN_WORDS),
    st.sampled_from([" ", "-", ""]),
)
def test_p3_a_phrase_that_merely_holds_such_a_word_is_taken(words: list[str], known: str, between: str) -> None:
    assert refusal(between.join([*words, known])) == ""


@pytest.mark.parametrize("password", ["1234567891", "07700 900123", "01/02/1990", "20-26 20-27 20-28", "４４８１２２３９７５"])
def test_sign3_numbers_alone(password: str) -> None:
    assert refusal(password) == NUMERIC


@pytest.mark.parametrize(
    ("own", "password"),
    [
        (("Lowri", "Price", "l.price"), "lowri and the owl"),
        (("Lowri", "Price", "l.price"), "the L0WR1 quilt"),
        (("Siân", "Tudur", "s.tudur"), "velvet SIAN compass"),
        (("Sian", "Tudur", "s.tudur"), "velvet Siân compass"),
        (("Mary-Jane", "van Dam", "mjvd"), "quilt of jane 77"),
        (("Mary-Jane", "van Dam", "mjvd"), "the VanDam quilt"),
        (("Ann", "Li", "nightowl77"), "a nightowl quilt"),
        (("Ann", "Li", "ann.li"), "Ann-Li 20271"),
        (("Ann", "Li", "ann.li"), "Li!!!!!!!!2027"),
        (("Ann", "Li", "ann.li"), "Annportal2027"),
    ],
)
def test_p3_own_name_and_mailbox(own: tuple[str, ...], password: str) -> None:
    assert refusal(password) == ""
    assert refusal(password, own=own) == OWN


@pytest.mark.parametrize(
    "password", ["anniversary quilt 7", "limousine over the river", "granny plans annually", "the lily and the lantern"]
)
def test_p3_short_names_raise_no_false_alarm(password: str) -> None:
    assert refusal(password, own=("Ann", "Li", "ann.li", "")) == ""
    assert refusal(password, own=("A", "O", "a", "é")) == ""


@pytest.mark.parametrize(
    "password",
    ["YsgolGlanyMor1", "ysgol glan y mor!!", "Glan-Mor-2026", "GlanPassword1", "ygym2026!!!!", "my68001place", "quilt 68-001 kd"],
)
def test_p3_centre_names_and_numbers(password: str) -> None:
    assert refusal(password, centre=("Ysgol Glan y Môr", "68001")) == CENTRE


@pytest.mark.parametrize("password", ["the quilt at Glan y Mor is cold", "ysgol of velvet compass"])
def test_p3_a_phrase_may_hold_the_name_of_the_centre(password: str) -> None:
    assert refusal(password, centre=("Ysgol Glan y Môr", "68001")) == ""


@pytest.mark.parametrize("password", ["}/105%);x1,.{}=_", "'9z;=&__;4", "Ca#20271999!"])
def test_p3_a_letter_or_two_among_figures_and_signs_are_no_word(password: str) -> None:
    assert refusal(password, own=("A", "O"), centre=("Coleg Abertawe", "68003")) == ""


def test_p3_empty_names_refuse_nothing() -> None:
    assert refusal("velvet compass 31", own=("", " ", "-"), centre=("", " ", "-")) == ""


def test_every_sentence_for_typing_says_a_rule() -> None:
    assert rules_in_words()[0] == "At least 10 characters"
    assert len(rules_in_words()) == 5


@given(st.text(max_size=128))
def test_readings_are_few_and_hold_the_text_itself(text: str) -> None:
    assert plain(text) in readings(text)
    assert len(readings(text)) <= 150
