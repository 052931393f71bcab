"""What a refusal leaves in the log: who, from where, what, when; one line of JSON whatever stands in it (A113)."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from portal.web.log_line import JsonLine
from tests.cast import Cast, Person

SignIn = Callable[[Person], Client]


class Lines(logging.Handler):
    """Keeps each line as the log would show it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.texts.append(self.format(record))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines, read."""
        return [json.loads(text) for text in self.texts]


@pytest.fixture
def log() -> Any:
    """Listen to Django's own log, which no longer reaches the root."""
    handler, logger = Lines(), logging.getLogger("django")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def test_a75_a_refused_page_leaves_who_from_where_and_what(cast: Cast, signed_in: SignIn, log: Lines) -> None:
    browser = signed_in(cast.user)
    assert browser.get("/manage-users/", REMOTE_ADDR="192.0.2.7").status_code == 403
    (line,) = log.lines
    assert line["level"] == "WARNING"
    assert line["message"] == "Forbidden: /manage-users/"
    assert (line["person"], line["address"], line["method"], line["status"]) == (str(cast.user.user.pk), "192.0.2.7", "GET", 403)
    assert datetime.fromisoformat(line["at"]).utcoffset() == timedelta(0)


def test_a10_what_may_not_be_known_to_be_there_leaves_its_line_too(cast: Cast, signed_in: SignIn, log: Lines) -> None:
    browser = signed_in(cast.exams_officer)
    browser.get(f"/manage-users/{cast.other_exams_officer.membership.pk}/")
    browser.get("/admin/login/")
    assert [(line["status"], line["person"]) for line in log.lines] == [(404, str(cast.exams_officer.user.pk))] * 2


def test_a98_a_forged_form_leaves_its_line(db: None, log: Lines) -> None:
    Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "secret-address@glan.example"})
    (line,) = log.lines
    assert line["logger"] == "django.security.csrf"
    assert line["status"] == 403
    assert line["address"] == "127.0.0.1"
    assert "person" not in line
    assert "secret-address" not in log.texts[0]


def test_a113_line_breaks_and_terminal_codes_forge_no_line(db: None, log: Lines) -> None:
    Client().get("/no/such\n{}\x1b[2J/ṕage/", headers={"user-agent": "x\n{}"})
    (text,) = log.texts
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text)["status"] == 404


def test_a_line_without_a_request_is_plain() -> None:
    line = json.loads(JsonLine().format(logging.makeLogRecord({"msg": "%s done", "args": ("it is",), "levelname": "INFO"})))
    assert line["message"] == "it is done"
    assert not line.keys() & {"address", "person", "method"}
