"""One function for each notice. All are part of their caller's transaction: no change without its notice, no notice without its change."""

from typing import Any, Final

from accounts.models import EmailChange, Method, User
from accounts.notices.reference import new_reference
from accounts.notices.where import where
from portal import clock
from portal.outbox.put import put
from portal.ratelimit import allow

_QUIET: Final = (1, 3600)
"""A notice that a stranger can cause is sent once an hour at most."""


def password_changed(user: User) -> None:
    """The password was changed or reset; the other sessions ended."""
    _send("password_changed", user, changed_at=_now(), **where(user))


def password_locked(user: User) -> None:
    """A hundred wrong passwords in a row: it opens nothing until it is reset (P11). Nobody got in, so there is nothing to freeze."""
    if allow.try_take("notice-password-locked", str(user.pk), _QUIET):
        put(
            "password_locked",
            to=user.email,
            language=user.language,
            context={"name": user.full_name, "happened_at": _now()},
            about=f"person:{user.pk}",
        )


def factor_changed(user: User, *, what: str, method: Method | str, by: str = "you") -> None:
    """A method was `added`, `changed` (replaced), `removed` or `reset`; `by` is "you", "centre" or "help_desk". For a reset `method` is "".

    Tells the e-mail of record; a changed text number is told by `number_replaced` too.
    """
    # Where somebody else sat who did it is not the owner's business.
    place = where(user) if by == "you" else {}
    _send("factor_changed", user, what=what, method=str(method), by=by, changed_at=_now(), **place)


def number_replaced(user: User, *, old_number: str) -> None:
    """Tell the old number by text that it no longer gets codes (A155)."""
    put(
        "number_replaced", to=old_number, language=user.language, context={"name": user.full_name}, channel="sms", about=f"person:{user.pk}"
    )


def recovery_codes_made(user: User) -> None:
    """New recovery codes were made; earlier ones are dead."""
    _send("recovery_codes_made", user, changed_at=_now(), **where(user))


def recovery_code_used(user: User, *, left: int) -> None:
    """A recovery code was used; so many are left."""
    _send("recovery_code_used", user, left=left, happened_at=_now(), **where(user))


def new_sign_in(user: User) -> None:
    """Somebody finished signing in from a browser we did not know."""
    _send("new_sign_in", user, happened_at=_now(), **where(user))


def wrong_factor(user: User) -> None:
    """Somebody gave the right password and then wrong codes until the sign-in was stopped."""
    if allow.try_take("notice-wrong-factor", str(user.pk), _QUIET):
        _send("wrong_factor", user, happened_at=_now(), **where(user))


def email_changed(user: User, change: EmailChange) -> None:
    """The address was changed: told to the old one, whose reader can undo it, and to the new one. Neither letter names the other address."""
    place = where(user)
    _send("email_changed_old", user, to=change.old, change=change, changed_at=_now(), **place)
    _send("email_changed_new", user, changed_at=_now(), **place)


def hold_started(user: User, *, to: User, until: str, centre: str) -> None:
    """E-mail is somebody's only method and their password was reset: told to the Exams Officer (or to the Admins) of a centre (MFA-5)."""
    put(
        "hold_started",
        to=to.email,
        language=to.language,
        context={"name": to.full_name, "person": user.full_name, "centre": centre, "until_at": until},
        about=f"person:{user.pk}",
    )


def frozen(user: User, *, to: str) -> None:
    """The account was frozen by its owner; how to open it again. `to` is the address of whoever froze it.

    Staff, and people whose earlier address could not be put back, ring the help desk; everybody else resets the password.
    """
    context = {"name": user.full_name, "happened_at": _now(), "help_desk": user.is_staff or not user.is_active}
    put("account_frozen", to=to, language=user.language, context=context, about=f"person:{user.pk}")


def _send(kind: str, user: User, *, to: str = "", change: EmailChange | None = None, **context: Any) -> None:
    put(
        kind,
        to=to or user.email,
        language=user.language,
        context={"name": user.full_name, **context},
        # The template shows it as `secret`: it is encrypted while it waits and wiped once it was sent.
        secret=new_reference(user, change),
        about=f"person:{user.pk}",
    )


def _now() -> str:
    return clock.now().isoformat()
