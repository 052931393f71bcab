"""Passkeys in a real browser, with Chromium's own software authenticator: set up, sign in, cancel, confirm (MFA-2)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from accounts.management.demo_people import PEOPLE, password_of
from tests.story.player import Player
from tests.story.server import Portal
from tests.story.test_accessible import _problems

pytestmark = [pytest.mark.browser, pytest.mark.services]

TOM = 6
NAME = "Tom Baker"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


class LocalPortal(Portal):
    """A Portal at a domain: browsers make no passkeys for a bare IP address."""

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        """What its processes see."""
        return super().environment() | {"ALLOWED_HOSTS": "localhost"}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demonstration's people, one of whom has not set up a method yet."""
    folder: Path = tmp_path_factory.mktemp("passkey")
    running = LocalPortal(folder, f"sqlite:///{folder}/portal.sqlite3", kind="demo")
    running.start()
    yield running
    running.stop()


class Key:
    """The device's lock, as Chromium plays it."""

    def __init__(self, player: Player) -> None:
        self.browser: CDPSession = player.context.new_cdp_session(player.page)
        self.browser.send("WebAuthn.enable")
        self.id: str = self.browser.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def recognises(self, owner: bool) -> None:
        """Say whether the next finger on the reader is the owner's; another one ends like pressing Cancel."""
        self.browser.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})

    def held(self) -> list[dict[str, Any]]:
        """What the device holds."""
        found: list[dict[str, Any]] = self.browser.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return found


def _without_method(portal: Portal, email: str) -> None:
    portal.manage("shell", "-v", "0", "-c", f"from accounts.models import Factor; Factor.objects.filter(user__email='{email}').delete()")


def _status(player: Player, text: str) -> None:
    expect(player.page.locator("form[data-options] [role=status]")).to_contain_text(text)


def test_mfa2_a_passkey_from_first_set_up_to_confirming(chromium: Browser, local: Portal) -> None:
    person, password = PEOPLE[TOM], password_of(TOM + 1)
    _without_method(local, person.email)
    player = Player(chromium, local, "en")
    complaints: list[str] = []
    player.page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    player.page.on("pageerror", lambda error: complaints.append(str(error)))
    key = Key(player)

    # First set-up: cancelled, then made
    player.sign_in(person.email, password)
    player.page.get_by_role("radio", name="Passkey").check()
    player.press("Next")
    assert player.at("/mfa/passkey/")
    assert "Chrome" in player.field("Name of this passkey").input_value()
    assert not _problems(player.page, "create a passkey")
    key.recognises(owner=False)
    player.press("Create a passkey")
    _status(player, "you cancelled, or it took too long")
    assert not _problems(player.page, "create a passkey, cancelled")
    key.recognises(owner=True)
    player.fill("Name of this passkey", "Tom’s laptop")
    player.press("Create a passkey")
    player.page.wait_for_url(f"{local.address}/")
    assert len(key.held()) == 1

    # Sign in with it: cancelled, then right
    player.open_profile_menu(NAME)
    player.press("Sign out")
    player.sign_in(person.email, password)
    assert player.at("/sign-in/code/")
    assert not _problems(player.page, "use your passkey")
    key.recognises(owner=False)
    player.press("Use your passkey")
    _status(player, "you cancelled, or it took too long")
    key.recognises(owner=True)
    player.press("Use your passkey")
    player.page.wait_for_url(f"{local.address}/")

    # Confirm it's you with it, then find that the device has one already
    player.go("/security/")
    assert player.sees("Passkey: Tom’s laptop")
    player.follow("Add another method")
    player.fill("Current password", password)
    player.press("Next")
    player.press("Use your passkey")
    player.page.wait_for_url(f"{local.address}/mfa/")
    player.page.get_by_role("radio", name="Passkey").check()
    player.press("Next")
    player.press("Create a passkey")
    _status(player, "You already have a passkey on this device")
    player.context.close()
    assert not complaints


def test_a_passkey_of_another_device_is_refused_in_words(chromium: Browser, local: Portal) -> None:
    """The server's refusal comes back on the page, and the next try works."""
    person, password = PEOPLE[TOM], password_of(TOM + 1)
    _without_method(local, person.email)
    player = Player(chromium, local, "en")
    Key(player)
    player.sign_in(person.email, password)
    player.go("/mfa/passkey/")
    options = player.page.locator("form[data-options]").get_attribute("data-options")
    assert options is not None
    player.page.evaluate(
        "options => document.querySelector('form[data-options]').dataset.options = options",
        options.replace('"challenge": "', '"challenge": "AAAA'),
    )
    player.press("Create a passkey")
    assert player.page.locator(".error-summary").inner_text().endswith("Try again, or use another way")
    player.press("Create a passkey")
    # The device has the refused one already, for this person and this Portal, and makes a new one in its place.
    player.page.wait_for_url(f"{local.address}/")
    player.context.close()


def test_without_scripts_the_page_says_to_choose_another_way(chromium: Browser, local: Portal) -> None:
    person = PEOPLE[TOM]
    _without_method(local, person.email)
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    player = Player(chromium, local, "en")
    player.context, player.page = context, context.new_page()
    player.sign_in(person.email, password_of(TOM + 1))
    player.go("/mfa/passkey/")
    assert player.sees("This browser cannot use passkeys. Choose another way")
    assert not player.page.get_by_role("button", name="Create a passkey").count()
    assert player.page.get_by_role("link", name="Use another way").count()
    context.close()
