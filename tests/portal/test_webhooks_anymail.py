"""MAIL-3 with a provider of django-anymail: its own format, guarded by WEBHOOK_SECRET as the password of "portal"."""

import base64
import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from django.utils.module_loading import import_string
from pytest_django import Settings

from portal import mail_url
from portal.audit.models import AuditEvent
from portal.outbox.claim import claim, settle
from portal.outbox.models import Message, State
from portal.outbox.webhooks.events import Event
from portal.outbox.webhooks.models import ProviderEvent, Tiding
from portal.outbox.webhooks.urls import addresses
from tests.portal.letters import letter, write_templates

pytestmark = pytest.mark.django_db
URL: Final = "/provider/postmark/"
DELIVERY: Final = {
    "RecordType": "Delivery",
    "MessageID": "provider-7",
    "Recipient": "nia@glan.example",
    "DeliveredAt": "2026-11-02T09:00:00Z",
    "Details": "smtp;250 2.0.0 OK",
    "Metadata": {},
}
BOUNCE: Final = {
    "RecordType": "Bounce",
    "ID": 42,
    "Type": "HardBounce",
    "MessageID": "provider-7",
    "Description": "The server was unable to deliver your message.",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
    "Email": "nia@glan.example",
    "BouncedAt": "2026-11-02T09:05:00Z",
    "Metadata": {},
}
COMPLAINT: Final = BOUNCE | {"RecordType": "SpamComplaint", "ID": 43, "Type": "SpamComplaint"}
OPENED: Final = DELIVERY | {"RecordType": "Open", "ReceivedAt": "2026-11-02T09:06:00Z"}


@pytest.fixture(autouse=True)
def _with_postmark(settings: Settings, tmp_path: Path) -> None:
    write_templates(tmp_path, settings)
    settings.ROOT_URLCONF = "tests.portal.postmark_urls"


@pytest.fixture
def taken() -> Message:
    """A message that the provider took."""
    row = letter()
    message = claim(str(row.pk))
    assert message
    settle(message, State.ACCEPTED, provider_id="provider-7")
    return row


def tell(told: Any, *, secret: str = "", method: str = "post") -> int:
    from django.conf import settings as now

    password = secret or now.ANYMAIL["WEBHOOK_SECRET"][0]
    headers = {"Authorization": "Basic " + base64.b64encode(password.encode()).decode()} if password != "none" else {}
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    call = getattr(Client(enforce_csrf_checks=True), method)
    return int(call(URL, body, content_type="application/json", headers=headers).status_code)


@pytest.mark.parametrize(
    ("told", "state"), [(DELIVERY, State.DELIVERED), (BOUNCE, State.BOUNCED), (COMPLAINT, State.DELIVERED), (OPENED, State.ACCEPTED)]
)
def test_mail3_an_event_of_the_provider_moves_its_message(taken: Message, told: dict[str, Any], state: State) -> None:
    assert tell(told) == 200
    taken.refresh_from_db()
    assert taken.state == state
    if state == State.BOUNCED:
        assert "550 5.1.1" in taken.reason


def test_f24_five_times_in_reversed_order(taken: Message) -> None:
    for _again in range(5):
        assert tell(BOUNCE) == tell(DELIVERY) == 200
    taken.refresh_from_db()
    assert taken.state == State.BOUNCED
    assert sorted(ProviderEvent.objects.filter(message=taken).values_list("tiding", flat=True)) == [Tiding.BOUNCED, Tiding.DELIVERED]


def test_f24_the_row_s_id_that_travels_with_the_message_finds_it_before_our_commit() -> None:
    row = letter()
    assert claim(str(row.pk))
    assert tell(DELIVERY | {"MessageID": "not-recorded-yet", "Metadata": {"portal_message": str(row.pk)}}) == 200
    row.refresh_from_db()
    assert (row.state, row.provider_id) == (State.DELIVERED, "not-recorded-yet")


@pytest.mark.parametrize("secret", ["none", "portal:wrong", "somebody:else", "portal:rotated-out"])
def test_a148_no_wrong_or_rotated_out_password(taken: Message, settings: Settings, secret: str) -> None:
    assert tell(BOUNCE, secret=secret) == 400
    taken.refresh_from_db()
    assert taken.state == State.ACCEPTED
    assert not ProviderEvent.objects.exists()
    assert AuditEvent.objects.filter(number=Event.WEBHOOK_REFUSED.number).count() == 1


def test_each_secret_of_the_list_is_a_password(taken: Message, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": ["portal:new", "portal:old"]}
    assert tell(BOUNCE, secret="portal:old") == tell(BOUNCE, secret="portal:new") == 200


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_a148_other_methods(taken: Message, method: str) -> None:
    answer = tell(b"", method=method) if method != "get" else Client().get(URL).status_code
    assert answer == 405


@pytest.mark.parametrize(
    ("body", "status"), [(b"x" * 10_000_000, 400), (b"x" * 300_000, 413), (b"{", 400), (b"[]", 400), (b"\xff", 400), (b"7", 400)]
)
def test_a148_too_much_or_nonsense(taken: Message, body: bytes, status: int) -> None:
    assert tell(body) == status
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "ses://eu-west-2",
        "brevo://key",
        "mailgun://key@mg.board.example",
        "mailjet://key:secret",
        "postmark://token",
        "resend://key",
        "sendgrid://key",
        "sparkpost://key",
    ],
)
def test_every_provider_of_email_url_has_a_door_that_opens(url: str, settings: Settings) -> None:
    read = mail_url.read(url, testing=False)
    settings.ANYMAIL = {**read.anymail, "WEBHOOK_SECRET": ["portal:secret"]}
    _ours, door = addresses(read.backend)
    assert import_string(door.default_args["view"])().basic_auth == ["portal:secret"]


def test_without_a_provider_there_is_no_such_door() -> None:
    assert len(addresses("django.core.mail.backends.smtp.EmailBackend")) == 1
