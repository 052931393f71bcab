"""Let a scanner for web sites (wapiti) loose on a Portal of this machine, as a stranger and as an Exams Officer; fail on what it finds.

`make scan`. The Portal is a demonstration with a database, a mail server and a text gateway of its own. Nothing leaves the machine: what
wapiti would ask of its makers' server (did the site fetch an address we planted?) it asks of a listener here. Its modules that want a
downloaded database (wapp, cms, htp, nikto, wp_enum, network_device) or a name server of its own (log4shell) stay out.
"""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ |= {"PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "portal.settings"}

import django  # noqa: E402

django.setup()

from accounts.factors.totp.rules import code_at, step_at  # noqa: E402
from accounts.management.demo_people import PEOPLE, password_of  # noqa: E402
from tests.story.server import Portal  # noqa: E402

WAPITI: Final = ROOT / ".venv-scan" / "bin" / "wapiti"
REPORTS: Final = ROOT / "var" / "scan"
MODULES: Final = "common,backup,crlf,csrf,htaccess,methods,xxe"
"""All that wapiti does by default, and what else needs no download."""
STAYS_OUT: Final = ("/sign-out/", "/admin/logout/", "/static/", "/language/", "/mailbox/")
"""Signing out ends the scan; files and the language cookie are not ours to break on every page; production has no mailbox."""
SIGNED_IN_STAYS_OUT: Final = (
    "/freeze/",
    "/security/confirm/",
    "/security/prove/",
    "/security/devices/",
    "/sign-in/",
    "/forgot-password/",
    "/help/",
)
"""Freezing, ending sessions and five wrong answers end the scan too, as they should (A23); the stranger has tried the pages for everybody."""
LEVELS: Final = ("info", "low", "medium", "high", "critical")
FAILS_AT: Final = LEVELS.index("medium")
MOST_SECONDS: Final = 1500


@dataclass(frozen=True)
class Visitor:
    """As whom to scan: the number of a person of the demonstration, None for a stranger; where to begin besides the front page, what to reach."""

    name: str
    person: int | None
    starts: tuple[str, ...]
    reaches: tuple[str, ...] = ()


PUBLISHED: Final = (
    "/services/results/embargo/",
    "/services/results/",
    "/services/reports/grade-boundaries/",
    "/services/reports/item-level-data/",
    "/services/scripts/",
    "/services/resources/past-papers/",
    "/services/key-dates/",
)
"""The pages of what the board publishes; under embargo more than the first must have been seen."""
VISITORS: Final = (
    Visitor("stranger", None, ("/sign-in/", "/forgot-password/", "/help/", "/live", "/ready")),
    Visitor(
        "exams-officer",
        0,
        ("/manage-users/", "/manage-users/invite/", "/profile/", "/security/", "/services/", *PUBLISHED),
        tuple(f"{start}." if start.endswith("/embargo/") else start for start in PUBLISHED),
    ),
    Visitor("staff", 12, ("/admin/", "/security/")),
)
DEFAULT: Final = ["stranger", "exams-officer"]
"""`python .ci/scan.py staff` scans the help desk's admin too; it takes long."""


class Listener:
    """Stands in for the makers' server: remembers whoever comes but wapiti itself with its question."""

    def __init__(self) -> None:
        self.guests: list[str] = []
        guests = self.guests

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not self.path.startswith("/get_"):
                    guests.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"{}")

            do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815  (the server asks for methods of these names)

            def log_message(self, *_args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


class Browser:
    """Just enough of a browser to sign in."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.jar = portal, CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar))

    def open(self, path: str, page_of: str = "", **fields: str) -> str:
        """Open a page, or send a form with the token of the page (or of `page_of`); returns the path one ends at. Raises `HTTPError`."""
        if fields:
            page = self._opener.open(self.portal.address + (page_of or path), timeout=20).read().decode()
            token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
            body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        answer = self._opener.open(self.portal.address + path, body if fields else None, timeout=20)
        return str(answer.url).removeprefix(self.portal.address)

    def sign_in(self, person: int) -> None:
        """Sign somebody of the demonstration in through the real pages."""
        self.open("/sign-in/", email=PEOPLE[person].email)
        self.open("/sign-in/password/", password=password_of(person + 1))
        self.open("/sign-in/code/", code=code_at(PEOPLE[person].key, step_at(time.time())))

    def signed_in(self) -> bool:
        """Say whether the session still opens a private page."""
        return self.open("/security/") == "/security/"

    def cookies(self) -> dict[str, Any]:
        """Return the cookies in the form of wapiti's cookie file."""
        kept = {cookie.name: {"value": cookie.value, "expires": None, "secure": False, "port": None, "version": 0} for cookie in self.jar}
        return {"127.0.0.1": {"/": kept}}


def scan(portal: Portal, visitor: Visitor, listener: Listener) -> Path:
    """Scan as one visitor; returns the report. Raises `SystemExit` when the session did not last until the end."""
    report = REPORTS / f"{visitor.name}.json"
    for old in (report, report.with_suffix(".log")):
        old.unlink(missing_ok=True)
    browser = Browser(portal)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(WAPITI), "--url", f"{portal.address}/", "--scope", "folder", "--module", MODULES, "--level", "1", "--verbose", "1",
            "--format", "json", "--output", str(report), "--detailed-report", "2", "--log", str(REPORTS / f"{visitor.name}.log"),
            "--store-session", folder, "--store-config", folder, "--flush-session", "--no-bugreport", "--endpoint", listener.address,
            "--max-scan-time", str(MOST_SECONDS), "--max-files-per-dir", "40", "--max-links-per-page", "100",
            "--depth", "4", "--skip", "csrfmiddlewaretoken", "--tasks", "4", "--timeout", "20",
        ]  # fmt: skip
        for start in visitor.starts:
            command += ["--start", portal.address + start]
        for path in STAYS_OUT + (SIGNED_IN_STAYS_OUT if visitor.person is not None else ()):
            command += ["--exclude", f"{portal.address}{path}*"]
        # A stranger too comes with a cookie: without one each of four pages opened at once would bring another token, and no form be taken.
        browser.open("/sign-in/")
        if visitor.person is not None:
            browser.sign_in(visitor.person)
            if visitor.reaches:
                browser.open("/services/embargo/accept/", page_of="/services/results/embargo/", next="/services/results/embargo/")
        kept = Path(folder) / "cookies.json"
        kept.write_text(json.dumps(browser.cookies()))
        command += ["--cookie", str(kept)]
        subprocess.run(  # noqa: S603
            command, env={"PATH": os.environ["PATH"], "HOME": folder}, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    if visitor.person is not None and not browser.signed_in():
        raise SystemExit(f"{visitor.name}: the session ended during the scan, so that it saw less than it should")
    if not forms_taken(report):
        raise SystemExit(f"{visitor.name}: the Portal refused every form for its token, so that the scan saw less than it should")
    seen = [page["request"]["url"] for page in json.loads(report.read_text())["infos"]["crawled_pages"]]
    for path in visitor.reaches:
        if not any(re.match(re.escape(portal.address) + path, url) for url in seen):
            raise SystemExit(f"{visitor.name}: {path} was not reached, so that the scan saw less than it should")
    return report


def forms_taken(report: Path) -> int:
    """Return how many forms the Portal looked at, token and all."""
    pages = json.loads(report.read_text())["infos"]["crawled_pages"]
    return sum(page["request"]["method"] == "POST" and page["response"]["status_code"] in {200, 302} for page in pages)


def findings(report: Path) -> Iterator[tuple[int, str, str, str]]:
    """Yield level, kind, where and what of each thing found."""
    found = json.loads(report.read_text())
    for part in ("vulnerabilities", "anomalies"):
        for kind, rows in found[part].items():
            for row in rows:
                where = f"{row['method']} {row['path']}" + (f" ({row['parameter']})" if row["parameter"] else "")
                yield row["level"], kind, where, " ".join(row["info"].split())[:120]


def errors(log: str) -> list[str]:
    """Return what went wrong inside the Portal, each once: the last line of each traceback, but of a request that was refused (400) none."""
    log = "\n".join(line for line in log.splitlines() if '"level": "WARNING"' not in line)
    return sorted(
        {
            found.replace('\\"', '"')
            for found in re.findall(r"(?:\\n|\n)(\w[\w.]*(?:Error|Exception|Interrupt)\b[^\n]{0,200}?)(?=\\n|\"|\n)", log)
        }
    )


def main() -> int:
    """Scan, print a table; returns 1 when something of medium level or above was found, or the Portal stumbled."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    REPORTS.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit(1))  # so that what was started is stopped
    listener = Listener()
    worst, stumbled, chosen = -1, 0, sys.argv[1:] or DEFAULT
    for visitor in (one for one in VISITORS if one.name in chosen):
        folder = Path(tempfile.mkdtemp())
        portal = Portal(folder, f"sqlite:///{folder}/portal.sqlite3", kind="demo")
        portal.start()
        try:
            began = time.monotonic()
            report = scan(portal, visitor, listener)
        finally:
            (REPORTS / f"{visitor.name}-portal.log").write_text(portal.logs())
            portal.stop()
        rows = sorted(findings(report), reverse=True)
        pages, forms = json.loads(report.read_text())["infos"]["crawled_pages_nbr"], forms_taken(report)
        sys.stdout.write(f"\n{visitor.name}: {pages} pages, {forms} forms taken, {time.monotonic() - began:.0f} s, {len(rows)} findings\n")
        for level, kind, where, what in rows:
            sys.stdout.write(f"  {LEVELS[level]:<8}  {kind:<40}  {where}  {what}\n")
            worst = max(worst, level)
        for line in errors((REPORTS / f"{visitor.name}-portal.log").read_text()):
            sys.stdout.write(f"  stumbled  {line}\n")
            stumbled += 1
    for guest in sorted(set(listener.guests)):
        sys.stdout.write(f"  the Portal fetched an address it was given: {guest}\n")
    failed = worst >= FAILS_AT or bool(stumbled or listener.guests)
    sys.stdout.write(f"\n{'Fails' if failed else 'Passes'}: the reports are in {REPORTS.relative_to(ROOT)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
