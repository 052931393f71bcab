"""Make recovery codes, use one, count what is left (MFA-2, P10)."""

from collections.abc import Iterable
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.events import Event
from accounts.factors.recovery.rules import NoCodesForStaff, WrongRecoveryCode, in_groups, new_text, normal
from accounts.models import RecoveryCode, User
from accounts.notices import send
from accounts.sessions.ending import end_sessions
from portal import clock, crypto, limits
from portal.audit.record import record

_SELECTOR_LENGTH: Final = 8
_NOBODYS: Final = make_password(new_text())
"""What a code that is none of the person's is compared with, so that every try costs one hash check (A01)."""


def make_codes(*, user: User, session: SessionBase) -> list[str]:
    """Make ten new codes and return them, written in groups: the only moment at which they can be read. All earlier ones are dead.

    A change of what protects the account, so the person's other sessions end and they are told (MFA-3). Raises `NoCodesForStaff`.
    """
    if user.is_staff:
        raise NoCodesForStaff()
    # Hashing ten takes 200 ms, in which no transaction shall hold a lock.
    texts = _distinct_texts()
    rows = [RecoveryCode(user=user, selector=selector, password_hash=make_password(text)) for selector, text in texts.items()]
    with transaction.atomic():
        # Who makes codes in two windows at once gets the later ten, never twenty.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(rows)
        record(Event.RECOVERY_CODES_MADE, actor=user, subject=user)
        end_sessions(user, but=session)
        send.recovery_codes_made(user)
    return [in_groups(text) for text in texts.values()]


def use_code(*, user: User, text: str) -> int:
    """Use one code up and return how many are left. Exactly one hash check, whatever was typed.

    However many try the same code at once, one succeeds. Counting wrong tries (P13) is the caller's. Raises `WrongRecoveryCode`.
    """
    typed = normal(text)
    row = RecoveryCode.objects.filter(user=user, selector=_selector(typed), used_at=None).first()
    right = check_password(typed, row.password_hash if row else _NOBODYS)
    if row is None or not right:
        raise WrongRecoveryCode()
    with transaction.atomic():
        if not RecoveryCode.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now()):
            raise WrongRecoveryCode()
        left = codes_left(user)
        record(Event.RECOVERY_CODE_USED, actor=user, subject=user, left=left)
        send.recovery_code_used(user, left=left)
    return left


def codes_left(user: User) -> int:
    """Return how many codes a person still has."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def still_live(user: User, texts: Iterable[str]) -> list[str]:
    """Return which of some codes, sent back by the page that showed them, are this person's and unused, in their order and written in groups.

    For writing them down once more, never for letting anybody in: the selector alone is compared. One query.
    """
    by_selector = {_selector(plain): plain for plain in (normal(text) for text in texts)}
    live = set(RecoveryCode.objects.filter(user=user, used_at=None, selector__in=by_selector).values_list("selector", flat=True))
    return [in_groups(plain) for selector, plain in by_selector.items() if selector in live]


def _distinct_texts() -> dict[str, str]:
    """Return ten codes by their selectors; two with the same selector, once in many millions, would hide one of them."""
    texts: dict[str, str] = {}
    while len(texts) < limits.P10_RECOVERY_CODES:
        text = new_text()
        texts[_selector(text)] = text
    return texts


def _selector(text: str) -> str:
    return crypto.digest("recovery-code", text)[:_SELECTOR_LENGTH]
