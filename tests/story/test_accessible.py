"""axe-core on every page, signed out and as each account type, in both languages, at 360 and 1280 pixels; and what else a program can see."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from accounts.management.demo_people import PEOPLE, password_of
from tests.story.player import Player
from tests.story.server import Portal

pytestmark = [pytest.mark.browser, pytest.mark.services]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = ["/sign-in/", "/forgot-password/", "/forgot-password/code/", "/help/", "/terms-and-conditions/", "/privacy-notice/",
          "/cookie-notice/", "/accessibility/", "/signed-out/", "/mailbox/"]  # fmt: skip
EVERYBODY = ["/", "/services/", "/profile/", "/profile/edit/", "/security/", "/security/confirm/password/", "/services/resources/",
             "/no-such-page/", "/services/a2c-keys/", "/services/results/", "/services/entries/", "/help/",
             "/my-access/", "/who-can-do-what/"]  # fmt: skip
MANAGERS = [*EVERYBODY, "/manage-users/", "/manage-users/invite/", "/manage-users/invite/many/", "/manage-users/selected/done/",
            "/services/reports/grade-boundaries/", "/access-requests/", "/access-review/", "/account-register/", "/audit-trail/",
            "/services/results/day/", "/services/results/embargo/", "/services/results/2026-06-level-3/candidates/",
            "/services/results/2026-06-level-3/subjects/", "/services/results/2026-06-level-3/subjects/1300QS/",
            "/manage-users/mfa/", "/manage-users/withdrawn/", "/exams-officer/", "/help/test-email/",
            "/services/reports/grade-boundaries/2026-06-level-2/subject/", "/services/reports/item-level-data/",
            "/services/reports/item-level-data/2026-06-level-2/3000QS_01/",
            "/services/reports/item-level-data/2026-06-level-2/3000QS_01/candidates/",
            "/services/reports/grade-boundaries/2026-06-level-2/notional/", "/services/scripts/", "/services/resources/past-papers/",
            "/services/key-dates/"]  # fmt: skip
WIDTHS = (360, 1280)
LONGEST_PAGE_BYTES = 60 * 1024


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A Portal with the demonstration's people."""
    folder: Path = tmp_path_factory.mktemp("demo")
    running = Portal(folder, f"sqlite:///{folder}/portal.sqlite3", kind="demo")
    running.start()
    yield running
    running.stop()


def _problems(page: Page, where: str) -> list[str]:
    """Return what is wrong with the page as it stands."""
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text())
    options = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate(
        f"axe.run({json.dumps(options)}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' | ')))"
    )
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{where}: {problem}" for problem in [*found, *([f"{wide} px too wide"] if wide > 0 else [])]]


def _look(player: Player, paths: list[str], who: str) -> list[str]:
    problems: list[str] = []
    titles: set[str] = set()
    sent: list[str] = []
    player.page.on("request", lambda request: sent.append(request.url))
    for width in WIDTHS:
        player.page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            status = player.go(path)
            problems += _problems(player.page, f"{who} {player.language} {width} {path}")
            title, lang = player.page.title(), player.page.locator("html").get_attribute("lang")
            if lang != {"en": "en-GB", "cy": "cy"}[player.language]:
                problems.append(f"{path}: lang is {lang}")
            if player.page.locator("h1").count() != 1:
                problems.append(f"{path}: not exactly one h1")
            if width == WIDTHS[0] and title in titles and status == 200:
                problems.append(f"{path}: the title {title} stands twice")
            titles.add(title)
            if len(player.page.content().encode()) > LONGEST_PAGE_BYTES - 17_000:
                problems.append(f"{path}: too heavy")
    problems += [f"asks another host: {url}" for url in sent if not url.startswith(player.portal.address)]
    return problems


