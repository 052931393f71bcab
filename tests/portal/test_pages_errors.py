"""What people see when something is wrong: plain words, whom to ask, and nothing of what was typed."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.pages import errors

PLAIN = [(errors.bad_request, 400), (errors.broken, 500), (errors.unavailable, 503)]


@pytest.mark.parametrize(("view", "status"), PLAIN)
def test_plain_errors_speak_both_languages_and_need_nothing(view: object, status: int) -> None:
    answer = view(RequestFactory().get("/anything/"))  # type: ignore[operator]
    page = answer.content.decode()
    assert answer.status_code == status
    assert '<section lang="cy">' in page
    assert page.count(settings.HELP_EMAIL) == 4
    assert "csrf" not in page


def test_a_strange_host_gets_the_plain_page(db: None) -> None:
    answer = Client().get("/help/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


@pytest.mark.parametrize(("language", "words"), [("en", "Page not found"), ("cy", '<html lang="cy">')])
def test_404_helps_in_the_visitors_language_and_repeats_nothing(db: None, language: str, words: str) -> None:
    answer = Client().get("/no/such/<b>page</b>/", headers={"accept-language": language})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert words in page
    assert "<b>page" not in page
    assert settings.HELP_EMAIL in page


def test_an_expired_page_leads_back_to_where_it_was(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("language"), {"language": "cy"}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Sorry, the page has expired" in page
    assert "CSRF" not in page


def test_403_says_who_can_help(db: None) -> None:
    page = errors.forbidden(RequestFactory().get("/x/")).content.decode()
    assert settings.HELP_EMAIL in page
