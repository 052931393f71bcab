"""The deeds of a forgotten password. Every address gets the same answer; what differs happens in the outbox (RST-2)."""

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.codes.flow import check_code, send_code
from accounts.codes.rules import ResendTooSoon, WrongCode
from accounts.events import Event
from accounts.models import Invitation, Purpose, User
from accounts.passwords.flow import replace_password
from accounts.passwords.rules import check_new_password
from accounts.sessions.ending import end_sessions
from portal import crypto, limits
from portal.audit.record import record
from portal.outbox.put import put
from portal.ratelimit import allow
from portal.web import origin

_MAILBOX_RULES = (
    (limits.P14_RESETS_PER_MINUTE, 60),
    (limits.P14_RESETS_PER_HOUR, 3600),
    (limits.P14_RESETS_PER_DAY, 86400),
)


def ask_reset(*, session: SessionBase, email: str) -> None:
    """Send a code to a person, help to somebody who never activated their invite, nothing to anybody else; never says which (RST-2, RST-3).

    Raises `ResendTooSoon` by what was asked, never by who exists (P14).
    """
    allowed = allow.try_take("reset-address", origin.current().address, (limits.P14_RESETS_PER_ADDRESS_PER_HOUR, 3600))
    if not allowed or not allow.try_take("reset", email, *_MAILBOX_RULES):
        raise ResendTooSoon()
    person = User.objects.filter(email=email, is_active=True).first()
    if person is not None:
        _send(session, person)
        return
    invitation = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).order_by("-sent_at").first()
    if invitation is not None:
        put(
            "reset_not_activated",
            to=invitation.email,
            language="both-cy" if invitation.centre.country == "wales" else "both-en",
            context={
                "name": invitation.full_name,
                "centre": invitation.centre.name,
                "number": invitation.centre.number,
                "role": invitation.role,
            },
            about=f"invitation:{invitation.pk}",
        )
    record(Event.PASSWORD_RESET_ASKED, subject=invitation, asked=crypto.digest("asked", email)[:12])


@transaction.atomic
def _send(session: SessionBase, person: User) -> None:
    try:
        send_code(user=person, purpose=Purpose.RESET, session=session, kind="reset_code", channel="email", to=person.email)
    except ResendTooSoon:
        return
    record(Event.PASSWORD_RESET_ASKED, actor=None, subject=person)


def reset_password(*, session: SessionBase, email: str, code: str, password: str) -> None:
    """Give a person a new password against the mailed code; ends all sessions, never signs in, never touches MFA (RST-2).

    The password's rules come first, so that a refused one does not use the code up. Raises `BadPassword`, `WrongCode`.
    """
    person = User.objects.filter(email=email, is_active=True).first()
    check_new_password(password, own_words=(email.partition("@")[0],))
    if person is None:
        raise WrongCode()
    check_code(user=person, purpose=Purpose.RESET, session=session, text=code)
    with transaction.atomic():
        replace_password(user=person, password=password)
        end_sessions(person)
        record(Event.PASSWORD_RESET, actor=person, subject=person)
