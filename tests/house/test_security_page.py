"""docs/security.md leaves no requirement out, names only tests and sections that exist, and has no empty row."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from portal import limits

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = (DOCS / "security.md", DOCS / "security-rules.md")
STATES = {"met", "partly", "deviates", "operator", "not met", "n/a"}
ALWAYS = {"6", "7", "8"}
"""Chapters of which level 3 is wanted too: authentication, sessions, authorisation."""


class Row(NamedTuple):
    """One row of the table."""

    number: str
    level: str
    asks: str
    state: str
    how: str
    shown_by: str


def _levels() -> dict[str, str]:
    """Read the numbers of ASVS 5.0.0 and their levels: a section a line, a figure for each of its requirements."""
    lines = (Path(__file__).with_name("asvs-5.0.0.txt")).read_text().splitlines()
    return {
        f"{section}.{number}": level for section, levels in (line.split() for line in lines) for number, level in enumerate(levels, start=1)
    }


LEVELS = _levels()
PAGE = (DOCS / "security.md").read_text()
ROWS = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+ \|", line)]
NUMBERED = [line for line in PAGE.splitlines() if re.match(r"\| P\d+ \|", line)]


@cache
def _functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text()) if path.exists() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def _anchors(path: Path) -> frozenset[str]:
    """Return the anchors of a page, as they are made of its headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE) if path.exists() else []
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings)


def _tests(text: str) -> list[str]:
    return re.findall(r"`([\w/]+\.py::\w+)`", text)


def test_the_numbers_are_those_of_the_standard() -> None:
    """70, 183 and 92 requirements, as the standard says of itself."""
    assert [list(LEVELS.values()).count(level) for level in "123"] == [70, 183, 92]


def test_every_requirement_of_levels_1_and_2_has_one_row() -> None:
    numbers = [row.number for row in ROWS]
    wanted = [number for number, level in LEVELS.items() if level in "12" or number.partition(".")[0] in ALWAYS]
    assert sorted(set(wanted) - set(numbers)) == []
    assert sorted(number for number in numbers if numbers.count(number) > 1) == []
    assert sorted(set(numbers) - LEVELS.keys()) == []


def test_rows_stand_in_order_with_their_true_levels() -> None:
    assert [row.number for row in ROWS] == sorted(
        (row.number for row in ROWS), key=lambda number: [int(part) for part in number.split(".")]
    )
    assert {row.number: row.level for row in ROWS} == {row.number: LEVELS[row.number] for row in ROWS}


def test_no_row_is_empty_and_each_says_where_it_stands() -> None:
    for row in ROWS:
        assert row.state in STATES, row
        assert len(row.asks) > 3, row
        assert len(row.how) > 5, row
        assert _tests(row.shown_by) or re.search(r"\[.+\]\(.+\)", row.shown_by), row
        assert len(row.asks.split()) <= 12, row


def test_what_is_met_has_a_test_unless_it_asks_for_a_document() -> None:
    """A requirement on documentation stands in the first section of its chapter (x.1); the rest of what is met without a test is named here."""
    without = {row.number for row in ROWS if row.state == "met" and not _tests(row.shown_by) and row.number.split(".")[1] != "1"}
    assert without == {"6.4.2", "12.3.2"}


def test_what_is_met_more_or_less_says_so_in_the_summary() -> None:
    said = {
        state: int(number)
        for number, state in re.findall(r"(\d+) (met|partly|deviates|operator|not met|n/a)\b", PAGE.partition("| No. |")[0])
    }
    states = [row.state for row in ROWS]
    assert said == {state: states.count(state) for state in said}
    assert sum(said.values()) == len(ROWS)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = _tests(page.read_text())
    missing = [test for test in named if test.partition("::")[2] not in _functions(ROOT / "tests" / test.partition("::")[0])]
    assert sorted(set(missing)) == []
    assert not [test for test in named if not test.partition("::")[2].startswith("test_")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_section_and_file_that_is_named_exists(page: Path) -> None:
    text = page.read_text()
    for file, _hash, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)]+)\)", text)):
        path = DOCS / file if file else page
        assert path.exists(), file
        assert not anchor or anchor in _anchors(path), (file, anchor)
    for path in re.findall(r"`((?:portal|permissions|accounts|services|tests|docs|bench)/[\w/.\-]*)`", text):
        assert (ROOT / path).exists(), path


def test_every_numbered_rule_has_its_row() -> None:
    rules = [line.split("|")[1].strip() for line in NUMBERED]
    assert rules == [f"P{number}" for number in range(1, 25)]
    assert {name.partition("_")[0] for name in vars(limits) if re.match(r"P\d+_", name)} == set(rules)
    for line in NUMBERED:
        assert _tests(line), line


def test_the_commands_that_attack_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z-]+)`", PAGE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for module in re.findall(r"`(?:python -m )?bench\.(\w+)", PAGE):
        assert (ROOT / "bench" / f"{module}.py").exists(), module
