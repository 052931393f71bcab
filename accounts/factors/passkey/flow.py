"""Set up a passkey, ask for one, prove one (MFA-2)."""

from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.events import Event
from accounts.factors import guesses
from accounts.factors.passkey.challenges import new_challenge, take_challenge
from accounts.factors.passkey.rules import (
    NoPasskeysHere,
    Party,
    TooManyPasskeys,
    WrongPasskey,
    can_hold_passkeys,
    party_of,
    user_handle,
)
from accounts.factors.passkey.verify import new_count, new_passkey, read_answer
from accounts.models import Factor, Method, User
from portal import clock, limits
from portal.audit.record import record
from portal.ratelimit import allow

SETUP: Final = "setup"
_BROWSER_MILLISECONDS: Final = 300_000
"""How long the browser's own window waits: long enough to fetch a phone, shorter than the challenge lives."""
_NOTED: Final = (limits.P13_FACTOR_FAILURES_PER_HOUR, 3600)
"""Refused passkeys of a person that leave an event: nobody guesses one, so more than these say nothing new and would only fill the trail."""


def offered() -> bool:
    """Say whether passkeys work at the Portal's address at all."""
    return can_hold_passkeys(settings.PORTAL_BASE_URL)


def setup_options(*, user: User, session: SessionBase, replaces: int | None = None) -> str:
    """Return the JSON for navigator.credentials.create. Raises `NoPasskeysHere` or `TooManyPasskeys`, before anything is made in vain.

    A discoverable passkey is preferred, because that is the kind that phones and computers back up; its own lock is preferred too, but the
    password has been given, so a key without one is enough. Which make of device it is we do not ask.
    """
    _refuse_setup(user, replaces)
    party = _party()
    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name="Portal",
            user_id=user_handle(user.pk),
            user_name=user.email,
            user_display_name=user.full_name or user.email,
            challenge=new_challenge(user=user, session=session, purpose=SETUP),
            timeout=_BROWSER_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
            ),
            exclude_credentials=_descriptors(_passkeys(user)),
        )
    )


def finish_setup(*, user: User, session: SessionBase, text: str, name: str, replaces: int | None = None) -> Factor:
    """Check what the browser made and put it in place under its owner's name for it. `replaces` is the key of the method that goes.

    Raises `WrongPasskey`, `NoPasskeysHere` or `TooManyPasskeys`.
    """
    from accounts.factors.flow import put_in_place  # a ring otherwise

    # Outside the transaction below: a challenge that was answered stays used.
    challenge = take_challenge(user=user, session=session, purpose=SETUP)
    answer = read_answer(text)
    if challenge is None:
        raise WrongPasskey()
    made = new_passkey(answer, challenge=challenge, party=_party())
    factor = Factor(
        user=user,
        method=Method.PASSKEY,
        name=name.strip()[: limits.MFA2_PASSKEY_NAME_LONGEST] or Method.PASSKEY.value,
        credential=made.credential,
        public_key=made.public_key,
        sign_count=made.sign_count,
        confirmed=False,
    )
    try:
        with transaction.atomic():
            # The person's row is held, so that two set-ups at the same instant do not both become the last one allowed.
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            _refuse_setup(user, replaces)
            put_in_place(factor=factor, session=session, replaces=replaces)
    except IntegrityError as error:
        # Somebody, perhaps the same person in another window, has this very credential.
        raise WrongPasskey() from error
    return factor


def sign_in_options(*, user: User, session: SessionBase, purpose: str) -> str:
    """Return the JSON for navigator.credentials.get, or "" for somebody without a passkey. `purpose` is "sign_in" or "confirm"."""
    passkeys = _passkeys(user)
    if not passkeys:
        return ""
    return options_to_json(
        generate_authentication_options(
            rp_id=_party().id,
            challenge=new_challenge(user=user, session=session, purpose=purpose),
            timeout=_BROWSER_MILLISECONDS,
            allow_credentials=_descriptors(passkeys),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def prove(*, user: User, session: SessionBase, purpose: str, text: str) -> Factor:
    """Prove one of a person's passkeys, once for each challenge, and return it. Raises `WrongPasskey`, whatever was odd (A51).

    Call it outside a transaction, like every proof. Nobody guesses a passkey, so wrong ones do not count against P13, and a right one lets
    its owner enter codes again after a hundred wrong ones.
    """
    try:
        factor = _proved(user, session, purpose, text)
    except WrongPasskey:
        if allow.try_take("passkey-refused", str(user.pk), _NOTED):
            record(Event.CODE_REFUSED, subject=user, method=Method.PASSKEY.value)
        raise
    guesses.unlock(user)
    return factor


def _proved(user: User, session: SessionBase, purpose: str, text: str) -> Factor:
    challenge = take_challenge(user=user, session=session, purpose=purpose)
    answer = read_answer(text)
    factor = next((one for one in _passkeys(user) if one.credential == answer.get("id")), None)
    if challenge is None or factor is None:
        raise WrongPasskey()
    count = new_count(
        answer,
        challenge=challenge,
        party=_party(),
        public_key=factor.public_key,
        sign_count=factor.sign_count,
        handle=user_handle(user.pk),
    )
    # The count is only ever raised, in one statement: of two copies that give the same one at the same moment, one is refused.
    unused = Factor.objects.filter(pk=factor.pk, confirmed=True)
    unused = unused.filter(sign_count__lt=count) if count else unused.filter(sign_count=0)
    now = clock.now()
    if not unused.update(sign_count=count, used_at=now):
        raise WrongPasskey()
    factor.sign_count, factor.used_at, factor.user = count, now, user
    return factor


def _passkeys(user: User) -> list[Factor]:
    """Return the passkeys that count for a person: none for staff, even if they had some before (MFA-1)."""
    if not _may_use(user):
        return []
    return list(Factor.objects.filter(user=user.pk, method=Method.PASSKEY, confirmed=True).order_by("pk"))


def _refuse_setup(user: User, replaces: int | None) -> None:
    if not offered() or not _may_use(user):
        raise NoPasskeysHere()
    held = [passkey for passkey in _passkeys(user) if passkey.pk != replaces]
    if len(held) >= limits.PASSKEYS_PER_PERSON:
        raise TooManyPasskeys()


def _may_use(user: User) -> bool:
    from accounts.factors.flow import allowed_methods  # a ring otherwise

    return Method.PASSKEY in allowed_methods(user)


def _party() -> Party:
    return party_of(settings.PORTAL_BASE_URL)


def _descriptors(passkeys: list[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential)) for passkey in passkeys]
