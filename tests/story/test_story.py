"""The client's whole guide, played by people in browsers, in English and again in Welsh (issue: the walking Portal)."""

import pytest
from playwright.sync_api import Browser

from tests.story.player import Player
from tests.story.server import STAFF_EMAIL, STAFF_PASSWORD, Portal
from tests.story.sinks import plain, six_digits
from tests.story.words import in_language

pytestmark = [pytest.mark.browser, pytest.mark.services]

EO, ADMIN, USER = "nia.jones@ysgol.example", "bethan.lloyd@ysgol.example", "lowri.price@ysgol.example"
PASSWORD = "velvet compass 31"
NEW_PASSWORD = "copper lantern 77"


def _invite(player: Player, email: str, first_name: str, account: str, rights: tuple[str, ...] = ()) -> None:
    """Profile icon > Manage Users > Invite User: details, account type, access, check, send."""
    if not player.at("/manage-users/"):
        player.page.locator("button[popovertarget=profile-menu]").click()
        player.follow("Manage Users")
    player.follow("Invite User")
    player.fill("First name", first_name)
    player.fill("Last name", "Price")
    player.fill("Email address", email)
    player.fill("Job role", "Teacher")
    player.field(account).check()
    for right in rights:
        player.page.locator(f"input[name=rights_user][value='{right}']").check()
    player.press("Next")
    if not player.page.get_by_role("button", name=player.word("Send invite"), exact=True).count():
        return
    assert email in player.page.content()
    player.press("Send invite")


