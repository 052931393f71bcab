"""What goes over the wire when the Portal's address begins with https: every header, cookie and refusal (issue: headers and rest)."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Found = dict[str, dict[str, Any]]
YEAR = 31_536_000
LONGEST_COOKIE = 4096


@pytest.fixture(scope="module")
def wire() -> subprocess.CompletedProcess[str]:
    """Run `tests/house/wire.py` once, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tests.house.wire"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_ENV": "test",
            "PORTAL_BASE_URL": "https://portal.example",
            "ALLOWED_HOSTS": "portal.example",
            "DATABASE_URL": "sqlite:///:memory:",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def found(wire: subprocess.CompletedProcess[str]) -> Found:
    """All answers, by what was asked."""
    assert wire.returncode == 0, wire.stderr
    answers: Found = json.loads(wire.stdout)
    return answers


def _answers(found: Found) -> dict[str, dict[str, Any]]:
    return {name: answer for name, answer in found.items() if not name.endswith(" cookies")}


def _policy(answer: dict[str, Any]) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["headers"]["content-security-policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def test_pages_answer_as_they_should(found: Found) -> None:
    """Else the other tests would look at nothing but refusals."""
    statuses = {name: answer["status"] for name, answer in found.items()}
    assert {statuses[page] for page in ("/sign-in/", "/help/", "/static/portal.css", "/static/icons.svg", "/live", "staff /admin/")} == {
        200
    }
    assert {statuses[f"exams officer {page}"] for page in ("/", "/services/", "/profile/", "/security/", "/manage-users/")} == {200}
    assert {statuses["/no/such/page/"], statuses["exams officer /no/such/page/"]} == {404}
    assert {statuses["/breaks/"], statuses["exams officer /breaks/"]} == {500}
    assert statuses["a form without its token"] == 403


def test_every_answer_carries_the_headers_that_protect(found: Found) -> None:
    for name, answer in _answers(found).items():
        headers = answer["headers"]
        assert headers["x-content-type-options"] == "nosniff", name
        assert headers["referrer-policy"] == "same-origin", name
        assert headers["cross-origin-opener-policy"] == "same-origin", name
        assert headers["cross-origin-resource-policy"] == "same-origin", name
        assert "camera=()" in headers["permissions-policy"], name
        assert "access-control-allow-origin" not in headers, name
        assert "server" not in headers, name


def test_every_answer_over_tls_asks_for_tls_for_a_year_and_below(found: Found) -> None:
    for name, answer in _answers(found).items():
        hsts = answer["headers"].get("strict-transport-security", "")
        # Browsers must not believe it in the clear, where anybody could have said it.
        assert bool(hsts) is not name.endswith("in the clear"), name
        if hsts:
            assert int(hsts.partition("max-age=")[2].partition(";")[0]) >= YEAR, name
            assert "includeSubDomains" in hsts, name


def test_every_answer_has_a_policy_that_trusts_nothing_by_default_and_forbids_frames(found: Found) -> None:
    for name, answer in _answers(found).items():
        policy = _policy(answer)
        for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
            assert policy[directive] == ["'none'"], (name, directive)
        assert "form-action" in policy, name
        assert not re.search(r"unsafe|https?:|\*", answer["headers"]["content-security-policy"]), name


def test_every_script_carries_the_nonce_of_its_answer_and_no_nonce_comes_twice(found: Found) -> None:
    nonces = []
    for name, answer in _answers(found).items():
        scripts = re.findall(r"<script\b[^>]*>", answer["body"])
        in_policy = [word for word in _policy(answer).get("script-src", []) if word.startswith("'nonce-")]
        if scripts and not name.startswith("staff /admin/"):  # Django's own admin loads its files by name, from our origin only
            assert len(in_policy) == 1, name
            nonce = in_policy[0].removeprefix("'nonce-").rstrip("'")
            assert all(f'nonce="{nonce}"' in script for script in scripts), name
            nonces.append(nonce)
        assert all("src=" in script for script in scripts), name
    assert len(nonces) > 10
    assert len(set(nonces)) == len(nonces)


def test_error_pages_of_a_browser_have_the_policy_too(found: Found) -> None:
    for name in ("/no/such/page/", "a form without its token", "exams officer /no/such/page/", "staff /manage-users/"):
        assert any(word.startswith("'nonce-") for word in _policy(found[name])["script-src"]), name


def test_no_page_is_stored_but_static_files_are(found: Found) -> None:
    for name, answer in _answers(found).items():
        stored = "no-store" not in answer["headers"]["cache-control"]
        assert stored is name.startswith("/static/"), name


def test_every_body_says_what_it_is_and_in_which_letters(found: Found) -> None:
    for name, answer in _answers(found).items():
        kind = answer["headers"]["content-type"].replace('"', "")
        assert kind.endswith("; charset=utf-8") or (name, kind) == ("/static/icons.svg", "image/svg+xml"), name


def test_our_svg_files_are_ascii_so_that_no_charset_can_change_them() -> None:
    for path in (ROOT / "static").glob("*.svg"):
        assert path.read_text(encoding="ascii"), path


def test_cookies_belong_to_this_host_and_to_no_script(found: Found) -> None:
    names = set()
    for answer in found.values():
        for name, cookie in answer["cookies"].items():
            names.add(name)
            assert name.startswith("__Host-"), name
            assert cookie["secure"] is True, name
            assert cookie["path"] == "/", name
            assert not cookie["domain"], name
            assert cookie["samesite"] == "Lax", name
            assert cookie["httponly"] is True or cookie["max-age"] == 0, name
            assert cookie["length"] < LONGEST_COOKIE, name
    assert names == {"__Host-portal_session", "__Host-portal_csrf", "__Host-portal_browser", "__Host-portal_language"}


def test_the_session_cookie_ends_with_the_browser(found: Found) -> None:
    session = found["exams officer cookies"]["cookies"]["__Host-portal_session"]
    assert session["expires"] == ""
    assert session["max-age"] == ""


@pytest.mark.parametrize("name", ["a strange host", "a strange host for a file", "a strange host in the clear"])
def test_a100_a_strange_host_is_refused_and_not_repeated(found: Found, name: str) -> None:
    assert found[name]["status"] == 400
    assert "evil" not in found[name]["body"] + json.dumps(found[name]["headers"])


def test_people_in_the_clear_are_led_to_tls_and_programs_are_not(found: Found) -> None:
    assert found["in the clear"]["status"] == 301
    assert found["in the clear"]["headers"]["location"] == "https://portal.example/help/?lang=cy"
    assert not found["in the clear"]["cookies"]
    for sent in ("a form in the clear", "an event in the clear"):
        assert (found[sent]["status"], found[sent]["body"]) == (403, "https only\n")
        assert not found[sent]["cookies"]
        assert "location" not in found[sent]["headers"]
    assert found["health in the clear"]["status"] == 200


def test_a140_an_unforeseen_fault_tells_nothing(found: Found) -> None:
    for name in ("/breaks/", "exams officer /breaks/"):
        assert found[name]["status"] == 500
        assert not re.search("correct-horse|RuntimeError|Traceback|django|/breaks/", found[name]["body"]), name


def test_a_fault_is_logged_with_where_it_happened(wire: subprocess.CompletedProcess[str]) -> None:
    lines = [json.loads(line) for line in wire.stderr.splitlines() if line.startswith("{")]
    faults = [line for line in lines if "RuntimeError" in line.get("exception", "")]
    assert len(faults) == 3  # a stranger, an Exams Officer, staff
    for fault in faults:
        assert (fault["level"], fault["status"], fault["method"]) == ("ERROR", 500, "GET")
        assert "wire_urls.py" in fault["exception"]
        assert fault["address"] == "127.0.0.1"


def test_a_trace_is_refused(found: Found) -> None:
    assert found["a trace"]["status"] == 405


def test_sign6_signing_out_clears_what_the_browser_keeps(found: Found) -> None:
    answer = found["signing out"]
    assert '"cache"' in answer["headers"]["clear-site-data"]
    assert '"storage"' in answer["headers"]["clear-site-data"]
    assert answer["cookies"]["__Host-portal_session"]["max-age"] == 0
