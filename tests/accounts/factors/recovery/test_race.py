"""P10: the same recovery code from many browsers at once, and two removals at once, on a server database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.factors.recovery.flow import codes_left, make_codes, use_code
from accounts.factors.removal import remove_factor
from accounts.models import Factor, Method, RecoveryCode
from accounts.sessions.store import SessionStore
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.web.refusal import Refusal
from tests.cast import make_person

pytestmark = pytest.mark.services


@pytest.fixture(autouse=True)
def _server_database(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def race(deed: Callable[[int], object], runners: int) -> Counter[str]:
    """Let so many callers do a deed at the same moment and count how they ended."""
    start = Barrier(runners)

    def run(number: int) -> str:
        try:
            start.wait(timeout=20)
            deed(number)
        except Refusal as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(runners) as pool:
        return Counter(pool.map(run, range(runners)))


def test_p10_of_eight_parallel_uses_of_one_code_exactly_one_succeeds() -> None:
    user = make_person("race@glan.example").user
    for code in make_codes(user=user, session=SessionStore())[:5]:
        before = codes_left(user)
        assert race(lambda _number, code=code: use_code(user=user, text=code), 8) == {"done": 1, "WrongRecoveryCode": 7}  # type: ignore[misc]
        assert codes_left(user) == before - 1
    assert AuditEvent.objects.filter(kind="RECOVERY_CODE_USED").count() == 5
    assert Message.objects.filter(kind="recovery_code_used").count() == 5


def test_p10_codes_made_in_two_windows_at_once_are_ten_not_twenty() -> None:
    user = make_person("race@glan.example").user
    assert race(lambda _number: make_codes(user=user, session=SessionStore()), 4) == {"done": 4}
    assert RecoveryCode.objects.filter(user=user).count() == 10


def test_mfa2_of_two_parallel_removals_one_is_refused_and_a_method_stays() -> None:
    for round_number in range(5):
        user = make_person(f"race{round_number}@glan.example").user
        Factor.objects.create(user=user, method=Method.EMAIL, name="email", confirmed=True)
        keys = list(Factor.objects.filter(user=user).values_list("pk", flat=True))
        ended = race(lambda number, user=user, keys=keys: remove_factor(user=user, factor_pk=keys[number], session=SessionStore()), 2)  # type: ignore[misc]
        assert ended == {"done": 1, "LastMethod": 1}
        assert Factor.objects.filter(user=user, confirmed=True).count() == 1
    assert AuditEvent.objects.filter(kind="FACTOR_REMOVED").count() == 5
