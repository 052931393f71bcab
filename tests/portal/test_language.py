"""Which language a page is in, and how it is changed (ui.md 1.2)."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, let_in

COOKIE = "portal_language"


def language_of(answer: object) -> str:
    return str(answer.headers["Content-Language"])  # type: ignore[attr-defined]


@pytest.fixture
def browser(db: None) -> Client:
    return Client()


def test_the_browsers_wish_counts_for_a_stranger(browser: Client) -> None:
    answer = browser.get(reverse("help"), headers={"accept-language": "cy-GB,cy;q=0.9,en;q=0.5"})
    assert language_of(answer) == "cy"
    assert b'<html lang="cy">' in answer.content


def test_english_when_nothing_else_is_known(browser: Client) -> None:
    answer = browser.get(reverse("help"), headers={"accept-language": "fr"})
    assert b'<html lang="en-GB">' in answer.content


def test_the_switch_is_remembered_for_a_year_and_stays_on_the_page(browser: Client) -> None:
    answer = browser.post(reverse("language"), {"language": "cy", "next": "/help/?page=2"})
    assert answer.headers["Location"] == "/help/?page=2"
    cookie = answer.cookies[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == ("cy", 31_536_000, "Lax", True)
    assert language_of(browser.get(reverse("help"), headers={"accept-language": "en"})) == "cy"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/help/\r\nSet-Cookie: a=b", "javascript:alert(1)", ""],
)
def test_the_switch_leads_only_to_our_own_pages(browser: Client, elsewhere: str) -> None:
    answer = browser.post(reverse("language"), {"language": "cy", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(browser: Client) -> None:
    answer = browser.post(reverse("language"), {"language": "fr", "next": "/help/"})
    assert answer.status_code == 302
    assert COOKIE not in answer.cookies


def test_the_switch_needs_a_token_of_our_own_form(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post(reverse("language"), {"language": "cy"}).status_code == 403


def test_the_switch_is_never_a_get(browser: Client) -> None:
    assert browser.get(reverse("language")).status_code == 405


def test_the_welsh_half_of_an_email_can_link_to_a_welsh_page(browser: Client) -> None:
    answer = browser.get(reverse("help"), {"lang": "cy"})
    assert language_of(answer) == "cy"
    assert answer.cookies[COOKIE].value == "cy"
    assert b'name="next" value="/help/"' in answer.content  # the switch must not come back to ?lang=cy


def test_the_account_counts_where_this_browser_has_made_no_choice(cast: Cast) -> None:
    cast.admin.user.language = "cy"
    cast.admin.user.save()
    browser = let_in(cast.admin)
    assert language_of(browser.get(reverse("home"))) == "cy"
    assert language_of(browser.get("/no-such-page/")) == "cy"
    browser.cookies[COOKIE] = "en"
    assert language_of(browser.get(reverse("home"))) == "en"


def test_a_page_behind_the_sign_in_takes_no_language_from_its_address(cast: Cast) -> None:
    answer = let_in(cast.user).get(reverse("home"), {"lang": "cy"})
    assert language_of(answer) == "en"
    assert COOKIE not in answer.cookies


def test_a_switch_that_differs_from_the_profile_asks_and_changes_no_record(cast: Cast) -> None:
    browser = let_in(cast.user)
    browser.post(reverse("language"), {"language": "cy", "next": "/"})
    page = browser.get(reverse("home")).content.decode()
    assert f'href="{reverse("profile")}"' in page.partition("<h1>")[0].partition("<main")[2]
    cast.user.user.refresh_from_db()
    assert cast.user.user.language == "en"


def test_caches_are_told_that_pages_differ_by_language(browser: Client) -> None:
    assert {"Accept-Language", "Cookie"} <= set(browser.get(reverse("help")).headers["Vary"].split(", "))
