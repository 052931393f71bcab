"""The stage of separate processes: a web server, a worker, PostgreSQL and Redis."""

import http.client
import re
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import psycopg
import redis
from django.contrib.sessions.backends.db import SessionStore

from tests.attacks.stages import Answer, Browser, Fields, Place, Stage, rows_as_text
from tests.story.server import Portal
from tests.story.sinks import plain


class _LiveBrowser(Browser):
    def __init__(self, stage: "Processes") -> None:
        super().__init__(stage)
        self.port, self.cookies = stage.portal.port, dict[str, str]()

    def _ask(self, path: str, fields: Fields | None) -> Answer:
        if fields is None:
            return self._exchange("GET", path, "")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._exchange("GET", path, "").body)
        if token is None:  # a page without a form: any page has the language's
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._exchange("GET", "/help/", "").body)
        assert token
        return self._exchange("POST", path, urlencode({"csrfmiddlewaretoken": token[1], **fields}, doseq=True))

    def _exchange(self, method: str, path: str, body: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        line.request(method, path, body or None, headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {}))
        answer = line.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        line.close()
        return Answer(answer.status, answer.headers.get("Location", ""), text)

    def cookie(self, name: str) -> str:
        """Return the value of a cookie."""
        return self.cookies[name]


class Processes(Stage):
    """A web server, a worker, PostgreSQL and Redis, with an ear on all that Redis is told."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self._redis = redis.Redis.from_url(portal.redis_url)
        self.heard: list[str] = []
        self._listening = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._listening.wait(10)

    def _listen(self) -> None:
        with self._redis.monitor() as monitor:  # type: ignore[no-untyped-call]
            self._listening.set()
            while True:
                self.heard.append(str(monitor.next_command()))

    def browser(self) -> Browser:
        """Return a fresh browser."""
        return _LiveBrowser(self)

    def manage(self, *arguments: str) -> None:
        """Run a management command."""
        self.portal.manage(*arguments)

    def letters(self, to: str) -> list[str]:
        """Return what reached somebody."""
        if to.startswith("+"):
            return [str(text["message"]) for text in self.portal.sms.texts]
        return [plain(message) for address, message in list(self.portal.mail.messages) if address == to]

    def new_centre(self, number: str) -> None:
        """Make a centre."""
        self.sql(f"INSERT INTO permissions_centre (number, name, country) VALUES ('{number}', 'Ysgol Glan y Mor', 'wales')")  # noqa: S608

    def sql(self, statement: str) -> None:
        """Run a statement."""
        with psycopg.connect(self.portal.database_url, autocommit=True) as line:
            line.execute(statement)

    def said(self) -> Iterator[Place]:
        """Yield the log, the addresses and what Redis was told."""
        yield "the log of web and worker", self.portal.logs()
        yield "the addresses", "\n".join(self.addresses)
        assert any("deliver_message" in command for command in self.heard), "the worker was woken through Redis"
        yield "what Redis was told", "\n".join(self.heard)

    def kept(self) -> Iterator[Place]:
        """Yield what Redis keeps, every table and the sessions in plain."""
        yield "what Redis keeps", "\n".join(f"{key!r} {self._redis.dump(key)!r}" for key in self._redis.scan_iter())
        with psycopg.connect(self.portal.database_url) as line:
            tables = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                yield f"the table {table}", rows_as_text(line.execute(f'SELECT * FROM "{table}"').fetchall())  # noqa: S608
            yield (
                "the sessions",
                "\n".join(
                    str(SessionStore().decode(data)) for (data,) in line.execute("SELECT session_data FROM accounts_session").fetchall()
                ),
            )
