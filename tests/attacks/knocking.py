"""What attackers of these tests do again and again: come to the door, and count what the trail says of it."""

import re
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from portal.audit.kinds import AuditKind
from portal.audit.models import AuditEvent
from tests.cast import temporary_password_in

Post = Callable[[], list[EmailMultiAlternatives]]


def events(kind: AuditKind) -> int:
    """Count the events of a kind."""
    return AuditEvent.objects.filter(number=kind.number).count()


def secret_of(post: Post, to: str) -> str:
    """Return the temporary password of the latest invite to an address."""
    return temporary_password_in(str([letter for letter in post() if letter.to == [to]][-1].body))


def code_of(post: Post, digits: int = 6) -> str:
    """Return the code of the latest message that has one."""
    found = [code for letter in post() for code in re.findall(rf"(?<![\w-])\d{{{digits}}}(?![\w-])", str(letter.body))]
    return str(found[-1])


def knock(email: str, password: str, client: Client | None = None) -> tuple[Client, Any]:
    """Give an address and a password; returns the browser and the answer to the password."""
    browser = client or Client()
    browser.post(reverse("sign-in"), {"email": email})
    return browser, browser.post(reverse("sign-in-password"), {"password": password})


def is_outside(client: Client) -> bool:
    """Say whether a browser is signed in nowhere."""
    return bool(client.get(reverse("home")).status_code == 302) and "_auth_user_id" not in client.session
