"""One spelling for each address (A21, A106)."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.canonical import BadEmail, canonical_email
from accounts.models import User
from tests.cast import Cast


@pytest.mark.parametrize("text", ["Nia.Jones@Ysgol.Example", " nia.jones@ysgol.example\n", "NIA.JONES@YSGOL.EXAMPLE"])
def test_a21_case_and_outer_spaces_do_not_matter(text: str) -> None:
    assert canonical_email(text) == "nia.jones@ysgol.example"


@pytest.mark.parametrize(
    "text",
    [
        "", "nia", "nia@", "@ysgol.example", "nia@localhost", "nia@ysgol", "nia@[127.0.0.1]", "nia@127.0.0.1", "nia@ysgol.example.",
        "nıa@ysgol.example", "nia@ſchool.example", "nia@\u212aysgol.example", "ｎia@ysgol.example", "nia@ysgоl.example", "nia@xn--ysgl-1qa.example",
        "nia@ysgol..example", ".nia@ysgol.example", "nia.@ysgol.example", "ni a@ysgol.example", '"nia"@ysgol.example', "nia@ysgol.example,eve@evil.example",
        "nia@ysgol.example\x00", "nia@-ysgol.example", "a" * 65 + "@ysgol.example", "nia@" + "a." * 130 + "example",
    ],
)  # fmt: skip
def test_a106_twins_and_oddities_are_refused(text: str) -> None:
    with pytest.raises(BadEmail):
        canonical_email(text)


@given(st.text(max_size=60))
def test_a106_whatever_is_accepted_is_ascii_lower_case_and_stays_itself(text: str) -> None:
    try:
        address = canonical_email(text)
    except BadEmail:
        return
    assert address.isascii()
    assert address == address.lower() == canonical_email(address)


def test_a106_the_database_refuses_another_spelling(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.user.user.pk).update(email="User@glan.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.user.user.pk).update(email="admin@glan.example")
