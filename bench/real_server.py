"""aiosmtpd, a real mail server, as the provider of `bench.throughput --real`: slower than `bench.provider`, and without PIPELINING."""

import sys
from typing import Any

from aiosmtpd.controller import Controller

from bench.faults.servers import free_port
from bench.provider import KEY


class Keeper:
    """Keeps the keys of what it took."""

    def __init__(self) -> None:
        self.keys: set[bytes] = set()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message (aiosmtpd's hook)."""
        found = KEY.search(envelope.content)
        self.keys.add(found[1] if found else b"")
        return "250 taken"


def main() -> None:
    """Serve until standard input ends; prints the port."""
    keeper = Keeper()
    port = free_port()
    Controller(keeper, hostname="127.0.0.1", port=port).start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if line.strip() == "count":
            sys.stdout.write(f"{len(keeper.keys)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
