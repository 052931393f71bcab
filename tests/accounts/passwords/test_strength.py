"""How good a password is, in words: on the server, and by the script while somebody types."""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.passwords.strength import strength_in_words
from portal import limits
from tests.accounts.passwords.test_change import ready_to_change
from tests.cast import Cast

SCRIPT = Path(__file__).parents[3] / "static" / "js" / "password_strength.js"
LONG = "Your password must be 128 characters or fewer"
WEAK = "Weak: use three or more words that do not belong together"
FAIR = "Fair: add another word"
HINTS = {
    "lantern": "Too short: 3 more characters",
    "lantern99": "Too short: 1 more character",
    "\ufb03 quilt": "Too short: 1 more character",
    "w\u0302" * 9: "Too short: 1 more character",
    "aaaaaaaaaaaa": WEAK,
    "abcdefghijkl": WEAK,
    "Croeso12345": WEAK,
    "!!!!!!!!!!!!": WEAK,
    "Government2026": FAIR,
    "dŵr mawr 77!": FAIR,
    "velvet compass": "Good",
    "x7#Kd9!qPw2z": "Good",
    "harbour lantern quilt 7": "Strong",
    "🦉 velvet 🦉 compass 🦉 quilt": "Strong",
    "lantern of the quilt " * 7: LONG,
}


@pytest.mark.parametrize(("password", "hint"), HINTS.items())
def test_a_hint_says_what_to_do_or_how_good_it_is(password: str, hint: str) -> None:
    assert strength_in_words(password) == hint


def test_a_refused_password_is_never_called_good() -> None:
    assert strength_in_words("velvet compass", refused=True) == WEAK


@given(st.text(max_size=700), st.booleans())
def test_any_text_gets_a_hint(text: str, refused: bool) -> None:
    assert strength_in_words(text, refused=refused)


def test_a143_a_million_characters_are_not_read() -> None:
    assert strength_in_words("a" * 1_000_000) == LONG


def test_the_script_is_tiny() -> None:
    assert SCRIPT.stat().st_size < 1024


def test_the_page_brings_the_scripts_words_in_its_language(cast: Cast) -> None:
    client = ready_to_change(cast)
    page = client.get(reverse("change-password")).content.decode()
    found = re.search(r'id="strength" aria-live="polite" data-short="([^"]*)" data-long="([^"]*)" data-levels="([^"]*)"></p>', page)
    assert found
    shorts = found[1].split("|")
    assert shorts == [strength_in_words("x" * (limits.P1_PASSWORD_SHORTEST - missing)) for missing in range(1, limits.P1_PASSWORD_SHORTEST)]
    assert found[2] == LONG
    assert found[3].split("|") == [WEAK, FAIR, "Good", "Strong"]
    assert "password_strength" in page
    assert "password_strength" not in Client().get(reverse("sign-in")).content.decode()
    with translation.override("cy"):
        assert strength_in_words("")


@pytest.mark.browser
def test_the_script_counts_like_the_server(cast: Cast) -> None:
    from playwright.sync_api import expect, sync_playwright

    page_text = re.sub(r"<(script|link)[^>]*>(</script>)?", "", ready_to_change(cast).get(reverse("change-password")).content.decode())
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(page_text)
        page.add_script_tag(path=str(SCRIPT.with_name("show_password.js")))
        page.add_script_tag(path=str(SCRIPT))
        field, strength = page.get_by_label("New password", exact=True), page.locator("#strength")
        for password, hint in HINTS.items():
            field.fill(password)
            expect(strength).to_have_text(hint)
        field.fill("")
        expect(strength).to_have_text("")
        browser.close()
