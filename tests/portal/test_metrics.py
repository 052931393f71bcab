"""A140: figures of the post for our own machines and the token's holder; for everybody else there is nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from portal import clock
from portal.outbox import canary, relay
from portal.outbox.models import Message, State
from tests.cast import Cast, Person
from tests.portal.letters import letter, write_templates
from tests.portal.webhooks import event, tell

pytestmark = pytest.mark.django_db
OUTSIDE = "203.0.113.9"


def ask(address: str = "127.0.0.1", method: str = "get", path: str = "/metrics", **headers: str) -> Any:
    return getattr(Client(REMOTE_ADDR=address), method)(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def without_nonce(answer: Any) -> str:
    return re.sub(r'nonce="[^"]*"|nonce-[\w-]+|value="\w{64}"', "", answer.content.decode())


def test_queue_depth_age_rates_and_failures(settings: Settings, tmp_path: Path) -> None:
    write_templates(tmp_path, settings)
    sent = letter()
    relay.deliver(str(sent.pk))
    letter(channel="sms", to="+447700900123", expires_at=clock.now())
    relay.deliver(str(Message.objects.get(channel="sms").pk))
    waits = letter(to="secret-person@glan.example")
    Message.objects.filter(pk=waits.pk).update(next_try_at=clock.now() - timedelta(minutes=10))
    tell(event(sent.pk, "bounced"), event("unknown"))
    answer = ask()
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    figures = dict(line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))
    assert figures['portal_outbox_waiting{queue="notices"}'] == "1"
    assert figures['portal_outbox_due{queue="notices"}'] == "1"
    assert 595 < int(figures['portal_outbox_oldest_due_seconds{queue="notices"}']) < 660
    assert figures['portal_outbox_oldest_due_seconds{queue="codes"}'] == "0"
    assert figures['portal_outbox_sent_last_hour{channel="email"}'] == "1"
    assert figures['portal_outbox_ended_last_day{channel="email",state="bounced"}'] == "1"
    assert figures['portal_outbox_ended_last_day{channel="sms",state="expired"}'] == "1"
    assert figures['portal_outbox_ended_last_day{channel="sms",state="dead"}'] == "0"
    assert figures['portal_webhook_events_last_day{event="bounced"}'] == "1"
    assert figures["portal_webhook_events_unmatched_last_day"] == "1"
    assert figures["portal_timetable_seconds"] == "-1"
    canary.show(canary.TIMETABLE)
    canary.show("worker@host-of-ours")
    now = ask().content.decode()
    assert "portal_workers_alive 1\n" in now
    assert re.search(r"^portal_timetable_seconds \d$", now, re.MULTILINE)
    assert "host-of-ours" not in now
    assert "glan" not in answer.content.decode()


def test_every_line_is_in_the_format() -> None:
    for line in ask().content.decode().splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"(,\w+="\w+")*\})? -?\d+(\.\d)?', line), line


def test_the_number_of_queries_does_not_grow() -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        return len(queries)

    few = count()
    for number in range(20):
        Message.objects.create(kind="ground", recipient="nia@glan.example", language="en", state=list(State)[number % len(State)])
    assert count() == few <= 6


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "options"])
def test_a140_strangers_find_nothing(method: str) -> None:
    answer = ask(OUTSIDE, method)
    assert answer.status_code == 404
    assert without_nonce(answer) == without_nonce(ask(OUTSIDE, method, "/metricz")).replace("metricz", "metrics")


@pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded", "X_Real_IP", "Via", "X_Forwarded_Host"])
def test_a140_whoever_comes_through_a_proxy_on_this_machine_is_a_stranger(header: str) -> None:
    assert ask("127.0.0.1", **{header: "127.0.0.1"}).status_code == 404


def test_a_machine_of_the_inner_network_may_ask_for_itself_only(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert ask("10.1.2.3").status_code == 200
    assert ask("10.1.2.3", X_Forwarded_For=OUTSIDE).status_code == 404
    assert ask("10.1.2.3", X_Forwarded_For="127.0.0.1").status_code == 404
    assert ask("").status_code == 404


def test_a_token_opens_it_from_anywhere(settings: Settings) -> None:
    settings.METRICS_TOKENS = ["new-token", "old-token"]
    assert ask(OUTSIDE, Authorization="Bearer old-token").status_code == 200
    assert ask(OUTSIDE, Authorization="bearer new-token").status_code == 200
    for wrong in ("Bearer wrong", "Bearer ", "Bearer", "new-token", "Basic new-token", "Bearer é"):
        assert ask(OUTSIDE, Authorization=wrong).status_code == 404


def test_without_a_token_none_opens_it() -> None:
    assert ask(OUTSIDE, Authorization="Bearer ").status_code == 404


def test_nobody_posts(settings: Settings) -> None:
    assert ask(method="post").status_code == 405


def test_the_help_desk_sees_the_figures_and_what_the_provider_told(
    cast: Cast, signed_in: Callable[[Person], Client], settings: Settings, tmp_path: Path
) -> None:
    write_templates(tmp_path, settings)
    sent = letter()
    relay.deliver(str(sent.pk))
    tell(event(sent.pk, "bounced", reason="552 5.2.2 full"))
    browser = signed_in(cast.staff)
    page = browser.get(reverse("admin:outbox_message_changelist")).content.decode()
    assert "How the post is doing" in page
    assert "Bounced 1" in page
    detail = browser.get(reverse("admin:outbox_message_change", args=[sent.pk])).content.decode()
    assert "552 5.2.2 full" in detail
    assert "hush-hush" not in detail
    assert browser.post(reverse("admin:outbox_message_change", args=[sent.pk]), {"state": "queued"}).status_code == 403
