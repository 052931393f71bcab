"""A number in portal/limits.py that no code reads protects nobody: the few that wait for their service stand here with the reason."""

import ast
from pathlib import Path

from accounts.passwords.temporary import ALPHABET
from portal import limits

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal", "permissions", "accounts", "services")
NAMES = {name for name in vars(limits) if name.isupper()}

UNREAD = {
    "P4_TEMPORARY_PASSWORD_SYMBOLS": "the alphabet itself is the number; a test below counts it",
    "P11_WINDOW_MINUTES": "window and pause are one rule that begins anew with the last failure (P11_PAUSE_MINUTES); a test below compares them",
    "P18_RESET_STEP_MINUTES": "there is no such step: code and new password are sent together, and the code has its own life (P7)",
}


def _names_read() -> set[str]:
    read: set[str] = set()
    for path in (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "limits":
                read.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module == "portal.limits":
                read |= {alias.name for alias in node.names}
    return read


def test_every_limit_is_read_by_code_or_says_why_not() -> None:
    unread = NAMES - _names_read()
    assert sorted(unread - UNREAD.keys()) == [], "these numbers protect nobody: read them, or give the reason"
    assert sorted(UNREAD.keys() - unread) == [], "code reads these by now (or they are gone): take them off the list"


def test_every_name_that_code_reads_exists() -> None:
    assert sorted(name for name in _names_read() - NAMES if name.isupper()) == []


def test_numbers_that_stand_for_themselves_agree() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == limits.P4_TEMPORARY_PASSWORD_SYMBOLS
    assert limits.P11_WINDOW_MINUTES == limits.P11_PAUSE_MINUTES
