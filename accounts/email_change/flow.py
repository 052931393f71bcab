"""The deeds of changing one's e-mail. A taken address gets the same answer by the same steps; only the letter is another (PRO-2)."""

from secrets import token_hex
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.codes.flow import check_code, send_code
from accounts.codes.rules import ResendTooSoon, WrongCode
from accounts.events import Event
from accounts.factors.rules import masked_email
from accounts.invites.issue import reissue_without_account
from accounts.models import Code, EmailChange, KnownBrowser, Purpose, User
from accounts.notices import send
from accounts.sessions.ending import end_sessions
from permissions.membership.listing import hold_places_of
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.outbox.models import Message, State
from portal.ratelimit import allow
from portal.web.refusal import Refusal

_KIND: Final = "email_change_code"
_TO_ONE_ADDRESS: Final = ((limits.P15_RESENDS_PER_HOUR, 3600), (limits.P15_RESENDS_PER_DAY, 86400))
_TAKEN_LETTER: Final = (1, 3600)


class HeldBack(Refusal):
    """The 24-hour hold lasts (MFA-5): whoever reads the mailbox must not take the account to another."""

    message = _("You can change your email address 24 hours after the reset of your password")
    field = "email"


@transaction.atomic
def ask_change(*, user: User, session: SessionBase, new: str) -> None:
    """Send a code to a new address (canonical); to one that has an account, a letter to its owner and a code nobody knows.

    Never says which. Raises `ResendTooSoon` by what was asked, never by who exists (P15), and `HeldBack` during the 24-hour hold.
    """
    if user.held_until is not None and clock.now() < user.held_until:
        raise HeldBack()
    if not allow.try_take("email-change-to", new, *_TO_ONE_ADDRESS):
        raise ResendTooSoon()
    code = send_code(user=user, purpose=Purpose.EMAIL, session=session, kind=_KIND, channel="email", to=new, told=True)
    # From here on both ways take the same steps, so that neither takes longer.
    owner = User.objects.filter(email=new).first()
    tell = allow.try_take("notice-email-taken", new, _TAKEN_LETTER)
    letter, digest = ({"kind": _KIND}, code.digest) if owner is None else (_other_letter(owner, tell=tell), token_hex(32))
    Message.objects.filter(kind=_KIND, recipient=new, about=f"person:{user.pk}", state=State.QUEUED).update(**letter)
    Code.objects.filter(pk=code.pk).update(digest=digest)
    record(Event.EMAIL_CHANGE_ASKED, actor=user, subject=user, asked=crypto.digest("asked", new)[:12])


def finish_change(*, user: User, session: SessionBase, new: str, text: str) -> None:
    """Make a proved address the one that signs in. Other sessions, codes and recognised browsers end; both addresses are told.

    Raises `WrongCode`, also when somebody else has taken the address meanwhile.
    """
    try:
        # Outside the transaction below: a wrong try must stay counted.
        check_code(user=user, purpose=Purpose.EMAIL, session=session, text=text, target=new)
        _change(user, session=session, new=new)
    except WrongCode:
        record(Event.CODE_REFUSED, actor=user, subject=user, purpose=Purpose.EMAIL.value)
        raise


@transaction.atomic
def _change(user: User, *, session: SessionBase, new: str) -> None:
    # Codes on their way to the old address must prove nothing from now on. They come before their person, as in every deed that takes both,
    # and the person is held so that whoever only refers to them (a new code) does not wait: no two deeds wait for each other (F28).
    hold_places_of(user.pk)
    Code.objects.filter(user=user).delete()
    person = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True, frozen_at=None).first()
    if person is None:
        raise WrongCode()
    old, person.email = person.email, new
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        raise WrongCode() from None
    change = EmailChange.objects.create(user=person, old=old, new=new)
    KnownBrowser.objects.filter(user=person).delete()
    end_sessions(person, but=session)
    session.cycle_key()
    # An invite belongs to the mailbox its sender typed: it stays there, and no longer counts on this account.
    reissue_without_account(email=old)
    # The full addresses are history that goes with the account; the trail, which nobody can clear, keeps what is needed to recognise them.
    record(Event.EMAIL_CHANGED, actor=person, subject=person, old=masked_email(old), new=masked_email(new))
    send.email_changed(person, change)


def _other_letter(owner: User, *, tell: bool) -> dict[str, Any]:
    """Return how the message about a code becomes one to an address's owner, once an hour at most; otherwise it is never sent."""
    return {
        "kind": "email_change_taken",
        "language": owner.language,
        "context": {"name": owner.full_name},
        "about": f"person:{owner.pk}",
        "secret": "",
        "expires_at": None,
        "state": State.QUEUED if tell else State.EXPIRED,
    }
