"""ROLE, MAN-1: Manage Access changes rows, tells the person, leaves one audit event; nothing when nothing changes."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product

import pytest

from permissions.access import ALWAYS, TABLE
from permissions.events import Event
from permissions.levels import Level, Right, Service
from permissions.membership.access import set_rights
from permissions.membership.flow import close_membership, open_membership
from permissions.membership.refusals import BeyondCeiling, EndDatePassed, NotYoursToChange
from permissions.models import Centre, Membership
from permissions.policy import default_rights, grantable_by
from permissions.roles import Role
from permissions.scope import given, holdings, today
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.permissions.people import new_centre, new_member

pytestmark = pytest.mark.django_db
ENTRIES = (Service.ENTRIES, Level.VIEW)
SCRIPTS = (Service.VIEW_SCRIPTS, Level.VIEW)
RELEASED = (Service.RESULTS, Level.VIEW_RELEASED)
EMBARGOED = (Service.RESULTS, Level.VIEW_EMBARGOED)


@pytest.fixture
def officer(centre: Centre) -> Membership:
    """The centre's Exams Officer."""
    return new_member(centre, Role.EXAMS_OFFICER)


@pytest.fixture
def user(centre: Centre) -> Membership:
    """A User with the resources only."""
    return new_member(centre, Role.USER)


def traces(membership: Membership) -> tuple[int, int]:
    """Count the messages and audit events of changes to a membership."""
    return (
        Message.objects.filter(about=f"membership:{membership.pk}").count(),
        AuditEvent.objects.filter(number=Event.ACCESS_CHANGED.number).count(),
    )


def refuse(actor: Membership, membership: Membership, rights: Iterable[Right], refusal: type[Exception]) -> None:
    """Expect a refusal that changes nothing, sends nothing and records nothing."""
    before = holdings(membership)
    with pytest.raises(refusal):
        set_rights(actor=actor, membership=membership, rights=rights)
    assert holdings(membership) == before
    assert traces(membership) == (0, 0)


def test_man1_a_change_is_written_recorded_and_told(officer: Membership, user: Membership) -> None:
    """Rows, one event, one message with what was added and by whom."""
    change = set_rights(actor=officer, membership=user, rights=[ENTRIES, SCRIPTS])
    assert change.added == {ENTRIES, SCRIPTS}
    assert not change.taken
    assert given(user) == {ENTRIES, SCRIPTS} | ALWAYS
    assert traces(user) == (1, 1)
    change = set_rights(actor=officer, membership=user, rights=[SCRIPTS, RELEASED])
    assert change.added == {RELEASED}
    assert change.taken == {ENTRIES}
    assert given(user) == {RELEASED, SCRIPTS} | ALWAYS
    assert traces(user) == (2, 2)
    message = Message.objects.filter(about=f"membership:{user.pk}").latest("created_at")
    assert user.user is not None
    assert message.recipient == user.user.email
    assert (message.context["added"], message.context["taken"]) == (["results.view_released"], ["entries.view"])


def test_man1_no_change_leaves_no_trace(officer: Membership, user: Membership) -> None:
    """The same rights again: no rewriting, no event, no message; who gave them stays."""
    set_rights(actor=officer, membership=user, rights=[ENTRIES])
    row = user.grants.get(service=Service.ENTRIES)
    assert not set_rights(actor=officer, membership=user, rights=[ENTRIES])
    again = user.grants.get(service=Service.ENTRIES)
    assert (again.pk, again.given_by) == (row.pk, officer.user)
    assert traces(user) == (1, 1)


def test_role_resources_cannot_be_taken(officer: Membership, user: Membership) -> None:
    """Taking everything leaves the resources, and is no change for who had only them."""
    assert not set_rights(actor=officer, membership=user, rights=[])
    assert given(user) == ALWAYS


def test_role_embargoed_results_can_be_taken_from_a_single_admin(centre: Centre, officer: Membership) -> None:
    """The other Admin keeps them."""
    admin, other = new_member(centre, Role.ADMIN), new_member(centre, Role.ADMIN)
    change = set_rights(actor=officer, membership=admin, rights=default_rights(Role.ADMIN) - {EMBARGOED})
    assert change.taken == {EMBARGOED}
    assert EMBARGOED not in given(admin)
    assert given(other) == default_rights(Role.ADMIN)


def test_a76_an_admin_cannot_give_what_was_taken_from_them(centre: Centre, officer: Membership) -> None:
    """Neither to another Admin nor, of course, to themselves; what the other holds already may stay."""
    admin, other = new_member(centre, Role.ADMIN), new_member(centre, Role.ADMIN)
    everything = default_rights(Role.ADMIN)
    set_rights(actor=officer, membership=admin, rights=everything - {EMBARGOED})
    with pytest.raises(NotYoursToChange):
        set_rights(actor=admin, membership=admin, rights=everything)
    assert set_rights(actor=admin, membership=other, rights=everything - {SCRIPTS}).taken == {SCRIPTS}
    set_rights(actor=officer, membership=other, rights=everything - {EMBARGOED})
    with pytest.raises(BeyondCeiling):
        set_rights(actor=admin, membership=other, rights=everything)


