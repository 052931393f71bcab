"""A demonstration's reports: boundaries of every course, and item level data of a paper or two, released with the results."""

from typing import Any


def fill(**_signal: Any) -> None:
    """Fill in what is missing, once. Told by the command that only demonstrations have."""
    from services.reports.demo.make import make

    make()
