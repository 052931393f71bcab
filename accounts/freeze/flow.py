"""The deed of freezing: nobody can sign in until the password is reset, and a change of e-mail that its old reader did not make is undone."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.events import Event
from accounts.freeze.rules import BadReference, reference_in
from accounts.freeze.undo import use_up_references, what_it_undoes
from accounts.invites.issue import reissue_without_account
from accounts.models import Code, EmailChange, FreezeReference, KnownBrowser, User
from accounts.notices import send
from accounts.notices.reference import digest_of
from accounts.sessions.ending import end_sessions
from permissions.membership.listing import hold_places_of
from portal import clock
from portal.audit.record import record
from portal.ratelimit import allow
from portal.web import origin

_TRIES: Final = (20, 3600)
"""Wrong references of one client address in an hour; right ones cost nothing."""


def freeze(*, reference: str) -> None:
    """Freeze the account that a notice told of, and put back the address the notice was sent to.

    Raises `BadReference`, the same for an unknown, a used and an old reference and for too many tries.
    """
    taken = allow.take(allow.Ask("freeze", origin.current().counted_as, (_TRIES,)))
    if taken is None:
        raise BadReference()
    _freeze_by(digest_of(reference_in(reference)))
    allow.give_back(taken)


@transaction.atomic
def freeze_own(*, user: User) -> None:
    """Freeze the account of somebody who is signed in; their own session ends too."""
    person = _held(user.pk)
    if person is None:
        return
    _close(person)
    record(Event.ACCOUNT_FROZEN, actor=person, subject=person, undone=False)
    send.frozen(person, to=person.email)


@transaction.atomic
def _freeze_by(digest: str) -> None:
    now = clock.now()
    live = FreezeReference.objects.filter(digest=digest, used_at=None, expires_at__gt=now)
    found = live.first()
    # The person is held first: of two that freeze and change the address at the same moment the second sees what the first did.
    person = _held(found.user_id) if found else None
    if found is None or person is None or not live.update(used_at=now):
        raise BadReference()
    changes = what_it_undoes(found)
    undone = bool(changes) and _put_back(person, changes)
    if changes and not undone:
        # Somebody else has the old address by now, and a reset would go to the new one: only the help desk can tell whose account it is.
        person.is_active = False
    _close(person)
    record(Event.ACCOUNT_FROZEN, actor=person, subject=person, undone=undone, suspended=bool(changes) and not undone)
    send.frozen(person, to=changes[0].old if changes else person.email)


def _held(pk: UUID) -> User | None:
    """Return a person with their row and places held and their codes gone; in this order and no harder than needed, as everywhere (F28)."""
    hold_places_of(pk)
    Code.objects.filter(user=pk).delete()
    return User.objects.select_for_update(no_key=True).filter(pk=pk).first()


def _close(person: User) -> None:
    """Shut every way in. Methods stay: a reset still asks a code, and the help desk looks at what a thief may have added."""
    person.set_unusable_password()
    person.frozen_at = clock.now()
    person.save(update_fields=["email", "password", "frozen_at", "is_active"])
    end_sessions(person)
    KnownBrowser.objects.filter(user=person).delete()
    use_up_references(person)


def _put_back(person: User, changes: list[EmailChange]) -> bool:
    """Give a person their earlier address again, if nobody has taken it since; says whether."""
    given_up, person.email = person.email, changes[0].old
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        person.email = given_up
        return False
    EmailChange.objects.filter(pk__in=[change.pk for change in changes]).update(undone_at=clock.now())
    # Invites to the address that was given up had relied on this account.
    reissue_without_account(email=given_up)
    return True
