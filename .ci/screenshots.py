"""Make the pictures of docs/guide/ from a live Portal with the demonstration's people (needs Chromium).

    python .ci/screenshots.py [FOLDER] [WIDTH]

Each language has a Portal of its own, so that both walk the same way: a newcomer accepts an invite, the Exams Officer works, a User asks, somebody
with two centres chooses, the help desk looks. Pictures are cut at `LONGEST` pixels and stored with a palette.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final, cast

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ |= {"PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "portal.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}

import django  # noqa: E402

django.setup()

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from accounts.management.demo_people import PENDING, PEOPLE, password_of  # noqa: E402
from tests.story.player import Player  # noqa: E402
from tests.story.server import Portal  # noqa: E402
from tests.story.sinks import plain, temporary_password  # noqa: E402

LONGEST: Final = 1500
COLOURS: Final = 96
OFFICER, USER, OF_TWO, STAFF = 0, 3, 6, 12
_OTHER_CENTRE: Final = """
from accounts.models import User
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre
from permissions.roles import Role
accept(membership=open_membership(centre=Centre.objects.get(number="68998"), role=Role.USER), user=User.objects.get(email="{email}"))
"""
_FILE: Final = "First name,Last name,Email address,Account type\nEira,Llwyd,eira.llwyd@enghraifft.example,User\n{second}\n"
_RIGHT_ROW: Final = "Ifan,Puw,ifan.puw@enghraifft.example,Admin"
_WRONG_ROW: Final = "Ifan,,ifan.puw.enghraifft.example,Teacher"

PUBLIC: Final = {"sign-in": "/sign-in/", "forgot-password": "/forgot-password/", "new-password-code": "/forgot-password/code/",
                 "help": "/help/", "help-it": "/help/for-it-support/", "confirm-exams-officer": "/exams-officer/confirm/"}  # fmt: skip
OF_OFFICER: Final = {
    "home": "/", "all-services": "/services/", "manage-users": "/manage-users/", "invite-user": "/manage-users/invite/",
    "invite-many": "/manage-users/invite/many/", "lost-phone": "/manage-users/mfa/", "withdrawn-invites": "/manage-users/withdrawn/",
    "access-requests": "/access-requests/", "access-review": "/access-review/", "account-register": "/account-register/",
    "audit-trail": "/audit-trail/", "who-can-do-what": "/who-can-do-what/", "change-exams-officer": "/exams-officer/",
    "test-email": "/help/test-email/", "profile": "/profile/", "edit-profile": "/profile/edit/", "security": "/security/",
    "change-mfa": "/security/mfa/add/", "change-password": "/security/confirm/password/",
}  # fmt: skip
OF_ONE_PERSON: Final = ("", "access/", "type/", "reset-mfa/", "suspend/", "delete/")
OF_ONE_INVITE: Final = ("", "resend/", "correct/", "withdraw/")
OF_USER: Final = {"home-of-a-user": "/", "services-of-a-user": "/services/", "my-access": "/my-access/", "refused": "/services/entries/"}
_LEVEL_3: Final = "2026-06-level-3"
OF_RESULTS: Final = {
    "results-day": "/services/results/day/", "results": "/services/results/",
    "results-by-candidate": f"/services/results/{_LEVEL_3}/candidates/", "results-by-subject": f"/services/results/{_LEVEL_3}/subjects/",
    "grade-boundaries": f"/services/reports/grade-boundaries/{_LEVEL_3}/subject/",
    "item-level-data": "/services/reports/item-level-data/2026-06-level-2/3000QS_01/",
    "scripts": "/services/scripts/2026-06-level-2/", "past-papers": "/services/resources/past-papers/",
    "past-papers-of-a-subject": "/services/resources/past-papers/mathematics/", "key-dates": "/services/key-dates/",
}  # fmt: skip
OF_BOARD: Final = {
    "board-releases": "/admin/releases/release/", "board-propose": "/admin/releases/releasechange/propose/",
    "board-results-file": "/admin/publishing/resultsimport/add/", "board-script": "/admin/scripts/script/publish/",
    "board-resource": "/admin/resources/resource/new/",
}  # fmt: skip
OF_STAFF: Final = {"help-desk": "/admin/", "help-desk-people": "/admin/accounts/user/", "help-desk-find": "/admin/find/",
                   "help-desk-messages": "/admin/outbox/message/"}  # fmt: skip


class Camera(Player):
    """Somebody at a browser who keeps what they see."""

    folder = Path()

    def take(self, name: str) -> None:
        """Photograph the page as it stands."""
        path = self.folder / f"{name}-{self.language}.png"
        self.page.screenshot(path=path, full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            sys.stderr.write(f"{path.name}: {wide} pixels too wide\n")
        with Image.open(path) as picture:
            whole = picture.convert("RGB")
        in_few_colours(whole.crop((0, 0, whole.width, min(whole.height, LONGEST)))).save(path, optimize=True)

    def take_all(self, pages: dict[str, str]) -> None:
        """Photograph pages by their addresses."""
        for name, path in pages.items():
            self.go(path)
            self.take(name)

    def below(self, stem: str, start: str, words: Iterable[str]) -> None:
        """Photograph the pages of one person: their own, and those of the deeds below it."""
        for word in words:
            self.go(f"{start}{word}")
            self.take(f"{stem}-{word.strip('/')}" if word else stem)

    def address_of(self, name: str) -> str:
        """Find a person's page by the link in the list."""
        self.go("/manage-users/")
        return f"/manage-users/{self.page.locator('tbody th a', has_text=name).first.get_attribute('href')}"

    def go_on(self) -> None:
        """Press the page's own button."""
        self.page.locator("main form button").last.click()


