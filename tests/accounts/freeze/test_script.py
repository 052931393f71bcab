"""The reference in the link of the letter reaches the field, and leaves the address bar at once."""

import os
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Route, expect, sync_playwright

SCRIPT = Path(__file__).parents[3] / "static" / "js" / "freeze.js"
REFERENCE = "82q2-v4vs-rp7t-mg9p-a3za-q63z-pspc"


def test_the_script_is_tiny() -> None:
    assert SCRIPT.stat().st_size < 600


@pytest.mark.browser
@pytest.mark.django_db
def test_the_reference_fills_the_field_and_leaves_the_address() -> None:
    page_text = Client().get(reverse("freeze")).content.decode()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if "freeze.js" in route.request.url:
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        elif route.request.resource_type == "document":
            route.fulfill(body=page_text, content_type="text/html")
        else:
            route.fulfill(body="")

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for link, value in ((f"?lang=cy#{REFERENCE}", REFERENCE), ("#main", ""), ("#<script>", "")):
            page = browser.new_page()
            page.route("**", answer)
            page.goto(f"https://portal.example/freeze/{link}")
            expect(page.get_by_label("Reference from our email")).to_have_value(value)
            if value:
                assert page.url == "https://portal.example/freeze/"
                page.get_by_role("button", name="Freeze my account").click()
            page.close()
        browser.close()
    assert not any(REFERENCE in url for url in asked)
