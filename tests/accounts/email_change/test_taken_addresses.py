"""Asking for an address tells nobody whether it has an account, in any spelling (A01, A21, A106)."""

import re
import secrets
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Code, Purpose, User
from portal import clock
from portal.outbox.models import Message, State
from tests.accounts.email_change.asking import NEW, WRONG, Post, ask, confirmed, email_of, enter
from tests.cast import Cast


def body_of(page: str) -> str:
    """Return the part of a page that is about the deed, without tokens and without the address that was typed."""
    main = page[page.index("<main") : page.index("</main")]
    return re.sub(r"[\w.]+@(glan|new|cwm)\.example", "ADDRESS", re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main))


@pytest.mark.parametrize("taken", ["admin@glan.example", "eo@cwm.example", "user@glan.example"])
def test_a01_a_taken_address_gets_the_same_answer_and_its_owner_a_letter(cast: Cast, post: Post, taken: str) -> None:
    own = taken == cast.user.user.email
    User.objects.filter(email=taken).update(language="en" if own else "cy")
    free, asked = confirmed(cast.exams_officer), confirmed(cast.user)
    post()
    assert body_of(ask(free)) == body_of(ask(asked, taken))
    letters = {letter.to[0]: letter for letter in post()}
    assert set(letters) == {NEW, taken}
    letter = letters[taken]
    assert not re.search(r"(?<!\d)\d{6}(?!\d)", str(letter.body))
    assert "Lowri" not in str(letter.body)
    assert f'<html lang="{"en-GB" if own else "cy"}">' in str(letter.alternatives[0][0])
    assert Message.objects.get(recipient=taken, kind="email_change_taken").secret == ""
    for wrong in ("000000", "123456"):
        assert body_of(enter(asked, wrong)) == body_of(enter(free, wrong))
    assert email_of(cast.user) == "user@glan.example"


def test_a01_the_same_answer_takes_the_same_steps(cast: Cast) -> None:
    steps = []
    for person, new in ((cast.exams_officer, NEW), (cast.user, "admin@glan.example")):
        client = confirmed(person)
        with CaptureQueriesContext(connection) as queries:
            client.post(reverse("change-email"), {"email": new})
        steps.append([query["sql"].split()[0] for query in queries.captured_queries])
    assert steps[0] == steps[1]


def test_a_taken_address_hears_of_it_once_an_hour_at_most(cast: Cast, post: Post) -> None:
    for person in (cast.user, cast.admin, cast.exams_officer):
        ask(confirmed(person), "eo@cwm.example")
    assert [letter.to for letter in post() if letter.to == ["eo@cwm.example"]] == [["eo@cwm.example"]]
    assert Message.objects.filter(kind="email_change_taken", state=State.EXPIRED).count() == 2
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1)):
        ask(confirmed(cast.user), "eo@cwm.example")
        assert [letter.to for letter in post() if letter.to == ["eo@cwm.example"]] == [["eo@cwm.example"]]


def test_the_code_of_a_taken_address_is_known_to_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the digits that were drawn are refused, and even once the address is free."""
    monkeypatch.setattr(secrets, "randbelow", lambda _below: 123_456)
    client = confirmed(cast.user)
    ask(client, "admin@glan.example")
    User.objects.filter(email="admin@glan.example").update(email="gone@glan.example")
    assert WRONG in enter(client, "123456")
    assert email_of(cast.user) == "user@glan.example"


@pytest.mark.parametrize("twin", ["ADMIN@Glan.Example", "  admin@glan.example  "])
def test_a21_another_spelling_of_a_taken_address_is_the_same_address(cast: Cast, post: Post, twin: str) -> None:
    ask(confirmed(cast.user), twin)
    assert Message.objects.filter(recipient="admin@glan.example", kind="email_change_taken").exists()


@pytest.mark.parametrize(
    "twin",
    ["ıowri@new.example", "ſam@new.example", "\u212a@new.example", "ａ@new.example", "admin@glаn.example", "a@xn--glan-8cd.example",
     "a@new.example.", "a@[127.0.0.1]", "a@localhost", "", "a@b@new.example", "x\x00@new.example", "a" * 250 + "@new.example",
     "a@new.example\r\nBcc: b@evil.example"],
)  # fmt: skip
def test_a106_twins_and_other_odd_addresses_are_refused(cast: Cast, twin: str) -> None:
    page = ask(confirmed(cast.user), twin)
    assert "Error:" in page
    assert not Code.objects.filter(purpose=Purpose.EMAIL).exists()


def test_a65_of_several_addresses_one_counts(cast: Cast) -> None:
    client = confirmed(cast.user)
    client.post(reverse("change-email"), {"email": ["a@new.example", "b@new.example"]})
    assert list(Message.objects.filter(kind="email_change_code").values_list("recipient", flat=True)) == ["b@new.example"]
    assert client.post(reverse("change-email"), b'{"email": "c@new.example"}', content_type="application/json").status_code == 200
    assert Message.objects.filter(kind="email_change_code").count() == 1
