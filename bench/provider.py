"""A mail provider of our own on loopback, for measuring and for breaking: it logs each acceptance with its key, and fails as it is told.

It speaks just enough SMTP for a mail library, quickly, so that it is never what limits a measurement. Behaviours, chosen for the next
messages by `mood`: "good"; "421" and "550" (answers to MAIL and RCPT); "hang" (takes the message and never answers); "slow" (answers
after `seconds`); "drop" (accepts, then hangs up without an answer, once for each key); "die before" and "die after" (ends whoever sends,
by `kill`, before or after the acceptance is logged). Recipients that contain `refuses` are refused, those that contain `deadly` end
whoever names them. It offers PIPELINING, as Postfix, Exim and Exchange do, unless it is `plain`.
"""

import asyncio
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

KEY: Final = re.compile(rb"^Message-ID: <([^@>]+)", re.MULTILINE | re.IGNORECASE)
_TO: Final = re.compile(r"<([^>]*)>")


@dataclass
class Provider:
    """The server; `accepted` holds (time, key, recipient) of each acceptance."""

    kill: Callable[[], None] = lambda: None
    plain: bool = False
    mood: str = "good"
    seconds: float = 0.0
    refuses: str = ""
    deadly: str = ""
    accepted: list[tuple[float, str, str]] = field(default_factory=list)
    asked: int = 0
    port: int = 0
    peer: int = 0
    """The port of whoever spoke last."""
    dropped: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Listen in a thread of its own."""
        ready = threading.Event()
        loop = asyncio.new_event_loop()

        def run() -> None:
            server = loop.run_until_complete(loop.create_server(lambda: _Talk(self, loop), "127.0.0.1", self.port))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait()

    def keys(self) -> list[str]:
        """Return the key of each acceptance."""
        return [key for _at, key, _to in self.accepted]

    def answer(self, verb: bytes, to: str, *, behind_a_letter: bool) -> bytes:
        """Return what to say to a command; one that came right behind a letter finds its sender with a yes that is not recorded yet."""
        if verb == b"EHLO":
            return b"250-provider\r\n250-8BITMIME\r\n" + (b"" if self.plain else b"250-PIPELINING\r\n") + b"250 HELP\r\n"
        if verb == b"MAIL":
            self.asked += 1
            if self.mood == "421":
                return b"421 4.3.2 closing\r\n"
            if self.mood == "die before" and not behind_a_letter:
                self.mood = "good"
                self.kill()
        if verb == b"RCPT" and self.deadly and self.deadly in to:
            self.kill()
        if verb == b"RCPT" and self.refuses and self.refuses in to:
            return b"550 5.1.1 no such user\r\n"
        if verb == b"DATA":
            return b"354 go on\r\n" if to else b"503 5.5.1 to whom?\r\n"
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n"

    def take(self, letter: bytes, to: str) -> bytes:
        """Accept a message; what to say then, b"" for hanging up instead."""
        found = KEY.search(letter)
        key = found[1].decode() if found else ""
        self.accepted.append((time.monotonic(), key, to))
        if self.mood == "die after":
            self.mood = "good"
            self.kill()
            return b""
        if self.mood == "drop" and key not in self.dropped:
            self.dropped.add(key)
            return b""
        return b"250 taken\r\n"


class _Talk(asyncio.Protocol):
    """One connection. What came in one piece is answered in one, as RFC 2920 asks of a server."""

    def __init__(self, provider: Provider, loop: asyncio.AbstractEventLoop) -> None:
        self._provider, self._loop = provider, loop
        self._came, self._to, self._letter_comes, self._busy = b"", "", False, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 provider\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        self._provider.peer = self._transport.get_extra_info("peername")[1]
        self._came += data
        self._answer()

    def _answer(self) -> None:
        said: list[bytes] = []
        took = False
        while not self._busy:
            piece, found, rest = self._came.partition(b"\r\n.\r\n" if self._letter_comes else b"\n")
            if not found:
                break
            self._came = rest
            if not self._letter_comes:
                said.append(self._command(piece, behind_a_letter=took))
            elif self._provider.mood in {"hang", "slow"}:
                self._busy = True
                self._loop.call_later(3600 if self._provider.mood == "hang" else self._provider.seconds, self._take_late, piece)
            else:
                self._letter_comes, took = False, True
                said.append(self._provider.take(piece, self._to))
            if said and (not said[-1] or said[-1].startswith((b"221", b"421"))):
                self._transport.write(b"".join(said))
                self._transport.close()
                return
        if said:
            self._transport.write(b"".join(said))

    def _command(self, line: bytes, *, behind_a_letter: bool) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT":
            found = _TO.search(line.decode())
            self._to = found[1] if found else ""
        answer = self._provider.answer(verb, self._to, behind_a_letter=behind_a_letter)
        self._letter_comes = answer.startswith(b"354")
        if verb == b"MAIL" or answer.startswith(b"550"):
            self._to = ""
        return answer

    def _take_late(self, letter: bytes) -> None:
        self._busy = self._letter_comes = False
        said = self._provider.take(letter, self._to)
        self._transport.write(said)
        if said:
            self._answer()
        else:
            self._transport.close()


def main() -> None:
    """Serve in a process of its own until standard input ends; prints the port."""
    provider = Provider(plain="--plain" in sys.argv)
    provider.start()
    sys.stdout.write(f"{provider.port}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if line.strip() == "count":
            sys.stdout.write(f"{len(set(provider.keys()))}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
