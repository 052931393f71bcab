"""K and H against a real server: many at once, and what only a raw connection can say (A100, A141, A145)."""

import http.client
import re
import socket
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import psycopg
import pytest

from portal import limits
from tests.story.conftest import DATABASE
from tests.story.server import STAFF_EMAIL, STAFF_PASSWORD, Portal

pytestmark = pytest.mark.services
AT_ONCE = 200
THREADS = 8


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A web server of its own on PostgreSQL."""
    name = f"portal_load_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{DATABASE}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        running = Portal(Path(tmp_path_factory.mktemp("load")), f"{DATABASE}/{name}")
        running.start()
        yield running
        running.stop()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def ask(portal: Portal, method: str, path: str, fields: dict[str, str] | None = None, cookies: str = "") -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=120)
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    line.request(method, path, urlencode(fields) if fields else None, headers)
    answer = line.getresponse()
    answer.body = answer.read().decode()  # type: ignore[attr-defined]
    line.close()
    return answer


def most_memory(portal: Portal) -> int:
    """Return the most memory that any web process ever held, in KiB."""
    master = portal.processes[0].pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return max(int(re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) for pid in children)


def faults(portal: Portal) -> list[str]:
    """Return what the log says of faults: Django's, and the server's own for what never reached Django."""
    return [line for line in portal.logs().splitlines() if "Internal Server Error" in line or "Error handling request" in line]


def test_a145_two_hundred_sign_ins_at_once_are_served_within_the_memory_of_a_few_hashes(portal: Portal) -> None:
    page = ask(portal, "GET", "/sign-in/")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)[0]  # type: ignore[attr-defined]
    csrf = re.findall(r"portal_csrf=\w+", page.headers["Set-Cookie"])[0]
    before, start = most_memory(portal), Barrier(AT_ONCE)

    def sign_in(_number: int) -> tuple[int, int]:
        first = ask(portal, "POST", "/sign-in/", {"csrfmiddlewaretoken": token, "email": STAFF_EMAIL}, csrf)
        session = re.findall(r"portal_session=\w+", " ".join(first.headers.get_all("Set-Cookie") or []))
        start.wait(timeout=120)
        cookies = "; ".join([csrf, *session])
        second = ask(portal, "POST", "/sign-in/password/", {"csrfmiddlewaretoken": token, "password": STAFF_PASSWORD}, cookies)
        return first.status, second.status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = Counter(pool.map(sign_in, range(AT_ONCE)))
    assert set(ended) <= {(302, 302), (302, 503)}, ended
    assert ended[302, 302] > 0
    assert all(process.poll() is None for process in portal.processes)
    assert most_memory(portal) - before < (THREADS + 2) * limits.P2_ARGON2_MEMORY_KIB
    assert ask(portal, "GET", "/ready").status == 200
    assert not faults(portal)


RAW = [
    b"GET http://evil.example/sign-in/ HTTP/1.1\r\nHost: {host}\r\n",
    b"GET /sign-in/ HTTP/1.1\r\nHost: evil.example\r\n",
    b"GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n",
    b"GET /sign-in/ HTTP/1.0\r\n",
    b"GET /sign-in/?a=%41 HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain; charset=hex\r\n",
    b'GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nCookie: portal_session="\\000\\000\\000\\000\\000\\000\\000\\000\\000"\r\n',
    b"GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nCookie: portal_session=\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\r\n",
    b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: {host}\r\n",
    b"GET /\xff\xfe%ff%fe/ HTTP/1.1\r\nHost: {host}\r\n",
    b"GET /sign-in/?next=%00%0d%0aX: HTTP/1.1\r\nHost: {host}\r\nAccept-Language: \xff;q=9\r\n",
    b"GET /%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: {host}\r\n",
    b"TRACE /sign-in/ HTTP/1.1\r\nHost: {host}\r\nX-Secret: echo\r\n",
    b"POST /sign-in/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"POST /sign-in/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n",
    b"POST /sign-in/ HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 3\r\n\r\nabc",
    b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n",
    b"CONNECT evil.example:80 HTTP/1.1\r\nHost: {host}\r\n",
    b"GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nX-Long: " + b"a" * 20_000 + b"\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@pytest.mark.parametrize("words", RAW, ids=range(len(RAW)))
def test_a100_a141_nothing_said_on_a_raw_connection_is_a_fault_or_leads_elsewhere(portal: Portal, words: bytes) -> None:
    told = words.replace(b"{host}", f"127.0.0.1:{portal.port}".encode())
    with socket.create_connection(("127.0.0.1", portal.port), timeout=20) as line:
        line.sendall(told + (b"" if b"\r\n\r\n" in told else b"Connection: close\r\n\r\n"))
        line.shutdown(socket.SHUT_WR)
        heard = b"".join(iter(lambda: line.recv(65_536), b""))
    status = re.match(rb"HTTP/1\.[01] (\d{3})", heard)
    assert heard == b"" or (status and int(status[1]) < 500), heard[:300]
    head = heard.partition(b"\r\n\r\n")[0]
    assert b"evil.example" not in head
    assert b"a=b" not in head
    assert b"X-Secret" not in heard
    assert b"evil.example" not in heard or b"<pre" not in heard
    assert not faults(portal)
