"""Edges of the rules of new passwords that only a changed rule would cross (see `make mutants`). No database."""

import pytest

from accounts.passwords.rules import BadPassword, check_new_password


@pytest.mark.parametrize(
    ("password", "own", "centre", "taken"),
    [
        ("purple4821kettles", (), ("4821",), False),  # a number of four figures counts, one of three does not
        ("purple482kettles", (), ("482",), True),
        ("zoaelyrzoael", (), (), True),
        ("zoaelyrzoael", (), ("Yr Ael Zo",), False),  # words of two letters count
        ("ygmysgolygm", (), (), True),
        ("ygmysgolygm", (), ("Ysgol Glan Mor",), False),  # initials of three letters count
        ("morglanysgol", (), ("Ysgol Glan Mor",), False),  # words of one's own weigh nothing, however many
        ("glanmormonkeydragon", (), ("Ysgol Glan Mor",), True),  # and take nothing from what else stands there
        ("jolimonkey", (), (), True),
        ("jolimonkey", ("Jo", "Li"), (), False),
        ("jolimonkeydragon", ("Jo", "Li"), (), True),
    ],
)
def test_p3_own_and_centre_words_at_their_edges(password: str, own: tuple[str, ...], centre: tuple[str, ...], taken: bool) -> None:
    if taken:
        check_new_password(password, own_words=own, centre_words=centre)
    else:
        with pytest.raises(BadPassword):
            check_new_password(password, own_words=own, centre_words=centre)
