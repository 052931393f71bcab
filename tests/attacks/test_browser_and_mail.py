"""H: browser, text and mail, from outside (A98-A113)."""

import io
import json
import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Invitation, User
from permissions.models import Centre
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.web.log_line import JsonLine
from tests.attacks.knocking import Post
from tests.cast import PASSWORD, Cast, invite, let_in
from tests.sweep.test_identities import GUARDED, _address

FIELDS = {
    "email": "x@y.example",
    "first_name": "Nia",
    "last_name": "Jones",
    "language": "en",
    "role": "user",
    "rights": [],
    "code": "123456",
}


def strict(client: Client) -> Client:
    """The same browser, met by the check that Django's own test client leaves out."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = client.cookies
    return browser


def test_a98_neither_another_token_nor_origin_nor_kind_of_body_changes_anything(cast: Cast) -> None:
    browser, attacker = strict(let_in(cast.exams_officer)), Client(enforce_csrf_checks=True)
    attacker.get(reverse("sign-in"))
    theirs, own = attacker.cookies["portal_csrf"].value, browser.cookies["portal_csrf"].value
    form = "application/x-www-form-urlencoded"
    sent: list[tuple[str, str, dict[str, str]]] = [
        (form, "email=x", {}),
        (form, "csrfmiddlewaretoken=", {}),
        (form, f"csrfmiddlewaretoken={theirs}", {}),
        (form, "", {"X-CSRFToken": theirs}),
        (form, f"csrfmiddlewaretoken={own}", {"Origin": "https://evil.example"}),
        (form, f"csrfmiddlewaretoken={own}", {"Origin": "null"}),
        (form, f"csrfmiddlewaretoken={own}", {"Origin": "http://testserver.evil.example"}),
        ("text/plain", f"csrfmiddlewaretoken={own}", {}),
        ("application/json", json.dumps({"csrfmiddlewaretoken": own}), {}),
        ("multipart/form-data; boundary=x", f"csrfmiddlewaretoken={own}", {}),
    ]
    addresses = {name: _address(name, cast) for name in sorted(GUARDED)}
    before = AuditEvent.objects.count()
    for number, (name, path) in enumerate(addresses.items()):
        chosen = sent if name in {"delete-user", "freeze"} else [sent[number % len(sent)]]
        for content_type, body, headers in chosen:
            answer = browser.generic("POST", f"{path}?csrfmiddlewaretoken={own}", body.encode(), content_type=content_type, headers=headers)
            assert answer.status_code in {403, 405}, (name, content_type, body, headers)
    assert AuditEvent.objects.count() == before
    # The same browser with its own token is let through.
    fields = {"csrfmiddlewaretoken": own, "language": "cy", "next": "/help/"}
    assert browser.post(reverse("language"), fields, headers={"Origin": "http://testserver"}).status_code == 302


HOSTS: list[dict[str, Any]] = [
    {"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "testserver.evil.example"}, {"HTTP_HOST": "evil.example:80"}, {"HTTP_HOST": "testserver@evil.example"},
    {"HTTP_HOST": "testserver:80@evil.example"}, {"HTTP_HOST": "testserver evil.example"}, {"HTTP_HOST": "testserver,evil.example"},
    {"HTTP_HOST": "evil.example#testserver"}, {"HTTP_HOST": "testserver/evil.example"}, {"HTTP_HOST": "[::ffff:1.2.3.4]"}, {"HTTP_HOST": "evil.example."},
    {"HTTP_HOST": "testserver\t"}, {"HTTP_HOST": "test\x00server"}, {"HTTP_HOST": "testserver:x"}, {"HTTP_HOST": "0x7f000001"}, {"HTTP_HOST": "*"},
    {"HTTP_HOST": ""}, {"HTTP_HOST": "xn--testserver-9d0b.example"}, {"HTTP_HOST": "a" * 3000},
]  # fmt: skip
FORWARDED: list[dict[str, Any]] = [
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_SERVER": "evil.example", "HTTP_X_FORWARDED_PORT": "1337"},
    {"HTTP_FORWARDED": "host=evil.example;proto=http", "HTTP_X_HOST": "evil.example", "HTTP_X_ORIGINAL_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PREFIX": "//evil.example", "SCRIPT_NAME": "/evil.example", "HTTP_X_FORWARDED_PROTO": "javascript"},
    {"HTTP_REFERER": "http://evil.example/", "HTTP_X_REWRITE_URL": "http://evil.example/", "SERVER_PORT": "1337"},
    {"HTTP_HOST": "testserver:1337"}, {"HTTP_HOST": "TESTSERVER"},
]  # fmt: skip


@pytest.mark.parametrize("name", ["forgot-password", "invite-check", "sign-in", "help", "live", "language"])
def test_a100_another_host_is_a_bad_request_everywhere(cast: Cast, name: str) -> None:
    browser = let_in(cast.exams_officer)
    for trick in HOSTS:
        for ask in (browser.post, browser.get):
            answer = ask(reverse(name), {**FIELDS, "email": "user@glan.example"}, **trick)
            # Health answers a machine that knows no name; no page of ours does.
            assert answer.status_code == 400 or (name == "live" and answer.content in {b"ok", b""}), trick
            assert b"evil.example" not in answer.content, trick
    assert not Message.objects.exists()


def test_a100_no_header_gets_into_a_link(cast: Cast, post: Post, settings: Settings) -> None:
    base, browser = settings.PORTAL_BASE_URL, let_in(cast.exams_officer)
    for number, trick in enumerate(FORWARDED):
        made = browser.post(reverse("invite-check"), {**FIELDS, "email": f"n{number}@glan.example"}, **trick)
        assert "evil" not in made.get("Location", ""), trick
        asked = Client().post(reverse("forgot-password"), {"email": ("user", "admin", "eo")[number % 3] + "@glan.example"}, **trick)
        assert "evil" not in asked.get("Location", ""), trick
    letters = post()
    assert len(letters) >= len(FORWARDED)
    for letter in letters:
        parts = [str(letter.body), *(str(part[0]) for part in letter.alternatives)]
        for link in re.findall(r"https?://[^\s\"'<>]+", " ".join(parts)):
            assert link.startswith(f"{base}/"), link
        assert "evil" not in " ".join(parts)
        assert "1337" not in " ".join(parts)


NEXT = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/\t/evil.example",
    "\t//evil.example", " //evil.example", "/ /evil.example", "/\x0b/evil.example", "http:evil.example", "http:/evil.example", "http://evil.example",
    "HTTPS://evil.example", "https:///evil.example", "http://testserver@evil.example", "http://testserver:80@evil.example/", "//testserver@evil.example",
    "http://testserver.evil.example", "http://evil.example#testserver", "http://evil.example?testserver", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "ftp://evil.example", "file:///etc/passwd", "blob:x", "about:blank",
    "/\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie: a=b", "/profile/\r\nLocation: http://evil.example", "%2f%2fevil.example", "/%2f%2fevil.example",
    "/%5cevil.example",
    "//evil%E3%80%82example", "//evil\u3002example", "/\u2215evil.example", "\u2044\u2044evil.example", "\uff0f\uff0fevil.example", "http://[::1", "http://[evil]/",
    "//[", "///", "/" * 600, "\x00//evil.example", "/\x00", "/\ud800".encode("utf-8", "replace").decode(), ".evil.example", "@evil.example",
    "?next=//evil.example",
    "//%09/evil.example", "/./\\evil.example", "/..//evil.example", "https:evil.example", "//evil.example:80", "mailto:x@evil.example", "//0x7f.1",
    "//①.example",
]  # fmt: skip


def harmless(location: str) -> bool:
    """Say whether a browser that follows stays on this site: one slash, then neither slash nor backslash, nothing that ends a header."""
    return bool(re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", location)) and "\\" not in location


def test_a101_no_next_leads_away(cast: Cast) -> None:
    browser, guest = let_in(cast.user), Client()
    browser.cookies["portal_language"] = "en"
    for wanted in NEXT:
        for client, name, fields in (
            (browser, "language", {"language": "en", "next": wanted}),
            (browser, "prove-again", {"code": "x"}),
            (guest, "sign-in", {"email": "user@glan.example", "next": wanted}),
        ):
            path = f"{reverse(name)}?next=%{wanted.encode('utf-8', 'surrogatepass').hex('%')}"
            for answer in (client.get(path),) if name == "prove-again" else (client.post(path, fields),):
                assert answer.status_code in {200, 302, 405}, (name, wanted)
                if answer.status_code == 302:
                    assert harmless(answer["Location"].partition("?")[0]), (name, wanted, answer["Location"])
        assert guest.session["sign_in"]["next"] == "" or harmless(guest.session["sign_in"]["next"]), wanted


SCRIPT = "<script>alert(1)</script>"


def test_a103_script_in_names_is_text_in_every_list_letter_and_line_of_the_trail(cast: Cast, post: Post) -> None:
    """Put there behind the forms' back, as an import or an older version might have done."""
    for row in (User.objects.all(), Invitation.objects.all()):
        row.update(first_name=SCRIPT, last_name='"><img src=x onerror=alert(1)>', title="'-alert(1)-'", job_role="{{ 7*7 }}{% now 'Y' %}")
    Centre.objects.filter(pk=cast.centre.pk).update(name=SCRIPT)
    waiting = invite(cast.admin, "elin@glan.example")
    Invitation.objects.filter(pk=waiting.pk).update(first_name=SCRIPT)
    officer, staff = let_in(cast.exams_officer), let_in(cast.staff)
    officer.post(reverse("manage-access", args=[cast.user.membership.pk]), {"rights": []})
    user, admin = cast.user.user.pk, reverse("admin:accounts_user_changelist")
    pages = [
        (officer, reverse(name)) for name in ("home", "services", "manage-users", "profile", "security", "invite-user", "mfa-overview")
    ]
    pages += [
        (officer, reverse(name, args=[cast.user.membership.pk])) for name in ("manage-user", "manage-access", "delete-user", "reset-mfa")
    ]
    pages += [(officer, reverse("invite-withdraw", args=[waiting.membership_id]))]
    pages += [(staff, admin), (staff, f"{admin}{user}/change/"), (staff, f"{admin}person/{user}/suspend/")]
    pages += [(staff, reverse(f"admin:{name}_changelist")) for name in ("audit_auditevent", "permissions_centre", "accounts_invitation")]
    pages += [(staff, reverse("admin:audit_auditevent_change", args=[AuditEvent.objects.latest("pk").pk]))]
    for browser, path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert ">49" not in text, path
        policy = answer["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, path
        assert "unsafe-eval" not in policy, path
        assert "default-src 'none'" in policy, path
    for letter in post():
        html = " ".join(str(part[0]) for part in letter.alternatives)
        assert "<script" not in html
        assert "<img src=x" not in html
        assert "\n" not in letter.subject


TWINS = [
    "USER@glan.example", "uſer@glan.example", "user@glan.exampleK"[:-1] + "\u212a", "user@g\u217can.example", "user@glan.example.", "user@glan\u3002example",
    "user@xn--glan-0qa.example", "us\u0435r@glan.example", "user@gl\u0430n.example", "ｕser@glan.example", "user@[127.0.0.1]", "user@localhost", "user@glan",
    "user+x@glan.example", '"user"@glan.example', "user@glan.example\x00", "user@glan.example\n@evil.example", "user@evil.example,user@glan.example",
    "user@glan.example@evil.example", "user\u200b@glan.example", "(c)user@glan.example", "user@glan..example", "user@-glan.example", "\u0131user@glan.example",
]  # fmt: skip


def test_a106_no_twin_gets_the_code_or_the_account_of_another(cast: Cast, post: Post) -> None:
    for twin in TWINS:
        browser = Client()
        assert browser.post(reverse("forgot-password"), {"email": twin}).status_code in {200, 302}
        browser.post(reverse("sign-in"), {"email": twin})
        if twin != TWINS[0]:
            browser.post(reverse("sign-in-password"), {"password": PASSWORD})
            assert browser.get(reverse("sign-in-factor"))["Location"] != reverse("home"), twin
            assert "_auth_user_id" not in browser.session, twin
    assert {address for letter in post() for address in letter.to} == {"user@glan.example"}


def test_a113_what_a_browser_calls_itself_forges_no_line_of_log_or_trail(cast: Cast) -> None:
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        agent = 'x\x1b[2J\x1b]0;owned\x07\r\n{"level": "INFO"}\u2028\x9b31m' + "y" * 1000
        client = Client(headers={"User-Agent": agent.encode().decode("latin-1")})
        for path in ('/no\r\n{"level": "INFO", "message": "forged"}/', "/\x1b[2J/", "/\u202e/"):
            assert client.get("/", PATH_INFO=path.encode().decode("latin-1")).status_code == 404
        let_in(cast.user, client)
    finally:
        logger.removeHandler(handler)
    lines = kept.getvalue().splitlines()
    assert len(lines) == 3
    assert {json.loads(line)["level"] for line in lines} == {"WARNING"}
    assert kept.getvalue().isascii()
    assert "\x1b" not in kept.getvalue()
    for browser in AuditEvent.objects.values_list("browser", flat=True):
        assert browser.isprintable()
        assert len(browser) <= 200
