"""A life with the Portal in which every kind of secret comes up: typed rightly and wrongly, sent, shown, and in hand when something breaks."""

import re
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from django.conf import settings

from accounts.factors.totp.rules import code_at, step_at
from tests.attacks.stages import Answer, Browser, Stage
from tests.cast import code_in, temporary_password_in

_MARK: Final = settings.BROWSER_COOKIE_NAME
_CODES: Final = 10
_CODE: Final = re.compile(r"<li>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})</li>")
_REFERENCE: Final = re.compile(r"(?<=#)[a-z2-9-]{20,40}")
_KEY: Final = re.compile(r"\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}\b")
_six: Final = partial(code_in, digits=6)
_eight: Final = partial(code_in, digits=8)


class Life:
    """One person of a centre of their own, with everything they come to know."""

    def __init__(self, stage: Stage, name: str, centre: str) -> None:
        self.stage, self.name, self.centre = stage, name, centre
        self.email = f"elin.{name}@glan.example"
        # Of no words that the rules refuse, and of no two people the same.
        self.word = {"app": "saffron", "post": "juniper", "texts": "marble"}[name]
        self.password, self.seed = f"{self.word} pelican orchard 53", ""
        self.recovery: list[str] = []
        self.browser: Browser = stage.browser()

    def knows(self, what: str, secret: str) -> str:
        """Tell the stage a secret of this person."""
        return self.stage.learn(f"{what} of {self.name}", secret)

    def stumbles(self, path: str, **fields: str) -> None:
        """Send a form that the Portal cannot finish."""
        with self.stage.broken():
            # SQLite says of a table that is gone what it says of a database that does not answer (F13).
            assert self.browser.send(path, **fields).status in {500, 503}, path

    def joins(self) -> None:
        """Accept an invite, not without typing errors and faults, as far as the choice of a method."""
        self.stage.new_centre(self.centre)
        self.stage.manage("invite_exams_officer", self.centre, "Elin Wyn", self.email)
        temporary = self.knows("temporary password", self.stage.from_post(self.email, temporary_password_in))
        self.browser.send("/sign-in/", email=self.email)
        self.browser.send("/sign-in/password/", password=self.knows("mistyped temporary password", f"{temporary[:-3]}pelican"))
        self.stumbles("/sign-in/password/", password=self.knows("password typed into a fault", f"{self.word} stumbles twice"))
        self._goes("/sign-in/new-password/", self.browser.send("/sign-in/password/", password=temporary))
        self.knows("first password", self.password)
        self.stumbles("/sign-in/new-password/", new_password=self.password, language="en")
        self._goes("/mfa/", self.browser.send("/sign-in/new-password/", new_password=self.password, language="en"))

    def sets_up_the_app(self) -> None:
        """Read the key and type the first code."""
        key = _KEY.search(self.browser.open("/mfa/app/").body)
        assert key
        self.seed = self.knows("key", key[0].replace(" ", ""))
        self.stumbles("/mfa/app/", code=self.app_code())
        self.is_in(self.browser.send("/mfa/app/", code=self.app_code()))

    def sets_up_email(self) -> None:
        """Tick the box and type the code that arrives."""
        self.browser.send("/mfa/email/", agreed="on", send="1")
        code = self.knows("code that set up e-mail", self.stage.from_post(self.email, _six))
        self.is_in(self.browser.send("/mfa/email/", agreed="on", code=code))

    def sets_up_texts(self, number: str) -> None:
        """Give the number and type the code that arrives."""
        self.browser.send("/mfa/sms/", number=number, send="1")
        code = self.knows("code that set up texts", self.stage.from_post(number, _six))
        self.is_in(self.browser.send("/mfa/sms/", number=number, code=code))

    def app_code(self) -> str:
        """What the app shows now; noted, and good once more."""
        self.stage.let_app_codes_count_again()
        return self.knows(f"code {len(self.stage.secrets)} of the app", code_at(self.seed, step_at(time.time())))

    def signs_in(self, code: Callable[[], str]) -> None:
        """Sign in in a fresh browser, with a typing error in the password, a wrong code, and a fault with the right one in hand."""
        self.browser.send("/sign-out/")
        self.browser = self.stage.browser()
        self.browser.send("/sign-in/", email=self.email)
        self.browser.send("/sign-in/password/", password=self.knows("mistyped password", f"{self.password}x"))
        self.stumbles("/sign-in/password/", password=self.knows("password typed into a later fault", f"{self.password} stumbles"))
        self._goes("/sign-in/code/", self.browser.send("/sign-in/password/", password=self.password))
        self.is_in(self.browser.send("/sign-in/code/", code=code()))

    def by_post(self, to: str) -> Callable[[], str]:
        """Return a way to the newest code that was sent."""
        return lambda: self.knows("sent sign-in code", self.stage.from_post(to, _six))

    def resets_the_password(self) -> None:
        """Forget the password; the first try breaks in the middle."""
        self.browser = self.stage.browser()
        self.browser.send("/forgot-password/", email=self.email)
        code = self.knows("reset code", self.stage.from_post(self.email, _eight))
        wrong = self.knows("wrong reset code", f"{(int(code) + 41_234_567) % 10**8:08}")
        self.password = self.knows("password after the reset", f"{self.word} velvet compass 61")
        self.browser.send("/forgot-password/code/", email=self.email, code=wrong, new_password=self.password)
        self._goes("/sign-in/", self.browser.send("/forgot-password/code/", email=self.email, code=code, new_password=self.password))

    def breaks_a_reset(self) -> None:
        """Ask for a code and stumble with it and the new password in hand."""
        self.browser = self.stage.browser()
        self.browser.send("/forgot-password/", email=self.email)
        code = self.knows("reset code that broke", self.stage.from_post(self.email, _eight))
        new = self.knows("password that broke", f"{self.word} lantern broken 29")
        self.stumbles("/forgot-password/code/", email=self.email, code=code, new_password=new)

    def confirms(self, goal: str) -> None:
        """Prove password and app afresh, with a wrong password first."""
        at = f"/security/confirm/{goal}/"
        self.browser.send(at, current_password=self.knows("wrong present password", f"{self.password} wrong"))
        self._goes(f"{at}code/", self.browser.send(at, current_password=self.password))
        assert self.browser.send(f"{at}code/", code=self.app_code()).status == 302

    def changes_the_password(self) -> None:
        """Confirm who one is, then choose another password."""
        self.confirms("password")
        new = self.knows("changed password", f"{self.word} walnut harbour 88")
        self.stumbles("/security/password/", new_password=new)
        self._goes("/security/", self.browser.send("/security/password/", new_password=new))
        self.password = new

    def makes_recovery_codes(self) -> None:
        """Make ten, forget to tick the box, and load them down."""
        self.confirms("recovery")
        self.recovery = _CODE.findall(self.browser.send("/security/recovery-codes/").body)
        assert len(self.recovery) == _CODES
        for number, code in enumerate(self.recovery):
            self.knows(f"recovery code {number}", code)
        assert self.recovery[0] in self.browser.send("/security/recovery-codes/saved/", codes=self.recovery).body
        assert self.recovery[0] in self.browser.send("/security/recovery-codes/file/", codes=self.recovery).body

    def signs_in_with_a_recovery_code(self) -> None:
        """Use the first one, after a typing error and a fault."""
        self.browser = self.stage.browser()
        self.browser.send("/sign-in/", email=self.email)
        self._goes("/sign-in/code/", self.browser.send("/sign-in/password/", password=self.password))
        self.browser.send("/sign-in/code/", way="recovery")
        self.browser.send("/sign-in/code/", code=self.knows("mistyped recovery code", f"{self.recovery[0][:-2]}zz"))
        self.stumbles("/sign-in/code/", code=self.recovery[0])
        self.is_in(self.browser.send("/sign-in/code/", code=self.recovery[1]))

    def changes_the_address(self) -> None:
        """Move to another mailbox with the code that is sent there."""
        self.confirms("email")
        new = f"moved.{self.email}"
        self._goes("/profile/email/code/", self.browser.send("/profile/email/", email=new))
        code = self.knows("code of the new address", self.stage.from_post(new, _six))
        self._goes("/profile/", self.browser.send("/profile/email/code/", code=code))
        self.email = new

    def knows_what_the_letters_told(self, to: str) -> list[str]:
        """Note the freeze references of all letters to an address; returns them."""
        found = [reference for letter in self.stage.letters(to) for reference in _REFERENCE.findall(letter)]
        for reference in found:
            self.knows(f"freeze reference {reference[:3]}", reference)
        return found

    def freezes(self, to: str) -> None:
        """Close the account with the reference of the last notice to an address, after a fault with it in hand."""
        reference = self.knows_what_the_letters_told(to)[-1]
        self.browser = self.stage.browser()
        self.stumbles("/freeze/", reference=reference)
        self._goes("/sign-in/", self.browser.send("/freeze/", reference=reference))

    def is_in(self, answer: Answer) -> None:
        """Follow where a right code leads until a page of one's own."""
        assert answer.status == 302, answer.body
        assert self.browser.open("/security/").status == 200
        self.knows(f"mark of browser {len(self.stage.secrets)}", self.browser.cookie(_MARK))

    @staticmethod
    def _goes(path: str, answer: Answer) -> None:
        assert answer.location.startswith(path), (answer.status, answer.location, answer.body)


def live(stage: Stage, look: Callable[[str], None]) -> None:
    """Play it all; `look` is called after each chapter."""
    nia = Life(stage, "app", "68011")
    nia.joins()
    look("an invite")
    nia.sets_up_the_app()
    look("an app set up")
    nia.signs_in(nia.app_code)
    look("a sign-in with the app")
    nia.resets_the_password()
    look("a reset")
    nia.signs_in(nia.app_code)
    nia.changes_the_password()
    look("a changed password")
    nia.makes_recovery_codes()
    nia.signs_in_with_a_recovery_code()
    look("a sign-in with a recovery code")
    old = nia.email
    nia.changes_the_address()
    look("a changed address")
    nia.freezes(old)
    look("a frozen account")
    number = "+447700900417"
    for name, centre, to in (("post", "68012", "elin.post@glan.example"), ("texts", "68013", number)):
        life = Life(stage, name, centre)
        life.joins()
        if name == "post":
            life.sets_up_email()
        else:
            life.sets_up_texts(number)
        life.signs_in(life.by_post(to))
        look(f"a sign-in by {name}")
    life.breaks_a_reset()
    look("a broken reset")
