"""Tests of what comes after a sign-in may skip its pages: what is left behind is the same to the last row (tests.cast.let_in)."""

from typing import Any

import time_machine
from django.test import Client

from accounts.models import Factor, KnownBrowser, Session, User
from permissions.roles import Role
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.accounts.methods.fresh import EDGE
from tests.cast import Cast, Person, let_in, make_member, sign_in


def _left(browser: Client, person: Person) -> dict[str, Any]:
    """Return everything that a sign-in leaves, but for ids, keys and tokens."""
    session = dict(browser.session.items())
    user = User.objects.get(pk=person.user.pk)
    rows = Session.objects.filter(user=user)
    return {
        "session": {key: value for key, value in session.items() if key not in {"_auth_user_id", "_auth_user_hash", "otp_device_id"}},
        "row": list(rows.values_list("browser", "address", "seen_at", "signed_in_at")),
        "cookies": {name: {key: value for key, value in morsel.items() if key != "expires"} for name, morsel in browser.cookies.items()},
        "known": KnownBrowser.objects.filter(user=user).count(),
        "person": (user.last_login, user.held_until),
        "factor": list(Factor.objects.filter(user=user).values_list("last_step", "used_at", "confirmed")),
        "events": list(
            AuditEvent.objects.filter(subject_id=str(user.pk)).values_list("kind", "detail", "address", "browser").order_by("pk")
        ),
        "letters": list(Message.objects.filter(recipient=user.email).values_list("kind", flat=True)),
    }


def test_sign4_being_let_in_leaves_what_signing_in_leaves(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for number in range(3):  # the first time, from another browser, and from one that is known
            by_pages = make_member(cast.centre, Role.USER, f"pages{number}@glan.example")
            by_deed = make_member(cast.centre, Role.USER, f"deed{number}@glan.example")
            for person, enter in ((by_pages, sign_in), (by_deed, let_in)):
                browsers = [Client(HTTP_USER_AGENT=EDGE, REMOTE_ADDR="203.0.113.7")]
                enter(person, browsers[0])
                if number == 1:
                    browsers.append(Client())
                if number == 2:
                    browsers[0].post("/sign-out/")
                if number:
                    enter(person, browsers[-1])
                last = browsers[-1]
                if person is by_pages:
                    expected = _left(last, person)
                else:
                    assert _left(last, person) == expected
                assert last.get("/services/").status_code == 200
