"""R: attacks at the same instant on PostgreSQL, fifty rounds each, no broken invariant (A58, A70, A81)."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.helpdesk.flow import suspend
from accounts.models import Invitation, User
from permissions.models import Membership
from permissions.roles import Role
from portal.outbox.models import Message
from portal.ratelimit.models import Counter
from tests.attacks.knocking import events
from tests.attacks.race import ROUNDS, at_once, people, runners
from tests.cast import invite, make_person

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("server_db")]


def _page_is_open(invitation: Invitation) -> Client:
    """A browser whose temporary password was right a moment ago."""
    browser = Client()
    session = browser.session
    session["sign_in"] = {"email": invitation.email, "at": 4e9, "invitation": f"{invitation.pk}:{invitation.selector}"}
    session.save()
    browser.cookies["portal_session"] = str(session.session_key)
    return browser


def test_a58_of_two_browsers_that_activate_at_once_one_wins_fifty_times() -> None:
    cast = people()
    with runners(2) as pool:
        for turn in range(ROUNDS):
            Counter.objects.all().delete()
            waiting = invite(cast.admin, f"e{turn}@glan.example")
            tries = [(_page_is_open(waiting), f"velvet compass {word}") for word in ("one", "two")]
            deeds = [partial(one.post, reverse("sign-in-set-password"), {"new_password": word, "language": "en"}) for one, word in tries]
            answers = at_once(pool, *deeds)
            statuses = [(answer.status_code, answer.headers.get("Location")) for answer in answers if not isinstance(answer, str)]
            assert statuses.count((302, reverse("factor-choose"))) == 1, statuses
            person = User.objects.get(email=waiting.email)
            winner = statuses.index((302, reverse("factor-choose")))
            if turn % 10 == 0:
                assert person.check_password(tries[winner][1])
            assert Membership.objects.filter(user=person).count() == 1
    assert events(Event.PASSWORD_SET) == events(Event.INVITE_ACCEPTED) == ROUNDS


def test_a70_parallel_invites_never_make_a_fourth_admin_fifty_times() -> None:
    cast = people()
    with runners(3) as pool:
        for turn in range(ROUNDS):
            Counter.objects.all().delete()
            ended = at_once(pool, *(partial(invite, cast.exams_officer, f"a{turn}x{n}@glan.example", role=Role.ADMIN) for n in range(3)))
            assert sorted(one if isinstance(one, str) else "done" for one in ended) == ["NoAdminSeat", "done", "done"]
            assert Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).count() == 3
            Invitation.objects.all().delete()
            Membership.objects.filter(user=None).delete()
    assert Message.objects.filter(kind="invite").count() == events(Event.INVITED) == 2 * ROUNDS


def test_a81_two_superusers_who_suspend_each_other_at_once_leave_one_fifty_times() -> None:
    cast = people()
    first, second = cast.staff.user, make_person("second@board.example", is_staff=True, is_superuser=True).user
    with runners(2) as pool:
        for _turn in range(ROUNDS):
            ended = at_once(pool, partial(suspend, actor=first, person=second), partial(suspend, actor=second, person=first))
            assert sorted(ended) == [False, True]
            assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
            User.objects.filter(is_superuser=True).update(is_active=True)
    assert events(Event.PERSON_SUSPENDED) == ROUNDS
