"""What the Portal does not do at all: the dangerous kinds of code, data and browser features that docs/security.md calls absent."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import get_resolver

from portal.urls import urlpatterns

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal", "permissions", "accounts", "services")
TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for floor in FLOORS
    for path in (ROOT / floor).rglob("*.py")
    if "migrations" not in path.parts
}
SCRIPTS = {path.name: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}
TEMPLATES = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "templates").rglob("*") if path.is_file()}
LOCKED = {
    line.partition("==")[0].lower() for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line and line[0] != " "
}

COMMANDS = {"subprocess", "pty", "commands"}
DESERIALISERS = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "defusedxml"}
OTHER_INTERPRETERS = {"ldap", "ldap3", "jinja2", "markdown", "pylibmc", "pymemcache", "graphene", "strawberry", "ctypes"}
OUTSIDE = {"requests", "urllib3", "httpx", "aiohttp", "http", "socket", "ftplib", "telnetlib"}
WEAK_CHANCE = {"random"}
TOKENS = {"jwt", "jose", "authlib", "oauthlib", "social_core", "saml2", "onelogin"}


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("names", [COMMANDS, DESERIALISERS, OTHER_INTERPRETERS, OUTSIDE, WEAK_CHANCE, TOKENS], ids=min)
def test_no_code_of_ours_imports(names: set[str]) -> None:
    """No command of the system, no XML or pickle, no other interpreter, no web request of our own, no weak chance, no token of others."""
    found = {(path, name) for path, tree in TREES.items() for name in _imports(tree) if name.partition(".")[0] in names}
    # The names of methods; an option of the line that smtplib has opened; the scanner for files, at the address that the operator set.
    assert found <= {("portal/checks.py", "http"), ("portal/outbox/connection.py", "socket"), ("services/files/clamd.py", "socket")}


def test_nothing_is_evaluated_and_no_command_is_run() -> None:
    refused = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.spawnv", "builtins.eval"}
    assert not [(path, name) for path, tree in TREES.items() for name, _call in _calls(tree) if name in refused]


def test_templates_come_from_files_and_never_from_what_somebody_typed() -> None:
    refused = {"Template", "Engine", "from_string", "engines"}
    assert not [(path, name) for path, tree in TREES.items() for name, _call in _calls(tree) if name.rpartition(".")[2] in refused]


def test_the_database_is_asked_with_parameters_only() -> None:
    """No door of the ORM that takes SQL; our own statements are constants into which only placeholders are written (ruff's S608 looks at each)."""
    refused = {"raw", "extra", "RawSQL", "executescript"}
    assert not [(path, name) for path, tree in TREES.items() for name, _call in _calls(tree) if name.rpartition(".")[2] in refused]
    for path, tree in TREES.items():
        for name, call in _calls(tree):
            if name == "cursor.execute":
                assert not isinstance(call.args[0], ast.JoinedStr), path


def test_patterns_are_ours_and_hold_nothing_that_was_typed() -> None:
    """A pattern put together at run time holds names of constants and numbers of digits only."""
    joined = {
        ast.unparse(value.value)
        for tree in TREES.values()
        for name, call in _calls(tree)
        if name.startswith("re.") and isinstance(call.args[0], ast.JoinedStr)
        for value in call.args[0].values
        if isinstance(value, ast.FormattedValue)
    }
    assert joined
    assert not [name for name in joined if not name.isupper() and name != "digits"]


def test_format_strings_are_constants() -> None:
    formatted = {name.removesuffix(".format") for tree in TREES.values() for name, _call in _calls(tree) if name.endswith(".format")}
    # Constants in capitals; lines that a command prints and statements of the triggers, both out of lists of constants.
    assert not [name for name in formatted if not name.isupper() and name not in {"line", "statement"}]


def test_html_is_escaped_everywhere_but_in_plain_text() -> None:
    for path, text in TEMPLATES.items():
        # The frame of an e-mail joins its halves, which their own templates have escaped already.
        assert path == "templates/email/frame.html" or not re.search(r"\|\s*safe\b|\|\s*safeseq", text), path
        if "autoescape off" in text:
            assert path.endswith(".txt"), path


def test_no_model_keeps_a_file() -> None:
    """Files that staff publish stand under ids of ours (services.files): no field makes a path of a name."""
    assert not [field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, models.FileField)]


