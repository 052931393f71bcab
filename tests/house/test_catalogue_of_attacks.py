"""Each attack of the specification's catalogue has a test that bears its number."""

import ast
import re
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parents[1]
CATALOGUE: Final = (
    "1 3 5 6 8 10 11 13 15 16 18 20 21 23 25 26 28 30 31 33 35 36 38 40 41 43 45 46 48 50 51 53 55 56 58 60 61 63 65 66 68 70 71 73 75 76 78 80 "
    "81 83 85 86 88 90 91 93 95 96 98 100 101 103 105 106 108 110 111 113 115 116 118 120 121 123 125 126 128 130 131 133 135 136 138 140 141 "
    "143 145 146 148 150 151 153 155 156 158 160"
)
"""The numbers of section "Attack catalogue" of the security specification."""


def _numbers() -> set[int]:
    """Return the numbers that stand in names of tests: `test_a15_...`, also a second one as in `test_p10_a160_...`."""
    names = [
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return {int(number) for name in names for number in re.findall(r"_a(\d{2,3})(?=_)", name)}


def test_every_attack_has_a_test_of_its_name() -> None:
    catalogue, tested = {int(number) for number in CATALOGUE.split()}, _numbers()
    assert len(catalogue) == 96
    assert sorted(catalogue - tested) == [], "no test bears these numbers"
