"""One line of an EDI file: the text as it stands there, and its fields by name. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from services.formats.edi.fields import day_of
from services.formats.edi.layout import LAYOUTS

ENDING: Final = "\r\n"
_BY_NAME: Final = {kind: {field.name: field for field in fields} for kind, fields in LAYOUTS.items()}


@dataclass(frozen=True, slots=True)
class Record:
    """A line that its layout fits. It keeps its own blanks and line end, so what was read is written again byte for byte."""

    text: str
    line: int = 0
    ending: str = ENDING

    @property
    def kind(self) -> str:
        """Data type and record type: R5 is a result."""
        return self.text[:2]

    def __getitem__(self, name: str) -> str:
        return _BY_NAME[self.kind][name].of(self.text)

    def number(self, name: str) -> int | None:
        """Return the figures of a field as a number; None when it is blank."""
        said = self[name]
        return int(said) if said else None

    def day(self, name: str) -> date | None:
        """Return the day of a field; None when it is blank."""
        return day_of(self[name])

    def flag(self, name: str) -> bool:
        """Say whether a field says Y."""
        return self[name] == "Y"

    def codes(self, name: str, width: int) -> list[str]:
        """Return the codes that stand in a field one behind the other."""
        field = _BY_NAME[self.kind][name]
        whole = self.text[field.first - 1 : field.last]
        return [code for start in range(0, len(whole), width) if (code := whole[start : start + width].strip(" "))]

    def changed(self, **values: object) -> Self:
        """Return the line with other values in some fields. Raises `ValueError` for a value that has no place in its field."""
        text = self.text.ljust(LAYOUTS[self.kind][-1].last)
        for name, value in values.items():
            field = _BY_NAME[self.kind][name]
            text = text[: field.first - 1] + field.filled(value) + text[field.last :]
        return replace(self, text=text)


def make(kind: str, **values: object) -> Record:
    """Make a line from values by the names of its fields. Raises `ValueError` for a value that has no place, or a needed one that is missing."""
    blank = Record(kind.ljust(LAYOUTS[kind][-1].last)).changed(**values)
    for field in LAYOUTS[kind]:
        if not field.right(blank.text):
            raise ValueError(f"{field.name} is missing")
    return blank