def test_there_is_no_graphql_websocket_oauth_saml_webrtc_or_jsonp() -> None:
    assert not LOCKED & {
        "channels",
        "daphne",
        "graphene-django",
        "strawberry-graphql",
        "django-oauth-toolkit",
        "pyjwt",
        "pysaml2",
        "mozilla-django-oidc",
    }
    assert not [app for app in settings.INSTALLED_APPS if re.search("oauth|saml|graph|channels|rest_framework", app)]
    assert not hasattr(settings, "ASGI_APPLICATION")
    assert not [path for path, tree in TREES.items() if re.search(r"callback=|application/javascript", ast.unparse(tree))]


def test_debugging_cannot_be_switched_on() -> None:
    (debug,) = re.findall(r"^DEBUG = (.+)$", (ROOT / "portal" / "settings.py").read_text(), re.MULTILINE)
    assert debug == "False"


def test_the_mailbox_of_a_demonstration_is_no_address_elsewhere() -> None:
    assert urlpatterns
    assert "mailbox" not in {str(name) for name in get_resolver().reverse_dict}


@pytest.mark.parametrize(
    "refused",
    [
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser",
        r"\beval\b|new Function|setTimeout\(['\"]",
        r"postMessage|addEventListener\(['\"]message",
        r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.",
        r"fetch\(|XMLHttpRequest|WebSocket|EventSource|RTCPeerConnection|sendBeacon|import\(",
        r"__proto__|prototype\[|Object\.assign\(|constructor\[",
        r"onpaste|['\"]paste['\"]|oncopy|contextmenu",
        r"https?://",
    ],
)
def test_scripts_leave_out(refused: str) -> None:
    assert SCRIPTS
    # The search asks our own address again and puts in parts of that page: parsed apart, so that no script of it runs.
    allowed = {"search.js": r"fetch\(form\.action, |new DOMParser\(\)\.parseFromString"}
    assert not [name for name, text in SCRIPTS.items() if re.search(refused, re.sub(allowed.get(name, "$^"), "", text))]


def test_scripts_keep_their_names_to_themselves() -> None:
    """Nothing of ours stands on `window`, where an element's id or name could take its place."""
    for name, text in SCRIPTS.items():
        assert not re.search(r"^(var|function|let|const)\b|window\.\w+\s*=", text, re.MULTILINE), name


def test_no_template_lets_a_plug_in_or_a_frame_of_others_in() -> None:
    for path, text in TEMPLATES.items():
        assert not re.search(r"<(object|embed|applet)\b", text), path
        if "<iframe" in text:
            # A script's PDF comes from our own address, with a sandbox of its own (tests/services/scripts/test_pages.py).
            assert "mailbox" in path or path == "templates/services/scripts/script.html", path


def test_the_log_goes_to_standard_error_as_json_and_nowhere_else() -> None:
    assert settings.LOGGING["handlers"] == {"console": {"class": "logging.StreamHandler", "formatter": "line"}}
    assert settings.LOGGING["formatters"] == {"line": {"()": "portal.web.log_line.JsonLine"}}
    assert not [path for path, tree in TREES.items() for name, _call in _calls(tree) if name.rpartition(".")[2] in {"FileHandler", "print"}
                and not path.startswith("accounts/management/")]  # fmt: skip


def test_every_lock_names_the_hash_of_every_file() -> None:
    """What is installed is what was locked, from wherever it comes."""
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        entries = [entry for entry in re.split(r"\n(?=\S)", text) if "==" in entry]
        assert entries, lock
        assert all("--hash=sha256:" in entry for entry in entries), lock
        assert "--index-url" not in text, lock
        assert "git+" not in text, lock