@pytest.mark.parametrize("right", [(Service.A2C_KEYS, Level.MANAGE), (Service.ENTRIES, Level.MAKE), EMBARGOED])
def test_a76_beyond_the_ceiling_of_a_user_is_refused(officer: Membership, user: Membership, right: Right) -> None:
    """Even from the Exams Officer, who has them."""
    refuse(officer, user, [right], BeyondCeiling)


@pytest.mark.parametrize(("actor_role", "role"), list(product(Role, Role)))
def test_role_set_rights_follows_the_policy(centre: Centre, actor_role: Role, role: Role) -> None:
    """Every pair of roles that can stand at one centre; nobody changes their own (A75)."""
    actor = new_member(centre, actor_role)
    if (actor_role, role) == (Role.EXAMS_OFFICER, Role.EXAMS_OFFICER):
        refuse(actor, actor, [], NotYoursToChange)
        return
    target = new_member(centre, role)
    rights = given(target) ^ {SCRIPTS}
    if grantable_by(actor_role, role):
        assert set_rights(actor=actor, membership=target, rights=rights)
        assert given(target) == rights
    else:
        refuse(actor, target, rights, NotYoursToChange)
    refuse_own = given(actor) - {SCRIPTS}
    with pytest.raises(NotYoursToChange):
        set_rights(actor=actor, membership=actor, rights=refuse_own)


def test_a78_another_centres_people_are_out_of_reach(user: Membership) -> None:
    """The centre comes from the memberships, not from what was posted."""
    refuse(new_member(new_centre(), Role.EXAMS_OFFICER), user, [ENTRIES], NotYoursToChange)


def test_a80_an_actor_who_is_gone_or_frozen_changes_nothing(centre: Centre, officer: Membership, user: Membership) -> None:
    """The actor's place is read afresh inside the transaction."""
    centre.frozen_at = clock.now()
    centre.save()
    refuse(officer, user, [ENTRIES], NotYoursToChange)
    centre.frozen_at = None
    centre.save()
    stale = Membership.objects.get(pk=officer.pk)
    close_membership(membership=officer)
    refuse(stale, user, [ENTRIES], NotYoursToChange)


def test_role_an_end_date_is_kept_and_told(officer: Membership, user: Membership) -> None:
    """Setting, moving and lifting the end are changes; resources never end."""
    first, later = today() + timedelta(days=7), today() + timedelta(days=30)
    set_rights(actor=officer, membership=user, rights=[ENTRIES], ends_on=first)
    assert holdings(user) == {ENTRIES: first} | dict.fromkeys(ALWAYS, None)
    for ends_on in (later, None, first):
        assert set_rights(actor=officer, membership=user, rights=[ENTRIES], ends_on=ends_on).redated == {ENTRIES}
        assert holdings(user)[ENTRIES] == ends_on
    assert traces(user) == (4, 4)


def test_role_an_ended_right_given_again_is_new(officer: Membership, user: Membership) -> None:
    """After the last day the row opens nothing; ticking it again adds it."""
    set_rights(actor=officer, membership=user, rights=[ENTRIES], ends_on=today())
    user.grants.filter(service=Service.ENTRIES).update(ends_on=today() - timedelta(days=1))
    assert set_rights(actor=officer, membership=user, rights=[ENTRIES]).added == {ENTRIES}
    assert holdings(user)[ENTRIES] is None


def test_role_an_end_date_before_today_is_refused(officer: Membership, user: Membership) -> None:
    """The sentence belongs to the date's field."""
    yesterday: date = today() - timedelta(days=1)
    with pytest.raises(EndDatePassed) as refused:
        set_rights(actor=officer, membership=user, rights=[ENTRIES], ends_on=yesterday)
    assert refused.value.field == "ends_on"


def test_man1_somebody_only_invited_gets_no_message(centre: Centre, officer: Membership) -> None:
    """The change counts and is recorded; the person hears of their access with the invite."""
    place = open_membership(centre=centre, role=Role.USER)
    set_rights(actor=officer, membership=place, rights=[ENTRIES])
    assert given(place) == {ENTRIES} | ALWAYS
    assert traces(place) == (0, 1)


def test_role_the_whole_table_can_be_set_for_an_admin(centre: Centre, officer: Membership) -> None:
    """Every right on its own can be given to an Admin, with what goes with it."""
    admin = new_member(centre, Role.ADMIN, rights=[])
    for right in TABLE:
        set_rights(actor=officer, membership=admin, rights=[right])
        assert right in given(admin)
