"""Write docs/limits.md from portal/limits.py, so that the page cannot tell another story than the code. `make limits`.

The order, the areas (a comment on a line of its own begins one) and the remarks (comments behind a number) are the module's own.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MODULE: Final = ROOT / "portal" / "limits.py"
PAGE: Final = ROOT / "docs" / "limits.md"
_HEAD: Final = """# Limits

Every number of the Portal. Written by `make limits` from `portal/limits.py`, which is the only place to change one; a test compares the two.
The rules P1 to P24 are those of the security specification; MFA-5 and A155 are its rule and its attack of that name.
"""
_ELSEWHERE: Final = "Other"
_RULE: Final = re.compile(r"(?:(P\d+|A\d+)|([A-Z]+)(\d+))_(.+)")
_PACE: Final = re.compile(r"PER_(?:HOUR|DAY|MINUTE|5_MINUTES)$")
_UNITS: Final = {
    "MILLISECONDS": "milliseconds",
    "SECONDS": "seconds", "MINUTES": "minutes", "HOURS": "hours", "DAYS": "days", "MONTHS": "calendar months", "KIB": "KiB", "BYTES": "bytes",
    "BITS": "bits", "DIGITS": "digits", "PERCENT": "per cent",
}  # fmt: skip
_SINGULAR: Final = {
    "seconds": "second", "minutes": "minute", "hours": "hour", "days": "day", "calendar months": "calendar month", "bits": "bit", "digits": "digit",
}  # fmt: skip
_WORDS: Final = {"argon2": "Argon2", "kib": "", "sms": "SMS", "totp": "TOTP", "csv": "CSV"}


@dataclass(frozen=True)
class Limit:
    """One number as the page shows it."""

    area: str
    name: str
    value: object
    remark: str

    @property
    def rule(self) -> str:
        """The rule the name begins with, as the specification writes it ("P7", "MFA-5"); empty for a number of our own."""
        found = _RULE.fullmatch(self.name)
        return "" if found is None else found[1] or f"{found[2]}-{found[3]}"

    @property
    def meaning(self) -> str:
        """What is limited: the name in words, without its rule and its unit."""
        found = _RULE.fullmatch(self.name)
        bare = found[4] if found else self.name
        if not _PACE.search(bare) and bare.rpartition("_")[2] in _UNITS:
            bare = bare.rpartition("_")[0]
        words = " ".join(filter(None, (_WORDS.get(word, word) for word in bare.lower().split("_"))))
        return words[:1].upper() + words[1:]

    @property
    def amount(self) -> str:
        """The number and its unit in words."""
        unit = "" if _PACE.search(self.name) else _UNITS.get(self.name.rpartition("_")[2], "")
        if isinstance(self.value, tuple):
            return f"{', '.join(map(_figure, self.value))} {unit}".strip()
        if not isinstance(self.value, int | float):
            raise TypeError(f"{self.name} is no number")
        if unit == "bytes" and self.value >= 1024 and self.value % 1024 == 0:  # noqa: PLR2004
            mebi = self.value % (1024 * 1024) == 0
            return f"{_figure(self.value // (1024 * 1024 if mebi else 1024))} {'MiB' if mebi else 'KiB'}"
        return f"{_figure(self.value)} {_SINGULAR.get(unit, unit) if self.value == 1 else unit}".strip()


def limits() -> list[Limit]:
    """Return the numbers of the module in their order. Raises `SystemExit` for a statement that is no number."""
    source = MODULE.read_text()
    lines = source.splitlines()
    remarks = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found, names, area = [], {}, _ELSEWHERE
    for node in ast.parse(source).body[2:]:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None):
            raise SystemExit(f"{MODULE.name}, line {node.lineno}: not a number")
        above = node.lineno - 1
        if lines[above - 1].startswith("#"):
            area = remarks[above]
        elif not lines[above - 1].strip():
            area = _ELSEWHERE
        names[node.target.id] = value = _value(node.value)
        found.append(Limit(area, node.target.id, value, remarks.get(node.end_lineno or node.lineno, "")))
    return found


def page() -> str:
    """Return the page as it should be."""
    return "\n".join(_lines(limits()))


def _lines(found: list[Limit]) -> Iterator[str]:
    yield _HEAD
    for area in dict.fromkeys(limit.area for limit in found):
        yield f"## {area}\n\n| Rule | What | Value | Remark | Name |\n|---|---|---|---|---|"
        for limit in found:
            if limit.area == area:
                yield f"| {limit.rule} | {limit.meaning} | {limit.amount} | {limit.remark} | `{limit.name}` |"
        yield ""


def _value(node: ast.expr) -> object:
    """Compute a number written out (`256 * 1024`), or a list of them; nothing else is a limit."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = _value(node.left), _value(node.right)
        if isinstance(left, int) and isinstance(right, int):
            return left * right
    value: object = ast.literal_eval(node)
    return value


def _figure(value: object) -> str:
    return f"{value:,}"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != page())
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(limits())} numbers\n")
