"""J: what the machine itself tells, and what lies about (A140, A141)."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from portal.web.static_files import StaticFilesMiddleware
from portal.wsgi import application
from tests.cast import Cast, invite, sign_in


def test_a140_health_says_no_more_than_a_word(cast: Cast) -> None:
    invite(cast.admin, "elin@glan.example")
    browsers = (Client(), sign_in(cast.staff))
    for path in ("/live", "/ready"):
        for browser in browsers:
            for query in ("", "?verbose=1", "?format=json&detail=full"):
                answer = browser.get(f"{path}{query}", headers={"Accept": "application/json"})
                assert (answer.status_code, answer.content) == (200, b"ok")
                assert not {"Server", "X-Powered-By", "X-Version", "ETag"} & set(answer.headers)
        for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
            assert Client().generic(method, path).status_code in {403, 405}
    for path in (
        "/metrics",
        "/health",
        "/healthz",
        "/status",
        "/stats",
        "/version",
        "/info",
        "/debug",
        "/__debug__/",
        "/silk/",
        "/actuator",
        "/server-status",
        "/flower/",
    ):
        stranger = Client(REMOTE_ADDR="203.0.113.9")  # our own machines may read /metrics (tests/portal/test_metrics.py)
        assert stranger.get(path).status_code in {301, 302, 404}, path
        assert stranger.get(path, follow=True).status_code in {200, 404}


LYING_ABOUT = [
    "/.git/config", "/.git/HEAD", "/.env", "/.env.production", "/.gitignore", "/.svn/entries", "/.hg/", "/.DS_Store", "/.htaccess", "/web.config", "/manage.py",
    "/pyproject.toml", "/requirements.lock", "/Dockerfile", "/docker-compose.yml", "/Makefile", "/portal/settings.py", "/var/portal.sqlite3", "/db.sqlite3",
    "/portal.sqlite3", "/backup.zip", "/dump.sql", "/id_rsa", "/static/", "/static/js/", "/static/../portal/settings.py", "/static/%2e%2e/portal/settings.py",
    "/static/..%2f..%2fetc/passwd", "/static//etc/passwd", "/static/portal.css.map", "/static/portal.js.map", "/static/staticfiles.json", "/static/.env",
    "/static/%00", "/media/", "/locale/cy/LC_MESSAGES/django.po", "/wp-login.php", "/phpmyadmin/", "/swagger.json", "/graphql", "/.well-known/security.txt~",
    "/mailbox/", "/mailbox", "/__pycache__/", "/tests/", "/docs/", "/robots.txt.bak", "/favicon.ico.php", "/admin/doc/", "/console", "/cgi-bin/x",
]  # fmt: skip


@pytest.mark.django_db
def test_a141_nothing_lies_about_and_a_404_says_nothing_of_what_was_asked() -> None:
    browser = Client()
    for path in LYING_ABOUT:
        answer = browser.get(path, follow=True)
        assert answer.status_code == 404 or answer.request["PATH_INFO"] == reverse("sign-in"), path
        assert b"SECRET" not in answer.content
        assert b"Index of" not in answer.content
    for text in ("Your-account-is-locked-call-0900", "<script>alert(1)</script>", "{{1234*4321}}", "%3Cimg%20src=x%3E"):
        for path in (f"/{text}", f"/help/{text}/", f"/sign-in/{text}?x={text}"):
            answer = browser.get(path, headers={"X-Text": text})
            assert answer.status_code == 404
            shown = answer.content.decode()
            assert "0900" not in shown
            assert "alert(1)" not in shown
            assert "5332114" not in shown
            assert "src=x" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "idna", "punycode", "undefined", "utf-16", "latin-1"])
def test_a141_a_made_up_character_set_is_a_bad_request_and_no_fault(charset: str) -> None:
    """Asked of the WSGI application itself: Django reads the address while it still makes the request."""
    answers: list[str] = []

    def began(status: str, _headers: object, _error: object = None) -> Any:
        answers.append(status)

    for method, kind in (("GET", "text/plain"), ("POST", "multipart/form-data; boundary=x"), ("POST", "application/x-www-form-urlencoded")):
        body = b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\ncy\xff\r\n--x--\r\n'
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": "/language/", "QUERY_STRING": "a=%41%ff", "CONTENT_TYPE": f"{kind}; charset={charset}",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        }  # fmt: skip
        list(application(environ, began))
    assert answers == ["400 Bad Request"] * 3


def test_a141_the_list_of_static_files_is_not_served_among_them(tmp_path: Path, settings: Settings) -> None:
    for name in ("staticfiles.json", "staticfiles.json.gz", "portal.css"):
        (tmp_path / name).write_text("{}")
    settings.STATIC_ROOT = tmp_path
    served = StaticFilesMiddleware(lambda _request: HttpResponse(status=404))
    found = {
        name: served(RequestFactory().get(f"/static/{name}")).status_code
        for name in ("portal.css", "staticfiles.json", "staticfiles.json.gz")
    }
    assert found == {"portal.css": 200, "staticfiles.json": 404, "staticfiles.json.gz": 404}
