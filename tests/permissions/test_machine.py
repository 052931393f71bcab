"""INV-2, ROLE, A78: whatever random people of three centres try in whatever order through the flows, the numbers and borders hold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.invites.flow import Details, invite_exams_officer, invite_person, withdraw
from accounts.models import Invitation, User
from accounts.people.delete import delete_by_staff, delete_member
from accounts.people.suspend import restore_member, suspend_member
from accounts.sessions.store import SessionStore
from accounts.signin.accept import join_centre, set_first_password
from permissions.access import ALWAYS, TABLE
from permissions.access_pages import flow as requests
from permissions.centres.flow import freeze, reactivate
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.membership.role import change_role
from permissions.models import AccessRequest, Centre, Grant, Membership
from permissions.policy import ceiling
from permissions.roles import ADMIN_SEATS, MANAGERS, Role
from permissions.scope import given
from portal import clock
from portal.web.refusal import Refusal
from tests.permissions.people import new_centre, new_member, new_person

RIGHTS = st.frozensets(st.sampled_from(list(TABLE)), max_size=3)
ADDRESSES = [f"person{number}@machine.example" for number in range(8)]
WHO = st.integers(min_value=0, max_value=10_000)
_numbers = count()

Picture = dict[int, frozenset[Any]]
"""What stands at each centre: places with their people, roles and rights, and requests."""


class Centres(RuleBasedStateMachine):
    """Random deeds of random people. A refusal is part of the game, as long as it changes nothing; a deed may change the actor's centre only."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.centres: list[Centre] = [new_centre() for _number in range(3)]
        self.staff = new_person(is_staff=True)
        for centre in self.centres[:2]:
            for role in (Role.EXAMS_OFFICER, Role.ADMIN, Role.USER, Role.USER):
                place = new_member(centre, role)
            requests.ask(actor=place, rights=[(Service.ENTRIES, Level.VIEW), (Service.VIEW_SCRIPTS, Level.VIEW)], purpose="Year 11")
        self.seen = self.picture()

    def teardown(self) -> None:
        """Forget this story's rows."""
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # --- what there is ---------------------------------------------------------
    def places(self, **filters: Any) -> list[Membership]:
        """Return the places there are, oldest first."""
        rows = Membership.objects.filter(centre__in=self.centres, **filters).select_related("centre", "user")
        return list(rows.order_by("created_at", "pk"))

    def actor(self, number: int) -> Membership:
        """Draw who acts: mostly one of those who manage people, else anybody, also somebody who is only invited."""
        managers = self.places(role__in=MANAGERS, user__isnull=False) if number % 4 else []
        found = managers or self.places() or [new_member(self.centres[0], Role.EXAMS_OFFICER)]
        return found[number % len(found)]

    def whom(self, number: int, actor: Membership) -> Membership:
        """Draw to whom it is done: mostly somebody of the actor's centre, else anybody."""
        near = self.places(centre=actor.centre) if number % 5 else []
        found = near or self.places()
        return found[number % len(found)]

    def picture(self) -> Picture:
        """Look at all centres."""
        grants: dict[Any, list[tuple[str, str]]] = {}
        for membership, service, level in Grant.objects.values_list("membership", "service", "level"):
            grants.setdefault(membership, []).append((service, level))
        asked = {key: (outcome,) for key, outcome in AccessRequest.objects.values_list("membership", "outcome")}
        found: dict[int, set[Any]] = {centre.pk: set() for centre in self.centres}
        for pk, centre, user, role, *rest in Membership.objects.values_list("pk", "centre", "user", "role", "seat", "suspended_at"):
            found[centre].add((pk, user, role, *rest, frozenset(grants.get(pk, [])), asked.get(pk)))
        return {centre: frozenset(rows) for centre, rows in found.items()}

    @contextmanager
    def at(self, centre: int) -> Iterator[None]:
        """Let a deed change this centre and no other; if it is refused, not even this one."""
        before = self.seen
        try:
            with transaction.atomic():
                yield
        except Refusal:
            assert self.picture() == before
            return
        self.seen = self.picture()
        assert {key for key in before if before[key] != self.seen[key]} <= {centre}

    def try_at(self, place: Membership, deed: Callable[[], object]) -> None:
        """Do something as somebody of a centre; people who are only invited cannot, and whoever is suspended changes nothing."""
        before = self.seen
        if place.user is not None:
            with self.at(place.centre_id):
                deed()
        assert place.suspended_at is None or self.seen == before

    # --- deeds -------------------------------------------------------------------
    @rule(actor=WHO, address=st.sampled_from(ADDRESSES), role=st.sampled_from(Role), rights=st.none() | RIGHTS)
    def invite(self, actor: int, address: str, role: Role, rights: Any) -> None:
        """Invite or re-invite somebody, also as what cannot be invited."""
        place, details = self.actor(actor), Details(email=address, first_name="Elin", last_name="Wyn")
        self.try_at(place, lambda: invite_person(actor=place.user, membership=place, details=details, role=role, rights=rights))  # type: ignore[arg-type]

    @rule(number=WHO, address=st.sampled_from(ADDRESSES))
    def invite_officer(self, number: int, address: str) -> None:
        """Staff invite an Exams Officer, also where there is one."""
        centre = self.centres[number % 3]
        with self.at(centre.pk):
            invite_exams_officer(actor=self.staff, centre=centre, details=Details(email=address, first_name="Huw", last_name="Parry"))

    @rule(number=WHO)
    def accept(self, number: int) -> None:
        """Use an open invite: a first password, or a further centre."""
        waiting = list(
            Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("centre", "membership").order_by("created_at")
        )
        if not waiting:
            return
        invitation = waiting[number % len(waiting)]
        person = User.objects.filter(email=invitation.email).first()
        with self.at(invitation.centre_id):
            if person is None:
                set_first_password(invitation=invitation, password=f"harbour lantern {next(_numbers)}", language="en")
            else:
                join_centre(invitation=invitation, person=person, session=SessionStore())

    @rule(actor=WHO, number=WHO)
    def withdraw(self, actor: int, number: int) -> None:
        """Take an invite back, also a foreign one."""
        place, waiting = self.actor(actor), list(Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("created_at"))
        if waiting:
            self.try_at(place, lambda: withdraw(actor=place.user, invitation=waiting[number % len(waiting)]))

    @rule(actor=WHO, whom=WHO)
    def promote_or_demote(self, actor: int, whom: int) -> None:
        """Change somebody's type of account to the other one, sometimes to what nobody can be made."""
        place = self.actor(actor)
        other = self.whom(whom, place)
        role = Role.EXAMS_OFFICER if whom % 7 == 0 else Role.USER if other.role == Role.ADMIN else Role.ADMIN
        self.try_at(place, lambda: change_role(actor=place, membership=other, role=role))

    @rule(actor=WHO, whom=WHO, rights=RIGHTS)
    def set_access(self, actor: int, whom: int, rights: Any) -> None:
        """Manage Access of anybody by anybody; nothing is given that the giver lacks."""
        place = self.actor(actor)
        other = self.whom(whom, place)
        held, own = given(other), given(place)
        self.try_at(place, lambda: set_rights(actor=place, membership=other, rights=rights))
        assert given(other) - held <= own

    @rule(actor=WHO, whom=WHO)
    def delete(self, actor: int, whom: int) -> None:
        """Delete anybody by anybody."""
        place = self.actor(actor)
        other = self.whom(whom, place)
        self.try_at(place, lambda: delete_member(actor=place.user, membership=other))  # type: ignore[arg-type]

    @rule(actor=WHO, whom=WHO, restore=st.booleans())
    def suspend_or_restore(self, actor: int, whom: int, restore: bool) -> None:
        """Suspend or restore anybody by anybody (MAN-5)."""
        place = self.actor(actor)
        other = self.whom(whom, place)
        self.try_at(place, lambda: (restore_member if restore else suspend_member)(actor=place.user, membership=other))  # type: ignore[arg-type]

    @rule(number=WHO)
    def delete_by_staff(self, number: int) -> None:
        """Staff delete an Exams Officer, whom nobody else can."""
        officers = self.places(role=Role.EXAMS_OFFICER)
        if len(officers) < len(self.centres) - 1:
            return
        other = officers[number % len(officers)]
        with self.at(other.centre_id):
            delete_by_staff(actor=self.staff, membership=other)

    @rule(number=WHO, thaw=st.sampled_from([True, True, True, False]))
    def freeze_or_thaw(self, number: int, thaw: bool) -> None:
        """Freeze a centre or give it back; nobody's place changes."""
        (reactivate if thaw else freeze)(actor=self.staff, centre=self.centres[number % 3])
        assert self.picture() == self.seen

    @rule(number=WHO, right=st.sampled_from(list(TABLE)))
    def ask(self, number: int, right: Any) -> None:
        """Ask for access, also for what cannot be asked for."""
        askers = self.places(role=Role.USER) or self.places()
        place = askers[number % len(askers)]
        self.try_at(place, lambda: requests.ask(actor=place, rights=[right], purpose="Year 11"))

    @rule(actor=WHO, number=WHO, more=RIGHTS, all_of_it=st.booleans())
    def answer(self, actor: int, number: int, more: Any, all_of_it: bool) -> None:
        """Approve, narrow or refuse any request by anybody, also with more than was asked; nothing is given that the giver lacks."""
        place = self.actor(actor)
        rows = list(AccessRequest.objects.select_related("membership").order_by("-outcome", "asked_at"))
        if not rows:
            return
        row = rows[number % len(rows)]
        give = frozenset(each.right for each in row.rights.all()) if all_of_it else more
        held, own = given(row.membership), given(place)
        self.try_at(place, lambda: requests.answer(actor=place, request=row, give=give, reason="Enough"))
        assert given(row.membership) - held <= own

    # --- what always holds ---------------------------------------------------------
    @invariant()
    def numbers_ceilings_and_owners_hold(self) -> None:
        """Never two Exams Officers or four Admins, no grant beyond its ceiling, no place without a person or an open invite."""
        invited = set(Invitation.objects.filter(accepted_at=None, withdrawn_at=None).values_list("membership", flat=True))
        for centre, rows in self.seen.items():
            roles = [role for _pk, _user, role, *_rest in rows]
            assert roles.count(Role.EXAMS_OFFICER) <= 1, centre
            assert roles.count(Role.ADMIN) <= len(ADMIN_SEATS), centre
            for pk, user, role, seat, suspended, grants, _asked in rows:
                assert suspended is None or (role != Role.EXAMS_OFFICER and user is not None)
                assert (seat in ADMIN_SEATS) is (role == Role.ADMIN)
                assert {tuple(right) for right in ALWAYS} <= grants <= {tuple(right) for right in ceiling(Role(role))}
                assert user is not None or pk in invited
        people = User.objects.filter(is_staff=False, email__in=ADDRESSES)
        assert not people.filter(memberships=None).exists()

    @invariant()
    def a_frozen_centre_stays_as_it_is(self) -> None:
        """Nothing was accepted at a centre while it was frozen."""
        for centre in Centre.objects.filter(pk__in=[centre.pk for centre in self.centres], frozen_at__isnull=False):
            assert not centre.memberships.filter(accepted_at__gt=centre.frozen_at or clock.now()).exists()


@pytest.mark.django_db
@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_inv2_no_story_of_three_centres_breaks_the_numbers_the_ceilings_or_the_borders() -> None:
    """Run the stories inside one transaction of the test; the hash is light, since its cost is no rule of these."""
    quick = settings(max_examples=8, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    run_state_machine_as_test(Centres, settings=quick)
