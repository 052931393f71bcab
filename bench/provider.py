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
from typing import Final

_KEY: Final = re.compile(rb"^Message-ID: <([^@>]+)", re.MULTILINE | re.IGNORECASE)
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
    dropped: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Listen in a thread of its own."""
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()

        def run() -> None:
            server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", self.port))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self._loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait()

    def keys(self) -> list[str]:
        """Return the key of each acceptance."""
        return [key for _at, key, _to in self.accepted]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 provider\r\n")
        try:
            await self._listen(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                found = _TO.search(line.decode())
                to = found[1] if found else ""
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"DATA" and not to:
                writer.write(b"503 5.5.1 to whom?\r\n")
                continue
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                if not await self._take(await reader.readuntil(b"\r\n.\r\n"), to, writer):
                    return
                continue
            answer = self._answer(verb, to)
            writer.write(answer)
            if answer.startswith(b"421"):
                return
            if verb == b"MAIL" or not answer.startswith(b"250"):
                to = ""

    def _answer(self, verb: bytes, to: str) -> bytes:
        if verb == b"EHLO":
            return b"250-provider\r\n250-8BITMIME\r\n" + (b"" if self.plain else b"250-PIPELINING\r\n") + b"250 HELP\r\n"
        if verb == b"MAIL":
            self.asked += 1
            if self.mood == "421":
                return b"421 4.3.2 closing\r\n"
            if self.mood == "die before":
                self.mood = "good"
                self.kill()
        if verb == b"RCPT" and self.deadly and self.deadly in to:
            self.kill()
        if verb == b"RCPT" and self.refuses and self.refuses in to:
            return b"550 5.1.1 no such user\r\n"
        return b"250 fine\r\n"

    async def _take(self, letter: bytes, to: str, writer: asyncio.StreamWriter) -> bool:
        """Accept a message or not; False ends the talk."""
        found = _KEY.search(letter)
        key = found[1].decode() if found else ""
        mood = self.mood
        if mood == "hang":
            await asyncio.sleep(3600)
        if mood == "slow":
            await asyncio.sleep(self.seconds)
        self.accepted.append((time.monotonic(), key, to))
        if mood == "die after":
            self.mood = "good"
            self.kill()
            return False
        if mood == "drop" and key not in self.dropped:
            self.dropped.add(key)
            return False
        writer.write(b"250 taken\r\n")
        return True


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
