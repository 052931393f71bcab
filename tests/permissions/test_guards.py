"""ROLE, SIGN-7: guards refuse before the view runs, by what the database says now."""

from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from permissions.access import TABLE
from permissions.freshness import PROVED_AT
from permissions.guards import Guard, Kind, half_signed_in, manages_people, needs, public, signed_in, staff
from permissions.levels import Level, Right, Service
from permissions.middleware import CentreMiddleware
from permissions.models import Centre, Membership
from permissions.reasons import Reason
from permissions.refused import Forbidden, MustChooseCentre, MustProveAgain
from permissions.request import CHOSEN, CentreRequest
from permissions.roles import Role
from permissions.scope import today
from portal import clock
from tests.permissions.people import new_centre, new_member, new_person

pytestmark = pytest.mark.django_db


def page(request: HttpRequest) -> HttpResponse:
    """Answer whoever got through."""
    return HttpResponse("open")


def visit(view: Any, user: Any, *, proved_minutes_ago: Any = 0, **session: Any) -> str:
    """Ask a view as a person, who proved a factor so long ago, and say "open" or why not."""
    request = RequestFactory().get("/")
    request.user = user
    request.session = {PROVED_AT: clock.now().timestamp() - proved_minutes_ago * 60, **session}  # type: ignore[assignment]

    def answer(request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = view(request)
        except Forbidden as refused:
            return HttpResponse(refused.reason.value)
        except MustChooseCentre:
            return HttpResponse("choose")
        except MustProveAgain:
            return HttpResponse("prove again")
        return response

    return CentreMiddleware(answer)(request).content.decode()


def test_every_guard_leaves_its_mark_and_only_two_are_open_to_the_framework() -> None:
    """What the sweep over all URLs reads."""
    right = (Service.ENTRIES, Level.VIEW)

    def fresh() -> Any:
        return partial(page)

    marks = {
        public(fresh()): (Guard(Kind.PUBLIC), True),
        half_signed_in(fresh()): (Guard(Kind.HALF_SIGNED_IN), True),
        signed_in(fresh()): (Guard(Kind.SIGNED_IN), False),
        needs(*right)(fresh()): (Guard(Kind.NEEDS, right), False),
        manages_people(fresh()): (Guard(Kind.MANAGES_PEOPLE), False),
        staff(fresh()): (Guard(Kind.STAFF), False),
    }
    for view, (guard, is_open) in marks.items():
        assert view.guard == guard
        assert (getattr(view, "login_required", True) is False) is is_open


@pytest.mark.parametrize("guard", [signed_in, needs(Service.RESOURCES, Level.VIEW), manages_people, staff])
def test_anonymous_visitors_are_refused_even_without_the_sign_in_middleware(guard: Any) -> None:
    """The guard does not lean on the middleware."""
    assert visit(guard(page), AnonymousUser()) == Reason.NOT_SIGNED_IN.value


@pytest.mark.parametrize(("role", "right"), list(product(Role, TABLE)))
def test_role_needs_opens_exactly_what_was_given(centre: Centre, role: Role, right: Right) -> None:
    """Every role, every right, with the defaults of the role."""
    place = new_member(centre, role)
    held = place.grants.filter(service=right[0], level=right[1]).exists()
    answer = visit(needs(*right)(page), place.user)
    assert (answer == "open") is held
    assert held or answer in {Reason.NEVER.value, Reason.NOT_GIVEN.value}


def test_role_a_change_counts_at_the_next_request(centre: Centre) -> None:
    """Nothing of the rights is kept in the session."""
    place = new_member(centre, Role.USER, rights=[(Service.ENTRIES, Level.VIEW)])
    view = needs(Service.ENTRIES, Level.VIEW)(page)
    grant = place.grants.get(service=Service.ENTRIES)
    assert visit(view, place.user) == "open"
    grant.ends_on = today()
    grant.save()
    assert visit(view, place.user) == "open"
    grant.ends_on = today() - timedelta(days=1)
    grant.save()
    assert visit(view, place.user) == Reason.ENDED.value
    grant.delete()
    assert visit(view, place.user) == Reason.NOT_GIVEN.value
    place.delete()
    assert visit(view, place.user) == Reason.NO_CENTRE.value


@pytest.mark.parametrize("role", list(Role))
def test_inv2_exams_officer_and_admin_manage_people(centre: Centre, role: Role) -> None:
    """A User is told who can."""
    expected = Reason.MANAGERS_ONLY.value if role is Role.USER else "open"
    assert visit(manages_people(page), new_member(centre, role).user) == expected


def test_staff_pages_are_for_staff_and_staff_have_no_centre(centre: Centre) -> None:
    """An Exams Officer is no staff; staff manage no centre's people through its pages."""
    helper = new_person(is_staff=True)
    assert visit(staff(page), helper) == "open"
    assert visit(staff(page), new_member(centre, Role.EXAMS_OFFICER).user) == Reason.STAFF_ONLY.value
    assert visit(manages_people(page), helper) == Reason.NO_CENTRE.value
    assert visit(signed_in(page), helper) == "open"


def test_man5_a_frozen_centre_opens_nothing(centre: Centre) -> None:
    """Not even to its Exams Officer, from the next request on; another centre of the person is not touched."""
    officer = new_member(centre, Role.EXAMS_OFFICER)
    centre.frozen_at = clock.now()
    centre.save()
    view = needs(Service.ENTRIES, Level.VIEW)(page)
    assert visit(view, officer.user) == Reason.CENTRE_FROZEN.value
    new_member(new_centre(), Role.ADMIN, user=officer.user)
    assert visit(view, officer.user) == "open"
    assert visit(view, officer.user, **{CHOSEN: str(officer.pk)}) == "open"


def test_sign7_with_several_centres_one_must_be_chosen(centre: Centre) -> None:
    """Rights are those of the chosen centre; somebody else's place or nonsense in the session chooses nothing."""
    officer = new_member(centre, Role.EXAMS_OFFICER)
    elsewhere = new_member(new_centre(), Role.USER, user=officer.user)
    stranger = new_member(centre, Role.ADMIN)
    view = manages_people(page)
    assert visit(view, officer.user) == "choose"
    assert visit(view, officer.user, **{CHOSEN: str(officer.pk)}) == "open"
    assert visit(view, officer.user, **{CHOSEN: str(elsewhere.pk)}) == Reason.MANAGERS_ONLY.value
    assert visit(view, officer.user, **{CHOSEN: str(stranger.pk)}) == "choose"
    assert visit(view, officer.user, **{CHOSEN: "nonsense"}) == "choose"
    assert visit(signed_in(page), officer.user) == "open"


def test_standing_costs_two_queries_and_nothing_when_not_asked(centre: Centre, django_assert_num_queries: Any) -> None:
    """Anonymous visitors and pages that do not ask cost nothing."""
    person = new_person()
    officer = new_member(centre, Role.EXAMS_OFFICER, user=person)

    @public
    def curious(request: CentreRequest) -> HttpResponse:
        return HttpResponse(f"{request.membership} {len(request.rights)} {request.may_manage_people}")

    with django_assert_num_queries(0):
        assert visit(public(page), person) == "open"
        assert visit(curious, AnonymousUser()) == "None 0 False"
    with django_assert_num_queries(2):
        assert visit(needs(Service.RESOURCES, Level.VIEW)(page), person) == "open"
    with django_assert_num_queries(1):
        assert visit(lambda request: HttpResponse(str(request.membership.user)), person) == str(person), "whoever asks is known already"
    membership = Membership.objects.select_related("user", "centre").get(pk=officer.pk)
    assert visit(curious, person) == f"{membership} {len(TABLE)} True"


@pytest.mark.parametrize("role", [Role.EXAMS_OFFICER, Role.ADMIN])
def test_p19_managing_people_asks_for_a_factor_of_the_last_fifteen_minutes(role: Role) -> None:
    person = new_member(new_centre(), role).user
    assert visit(manages_people(page), person, proved_minutes_ago=14.9) == "open"
    assert visit(manages_people(page), person, proved_minutes_ago=15.1) == "prove again"
    assert visit(manages_people(page), person, proved_minutes_ago=-1) == "prove again", "a moment to come proves nothing"


def test_p19_embargoed_results_ask_for_it_too_and_released_ones_do_not() -> None:
    person = new_member(new_centre(), Role.ADMIN).user
    assert visit(needs(Service.RESULTS, Level.VIEW_EMBARGOED)(page), person, proved_minutes_ago=16) == "prove again"
    assert visit(needs(Service.RESULTS, Level.VIEW_RELEASED)(page), person, proved_minutes_ago=16) == "open"


def test_mfa5_during_the_hold_embargo_keys_and_people_rest_and_all_else_is_open() -> None:
    person = new_member(new_centre(), Role.EXAMS_OFFICER).user
    assert person is not None
    person.held_until = clock.now() + timedelta(hours=1)
    for right in TABLE:
        held = right in {(Service.A2C_KEYS, Level.MANAGE), (Service.RESULTS, Level.VIEW_EMBARGOED)}
        assert visit(needs(*right)(page), person) == ("held" if held else "open"), right
    assert visit(manages_people(page), person) == "held"
    person.held_until = clock.now()
    assert visit(manages_people(page), person) == "open"
