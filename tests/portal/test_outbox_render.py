"""MAIL-1: two parts, the person's language or both, and nothing in a name that a mail program makes a link of (A105)."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override
from pytest_django import Settings

from portal.outbox.render import Letter, render
from tests.portal.letters import letter, write_templates

pytestmark = pytest.mark.django_db
LINK = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]{2,})+", re.UNICODE)


@pytest.fixture(autouse=True)
def _templates(settings: Settings, tmp_path: Path) -> None:
    write_templates(tmp_path, settings)
    settings.PORTAL_BASE_URL = "https://portal.example"


def email_in(language: str) -> str:
    with override(language):
        return gettext("Email")


def rendered(**changes: Any) -> Letter:
    return render(letter(**changes))


def test_mail1_one_language_has_its_own_words_and_says_how_to_get_the_other() -> None:
    english = rendered()
    assert english.subject == "Email: Nia"
    assert english.languages == "en"
    assert "Nia | hush-hush" in english.text
    assert "newidiwch eich dewis iaith" in english.text
    assert "newidiwch eich dewis iaith" in english.html
    assert "isod" not in english.text
    welsh = rendered(language="cy")
    assert welsh.subject == f"{email_in('cy')}: Nia"
    assert welsh.languages == "cy"
    assert "change your language preference" in welsh.text
    assert '<html lang="cy">' in welsh.html


@pytest.mark.parametrize(("language", "first", "below"), [("both-cy", "cy", "English below"), ("both-en", "en", "Cymraeg isod")])
def test_mail1_before_a_language_is_chosen_both_halves_stand_one_after_the_other(language: str, first: str, below: str) -> None:
    both = rendered(language=language)
    second = "en" if first == "cy" else "cy"
    assert both.subject == f"{email_in(first)}: Nia / {email_in(second)}: Nia"
    assert both.text.splitlines()[0] == below
    assert both.text.count("Nia | hush-hush") == 2
    assert re.search(r"^-{40,}$", both.text, re.MULTILINE)
    assert below in both.html
    marked = re.findall(r'<div lang="([\w-]+)"', both.html)
    assert marked == (["cy", "en-GB"] if first == "cy" else ["en-GB", "cy"])
    assert both.languages == ("cy, en" if first == "cy" else "en, cy")
    assert "change your language preference" not in both.text


@pytest.mark.parametrize("language", ["en", "cy", "both-en"])
def test_mail1_every_mail_names_the_addresses_for_help(settings: Settings, language: str) -> None:
    settings.HELP_EMAIL, settings.SUPPORT_EMAIL = "help@board.example", "support@board.example"
    mail = rendered(language=language)
    for part in (mail.text, mail.html):
        assert "help@board.example" in part
        assert "support@board.example" in part


def test_mail1_the_html_part_loads_nothing_from_anywhere() -> None:
    html = rendered(language="both-en").html
    assert not re.search(r"<(img|link|script|iframe|object)\b|\bsrc=|url\(|@import|@font-face", html, re.IGNORECASE)
    assert all(target.startswith(("mailto:", "#", "https://portal.example/")) for target in re.findall(r'href="([^"]*)"', html))


def test_instants_are_london_wall_time_and_links_come_from_the_base() -> None:
    text = rendered(context={"sent_at": "2026-08-13T07:00:00+00:00", "ends_on": "2026-12-31", "path": "/services/"}).text
    assert "2026-08-13 08:00 | 31 December 2026 | https://portal.example/services/ | https://portal.example/" in " ".join(text.split())


def test_names_are_escaped_in_html_and_left_alone_in_plain_text() -> None:
    mail = rendered(context={"name": "Siân O'Neill <b>& Co</b>"})
    assert "Siân O'Neill <b>& Co</b> | hush-hush" in mail.text
    assert mail.subject == "Email: Siân O'Neill <b>& Co</b>"
    assert "<b>" not in mail.html
    assert "Siân O&#x27;Neill &lt;b&gt;&amp; Co&lt;/b&gt;" in mail.html


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "www.evil.example/x",
        "https://evil.example/?a=b",
        "Nia evil.com Jones",
        "a@evil.com",
        "evil。com",
        "evil\uff0ecom",
        "h\u2024ttp.co",
    ],
)
def test_a105_an_address_in_a_name_is_no_live_link_in_either_part(name: str) -> None:
    mail = rendered(context={"name": name})
    plain = mail.text.partition(" | ")[0]
    rich = re.findall(r"<p>(.*?)</p>", mail.html)[0]
    subject = mail.subject.removeprefix("Email: ")
    for shown in (plain, rich, subject):
        assert not LINK.search(shown), shown
        assert "://" not in shown
        assert not re.search(r"[.\u2024\u3002\uff0e\uff61](?!\u2060|$)", shown), shown
    assert "href" not in rich


def test_a_name_with_initials_reads_as_it_did() -> None:
    assert rendered(context={"name": "St. David’s, A. B. Jones Jr."}).text.startswith("St. David’s, A. B. Jones Jr. |")


def test_a_subject_is_one_line() -> None:
    assert rendered(context={"name": "Nia\r\nBcc: all@example"}).subject == "Email: Nia Bcc: all@example"


@pytest.mark.parametrize("language", ["en", "cy", "both-cy"])
def test_a_text_message_holds_letters_that_every_phone_shows(language: str) -> None:
    text = rendered(channel="sms", to="+447700900123", language=language, context={"name": "Siân’s"}).text
    assert text.isascii()
    assert "hush-hush wya '' \"\" - Sian's" in text
    assert "\n" not in text
    assert text.count("hush-hush") == (2 if language == "both-cy" else 1)
