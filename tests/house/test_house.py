"""The habits of the house that a program can check (architecture.md)."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from portal.audit.kinds import all_kinds

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal", "permissions", "accounts", "services")
OWN = [path for floor in (*FLOORS, "tests", "bench") for path in (ROOT / floor).rglob("*.py")]


def _views(resolver: URLResolver, at: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for entry in resolver.url_patterns:
        where = f"{at}{entry.pattern}"
        if isinstance(entry, URLPattern):
            found.append((where, entry.callback))
        else:
            found.extend(_views(entry, where))
    return found


def test_every_view_names_the_right_it_needs() -> None:
    """Deny by default. The ground floor knows no rights: its views are public and say so in Django's own way; the admin guards itself."""
    nameless = [
        where
        for where, view in _views(get_resolver())
        if not hasattr(view, "guard")
        and not (view.__module__.startswith("portal.") and getattr(view, "login_required", True) is False)
        and not view.__module__.startswith("django.contrib.admin")
        and not (where.startswith("admin/") and not where.startswith("admin/permissions/centre/<int:pk>/invite"))
    ]
    assert not nameless


def test_files_are_small_rooms() -> None:
    assert not [str(path) for path in OWN if "migrations" not in path.parts and len(path.read_text().splitlines()) > 300]


def test_no_refused_names() -> None:
    refused = {"utils.py", "helpers.py", "common.py", "services.py"}
    assert not [str(path) for path in OWN if path.name in refused]


def _messages(tree: ast.AST) -> set[tuple[str, str]]:
    """Return (kind, channel) of every message that a file gives to the outbox, where both can be read in its text."""
    found = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        named = {word.arg: word.value.value for word in call.keywords if word.arg and isinstance(word.value, ast.Constant)}
        first = call.args[0] if call.args else None
        if isinstance(call.func, ast.Name) and call.func.id in {"put", "_send"} and isinstance(first, ast.Constant):
            named["kind"] = first.value
        if isinstance(named.get("kind"), str):
            found.add((str(named["kind"]), str(named.get("channel", "email"))))
    return found


def test_every_message_has_its_templates() -> None:
    """Each kind given to the outbox has a subject and both parts, or a text."""
    paths = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    kinds = set().union(*(_messages(ast.parse(path.read_text())) for path in paths))
    assert {("invite_withdrawn", "email"), ("password_changed", "email"), ("number_replaced", "sms")} <= kinds
    for kind, channel in kinds:
        parts = [f"sms/{kind}.txt"] if channel == "sms" else [f"email/{kind}/{part}" for part in ("subject.txt", "body.txt", "body.html")]
        for part in parts:
            assert (ROOT / "templates" / part).exists(), part


def test_audit_numbers_lie_in_their_floors_range() -> None:
    ranges = {"permissions": range(100, 200), "accounts": range(200, 300), "services": range(300, 1000), "portal": range(100)}
    for kind in all_kinds():
        assert kind.number in ranges[type(kind).__module__.partition(".")[0]], kind


@pytest.mark.parametrize("pattern", [r"style=\"", r"\son\w+=\"", r"<script(?![^>]*src)", r"https?://(?!www\.w3\.org)[a-z]"])
def test_pages_carry_no_inline_style_or_script_and_name_no_other_host(pattern: str) -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "email" not in path.parts]
    assert not [str(path) for path in pages if re.search(pattern, path.read_text())]


def test_no_machine_path_and_no_registry_in_any_file() -> None:
    for path in [
        *OWN,
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *ROOT.glob("*.lock"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "README.md",
    ]:
        if path.exists() and path != Path(__file__):
            text = path.read_text()
            assert "/work/" not in text, path
            assert "pypi.org" not in text, path
            assert "npmjs" not in text, path
