"""Where a journey is played, and what can be seen of it from behind; here inside the test's own process (processes.py: in real ones)."""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.log import AdminEmailHandler

from accounts.models import Factor, Session
from permissions.models import Centre
from portal.audit.models import AuditEvent
from portal.outbox.models import WAITING, Message
from portal.outbox.relay import sweep
from portal.web.log_line import JsonLine
from services.releases.gated import GatedQuerySet
from tests.story.sinks import SmsSink

_PATIENCE_SECONDS: Final = 20
_TRAIL: Final = AuditEvent._meta.db_table
_AWAY: Final = f"{_TRAIL}_away"
Fields = dict[str, str | list[str]]
Place = tuple[str, str]
"""A place where a secret could lie, and what is there."""


@dataclass
class Answer:
    """What a page answered."""

    status: int
    location: str
    body: str


class Browser(ABC):
    """A browser that follows nothing by itself."""

    def __init__(self, stage: "Stage") -> None:
        self.stage = stage

    def open(self, path: str) -> Answer:
        """Open a page."""
        return self._note(path, self._ask(path, None))

    def send(self, path: str, **fields: str | list[str]) -> Answer:
        """Send a form of a page."""
        return self._note(path, self._ask(path, fields))

    @abstractmethod
    def _ask(self, path: str, fields: Fields | None) -> Answer: ...

    def _note(self, path: str, answer: Answer) -> Answer:
        self.stage.addresses += [path, answer.location]
        self.stage.pages.append(answer.body)
        return answer

    @abstractmethod
    def cookie(self, name: str) -> str:
        """Return the value of a cookie."""


