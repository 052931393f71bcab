"""A browser that costs next to nothing, since it shares the machine with what it measures: a kept connection, cookies, the token of the last form."""

import asyncio
import re
import ssl
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from bench.morning.stack import HOST

PATIENCE: Final = 30
"""Seconds after which somebody gives up on an answer."""
_TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
_COOKIE: Final = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_PLACE: Final = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)


def trusting() -> ssl.SSLContext:
    """Return how to speak TLS with whoever has a certificate of its own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class WrongAnswer(Exception):
    """An answer that ends a visit: what was asked, and what came."""


@dataclass
class Browser:
    """Somebody's browser at an address of loopback of their own: the proxy sees who comes from where."""

    port: int
    address: str
    tls: ssl.SSLContext
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> None:
        """Open a page; its body is kept. Raises `WrongAnswer` for anything but 200."""
        await self._ask("GET", path, 200)

    async def post(self, path: str, leads_to: str, **fields: str) -> None:
        """Send the form of the page just opened. Raises `WrongAnswer` unless it leads there."""
        token = _TOKEN.search(self.body)
        if token is None:
            raise WrongAnswer(f"{path}: no form in {self.body[:200]!r}")
        place = await self._ask("POST", path, 302, urlencode({"csrfmiddlewaretoken": token[1].decode(), **fields}))
        if place != leads_to:
            raise WrongAnswer(f"{path}: leads to {place}: {self.body[:200]!r}")

    async def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
            self._reader = self._writer = None

    async def _ask(self, method: str, path: str, wanted: int, form: str = "") -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                status, place = await self._exchange(method, path, form)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise WrongAnswer(f"{method} {path}: {type(error).__name__}") from error
        if status != wanted:
            raise WrongAnswer(f"{method} {path}: {status}")
        return place

    async def _exchange(self, method: str, path: str, form: str) -> tuple[int, str]:
        if self._reader is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self.port, ssl=self.tls, server_hostname=HOST, local_addr=(self.address, 0), limit=2**22
            )
        reader, writer = self._reader, self._writer
        assert writer is not None
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "User-Agent: Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name.decode()}={value.decode()}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += [f"Origin: https://{HOST}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        writer.write(("\r\n".join(lines) + f"\r\n\r\n{form}").encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if length := _LENGTH.search(head):
            self.body = await reader.readexactly(int(length[1]))
        elif _CHUNKED.search(head):
            self.body = await self._chunks(reader)
        else:
            self.body = b""
        self.cookies.update(_COOKIE.findall(head))
        place = _PLACE.search(head)
        return int(head[9:12]), place[1].decode() if place else ""

    @staticmethod
    async def _chunks(reader: asyncio.StreamReader) -> bytes:
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readline()
        return b"".join(parts)


def now() -> float:
    """Return the clock that latencies are told by, seconds."""
    return time.perf_counter()
