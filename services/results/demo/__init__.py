"""A demonstration's exams: made-up candidates with valid UCIs, real shapes of qualifications, and a results day in progress."""

from typing import Any


def fill(**_signal: Any) -> None:
    """Fill in what is missing, once. Told by the command that only demonstrations have."""
    from services.results.demo.make import make

    make()
