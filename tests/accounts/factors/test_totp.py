"""The authenticator app's codes (RFC 6238, P9)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.codes.rules import new_code, normal_code
from accounts.factors.rules import BadNumber, masked_email, uk_mobile
from accounts.factors.totp.key import in_groups, new_seed
from accounts.factors.totp.rules import code_at, matching_step, step_at

RFC_SEED = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_p9_the_published_vectors(moment: int, code: str) -> None:
    assert code_at(RFC_SEED, step_at(moment)) == code


@pytest.mark.parametrize(("offset", "accepted"), [(-2, False), (-1, True), (0, True), (1, False), (2, False)])
def test_p9_current_and_previous_step_only(offset: int, accepted: bool) -> None:
    now = 1000
    assert (matching_step(RFC_SEED, code_at(RFC_SEED, now + offset), now, 0) is not None) is accepted


@given(last=st.integers(0, 2000), now=st.integers(2, 2000), offset=st.integers(-3, 3))
def test_p9_an_accepted_step_is_always_later_than_the_last(last: int, now: int, offset: int) -> None:
    step = matching_step(RFC_SEED, code_at(RFC_SEED, max(0, now + offset)), now, last)
    assert step is None or last < step <= now


def test_p9_the_key_has_160_bits_and_reads_in_fours() -> None:
    seed = new_seed()
    assert len(base64.b32decode(seed)) == 20
    assert in_groups(seed).replace(" ", "") == seed
    assert {len(group) for group in in_groups(seed).split()} == {4}


@given(st.text(max_size=30))
def test_a26_only_six_ascii_digits_are_a_code(text: str) -> None:
    code = normal_code(text, 6)
    assert code == "" or (code.isascii() and code.isdigit() and len(code) == 6)


@pytest.mark.parametrize("text", ["123456", " 123 456 ", "123-456", "1 2 3 4 5 6\n"])
def test_a26_spaces_and_hyphens_do_not_matter(text: str) -> None:
    assert normal_code(text, 6) == "123456"


def test_a36_codes_are_uniform() -> None:
    codes = [new_code(6) for _number in range(10_000)]
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    first = [sum(code[0] == digit for code in codes) for digit in "0123456789"]
    assert all(850 < count < 1150 for count in first)
    assert len(set(codes)) > 9_900


@pytest.mark.parametrize("text", ["07700 900123", "+44 7700 900123", "0044 7700-900123", "(07700) 900 123"])
def test_p16_a_uk_mobile_in_any_spelling(text: str) -> None:
    assert uk_mobile(text) == "+447700900123"


@pytest.mark.parametrize(
    "text", ["", "0123", "+33 6 12 34 56 78", "0906 123 4567", "020 7946 0000", "070 1234 5678", "07700 90012", "x" * 50]
)
def test_p16_no_other_number(text: str) -> None:
    with pytest.raises(BadNumber):
        uk_mobile(text)


def test_addresses_are_masked() -> None:
    assert masked_email("nia.jones@ysgol.example") == "n****@ysgol.example"
