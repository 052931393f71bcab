"""Somebody at a browser: clicks and types by accessible names, in one language."""

import io
import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from accounts.factors.totp.rules import code_at, step_at
from tests.story.server import Portal
from tests.story.sinks import eight_digits, plain, six_digits, temporary_password
from tests.story.words import in_language


class Player:
    """One person in a browser of their own."""

    def __init__(self, browser: Browser, portal: Portal, language: str, *, width: int = 1280) -> None:
        self.portal = portal
        self.language = language
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, locale="cy" if language == "cy" else "en-GB"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.seed = ""
        self.used_step = 0

    def word(self, label: str) -> str:
        """The accessible name in this person's language."""
        return in_language(label, self.language)

    def go(self, path: str) -> int:
        """Open an address; returns the answer's status."""
        answer = self.page.goto(f"{self.portal.address}{path}")
        return answer.status if answer else 0

    def field(self, label: str) -> Locator:
        """Find a field by its name."""
        return self.page.get_by_label(self.word(label), exact=True)

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.field(label).fill(text)

    def press(self, label: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.word(label), exact=True).first.click()

    def follow(self, label: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=self.word(label), exact=True).first.click()

    def sees(self, text: str) -> bool:
        """Say whether a text stands in the page's main part."""
        return text in self.page.locator("main").inner_text()

    def open_profile_menu(self, name: str) -> None:
        """Press the profile button, whose name holds the person's name."""
        self.page.get_by_role("button", name=name).first.click()

    def sign_in(self, email: str, password: str) -> None:
        """E-mail, Next, password, Next."""
        self.go("/sign-in/")
        self.fill("Email address", email)
        self.press("Next")
        self.fill("Password", password)
        self.press("Next")

    def accept_invite(self, email: str, own_password: str) -> None:
        """Use the invite in one's mailbox: temporary password pasted with spaces round it, then a password of one's own."""
        text = plain(self.portal.mail.wait_for(email))
        assert email not in text.partition("/sign-in/")[2].partition("\n")[0]
        self.sign_in(email, f"  {temporary_password(text)} ")
        self.fill("New password", own_password)
        self.press("Update")

    def set_up_app(self) -> None:
        """Choose the app, scan the picture, type the code."""
        self.field("Authenticator App").check()
        self.press("Next")
        key = self.page.locator("#key").inner_text().replace(" ", "")
        from pyzbar import pyzbar  # needs a library of the system, which only the browser tests ask for

        (scanned,) = pyzbar.decode(_image(self.page.locator("svg[role=img]").screenshot()))
        address = scanned.data.decode()
        assert address.startswith("otpauth://totp/Portal")
        assert f"secret={key}" in address
        self.seed = key
        self.fill("Enter the 6-digit code", self.app_code())
        self.press("Verify the setup")

    def set_up_sms(self, number: str) -> None:
        """Choose text messages, give the number, type the code that arrives."""
        self.field("Text message (SMS)").check()
        self.press("Next")
        before = len(self.portal.sms.texts)
        self.fill("Phone number", number)
        self.press("Send a verification code")
        self.fill("Enter the 6-digit code", self.portal.sms.wait_for_code(after=before))
        self.press("Verify the setup")

    def set_up_email(self, email: str) -> None:
        """Choose e-mail, tick the box, type the code that arrives."""
        self.field("Email").check()
        self.press("Next")
        before = len(self.portal.mail.messages)
        self.page.get_by_role("checkbox").check()
        self.press("Send a verification code")
        self.fill("Enter the 6-digit code", six_digits(plain(self.portal.mail.wait_for(email, after=before))))
        self.press("Verify the setup")

    def app_code(self) -> str:
        """What the app shows; waits for the next one when this one was used."""
        while step_at(time.time()) <= self.used_step:
            time.sleep(0.5)
        self.used_step = step_at(time.time())
        return code_at(self.seed, self.used_step)

    def give_app_code(self) -> None:
        """Answer the app's challenge."""
        self.fill("Enter the 6-digit code", self.app_code())
        self.press("Next")

    def reset_code(self, email: str, *, after: int) -> str:
        """The temporary code of a forgotten password."""
        return eight_digits(plain(self.portal.mail.wait_for(email, after=after)))

    def at(self, path: str) -> bool:
        """Say whether the browser is at an address."""
        return self.page.url.partition("?")[0] == f"{self.portal.address}{path}"


def _image(png: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(png))
