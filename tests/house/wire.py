"""Ask a Portal whose address begins with https what it sends; run as a program, since cookies and headers are settled when it starts.

Prints JSON: for each page its status, its headers, its body where that matters, and the cookies it sets with their attributes.
"""

import json
import sys
from typing import Any, Final

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

HOST: Final = "portal.example"
OPEN: Final = (
    "/sign-in/",
    "/forgot-password/",
    "/freeze/",
    "/help/",
    "/cookie-notice/",
    "/live",
    "/ready",
    "/no/such/page/",
    "/services/",
    "/breaks/",
)
STATIC: Final = ("/static/portal.css", "/static/icons.svg", "/static/js/press_once.js")
PRIVATE: Final = ("/", "/services/", "/profile/", "/security/", "/manage-users/", "/admin/", "/no/such/page/", "/breaks/")


class Secure(Client):
    """A browser that asks over TLS, of the Portal's own name."""

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        """Send any request."""
        return super().generic(*args, **kwargs | {"secure": True, "SERVER_NAME": kwargs.get("SERVER_NAME", HOST)})


def _cookies(jar: Any) -> dict[str, Any]:
    return {name: {**morsel, "length": len(name) + len(morsel.value)} for name, morsel in jar.items()}


def _seen(answer: Any) -> dict[str, Any]:
    return {
        "status": answer.status_code,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "cookies": _cookies(answer.cookies),
        "body": "" if answer.streaming else answer.content.decode(),
    }


def main() -> None:
    """Look at pages for everybody, at refusals, and at pages of an Exams Officer whose sign-in is looked at too."""
    # As built: files are served from where they lie, whether or not they were collected.
    settings.WHITENOISE_USE_FINDERS = True
    settings.ROOT_URLCONF = "tests.house.wire_urls"
    call_command("migrate", verbosity=0)
    from tests.cast import make_cast, sign_in

    stranger, found = Secure(raise_request_exception=False), {}
    for path in (*OPEN, *STATIC):
        found[path] = _seen(stranger.get(path))
    found["a form without its token"] = _seen(Secure(enforce_csrf_checks=True).post("/sign-in/", {"email": "a@b.example"}))
    found["a strange host"] = _seen(stranger.get("/help/", SERVER_NAME="evil.example"))
    found["a strange host for a file"] = _seen(stranger.get("/static/portal.css", SERVER_NAME="evil.example"))
    found["a strange host in the clear"] = _seen(Client().get("/help/", SERVER_NAME="evil.example"))
    found["in the clear"] = _seen(Client().get("/help/?lang=cy", SERVER_NAME=HOST))
    found["a form in the clear"] = _seen(Client().post("/sign-in/", {"email": "a@b.example"}, SERVER_NAME=HOST))
    found["an event in the clear"] = _seen(Client().post("/webhooks/messages/", {}, SERVER_NAME=HOST))
    found["health in the clear"] = _seen(Client().get("/live", SERVER_NAME=HOST))
    found["a trace"] = _seen(stranger.trace("/help/"))
    found["the language"] = _seen(stranger.post("/language/", {"language": "cy"}))
    cast = make_cast()
    for name, person in (("exams officer", cast.exams_officer), ("staff", cast.staff)):
        browser = sign_in(person, Secure(raise_request_exception=False))
        for path in PRIVATE:
            found[f"{name} {path}"] = _seen(browser.get(path))
        found[f"{name} cookies"] = {"status": 200, "headers": {}, "body": "", "cookies": _cookies(browser.cookies)}
    found["signing out"] = _seen(browser.post("/sign-out/"))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
