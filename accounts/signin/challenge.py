"""Ask a second factor: the preferred method, or any other that is set up, or a recovery code (SIGN-4). Signing in and confirming share it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.codes import texts
from accounts.codes.forms import CodeForm
from accounts.codes.rules import NoTextNow, ResendTooSoon, WrongCode
from accounts.factors import guesses
from accounts.factors.passkey import flow as passkey
from accounts.factors.passkey.rules import WrongPasskey
from accounts.factors.proving import prove, send_factor_code
from accounts.factors.recovery.flow import use_code
from accounts.factors.recovery.rules import WrongRecoveryCode
from accounts.factors.rules import TooManyTries
from accounts.models import Factor, Method, Purpose, User

RECOVERY: Final = "recovery"
"""The way in by a recovery code, beside the ids of the methods."""
WRONG: Final = (WrongCode, WrongPasskey, WrongRecoveryCode)


class RecoveryForm(CodeForm):
    """A recovery code instead of a method."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Recovery code")
        code.error_messages["required"] = _("Enter a recovery code")
        code.widget.attrs.pop("inputmode", None)
        code.widget.attrs["autocomplete"] = "off"


@dataclass
class Challenge:
    """What is asked now. `way` is a method's id as text, or RECOVERY; `methods` are those that count here, the preferred one first."""

    person: User
    methods: list[Factor]
    purpose: Purpose
    session: SessionBase
    way: str = ""
    sent: bool = False
    wrong: bool = False
    form: CodeForm = field(init=False)

    def __post_init__(self) -> None:
        self.form = RecoveryForm() if self.recovery else CodeForm()

    @property
    def recovery(self) -> bool:
        """Whether a recovery code is asked for."""
        return (self.way == RECOVERY or not self.methods) and self.may_use_recovery

    @property
    def may_use_recovery(self) -> bool:
        """Whether recovery codes count at all: not for staff (MFA-1). Whether there are any left is not told."""
        return not self.person.is_staff

    @property
    def factor(self) -> Factor | None:
        """The method that is asked for; None for a recovery code."""
        if self.recovery or not self.methods:
            return None
        return next((factor for factor in self.methods if str(factor.pk) == self.way), self.methods[0])

    @property
    def others(self) -> list[Factor]:
        """The other methods, to choose from."""
        return [factor for factor in self.methods if factor != self.factor]

    @cached_property
    def text_failed(self) -> bool:
        """Whether the text with the code did not leave, so that another way is offered at once; never taken by itself (F20)."""
        factor = self.factor
        is_text = factor is not None and factor.method == Method.SMS
        return is_text and texts.failed(user=self.person, purpose=self.purpose, session=self.session)

    @property
    def options(self) -> str:
        """What the browser needs to ask for a passkey: JSON, with a challenge that works once."""
        return passkey.sign_in_options(user=self.person, session=self.session, purpose=self.purpose.value)

    def choose(self, way: str) -> bool:
        """Take another way; sends its code. Returns whether there is such a way. A code sent a moment ago stays good."""
        known = {str(factor.pk) for factor in self.methods} | ({RECOVERY} if self.may_use_recovery else set())
        if way not in known:
            return False
        self.way = way
        if self.factor is not None:
            try:
                send_factor_code(factor=self.factor, purpose=self.purpose, session=self.session)
            except (ResendTooSoon, NoTextNow):
                return True
        return True

    def send_again(self) -> None:
        """Send the code again; a refusal is shown."""
        if self.factor is None:
            return
        try:
            send_factor_code(factor=self.factor, purpose=self.purpose, session=self.session)
        except (ResendTooSoon, NoTextNow) as refusal:
            self.form = CodeForm({"code": ""})
            self.form.errors.clear()
            self.form.refuse(refusal)
        else:
            self.sent = True

    def answer(self, request: HttpRequest) -> bool:
        """Look at what was entered. Returns whether it proved the person; else the form says why not. `wrong` tells a wrong answer from a pause."""
        self.form = (RecoveryForm if self.recovery else CodeForm)(request.POST)
        if self.factor is not None and self.factor.method == Method.PASSKEY:
            self.form = CodeForm({"code": "-"})
        if not self.form.is_valid():
            return False
        try:
            self._prove(request)
        except WRONG as refusal:
            self.wrong = True
            self.form.refuse(refusal)
        except TooManyTries as refusal:
            self.form.refuse(refusal)
        else:
            return True
        return False

    def _prove(self, request: HttpRequest) -> None:
        typed = self.form.cleaned_data["code"]
        factor = self.factor
        if self.recovery:
            # Nobody guesses 80 bits, so a stranger's tries never bar this way back in.
            try:
                use_code(user=self.person, text=typed)
            except WrongRecoveryCode:
                guesses.count_wrong(self.person)
                raise
            guesses.unlock(self.person)
        elif factor is None:
            raise WrongCode()
        elif factor.method == Method.PASSKEY:
            text = request.POST.get("credential", "")
            used = passkey.prove(user=self.person, session=self.session, purpose=self.purpose.value, text=text)
            self.way = str(used.pk)
        else:
            prove(factor=factor, purpose=self.purpose, session=self.session, text=typed)


def is_answer(request: HttpRequest) -> bool:
    """Say whether a POST answers the challenge (and does not ask for another code or another way)."""
    return request.method == "POST" and ("code" in request.POST or "credential" in request.POST)
