"""INV-2, ROLE: whatever random people do in whatever order, the numbers and ceilings hold."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from permissions.access import ALWAYS, TABLE
from permissions.membership.access import set_rights
from permissions.membership.flow import accept, close_membership, open_membership
from permissions.membership.refusals import BeyondCeiling, ExamsOfficerExists, NoAdminSeat, NotYoursToChange
from permissions.models import Centre, Grant, Membership
from permissions.policy import ceiling, grantable_by
from permissions.roles import Role
from permissions.scope import given
from tests.permissions.people import new_centre, new_person

RIGHTS = st.frozensets(st.sampled_from(list(TABLE)))


class Memberships(RuleBasedStateMachine):
    """Random opening, accepting, closing and changing over two centres; refusals are part of the game."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.centres: list[Centre] = [new_centre(), new_centre()]

    def teardown(self) -> None:
        """Forget this story's rows."""
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def any_place(self, data: Any) -> Membership | None:
        """Draw one of the places there are."""
        places = list(Membership.objects.filter(centre__in=self.centres).order_by("created_at"))
        return data.draw(st.sampled_from(places)) if places else None

    @rule(data=st.data(), role=st.sampled_from(Role), rights=st.none() | RIGHTS)
    def open(self, data: Any, role: Role, rights: frozenset[Any] | None) -> None:
        """Invite somebody; a refusal must be the true one."""
        centre = data.draw(st.sampled_from(self.centres))
        present = list(centre.memberships.values_list("role", flat=True))
        try:
            open_membership(centre=centre, role=role, rights=rights)
        except NoAdminSeat:
            assert (role, present.count(Role.ADMIN)) == (Role.ADMIN, 3)
        except ExamsOfficerExists:
            assert role is Role.EXAMS_OFFICER
            assert Role.EXAMS_OFFICER in present
        except BeyondCeiling:
            assert rights is not None
            assert not rights <= ceiling(role)

    @rule(data=st.data())
    def accept(self, data: Any) -> None:
        """Give an open place to somebody new."""
        place = self.any_place(data)
        if place is not None and place.user_id is None:
            accept(membership=place, user=new_person())

    @rule(data=st.data())
    def close(self, data: Any) -> None:
        """Delete any account or withdraw any invite."""
        place = self.any_place(data)
        if place is not None:
            close_membership(membership=place)

    @rule(data=st.data(), rights=RIGHTS)
    def change(self, data: Any, rights: frozenset[Any]) -> None:
        """Let anybody try to change anybody's access."""
        actor, place = self.any_place(data), self.any_place(data)
        if actor is None or place is None:
            return
        before = given(place)
        try:
            set_rights(actor=actor, membership=place, rights=rights)
        except (NotYoursToChange, BeyondCeiling):
            assert given(place) == before
            return
        assert actor.user_id is not None
        assert actor.pk != place.pk
        assert actor.centre_id == place.centre_id
        assert grantable_by(Role(actor.role), Role(place.role))
        assert given(place) >= rights | ALWAYS
        assert given(place) - before <= given(actor)

    @invariant()
    def numbers_and_ceilings_hold(self) -> None:
        """Never two Exams Officers, never four Admins, never a grant beyond its ceiling, never somebody without resources."""
        for centre in self.centres:
            roles = list(centre.memberships.values_list("role", flat=True))
            assert roles.count(Role.EXAMS_OFFICER) <= 1
            assert roles.count(Role.ADMIN) <= 3
            for place in centre.memberships.all():
                assert ALWAYS <= given(place) <= ceiling(Role(place.role))
        assert not Grant.objects.filter(membership__isnull=True).exists()


@pytest.mark.django_db
def test_inv2_no_story_breaks_the_numbers() -> None:
    """Run the stories inside one transaction of the test."""
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Memberships,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