def _staff_add_the_centre_and_invite(browser: Browser, portal: Portal, language: str) -> None:
    staff = Player(browser, portal, language)
    staff.context.add_cookies([{"name": "portal_language", "value": language, "url": portal.address}])
    staff.sign_in(STAFF_EMAIL, STAFF_PASSWORD)
    staff.set_up_app()
    staff.go("/admin/permissions/centre/add/")
    staff.page.locator("input[name=number]").fill("68997")
    staff.page.locator("input[name=name]").fill("Ysgol y Stori")
    staff.page.locator("input[name=_continue]").click()
    staff.page.get_by_role("link", name="Invite Exams Officer" if language == "en" else "Gwahodd Swyddog Arholiadau").click()
    staff.fill("First name", "Nia")
    staff.fill("Last name", "Jones")
    staff.fill("Email address", EO)
    staff.press("Send invite")
    letter = portal.mail.wait_for(EO)
    assert "portal-no-reply@wjec.co.uk" in letter["From"]
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html"}
    assert f"{portal.address}/sign-in/" in plain(letter)
    staff.context.close()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_whole_guide(chromium: Browser, portal: Portal, language: str) -> None:
    """One story, from the help desk's first click to a deleted account that is invited anew."""
    _staff_add_the_centre_and_invite(chromium, portal, language)

    # How to Sign in; How to set up your MFA (app)
    officer = Player(chromium, portal, language)
    officer.accept_invite(EO, PASSWORD)
    officer.go("/services/")
    assert officer.at("/mfa/")
    officer.set_up_app()
    assert officer.at("/")
    assert "68997" in officer.page.content()

    # How to invite a user; three Admins, never a fourth
    _invite(officer, ADMIN, "Bethan", "Admin account")
    assert officer.at("/manage-users/")
    for number in (2, 3):
        _invite(officer, f"admin{number}@ysgol.example", "Owen", "Admin account")
        assert officer.at("/manage-users/")
    _invite(officer, "admin4@ysgol.example", "Rhys", "Admin account")
    assert not officer.at("/manage-users/")
    assert officer.field("Email address").input_value() == "admin4@ysgol.example"
    officer.go("/manage-users/")
    _invite(officer, USER, "Lowri", "User account", ("entries.view",))
    assert officer.sees("Lowri Price")
    assert not officer.sees("Rhys Price")

    # A User by text message, an Admin by e-mail
    user = Player(chromium, portal, language, width=360)
    user.accept_invite(USER, PASSWORD)
    user.set_up_sms("07700 900123")
    assert user.at("/")
    admin = Player(chromium, portal, language)
    admin.accept_invite(ADMIN, PASSWORD)
    admin.set_up_email(ADMIN)
    assert admin.at("/")
    assert admin.go("/admin/") == 404

    # Quick Navigation: what each may open
    user.go("/services/")
    assert user.page.locator("main a[href='/services/entries/']").count()
    assert not user.page.locator("main a[href^='/services/a2c']").count()
    user.page.locator("main a[href='/services/entries/']").first.click()
    assert user.page.locator("h1").count() == 1
    officer.go("/services/")
    officer.page.locator("main a[href^='/services/a2c']").first.click()
    assert officer.page.locator("h1").inner_text() in {"A2C Access Keys", "Allweddi Mynediad A2C"}
    user.go("/services/a2c-keys/")
    assert user.page.locator("a[href^='/services/a2c']").count() == 0

    # Later sign-ins ask for the method's code
    before = len(portal.sms.texts)
    user.open_profile_menu("Lowri Price")
    user.press("Sign out")
    user.sign_in(USER, PASSWORD)
    user.fill("Enter the 6-digit code", portal.sms.wait_for_code(after=before))
    user.press("Next")
    assert user.at("/")

    # How to manage accounts: Manage Access counts at the next request
    officer.go("/manage-users/")
    officer.page.get_by_role("button", name="Lowri Price").first.click()
    officer.follow("Manage Access")
    officer.page.locator("input[name=rights][value='entries.view']").uncheck()
    officer.page.locator("main form button.button").first.click()
    user.go("/services/entries/")
    assert not user.page.locator("main a[href='/services/entries/']").count()
    assert user.page.locator("h1").count() == 1
    user.go("/services/")
    assert not user.page.locator("main a[href='/services/entries/']").count()

    # How to edit your profile: pages and messages follow at once
    other = "cy" if language == "en" else "en"
    user.open_profile_menu("Lowri Price")
    user.follow("Settings")
    user.follow("Edit")
    user.page.locator(f"input[name=language][value={other}]").check()
    user.fill("Job role", "Head of Music")
    user.page.locator("main form button.button").first.click()
    assert user.page.locator("html").get_attribute("lang") == ("cy" if other == "cy" else "en-GB")
    assert user.sees("Head of Music")
    user.language = other

    # Forgot your password
    before = len(portal.mail.messages)
    forgetful = Player(chromium, portal, language)
    forgetful.go("/sign-in/")
    forgetful.fill("Email address", USER)
    forgetful.press("Next")
    forgetful.follow("Forgot your password?")
    forgetful.press("Send reminder")
    letter = portal.mail.wait_for(USER, after=before)
    assert letter["Subject"] == {"en": "Your Portal verification code", "cy": "Eich cod dilysu Porth"}[other]
    forgetful.fill("Enter verification code", forgetful.reset_code(USER, after=before))
    forgetful.fill("New password", NEW_PASSWORD)
    forgetful.press("Update")
    assert forgetful.at("/sign-in/")
    user.go("/")
    assert user.at("/sign-in/")
    forgetful.press("Next")
    before_text = len(portal.sms.texts)
    forgetful.fill("Password", NEW_PASSWORD)
    forgetful.press("Next")
    assert forgetful.at("/sign-in/code/")
    forgetful.fill("Enter the 6-digit code", portal.sms.wait_for_code(after=before_text))
    forgetful.press("Next")
    assert forgetful.at("/")

    # How to change your MFA and Password: present password, fresh code, then the new method
    before = len(portal.mail.messages)
    admin.go("/profile/")
    admin.follow("Change MFA method")
    admin.fill("Current password", PASSWORD)
    admin.press("Next")
    admin.fill("Enter the 6-digit code", six_digits(plain(portal.mail.wait_for(ADMIN, after=before))))
    admin.press("Next")
    admin.set_up_app()
    assert admin.at("/security/")
    admin.follow("Change password")
    admin.fill("Current password", PASSWORD)
    admin.press("Next")
    admin.give_app_code()
    admin.fill("New password", NEW_PASSWORD)
    admin.press("Update")
    assert admin.at("/security/")

    # Delete User ends it, sessions included; the address can be invited again and starts clean
    officer.go("/manage-users/")
    officer.page.get_by_role("button", name="Lowri Price").first.click()
    officer.follow("Delete User")
    officer.press("Delete User")
    assert officer.at("/manage-users/")
    forgetful.go("/")
    assert forgetful.at("/sign-in/")
    before = len(portal.mail.messages)
    _invite(officer, USER, "Lowri", "User account")
    portal.mail.wait_for(USER, after=before)
    again = Player(chromium, portal, language)
    again.accept_invite(USER, PASSWORD)
    assert again.at("/mfa/")

    # Real pages for everybody
    visitor = Player(chromium, portal, language)
    for label in ("Help", "Terms & Conditions", "Privacy Notice", "Cookie Notice"):
        visitor.go("/sign-in/")
        visitor.page.get_by_role("contentinfo").get_by_role("link", name=in_language(label, language)).first.click()
        assert visitor.page.locator("h1").count() == 1
        assert len(visitor.page.locator("main").inner_text()) > 400
