"""PRO-2, F28: changes of address and freezes at the same instant, on a database server."""

from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.db import connection

from accounts.email_change.flow import ask_change, finish_change
from accounts.events import Event
from accounts.freeze.flow import freeze
from accounts.models import EmailChange, User
from accounts.notices import send
from accounts.sessions.store import SessionStore
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.ratelimit.models import Counter as Limit
from tests.cast import Cast, Person, make_cast
from tests.racing import race

pytestmark = pytest.mark.services
NEW = "office@new.example"


@pytest.fixture
def people(server_db: None) -> Cast:
    """The cast, on a database that threads share for real."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    cache.clear()
    return make_cast()


def asked(person: Person, new: str = NEW) -> tuple[SessionBase, str]:
    """Ask for a change in a browser session of its own; returns the session and the code."""
    session = SessionStore()
    session.create()
    ask_change(user=person.user, session=session, new=new)
    return session, str(Message.objects.get(recipient=new, about=f"person:{person.user.pk}").secret)


def finish(person: Person, session: SessionBase, code: str, new: str = NEW) -> Callable[[], object]:
    return lambda: finish_change(user=person.user, session=session, new=new, text=code)


def count(kind: Event) -> int:
    return AuditEvent.objects.filter(number=kind.number).count()


def test_pro2_of_several_people_who_take_one_address_one_wins(people: Cast) -> None:
    crowd = [people.user, people.admin, people.exams_officer, people.other_exams_officer]
    ready = [(person, *asked(person)) for person in crowd]
    ended = race(*(finish(person, session, code) for person, session, code in ready))
    assert ended == {"done": 1, "WrongCode": 3}
    assert User.objects.filter(email=NEW).count() == 1
    assert EmailChange.objects.count() == count(Event.EMAIL_CHANGED) == Message.objects.filter(kind="email_changed_old").count() == 1
    assert count(Event.CODE_REFUSED) == 3


def test_a25_one_code_ten_times_at_once_changes_the_address_once(people: Cast) -> None:
    session, code = asked(people.user)
    ended = race(*[finish(people.user, session, code)] * 10)
    assert ended == {"done": 1, "WrongCode": 9}
    assert EmailChange.objects.count() == 1


def test_p15_ten_requests_at_once_send_one_code(people: Cast) -> None:
    sessions = [SessionStore() for _number in range(10)]
    ended = race(*(partial(ask_change, user=people.user.user, session=one, new=NEW) for one in sessions))
    assert ended["done"] == 1
    assert Message.objects.filter(kind="email_change_code").count() == 1


def test_one_reference_ten_times_at_once_freezes_once(people: Cast) -> None:
    send.new_sign_in(people.user.user)
    reference = str(Message.objects.get(kind="new_sign_in").secret)
    ended = race(*[partial(freeze, reference=reference)] * 10)
    assert ended == {"done": 1, "BadReference": 9}
    assert count(Event.ACCOUNT_FROZEN) == 1
    assert Message.objects.filter(kind="account_frozen").count() == 1


def test_a_freeze_and_a_change_at_the_same_instant_leave_the_owner_their_address(people: Cast) -> None:
    """Whichever comes first: the change is refused, or the notice that was sent before it puts the address back."""
    for number, person in enumerate((people.user, people.admin, people.other_exams_officer)):
        before, new = person.user.email, f"thief{number}@evil.example"
        send.new_sign_in(person.user)
        reference = str(Message.objects.get(kind="new_sign_in", about=f"person:{person.user.pk}").secret)
        session, code = asked(person, new)
        ended = race(partial(freeze, reference=reference), finish(person, session, code, new))
        assert ended["done"] >= 1
        row = User.objects.get(pk=person.user.pk)
        assert row.email == before
        assert row.frozen_at is not None
        assert not row.has_usable_password()


def test_f28_freezes_requests_for_codes_and_changes_meet_no_deadlock(people: Cast) -> None:
    for number in range(8):
        Limit.objects.all().delete()
        send.new_sign_in(people.user.user)
        reference = str(Message.objects.filter(kind="new_sign_in").latest("created_at").secret)
        new = f"lowri{number}@new.example"
        User.objects.filter(pk=people.user.user.pk).update(frozen_at=None, email="user@glan.example")
        session, code = asked(people.user, new)
        asks = [
            partial(ask_change, user=people.user.user, session=SessionStore(), new=f"{letter}{number}@new.example") for letter in "abcd"
        ]
        ended = race(partial(freeze, reference=reference), finish(people.user, session, code, new), *asks)
        assert sum(ended.values()) == 6
        assert User.objects.get(pk=people.user.user.pk).frozen_at is not None
