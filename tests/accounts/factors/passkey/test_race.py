"""A15, A25: the same answer of a passkey given many times at once, copies of a key, and the last free place, on a server database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, connections, transaction

from accounts.factors.passkey import flow
from accounts.models import Factor, Method, User
from accounts.sessions.store import SessionStore
from portal import limits
from portal.web.refusal import Refusal
from tests.accounts.factors.passkey.authenticator import Authenticator
from tests.cast import make_person

pytestmark = pytest.mark.services
RUNNERS = 6


@pytest.fixture(autouse=True)
def _server_database(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def race(deed: Callable[[int], object]) -> Counter[str]:
    """Let so many callers do a deed at the same moment and count how they ended."""
    start = Barrier(RUNNERS)

    def run(number: int) -> str:
        try:
            start.wait(timeout=20)
            deed(number)
        except Refusal as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(RUNNERS) as pool:
        return Counter(pool.map(run, range(RUNNERS)))


def give_key(user: User, *, counts: bool) -> Authenticator:
    key, session = Authenticator(counts), SessionStore()
    text = key.create(flow.setup_options(user=user, session=session))
    flow.finish_setup(user=user, session=session, text=text, name="Blue key")
    return key


@pytest.mark.parametrize("counts", [True, False])
def test_a25_one_answer_given_six_times_at_once_proves_once(counts: bool) -> None:
    user = make_person("race@glan.example").user
    key = give_key(user, counts=counts)
    for _round in range(5):
        asked = SessionStore()
        text = key.get(flow.sign_in_options(user=user, session=asked, purpose="sign_in"))
        noted = dict(asked.items())

        def prove(_number: int, noted: dict[str, object] = noted, text: str = text) -> None:
            session = SessionStore()
            session.update(noted)
            flow.prove(user=user, session=session, purpose="sign_in", text=text)

        assert race(prove) == {"done": 1, "WrongPasskey": RUNNERS - 1}


def test_a25_six_copies_of_a_key_with_the_same_count_prove_once() -> None:
    user = make_person("race@glan.example").user
    key = give_key(user, counts=True)
    sessions = [SessionStore() for _number in range(RUNNERS)]
    texts = [key.clone().get(flow.sign_in_options(user=user, session=session, purpose="sign_in")) for session in sessions]
    ended = race(lambda number: flow.prove(user=user, session=sessions[number], purpose="sign_in", text=texts[number]))
    assert ended == {"done": 1, "WrongPasskey": RUNNERS - 1}


def test_of_six_set_ups_at_once_only_the_free_places_are_filled() -> None:
    user = make_person("race@glan.example").user
    give_key(user, counts=True)
    sessions = [SessionStore() for _number in range(RUNNERS)]
    texts = [Authenticator().create(flow.setup_options(user=user, session=session)) for session in sessions]
    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            # All six come as far as the person's row and wait there together.
            User.objects.select_for_update().get(pk=user.pk)
            ended = aside.submit(race, lambda number: flow.finish_setup(user=user, session=sessions[number], text=texts[number], name="x"))
            sleep(0.7)
        assert ended.result() == {"done": limits.PASSKEYS_PER_PERSON - 1, "TooManyPasskeys": RUNNERS - limits.PASSKEYS_PER_PERSON + 1}
    assert Factor.objects.filter(user=user, method=Method.PASSKEY, confirmed=True).count() == limits.PASSKEYS_PER_PERSON


def test_a51_one_credential_set_up_for_six_people_at_once_is_one_persons() -> None:
    people = [make_person(f"race{number}@glan.example").user for number in range(RUNNERS)]
    key, sessions = Authenticator(), [SessionStore() for _number in range(RUNNERS)]
    texts = [key.create(flow.setup_options(user=user, session=session)) for user, session in zip(people, sessions, strict=True)]
    ended = race(lambda number: flow.finish_setup(user=people[number], session=sessions[number], text=texts[number], name="x"))
    assert ended == {"done": 1, "WrongPasskey": RUNNERS - 1}
    assert Factor.objects.filter(method=Method.PASSKEY).count() == 1
