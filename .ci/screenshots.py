"""Make the pictures of docs/guide/ from a live Portal with the demonstration's people. `python .ci/screenshots.py` (needs Chromium)."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ |= {"PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "portal.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}

import django  # noqa: E402

django.setup()

from playwright.sync_api import sync_playwright  # noqa: E402

from accounts.management.demo_people import PEOPLE, password_of  # noqa: E402
from tests.story.player import Player  # noqa: E402
from tests.story.server import Portal  # noqa: E402

PAGES = {
    "home": "/",
    "all-services": "/services/",
    "manage-users": "/manage-users/",
    "invite-user": "/manage-users/invite/",
    "invite-many": "/manage-users/invite/many/",
    "profile": "/profile/",
    "my-access": "/my-access/",
    "access-requests": "/access-requests/",
    "access-review": "/access-review/",
    "account-register": "/account-register/",
    "audit-trail": "/audit-trail/",
    "who-can-do-what": "/who-can-do-what/",
}


def main() -> None:
    """Photograph the pages in both languages."""
    target = ROOT / "docs" / "guide"
    target.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    portal = Portal(folder, f"sqlite:///{folder}/portal.sqlite3", kind="demo")
    portal.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for number, language in ((0, "en"), (1, "cy")):
            player = Player(browser, portal, language)
            player.context.add_cookies([{"name": "portal_language", "value": language, "url": portal.address}])
            player.go("/sign-in/")
            player.page.screenshot(path=target / f"sign-in-{language}.png")
            player.sign_in(PEOPLE[number].email, password_of(number + 1))
            player.seed = PEOPLE[number].key
            player.give_app_code()
            for name, path in PAGES.items():
                player.go(path)
                player.page.screenshot(path=target / f"{name}-{language}.png")
        browser.close()
    portal.stop()


if __name__ == "__main__":
    main()