def _signed_in(browser: Browser, portal: Portal, language: str, number: int, *, dark: bool = False) -> Player:
    person = PEOPLE[number]
    player = Player(browser, portal, language)
    if dark:
        player.page.emulate_media(color_scheme="dark")
    player.context.add_cookies([{"name": "portal_language", "value": language, "url": portal.address}])
    player.sign_in(person.email, password_of(number + 1))
    player.seed = person.key
    player.used_step = portal.used_steps.get(person.key, 0)
    player.give_app_code()
    portal.used_steps[person.key] = player.used_step
    assert player.at("/")
    return player


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_for_everybody_are_accessible(chromium: Browser, demo: Portal, language: str, dark: bool) -> None:
    visitor = Player(chromium, demo, language)
    if dark:
        visitor.page.emulate_media(color_scheme="dark")
    problems = _look(visitor, PUBLIC, "visitor")
    visitor.go("/sign-in/")
    visitor.press("Next")
    assert visitor.page.title().startswith("Error:" if language == "en" else "Gwall:")
    assert visitor.page.evaluate("document.activeElement.className") == "error-summary"
    problems += _problems(visitor.page, "sign-in with an error")
    visitor.fill("Email address", "nobody@ysgol.example")
    visitor.press("Next")
    problems += _problems(visitor.page, "password page")
    visitor.context.close()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("number", "paths", "language", "dark"), [
    (0, MANAGERS, "en", False), (0, MANAGERS, "cy", True), (1, MANAGERS, "cy", False), (2, MANAGERS, "en", True),
    (3, EVERYBODY, "cy", False), (8, EVERYBODY, "en", False),
])  # fmt: skip
def test_pages_of_each_account_type_are_accessible(
    chromium: Browser, demo: Portal, number: int, paths: list[str], language: str, dark: bool
) -> None:
    player = _signed_in(chromium, demo, language, number, dark=dark)
    problems = _look(player, paths, PEOPLE[number].first_name)
    player.context.close()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_pages_of_a_person_and_their_menu_are_accessible(chromium: Browser, demo: Portal, language: str) -> None:
    """Manage Users at work: the open menu, Manage Access, Delete User, the invite's error page and its check page."""
    player = _signed_in(chromium, demo, language, 1)
    player.go("/manage-users/")
    problems: list[str] = []
    for width in WIDTHS:
        player.page.set_viewport_size({"width": width, "height": 900})
        player.go("/manage-users/")
        button = player.page.get_by_role("button", name="Lowri Evans").first
        button.focus()
        player.page.keyboard.press("Enter")
        menu = player.page.locator("[popover]:popover-open")
        box = menu.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        problems += _problems(player.page, f"menu {width}")
        player.page.keyboard.press("Escape")
        assert not player.page.locator("[popover]:popover-open").count()
        assert player.page.evaluate("document.activeElement.getAttribute('popovertarget')") is not None
        for label in ("Manage Access", "Delete User"):
            player.go("/manage-users/")
            player.page.get_by_role("button", name="Lowri Evans").first.click()
            player.follow(label)
            problems += _problems(player.page, f"{label} {width}")
        player.go("/manage-users/invite/")
        player.press("Next")
        problems += _problems(player.page, f"invite with errors {width}")
    player.context.close()
    assert not problems, "\n".join(problems)


def test_86_the_guide_works_without_scripts(chromium: Browser, demo: Portal) -> None:
    """Sign in, open the menu, change the profile, all with scripts off."""
    person = PEOPLE[6]
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}, locale="en-GB")
    player = Player(chromium, demo, "en")
    player.context, player.page, player.seed = context, context.new_page(), person.key
    player.used_step = demo.used_steps.get(person.key, 0)
    player.sign_in(person.email, password_of(7))
    player.give_app_code()
    player.open_profile_menu("Tom Baker")
    player.follow("Settings")
    player.follow("Edit")
    player.fill("Job role", "Head of Drama")
    player.page.locator("main form button.button").first.click()
    assert player.sees("Head of Drama")
    player.open_profile_menu("Tom Baker")
    player.press("Sign out")
    assert player.at("/signed-out/")
