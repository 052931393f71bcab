"""Files by a real nginx with the location that docker-compose.yml gives it: the Portal decides, the proxy sends (A118, A126, SVC-7)."""

import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.urls import reverse

from services.files.models import PublishedFile
from services.releases.artefacts import Artefact
from services.scripts.models import Script
from tests.cast import let_in, make_cast
from tests.exams import make_sitting, release
from tests.papers import make_clean, make_script
from tests.services.formats.pdfs import plain_pdf
from tests.story.sinks import free_port

COMPOSE = (Path(__file__).resolve().parents[2] / "docker-compose.yml").read_text()
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
CONTENT = plain_pdf(stream=b"BT ET " * 600_000)

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(NGINX is None, reason="needs nginx (nginx-light), which .ci/run installs"),
    pytest.mark.usefixtures("server_db"),
]


class Answer(NamedTuple):
    """What came through the proxy."""

    status: int
    headers: Message
    body: bytes


@pytest.fixture
def portal() -> Iterator[str]:
    """The Portal on a port of its own, a thread for each request."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL, which threads can share")
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(portal: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    """Nginx in front of the Portal, with the very location of production."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.FILES_DIR, settings.FILES_ACCEL = tmp_path / "files", "/protected"
    settings.FILES_DIR.mkdir()
    location = re.search(r"( +location /protected/ \{.*?imports/ \{ return 404; \})", COMPOSE, re.DOTALL)
    assert location
    served = location[1].replace("$$", "$").replace("/srv/files/", f"{settings.FILES_DIR}/")
    port, config = free_port(), tmp_path / "nginx.conf"
    places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/errors; user root; worker_processes 1; events {{}}\n"
        f"http {{ {places} access_log off; server {{ listen 127.0.0.1:{port};\n"
        f"location / {{ proxy_pass {portal}; proxy_set_header Host $http_host; }}\n{served}\n}} }}\n"
    )
    process = subprocess.Popen([str(NGINX), "-c", str(config), "-e", str(tmp_path / "errors")])
    try:
        for _turn in range(100):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def ask(address: str, browser: Client, method: str = "GET", **headers: str) -> Answer:
    """Ask through the proxy as a browser of the tests."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(address, method=method, headers={"Cookie": cookies, **names})
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


def test_a118_the_proxy_sends_what_the_portal_allows_and_nothing_else(proxy: str) -> None:
    cast = make_cast()
    script = make_script(cast.centre)
    _grow(script.file)
    release(make_sitting(), Artefact.SCRIPTS)
    mine, theirs = let_in(cast.exams_officer), let_in(cast.other_exams_officer)
    shown, file = (proxy + reverse(name, args=["2026-11-level-2", script.pk]) for name in ("scripts-shown", "scripts-file"))

    whole = ask(file, mine)
    assert (whole.status, whole.body == CONTENT) == (200, True)
    assert whole.headers["Content-Disposition"] == 'attachment; filename="Script.pdf"'
    assert whole.headers.get_all("Content-Security-Policy") == ["default-src 'none'; sandbox"]
    assert whole.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert whole.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in whole.headers["Cache-Control"]
    assert whole.headers["Content-Type"] == "application/pdf"
    assert not {"ETag", "Last-Modified", "X-Accel-Redirect"} & set(whole.headers)
    assert ask(shown, mine).headers["X-Frame-Options"] == "SAMEORIGIN"

    part = ask(file, mine, Range="bytes=5-8")
    assert (part.status, part.body) == (206, CONTENT[5:9])
    assert int(ask(file, mine, "HEAD").headers["Content-Length"]) == len(CONTENT)
    # "*" asks whether there is such a file at all, which nginx answers by itself: to whoever may see it, as all the rest.
    assert ask(file, mine, If_None_Match="*").status == 304
    for condition in ({"If_Modified_Since": "Wed, 21 Oct 2065 07:28:00 GMT"}, {"If_None_Match": '"x"'}):
        assert ask(file, mine, **condition).status == 200
    ways: list[tuple[str, dict[str, str]]] = [
        ("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-3"}), ("GET", {"If_None_Match": "*"}), ("GET", {"If_Range": "x", "Range": "bytes=0-3"}),
    ]  # fmt: skip
    for who in (theirs, Client()):
        for method, headers in ways:
            answer = ask(file, who, method, **headers)
            assert answer.status in {200, 404}  # the page for signing in, or nothing
            assert "Content-Disposition" not in answer.headers
            assert not answer.body.startswith(b"%PDF")

    inside = f"/protected/{script.file.id.hex[:2]}/{script.file.id.hex}"
    for path in (inside, f"/protected/../protected{inside.removeprefix('/protected')}", "/protected/imports/x", "/protected/"):
        assert ask(proxy + path, mine).status == 404


def test_slow_readers_hold_nobody_up(proxy: str) -> None:
    """Forty who take a file a byte at a time, and a page of the Portal in between: it is answered at once."""
    cast = make_cast()
    script = make_script(cast.centre)
    _grow(script.file)
    release(make_sitting(), Artefact.SCRIPTS)
    browser = let_in(cast.exams_officer)
    file = reverse("scripts-file", args=["2026-11-level-2", script.pk])
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    host, port = proxy.removeprefix("http://").split(":")
    readers = []
    for _reader in range(40):
        wire = socket.socket()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect((host, int(port)))
        wire.sendall(f"GET {file} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        readers.append(wire)
    heads = [wire.recv(64) for wire in readers]
    assert all(head.startswith(b"HTTP/1.1 200") for head in heads)
    begun = time.monotonic()
    assert ask(proxy + reverse("scripts"), browser).status == 200
    assert time.monotonic() - begun < 5
    for wire in readers:
        wire.close()
    assert Script.objects.behind_the_gate().count() == 1


def _grow(kept: PublishedFile) -> None:
    """Let the file be a large one."""
    kept.path.write_bytes(CONTENT)
    PublishedFile.objects.filter(pk=kept.pk).update(size=len(CONTENT))
    make_clean(kept)
