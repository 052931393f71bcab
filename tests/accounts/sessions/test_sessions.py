"""Sessions: browsers in words, rows that end at once and stay ended (P18, A88, A90)."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.urls import reverse

from accounts.models import Session
from accounts.sessions.browsers import in_words
from accounts.sessions.ending import end_sessions
from accounts.sessions.store import SessionStore
from tests.cast import Cast, half_sign_in, sign_in


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("<script>", ""),
    ],
)
def test_pro3_a_browser_is_named_in_words(browser: str, words: str) -> None:
    assert in_words(browser) == words


def test_a88_a_session_that_was_ended_cannot_be_saved_again(cast: Cast) -> None:
    client = sign_in(cast.user)
    store = SessionStore(client.session.session_key)
    store["anything"] = 1
    end_sessions(cast.user.user)
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(user=cast.user.user).exists()


def test_a88_nor_given_a_new_id_and_saved(cast: Cast) -> None:
    client = sign_in(cast.user)
    store = SessionStore(client.session.session_key)
    store.cycle_key()
    end_sessions(cast.user.user)
    with pytest.raises(UpdateError):
        store.save()


def test_sign4_the_session_gets_a_new_id_at_password_and_at_factor(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    half = client.session.session_key
    sign_in(cast.user, client)
    assert client.session.session_key != half
    assert not Session.objects.filter(session_key=half).exists()
    assert Session.objects.filter(user=cast.user.user).count() == 1


def test_ending_the_others_keeps_the_one_that_asks_also_while_its_id_changes(cast: Cast) -> None:
    first, second = sign_in(cast.user), sign_in(cast.user)
    store = SessionStore(first.session.session_key)
    store.cycle_key()
    assert end_sessions(cast.user.user, but=store) == 1
    store.save()
    assert second.get(reverse("home")).status_code == 302
    first.cookies["portal_session"] = store.session_key or ""
    assert first.get(reverse("home")).status_code == 200
