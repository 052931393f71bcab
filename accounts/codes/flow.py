"""Send a code and check it, each in one conditional write, so that no race gives a second use or an extra try."""

from datetime import timedelta
from hmac import compare_digest
from secrets import token_hex
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.codes.budget import take_text
from accounts.codes.rules import ResendTooSoon, WrongCode, new_code, normal_code
from accounts.codes.texts import call_back
from accounts.events import Event
from accounts.models import Code, Purpose, User
from accounts.sessions.browsers import in_words
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.outbox.put import put
from portal.ratelimit import allow
from portal.web import origin

DIGITS: Final = {Purpose.RESET: limits.P7_RESET_CODE_DIGITS}
MINUTES: Final = {Purpose.RESET: limits.P7_RESET_CODE_MINUTES}
TRIES: Final = {Purpose.RESET: limits.P7_RESET_CODE_TRIES}


def digits_of(purpose: Purpose) -> int:
    """Return how many digits a code of this purpose has (P7: eight for a reset, P8: six otherwise)."""
    return DIGITS.get(purpose, limits.P8_CODE_DIGITS)


def minutes_of(purpose: Purpose) -> int:
    """Return how many minutes a code of this purpose lives."""
    return MINUTES.get(purpose, limits.P8_CODE_MINUTES)


def browser_of(session: SessionBase) -> str:
    """Return the mark by which codes are bound to this browser session; made at the first need and kept when the session's id changes (A33)."""
    mark: str | None = session.get("code_browser")
    if mark is None:
        mark = session["code_browser"] = token_hex(16)
    return crypto.digest("code-browser", mark)


@transaction.atomic
def send_code(
    *,
    user: User,
    purpose: Purpose,
    session: SessionBase,
    kind: str,
    channel: str,
    to: str,
    known_mark: str = "",
    told: bool = False,
) -> Code:
    """Make a code, end the earlier one of this purpose, and put the message. Raises `ResendTooSoon` (P15).

    `kind` names the message's template, `channel` is "email" or "sms", `to` the address or the number in E.164. `known_mark` names a browser
    its owner signed in from, else "": there the allowance is its own, strangers' codes do not delay it, and none of theirs ends its code (A20).
    `told` says that the caller writes the event: asking for a reset or for a change of address is one deed, and leaves one.
    """
    now = clock.now()
    earliest = now - timedelta(seconds=limits.P15_RESEND_SECONDS)
    live = Code.objects.filter(user=user, purpose=purpose, spent_at=None)
    recent = Q(created_at__gt=earliest, target=to)
    own = Q(recognised=True)
    if live.filter(recent & own if known_mark else recent | own & Q(expires_at__gt=now)).exists():
        raise ResendTooSoon()
    if allow.take(_ask(user, purpose, known_mark)) is None:
        raise ResendTooSoon()
    if channel == "sms":
        take_text(user=user, number=to)
        call_back(user=user, purpose=purpose)
    text = new_code(digits_of(purpose))
    live.update(spent_at=now, digest="")
    try:
        with transaction.atomic():
            code = Code.objects.create(
                user=user,
                purpose=purpose,
                digest=_digest(user, purpose, text),
                browser=browser_of(session),
                target=to,
                recognised=bool(known_mark),
                created_at=now,
                expires_at=now + timedelta(minutes=minutes_of(purpose)),
                tries_left=TRIES.get(purpose, limits.P8_CODE_TRIES),
            )
    except IntegrityError:
        raise ResendTooSoon() from None
    put(
        kind,
        to=to,
        language=user.language,
        context={
            "name": user.full_name,
            "minutes": minutes_of(purpose),
            "purpose": purpose.value,
            "browser": in_words(origin.current().browser),
        },
        secret=text,
        channel=channel,
        expires_at=code.expires_at,
        about=f"person:{user.pk}",
    )
    if not told:
        record(Event.CODE_SENT, actor=user, subject=user, purpose=purpose.value, channel=channel)
    return code


def check_code(*, user: User, purpose: Purpose, session: SessionBase, text: str, target: str | None = None) -> Code:
    """Take a code that was typed, once. Raises `WrongCode`; every try counts, also a malformed one.

    In another browser than the one that asked no code is right and no try counts: a stranger must not use up the owner's (A20, A33).
    `target`, when given, is the address or number that the code must have been sent to. A code that was used was no resend: whoever signs in
    by e-mail all day never runs out of them (P15).
    """
    code = charge(user=user, purpose=purpose, session=session, text=text, target=target)
    if code is None or not spend(code):
        raise WrongCode()
    allow.give_back(allow.Taken((_ask(user, purpose),), {}))
    return code


def charge(*, user: User, purpose: Purpose, session: SessionBase, text: str, target: str | None = None) -> Code | None:
    """Count one try against the live code and return the code if what was typed is right; it is not spent yet.

    Outside a transaction that may be undone. An expired code is marked dead, so that a clock set back does not revive it (A38). It has
    expired as soon as this machine's clock or the database's says so: the machine that made it may have had another time (F22).
    """
    now = clock.now()
    browser = browser_of(session)
    live = Code.objects.filter(user=user, purpose=purpose, spent_at=None)
    over = Q(expires_at__lte=now) | Q(stamped_at__lte=Now() - timedelta(minutes=minutes_of(purpose)))
    charged = live.filter(browser=browser, tries_left__gt=0).exclude(over).update(tries_left=F("tries_left") - 1)
    if not charged:
        live.filter(over).update(spent_at=now, digest="")
    code = live.first() if charged else None
    typed = normal_code(text, digits_of(purpose))
    # Every comparison is made whatever the others say, so that no part of a wrong try stands out by time.
    checks = (
        bool(typed),
        compare_digest(code.digest if code else "", _digest(user, purpose, typed)),
        compare_digest(code.browser if code else "", browser),
        target is None or (code is not None and code.target == target),
    )
    return code if all(checks) else None


def spend(code: Code) -> bool:
    """Use a code up; returns False for whoever comes second (A25). Part of a caller's transaction, if the deed must stand or fall with it."""
    return bool(Code.objects.filter(pk=code.pk, spent_at=None).update(spent_at=clock.now(), digest=""))


def live_code(*, user: User, purpose: Purpose) -> Code | None:
    """Return the code a person may still use for a purpose, if there is one."""
    return Code.objects.filter(user=user, purpose=purpose, spent_at=None, expires_at__gt=clock.now()).first()


def purge_expired() -> int:
    """Delete codes that ended more than a day ago (security.md: codes purged after 24 h). Returns how many."""
    return Code.objects.filter(expires_at__lt=clock.now() - timedelta(days=1)).delete()[0]


def _ask(user: User, purpose: Purpose, known_mark: str = "") -> allow.Ask:
    rules = ((limits.P15_RESENDS_PER_HOUR, 3600), (limits.P15_RESENDS_PER_DAY, 86400))
    return allow.Ask(f"code-{purpose}", f"{user.pk} {known_mark}", rules)


def _digest(user: User, purpose: Purpose, text: str) -> str:
    return crypto.digest("code", str(user.pk), purpose.value, text)
