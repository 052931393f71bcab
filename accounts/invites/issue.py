"""Give an invite its temporary password and send it, to somebody new or to somebody who has an account (INV-3, INV-7)."""

from dataclasses import dataclass

from django.db import transaction

from accounts.invites.messages import send_invite, send_invite_to_existing
from accounts.models import Invitation, User
from accounts.passwords import temporary
from portal import clock, limits


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new temporary password with its hash, made before the transaction begins: hashing takes long and nobody should wait for it.

    It is made for everybody, so that an address with an account takes the same time as one without (INV-7).
    """

    shown: str
    selector: str
    password_hash: str

    @classmethod
    def make(cls) -> "Fresh":
        """Make a temporary password."""
        made = temporary.make()
        return cls(made.shown, temporary.selector(made.text), temporary.hash_of(made.text))

    def write_on(self, invitation: Invitation) -> None:
        """Start an invite's life anew: sent now, ends in two calendar months (P5), full tries (P6). Does not save."""
        invitation.sent_at = clock.now()
        invitation.expires_at = clock.add_months(invitation.sent_at, limits.P5_INVITE_MONTHS)
        invitation.tries_left = limits.P6_TEMPORARY_PASSWORD_TRIES
        invitation.reminded_at = None
        existing = User.objects.filter(email=invitation.email).exists()
        invitation.selector, invitation.password_hash = ("", "") if existing else (self.selector, self.password_hash)


def issue(invitation: Invitation, fresh: Fresh, *, again: bool) -> None:
    """Send a saved invite. Part of a caller's transaction."""
    if invitation.password_hash:
        send_invite(invitation=invitation, secret=fresh.shown, again=again)
    else:
        send_invite_to_existing(invitation=invitation, person=User.objects.get(email=invitation.email))


@transaction.atomic
def reissue_without_account(*, email: str) -> int:
    """Give the open invites of an address whose account was just deleted a temporary password; returns how many.

    They relied on the password of that account. Their end stays.
    """
    waiting = Invitation.objects.select_for_update(of=("self",)).select_related("centre", "invited_by")
    rows = list(waiting.filter(email=email, accepted_at=None, withdrawn_at=None, password_hash=""))
    for row in rows:
        fresh = Fresh.make()
        row.selector, row.password_hash = fresh.selector, fresh.password_hash
        row.tries_left = limits.P6_TEMPORARY_PASSWORD_TRIES
        row.save(update_fields=["selector", "password_hash", "tries_left"])
        if not row.expired(clock.now()):
            send_invite(invitation=row, secret=fresh.shown, again=True)
    return len(rows)
