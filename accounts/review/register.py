"""The account register: a line for each person and open invite of a centre (MAN-3; JCQ asks centres to keep one)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events import Event
from accounts.models import Invitation, User
from accounts.people.rows import access_in_words
from accounts.review.queries import register
from permissions.levels import Right
from permissions.models import Membership
from permissions.policy import valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from portal import clock
from portal.audit.record import record


@transaction.atomic
def take_register(*, actor: Membership) -> list[Membership]:
    """Return everybody of the actor's centre, and record that the register was taken away."""
    rows = list(register(actor.centre))
    record(Event.REGISTER_EXPORTED, actor=actor.user, subject=actor.centre, centre=actor.centre, rows=len(rows))
    return rows


def header() -> list[str]:
    """Return the names of the columns in the page's language."""
    return [
        _("Last name"),
        _("First name"),
        _("Title"),
        _("Email address"),
        _("Job role"),
        _("Account type"),
        _("Status"),
        _("Access"),
        _("Access that ends"),
        _("MFA"),
        _("Last sign in (UK time)"),
        _("Account since"),
        _("Last confirmed"),
    ]


def lines(places: Iterable[Membership]) -> Iterator[list[str]]:
    """Return the cells of each place in the page's language; the places come from `queries.register`."""
    day, words = today(), _Words()
    for place in places:
        yield _line(place, day, words)


class _Words(dict[frozenset[Right], str]):
    """What sets of rights are in words: of thousands of people most hold one of a few."""

    def __missing__(self, rights: frozenset[Right]) -> str:
        self[rights] = ", ".join(str(right) for right in access_in_words(rights))
        return self[rights]


def _line(place: Membership, day: date, words: _Words) -> list[str]:
    person: User | None = place.user
    invitation: Invitation | None = getattr(place, "invitation", None)
    who: User | Invitation | None = person or invitation
    grants = holdings(place)
    rights = valid_rights(Role(place.role), grants, day)
    ends = sorted({end for right, end in grants.items() if end is not None and right in rights})
    methods = [str(factor) for factor in getattr(person, "set_up", [])]
    confirmed = next(iter(getattr(place, "confirmed_in", [])), None)
    return [
        who.last_name if who else "",
        who.first_name if who else "",
        who.title if who else "",
        who.email if who else "",
        who.job_role if who else "",
        str(Role(place.role).label),
        _status(place, person, invitation),
        words[rights],
        ", ".join(end.isoformat() for end in ends),
        ", ".join(methods) or _("Not set up"),
        _minute(person.last_login) or _("Never signed in") if person else "",
        _minute(place.accepted_at)[:10],
        _minute(confirmed.confirmed_at)[:10] if confirmed else "",
    ]


def _status(place: Membership, person: User | None, invitation: Invitation | None) -> str:
    if person is not None:
        return _("Active") if person.is_active and place.suspended_at is None else _("Suspended")
    if invitation is not None and invitation.expired(clock.now()):
        return _("Expired")
    return _("Invited")


def _minute(instant: datetime | None) -> str:
    """Return an instant as year, month, day and minute of London, which spreadsheets sort and read as a date."""
    return f"{clock.london(instant):%Y-%m-%d %H:%M}" if instant else ""