@dataclass
class Stage(ABC):
    """A Portal, its post, and what can be seen of it from behind."""

    secrets: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=dict)

    def learn(self, name: str, secret: str) -> str:
        """Note a secret that must not be found anywhere."""
        assert secret, name
        self.secrets[name] = secret
        return secret

    @abstractmethod
    def browser(self) -> Browser:
        """Return a fresh browser."""

    @abstractmethod
    def manage(self, *arguments: str) -> None:
        """Run a management command."""

    @abstractmethod
    def letters(self, to: str) -> list[str]:
        """Return the e-mails to an address as text, oldest first, and what was texted to a number."""

    def from_post(self, to: str, find: Callable[[str], str]) -> str:
        """Wait for a message in which `find` finds something (it raises `AssertionError` else), among those not read before."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            letters = self.letters(to)
            for number in range(len(letters) - 1, self._read.get(to, 0) - 1, -1):
                with suppress(AssertionError):
                    found = find(letters[number])
                    self._read[to] = number + 1
                    return found
            assert time.monotonic() < deadline, f"nothing of the kind reached {to}: {letters}"
            time.sleep(0.1)

    @abstractmethod
    def new_centre(self, number: str) -> None:
        """Make a centre."""

    @abstractmethod
    def sql(self, statement: str) -> None:
        """Run a statement behind the Portal's back."""

    @abstractmethod
    def kept(self) -> Iterator[Place]:
        """Yield everything that is kept now, besides the messages on their way; it may be gone later."""

    @abstractmethod
    def said(self) -> Iterator[Place]:
        """Yield everything that was said since the beginning and cannot be taken back."""

    def let_app_codes_count_again(self) -> None:
        """Spare the test the half minute until an app shows another code."""
        self.sql(f"UPDATE {Factor._meta.db_table} SET last_step = 0")  # noqa: S608

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Take the audit trail away: every deed stumbles in its middle, with its secrets in hand."""
        self.sql(f"ALTER TABLE {_TRAIL} RENAME TO {_AWAY}")
        yield
        self.sql(f"ALTER TABLE {_AWAY} RENAME TO {_TRAIL}")


class _ClientBrowser(Browser):
    def __init__(self, stage: "Stage") -> None:
        super().__init__(stage)
        self.client = Client(raise_request_exception=False)

    def _ask(self, path: str, fields: Fields | None) -> Answer:
        answer = self.client.get(path) if fields is None else self.client.post(path, fields)
        return Answer(answer.status_code, answer.headers.get("Location", ""), answer.content.decode())

    def cookie(self, name: str) -> str:
        """Return the value of a cookie."""
        return self.client.cookies[name].value


class OwnProcess(Stage):
    """The test's own process and database, with every logger at DEBUG, statements and their values included."""

    def __init__(self, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
        super().__init__()
        self._caplog, self._texts = caplog, SmsSink()
        settings.SMS_URL = f"json://127.0.0.1:{self._texts.port}/"
        settings.ADMINS = [("Operator", "operator@board.example")]
        caplog.set_level(logging.DEBUG)
        self._loggers = [
            logging.getLogger(name) for name in ("django", "django.db.backends", "django.request", "portal", "django.template")
        ]
        self._before = [(logger.level, list(logger.handlers)) for logger in self._loggers]
        for logger in self._loggers:
            logger.setLevel(logging.DEBUG)
        # At DEBUG this one prints the whole context of a page that lacks a variable, and apprise each text with its code: tools for their
        # makers. settings.py keeps them at WARNING and ERROR whatever the root logger says, and so it stays here.
        self._loggers[-1].setLevel(logging.INFO)
        # The project's own "django" logger keeps to itself; an operator might let errors be mailed.
        self._loggers[0].addHandler(caplog.handler)
        self._loggers[0].addHandler(mailer := AdminEmailHandler())
        mailer.setLevel(logging.ERROR)
        connection.force_debug_cursor = True

    def stop(self) -> None:
        """Put the loggers back as they were."""
        connection.force_debug_cursor = False
        self._texts.stop()
        for logger, (level, handlers) in zip(self._loggers, self._before, strict=True):
            logger.setLevel(level)
            logger.handlers[:] = handlers

    def browser(self) -> Browser:
        """Return a fresh browser."""
        return _ClientBrowser(self)

    def manage(self, *arguments: str) -> None:
        """Run a management command."""
        call_command(*arguments, verbosity=0)

    def letters(self, to: str) -> list[str]:
        """Return what reached somebody."""
        sweep()
        if to.startswith("+"):
            return [str(text["message"]) for text in self._texts.texts]
        return [str(letter.body) for letter in mail.outbox if to in letter.to]

    def new_centre(self, number: str) -> None:
        """Make a centre."""
        Centre.objects.create(number=number, name="Ysgol Glan y Mor")

    def sql(self, statement: str) -> None:
        """Run a statement."""
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def said(self) -> Iterator[Place]:
        """Yield the log, the operator's mail and the addresses."""
        line = JsonLine()
        yield "the log", "\n".join(f"{line.format(record)} {record.args!r}" for record in self._caplog.records)
        yield (
            "the mail to the operator",
            "\n".join(str(letter.message()) for letter in mail.outbox if "operator@board.example" in letter.to),
        )
        yield "the addresses", "\n".join(self.addresses)

    def kept(self) -> Iterator[Place]:
        """Yield every table, the sessions in plain, and what rows call themselves."""
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                yield f"the table {table}", rows_as_text(cursor.fetchall())
        yield "the sessions", "\n".join(str(SessionStore().decode(data)) for data in Session.objects.values_list("session_data", flat=True))
        sent = Message.objects.exclude(state__in=WAITING)
        yield "the messages that have left", "\n".join(f"{row.secret} {row.context} {row.about} {row.reason}" for row in sent)
        for model in apps.get_models():
            rows = model._default_manager.all()
            rows = rows.behind_the_gate() if isinstance(rows, GatedQuerySet) else rows
            yield f"the names of {model.__name__}", "\n".join(map(str, rows))


def rows_as_text(rows: Any) -> str:
    """Write rows so that a search finds what stands in them, bytes included."""

    def shown(value: Any) -> str:
        return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)

    return "\n".join(" | ".join(map(shown, row)) for row in rows)
