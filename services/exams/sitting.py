"""A level of a series as an address names it: 2026-06-level-3."""

from dataclasses import dataclass

from services.exams.levels import ExamLevel


@dataclass(frozen=True, slots=True)
class Sitting:
    """The year, month and level that an address asks for, whether or not there is such a series."""

    year: int
    month: int
    level: ExamLevel

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}-{self.level.value}"


class SittingConverter:
    """Reads and writes it in a path."""

    regex = f"[0-9]{{4}}-[0-9]{{2}}-(?:{'|'.join(ExamLevel.values)})"

    def to_python(self, value: str) -> Sitting:
        """Read what the pattern let through."""
        year, month, level = value.split("-", 2)
        return Sitting(int(year), int(month), ExamLevel(level))

    def to_url(self, value: object) -> str:
        """Write it."""
        return str(value)
