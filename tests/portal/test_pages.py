"""Help, the legal texts and health are real pages for everybody (HELP-2, SIGN-1)."""

import re
from html.parser import HTMLParser
from typing import Final

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

PUBLIC: Final = ("help", "terms", "privacy", "cookies", "accessibility")
CHAPTERS: Final = (
    "How to sign in",
    "How to invite a user",
    "Forgot your password?",
    "How to set up your MFA",
    "How to change your MFA and password",
    "How to manage accounts",
    "Types of accounts",
    "Quick navigation",
    "How to edit your profile",
)


class Outline(HTMLParser):
    """The headings, ids, landmarks and labels of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag tells (the parser's hook)."""
        self.tags.append(tag)
        named = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if tag == "a" and str(named.get("href", "")).startswith("#"):
            self.anchors.append(str(named["href"])[1:])


@pytest.fixture
def browser(db: None) -> Client:
    return Client()


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_page_is_a_whole_page_in_each_language(browser: Client, name: str, language: str) -> None:
    answer = browser.get(reverse(name), headers={"accept-language": language})
    page = answer.content.decode()
    outline = Outline(page)
    assert answer.status_code == 200
    assert outline.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.anchors) <= set(outline.ids)
    assert {"header", "nav", "main", "footer"} <= set(outline.tags)
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading
    assert re.search(rf"<title>{re.escape(heading[1])} - (Portal|Porth)</title>", page)


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_need_no_query_and_stay_light(browser: Client, name: str, django_assert_num_queries: object) -> None:
    browser.get(reverse(name))
    with django_assert_num_queries(0):  # type: ignore[operator]
        page = browser.get(reverse(name)).content
    assert len(page) <= 36 * 1024


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_load_and_link_to_nothing_elsewhere(browser: Client, name: str) -> None:
    page = browser.get(reverse(name)).content.decode()
    assert not re.findall(r"""(?:src|href|action)=["']?(?:[a-z]+:)?//[^"'\s>]*""", page)


def test_help2_help_has_every_chapter_of_the_guide_and_all_addresses(browser: Client) -> None:
    page = browser.get(reverse("help")).content.decode()
    for chapter in CHAPTERS:
        assert re.search(rf"<h2 id=\"[a-z-]+\">{re.escape(chapter)}</h2>", page), chapter
    assert settings.HELP_EMAIL in page
    assert settings.SUPPORT_EMAIL in page
    assert settings.DEFAULT_FROM_EMAIL in page
    for app in ("Microsoft", "Google", "Authy"):
        assert app in page
    for detail in ("your name", "your email address", "your centre number"):
        assert f"<li>{detail}</li>" in page


def test_the_cookie_notice_names_exactly_the_cookies_we_set(browser: Client) -> None:
    notice = browser.get(reverse("cookies"), {"lang": "en"})
    named = set(re.findall(r"<code>(.*?)</code>", notice.content.decode()))
    ours = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.BROWSER_COOKIE_NAME}
    assert named == ours
    assert set(notice.cookies) <= named


@pytest.mark.parametrize("name", ["terms", "privacy", "accessibility"])
def test_the_boards_legal_texts_say_that_they_are_to_be_replaced(browser: Client, name: str) -> None:
    assert "own text replaces it" in browser.get(reverse(name), {"lang": "en"}).content.decode()


def test_help_stands_in_the_same_place_of_header_and_footer(browser: Client) -> None:
    """WCAG 3.2.6."""
    pages = [browser.get(reverse(name)).content.decode() for name in PUBLIC]
    order = [re.findall(r'<a href="([^"#]+)">', page.partition("<main")[0]) for page in pages]
    assert all(links == order[0] for links in order)
    assert reverse("help") in order[0]
    assert all(f'<li><a href="{reverse("help")}">' in page.partition("<footer")[2] for page in pages)
