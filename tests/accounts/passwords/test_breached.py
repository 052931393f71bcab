"""The list of breached passwords counts if it is there (P3)."""

from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from accounts.passwords.breached import is_breached
from accounts.passwords.rules import BadPassword, check_new_password

KNOWN = "copper lighthouse 88"


def _line(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def _write(path: Path, lines: list[str], ending: str = "\n") -> None:
    path.write_text("".join(f"{line}{ending}" for line in sorted(lines)))


def test_p3_a_breached_password_is_refused_and_its_neighbour_taken(settings: Any, tmp_path: Path) -> None:
    settings.BREACHED_PASSWORDS = tmp_path / "breached.txt"
    check_new_password(KNOWN, own_words=())
    _write(settings.BREACHED_PASSWORDS, [f"{_line(KNOWN)}:3", *(f"{_line(str(number))}:1" for number in range(100))])
    with pytest.raises(BadPassword, match="known elsewhere"):
        check_new_password(KNOWN, own_words=())
    check_new_password("copper lighthouse 89", own_words=())


@pytest.mark.parametrize("content", ["", "\n", "no hashes at all\n", "F" * 40])
def test_p3_an_odd_list_refuses_nobody(settings: Any, tmp_path: Path, content: str) -> None:
    settings.BREACHED_PASSWORDS = tmp_path / "breached.txt"
    settings.BREACHED_PASSWORDS.write_text(content)
    assert not is_breached(KNOWN)


@pytest.mark.parametrize(("count", "ending"), [("", "\n"), (":12345", "\n"), (":1", "\r\n")])
@profile(max_examples=25, deadline=None)
@given(numbers=st.sets(st.integers(0, 400), min_size=1, max_size=60))
def test_p3_each_line_of_any_list_is_found_and_nothing_else(numbers: set[int], count: str, ending: str) -> None:
    from tempfile import TemporaryDirectory

    from django.test import override_settings

    with TemporaryDirectory() as folder, override_settings(BREACHED_PASSWORDS=Path(folder) / "list.txt"):
        _write(Path(folder) / "list.txt", [_line(str(number)) + count for number in numbers], ending)
        assert {number for number in range(401) if is_breached(str(number))} == numbers