def in_few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture with its commonest colours as they are: pages are flat, and a palette made of averages would tint them."""
    counted = cast("list[tuple[int, tuple[int, int, int]]]", picture.getcolors(picture.width * picture.height))
    commonest = [colour for _times, colour in sorted(counted, key=lambda one: -one[0])[:COLOURS]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in commonest for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def main(folder: Path, width: int) -> None:
    """Photograph everything in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    Camera.folder = folder
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=en-GB"])
        for language in ("en", "cy"):
            place = Path(tempfile.mkdtemp())
            portal = Portal(place, f"sqlite:///{place}/portal.sqlite3", kind="demo")
            portal.start()
            try:
                walk(browser, portal, language, width)
            finally:
                portal.stop()
        browser.close()


def walk(browser: Browser, portal: Portal, language: str, width: int) -> None:
    """Photograph everything in one language."""

    def somebody(number: int | None = None) -> Camera:
        one = Camera(browser, portal, language, width=width)
        one.context.add_cookies([{"name": "portal_language", "value": language, "url": portal.address}])
        if number is not None:
            one.sign_in(PEOPLE[number].email, password_of(number + 1))
            one.seed = PEOPLE[number].key
            one.give_app_code()
        return one

    newcomer(somebody())
    of_officer = somebody(OFFICER)
    officer(of_officer)
    published(of_officer)
    user = somebody(USER)
    user.take_all(OF_USER)
    portal.manage("shell", "-v", "0", "-c", _OTHER_CENTRE.format(email=PEOPLE[OF_TWO].email))
    of_two = somebody(OF_TWO)
    of_two.go("/choose-centre/")
    of_two.take("choose-centre")
    of_two.page.locator("main form button").first.click()
    of_two.take("home-of-two-centres")
    help_desk(somebody(STAFF))


def newcomer(one: Camera) -> None:
    """Use an invite, look at each method, and set one up."""
    email = PENDING[2]
    one.take_all(PUBLIC)
    one.go("/sign-in/")
    one.fill("Email address", email)
    one.press("Next")
    one.take("sign-in-password")
    one.fill("Password", temporary_password(plain(one.portal.mail.wait_for(email))))
    one.press("Next")
    one.take("create-password")
    one.fill("New password", "velvet compass 31")
    one.press("Update")
    one.take("mfa-choose")
    one.take_all({"mfa-app": "/mfa/app/", "mfa-text": "/mfa/sms/", "mfa-email": "/mfa/email/"})
    one.go("/mfa/app/")
    one.seed = one.page.locator("#key").inner_text().replace(" ", "")
    one.fill("Enter the 6-digit code", one.app_code())
    one.press("Verify the setup")


def officer(one: Camera) -> None:
    """Photograph the daily work of an Exams Officer."""
    one.take("signed-in-first")
    one.take_all(OF_OFFICER)
    one.below("person", one.address_of("Rhys Davies"), OF_ONE_PERSON)
    one.below("invite", one.address_of("Dafydd Roberts"), OF_ONE_INVITE)
    one.go("/manage-users/")
    one.page.locator("button.dots").nth(1).click()
    one.take("three-dots")
    one.go("/manage-users/")
    for box in one.page.locator("tbody input[type=checkbox]").all()[-3:]:
        box.check()
    one.page.locator("button[name=act][value=remove]").click()
    one.take("remove-several")
    one.go("/access-requests/")
    one.page.locator("main a[href^='/access-requests/']").first.click()
    one.take("answer-a-request")
    one.go("/audit-trail/")
    one.page.locator("main a[href^='/audit-trail/']:not([href*=export])").first.click()
    one.take("audit-event")
    for name, row in (("invite-many-errors", _WRONG_ROW), ("invite-many-check", _RIGHT_ROW)):
        one.go("/manage-users/invite/many/")
        one.page.set_input_files(
            "input[type=file]", {"name": "staff.csv", "mimeType": "text/csv", "buffer": _FILE.format(second=row).encode()}
        )
        one.go_on()
        one.take(name)
    one.go_on()
    one.page.wait_for_timeout(1500)
    one.page.reload()
    one.take("invite-many-sent")
    one.go("/help/test-email/")
    one.go_on()
    one.take("test-email-sent")


def published(one: Camera) -> None:
    """Photograph what the board publishes: what is out, and what is under embargo behind its notice."""
    one.take_all(OF_RESULTS)
    for name, path, links in (
        ("results-of-a-candidate", OF_RESULTS["results-by-candidate"], "tbody th a"),
        ("script", OF_RESULTS["scripts"], "tbody td a"),
    ):
        one.go(path)
        one.page.locator(links).first.click()
        one.page.wait_for_timeout(1500)  # a reader of PDFs takes its time
        one.take(name)
    one.go("/services/results/embargo/")
    one.take("embargo-notice")
    one.go_on()
    one.page.locator("main .card a[href$='/candidates/']").first.click()
    one.take("results-under-embargo")


def help_desk(one: Camera) -> None:
    """Photograph the help desk's pages."""
    one.take_all(OF_STAFF | OF_BOARD)
    one.go("/admin/find/")
    one.page.locator("main input[type=search], #content input[type=search]").fill("68998")
    one.page.locator("input[type=submit]").first.click()
    one.take("help-desk-found")
    one.page.locator("#content ul a[href*='/admin/accounts/user/']").first.click()
    one.take("help-desk-person")
    one.go("/admin/accounts/succession/")
    one.page.locator("#result_list tbody th a").first.click()
    one.take("help-desk-case")
    one.go(f"{one.page.url.removeprefix(one.portal.address).replace('change/', '').replace('/succession/', '/succession/case/')}approve/")
    one.take("help-desk-decide")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide",
        int(sys.argv[2]) if len(sys.argv) > 2 else 1280,  # noqa: PLR2004 - the one optional argument after the first
    )
