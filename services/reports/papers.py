"""A paper in an address: the code of its component, whose slash is written as a low line."""

from typing import Final

CODE: Final = r"\A[0-9A-Za-z][0-9A-Za-z/.-]{0,11}\Z"
"""A code that can stand there; others are not published."""


class PaperConverter:
    """Reads and writes it in a path."""

    regex = r"[0-9A-Za-z][0-9A-Za-z_.-]{0,11}"

    def to_python(self, value: str) -> str:
        """Read what the pattern let through."""
        return value.replace("_", "/")

    def to_url(self, value: object) -> str:
        """Write it."""
        return str(value).replace("/", "_")
