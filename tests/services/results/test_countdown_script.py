"""SVC 9: the page of a results day counts down and opens by itself; the computer's own clock has no part in it."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect, sync_playwright

SCRIPT = Path(__file__).parents[3] / "static" / "js" / "countdown.js"
PAGE = '<p data-left="{left}" data-seconds="Seconds left:" data-words="Time left: H# h M# min">Time left: 1 h 1 min</p><script src="/countdown.js"></script>'


@pytest.mark.browser
def test_svc9_it_counts_seconds_in_the_last_minute_only_and_then_opens_the_page_anew() -> None:
    served: list[str] = []

    def answer(route: Route) -> None:
        if "countdown.js" in route.request.url:
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        else:
            served.append(route.request.url)
            left = {"long": 3_601, "soon": 62}.get(route.request.url.rpartition("/")[2], 3)
            text = PAGE.format(left=left) if len(served) < 4 else "<h1>Results day has begun.</h1>"
            route.fulfill(body=text, content_type="text/html")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**", answer)
        page.add_init_script("Math.random = () => 0; Date.now = () => 0")
        page.goto("https://portal.example/long")
        expect(page.locator("p")).to_have_text("Time left: 1 h 1 min")
        page.goto("https://portal.example/soon")
        expect(page.locator("p")).to_have_text("Seconds left: 59", timeout=8_000)
        page.goto("https://portal.example/last")
        expect(page.locator("p")).to_have_text("Seconds left: 2")
        expect(page.locator("h1")).to_have_text("Results day has begun.", timeout=8_000)
        browser.close()
