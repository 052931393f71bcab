"""Which passwords are refused, and the words for it (SIGN-3, P1)."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models.user import normal_password
from portal import limits
from portal.web.refusal import Refusal

_common = CommonPasswordValidator()
_SHORTEST_OWN_WORD = 4


class BadPassword(Refusal):
    """The new password cannot be taken."""

    field = "new_password"


def check_new_password(raw: str, *, own_words: Iterable[str]) -> None:
    """Refuse a password that is too short, too long, common, all figures, or made of the person's own name or address.

    Lengths are in code points after NFKC. `own_words` are names and the e-mail's local part. Raises `BadPassword`.
    """
    password = normal_password(raw)
    if len(password) < limits.P1_PASSWORD_SHORTEST:
        raise BadPassword(_("Your password must be at least 10 characters long"))
    if len(password) > limits.P1_PASSWORD_LONGEST:
        raise BadPassword(_("Your password must be 128 characters or fewer"))
    if password.isdigit():
        raise BadPassword(_("This password is entirely numeric"))
    try:
        _common.validate(password)
    except ValidationError:
        raise BadPassword(_("Do not use a very common password")) from None
    folded = password.casefold()
    if any(len(word) >= _SHORTEST_OWN_WORD and word.casefold() in folded for word in own_words):
        raise BadPassword(_("Do not include your name or email in your password"))


def rules_in_words() -> list[str]:
    """Return the rules as a person reads them before typing."""
    return [
        str(_("At least 10 characters")),
        str(_("Not a very common password")),
        str(_("Not your name or email address")),
    ]
