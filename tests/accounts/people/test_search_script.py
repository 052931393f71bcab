"""Search while one types: the answer's list and count come into place, the search box keeps focus, and the button does it without scripts."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect, sync_playwright

from tests.cast import Cast, let_in

if TYPE_CHECKING:
    from django.test import Client

SCRIPT = Path(__file__).parents[3] / "static" / "js" / "search.js"


@pytest.mark.browser
@pytest.mark.django_db
def test_man1_the_list_follows_what_is_typed(cast: Cast) -> None:
    browser_of_ours: Client = let_in(cast.exams_officer)
    address = reverse("manage-users")
    pages = {search: browser_of_ours.post(address, {"search": search}, follow=True).content for search in ("", "lowri")}
    asked: list[str] = []

    def answer(route: Route) -> None:
        request = route.request
        asked.append(request.url)
        if "search.js" in request.url:
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        elif request.method == "POST":
            assert "lowri" in (request.post_data or "")
            route.fulfill(body=pages["lowri"], content_type="text/html")
        elif request.resource_type == "document":
            route.fulfill(body=pages[""], content_type="text/html")
        else:
            route.fulfill(body="")

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**", answer)
        page.goto("https://portal.example/manage-users/")
        expect(page.get_by_role("rowheader")).to_have_count(3)
        page.get_by_label("Search by name or email address").press_sequentially("lowri", delay=20)
        expect(page.get_by_role("rowheader")).to_have_count(1)
        expect(page.locator("#count")).to_contain_text("Showing 1 to 1 of 1 users")
        assert page.evaluate("document.activeElement.name") == "search"
        assert page.url == "https://portal.example/manage-users/"
        browser.close()
    assert not any("lowri" in url for url in asked)


def test_man1_the_parts_that_the_script_looks_for_stand_on_every_answer(cast: Cast) -> None:
    client = let_in(cast.exams_officer)
    for search in ("", "nobody at all"):
        page = client.post(reverse("manage-users"), {"search": search}, follow=True).content.decode()
        assert page.count('id="count"') == page.count('id="found"') == page.count('role="search"') == 1
