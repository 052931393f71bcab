"""What is next for the person at this browser: the one function that decides it (SIGN-3, architecture decision 2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.contrib.sessions.backends.base import SessionBase

from accounts.factors.flow import person_and_factors
from accounts.models import Factor, Invitation, Method, User
from accounts.signin import state as sign_in_state
from accounts.signin.state import SignIn
from portal import clock


class Step(Enum):
    """The steps of signing in; the value is the URL name of each."""

    EMAIL = "sign-in"
    PASSWORD = "sign-in-password"  # noqa: S105
    SET_PASSWORD = "sign-in-set-password"  # noqa: S105
    ENROL = "factor-choose"
    FACTOR = "sign-in-factor"


@dataclass(frozen=True)
class Progress:
    """Where a sign-in stands: its next step and what the database says about who it is."""

    step: Step
    state: SignIn | None = None
    person: User | None = None
    invitation: Invitation | None = None
    factors: tuple[Factor, ...] = ()


def progress(session: SessionBase) -> Progress:
    """Return the next step. Duties are read from the database each time, so nothing in a session can skip one (A43)."""
    state = sign_in_state.read(session)
    if state is None:
        return Progress(Step.EMAIL)
    if state.person:
        person, found = person_and_factors(state.person)
        if person is None:
            return Progress(Step.EMAIL)
        factors = tuple(usable(person, found))
        step = Step.ENROL if state.proved else step_for(factors)
        return Progress(step, state, person=person, factors=factors)
    if state.invitation:
        invitation = open_invitation(state.invitation)
        if invitation is None:
            return Progress(Step.EMAIL)
        return Progress(Step.SET_PASSWORD, state, invitation=invitation)
    return Progress(Step.PASSWORD, state)


def usable(person: User, factors: Iterable[Factor]) -> list[Factor]:
    """Return the methods that count for a person: for staff the app alone (MFA-1)."""
    return [factor for factor in factors if factor.method == Method.APP or not person.is_staff]


def step_for(factors: Sequence[Factor]) -> Step:
    """Say what follows a right password: prove the method there is, or set one up."""
    return Step.FACTOR if factors else Step.ENROL


def open_invitation(reference: str) -> Invitation | None:
    """Return an invitation that may still be accepted now: not used, withdrawn, sent anew or expired, its centre not frozen (INV-4, A61, A63).

    `reference` is what `invitation_reference` gave when its temporary password was right: a re-sent invite has another.
    """
    pk, _colon, selector = reference.partition(":")
    invitation = (
        Invitation.objects.select_related("centre", "membership")
        .filter(
            pk=pk,
            selector=selector,
            accepted_at=None,
            withdrawn_at=None,
            membership__isnull=False,
            centre__frozen_at=None,
        )
        .first()
    )
    return None if invitation is None or invitation.expired(clock.now()) else invitation


def invitation_reference(invitation: Invitation) -> str:
    """Name an invitation together with its present temporary password, for the session."""
    return f"{invitation.pk}:{invitation.selector}"
