"""Browsers in which somebody finished signing in before: they have an allowance of wrong passwords of their own (P11, A20), and no notice.

The mark in the cookie proves nothing else: it never spares the second factor (A48). It is bound to each person by a keyed digest.
"""

import re
import secrets
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.models import KnownBrowser, User
from portal import clock, crypto

_MARK: Final = re.compile(r"[0-9a-f]{32}")
_NEW_MARK: Final = "new_browser_mark"
_YEAR: Final = 365 * 86_400
_DAY: Final = 86_400
_MOST: Final = 20
"""Rows kept for a person: the latest browsers."""
_ADD: Final = (
    "INSERT INTO accounts_knownbrowser (user_id, digest, made_at, seen_at) VALUES (%s, %s, %s, %s) ON CONFLICT (user_id, digest) DO NOTHING"
)
_KEEP_THE_LATEST: Final = (
    "DELETE FROM accounts_knownbrowser WHERE id IN (SELECT id FROM accounts_knownbrowser WHERE user_id = %s"
    " ORDER BY seen_at DESC LIMIT 1000 OFFSET %s)"
)


def mark_of(request: HttpRequest) -> str:
    """Return the browser's mark, or "" for one that has none or sends something else."""
    mark = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    return mark if _MARK.fullmatch(mark) else ""


def is_known(*, email: str, mark: str) -> bool:
    """Say whether the owner of an address signed in from this browser before. No query without a mark."""
    return bool(mark) and KnownBrowser.objects.filter(user__email=email, digest=_digest(mark)).exists()


def remember(*, request: HttpRequest, user: User) -> bool:
    """Note that a person finished signing in here; returns whether the browser was known. A new mark goes out with the answer."""
    mark = mark_of(request)
    row = KnownBrowser.objects.filter(user=user, digest=_digest(mark)).first() if mark else None
    now = clock.now()
    if row is not None:
        if (now - row.seen_at).total_seconds() > _DAY:
            KnownBrowser.objects.filter(pk=row.pk).update(seen_at=now)
        return True
    if not mark:
        mark = secrets.token_hex(16)
        setattr(request, _NEW_MARK, mark)
    _add(user, _digest(mark), now)
    return False


def _add(user: User, digest: str, now: datetime) -> None:
    """Add a browser and drop the oldest beyond the most that are kept. Two plain statements: every sign-in from a new browser pays for them."""
    person = KnownBrowser._meta.get_field("user").get_db_prep_value(user.pk, connection)
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [person, digest, moment, moment])
        cursor.execute(_KEEP_THE_LATEST, [person, _MOST])


def forget(user: User, *, but: str = "") -> None:
    """Forget a person's browsers, after a change of what protects the account; `but` is the mark of the one that made it."""
    rows = KnownBrowser.objects.filter(user=user)
    if but:
        rows = rows.exclude(digest=_digest(but))
    rows.delete()


def put_mark(request: HttpRequest, response: HttpResponse) -> None:
    """Send a mark that was made during this request."""
    mark = getattr(request, _NEW_MARK, "")
    if mark:
        response.set_cookie(
            settings.BROWSER_COOKIE_NAME,
            mark,
            max_age=_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _digest(mark: str) -> str:
    return crypto.digest("known-browser", mark)
