"""Each fault of the specification's suite is played by `make faults` or has a test that bears its number."""

import ast
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
CATALOGUE: Final = "1 2 4 5 6 8 9 10 12 13 14 16 17 18 20 21 22 24 25 26 28 29 30 32 33 34"
"""The numbers of section "Fault-injection suite" of the security specification."""


def _played() -> set[int]:
    """Return the numbers that stand in names of figures of `bench/faults`: `Figure("F14 lock", ...)`."""
    found = {
        node.value
        for path in (ROOT / "bench" / "faults").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {int(number[1]) for text in found if (number := re.match(r"F(\d{2})(?: \w+)?$", text))}


def _tested() -> set[int]:
    """Return the numbers that stand in names of tests: `test_f24_...`."""
    names = [
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return {int(number) for name in names for number in re.findall(r"_f(\d{2})(?=_)", name)}


def test_every_fault_is_played_or_tested() -> None:
    catalogue, known = {int(number) for number in CATALOGUE.split()}, _played() | _tested()
    assert len(catalogue) == 26
    assert sorted(catalogue - known) == [], "nothing shows these"
    assert {1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 21, 25, 26} <= _played()
