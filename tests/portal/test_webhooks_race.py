"""F24 at one instant: the same events five times, in both orders, while the worker records the acceptance."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections
from pytest_django import Settings

from portal.outbox.claim import claim, settle
from portal.outbox.models import Message, State
from portal.outbox.webhooks import flow
from portal.outbox.webhooks.models import ProviderEvent
from tests.portal.letters import letter, write_templates
from tests.portal.webhooks import event, tell

pytestmark = pytest.mark.services


def test_f24_events_race_each_other_and_our_own_record(server_db: None, settings: Settings, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    write_templates(tmp_path, settings)
    for number in range(3):
        row = letter()
        message = claim(str(row.pk))
        assert message
        race(message, f"provider-{number}")
        flow.apply_waiting()
        row.refresh_from_db()
        assert (row.state, row.secret) == (State.BOUNCED, "")
        assert ProviderEvent.objects.filter(message=row).count() == 2


def race(message: Message, provider_id: str) -> None:
    """Tell two events five times, in both orders, at the instant in which the worker records that the provider took the message."""
    told = [event(message.pk, "bounced", reason="550 5.1.1 no such user"), event(message.pk, "delivered")]
    start = Barrier(6)

    def work(number: int) -> object:
        try:
            start.wait(timeout=30)
            if number == 5:
                return settle(message, State.ACCEPTED, provider_id=provider_id)
            return tell(*(told if number % 2 else told[::-1]), age=number).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, range(6)))[:5] == [200] * 5
