"""Load a file as staff do: look at what it would change, then press the button."""

import re
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.groups import StaffGroup, make_groups
from tests.cast import let_in, make_person


def manager(email: str = "manager@board.example") -> Client:
    """Let a release manager in, who has no more than the group's rights."""
    make_groups()
    person = make_person(email, is_staff=True)
    person.user.groups.add(Group.objects.get(name=StaffGroup.RELEASE_MANAGER.value))
    return let_in(person)


def look(browser: Client, kind: str, content: bytes, **given: Any) -> Any:
    """Send a file to be looked at."""
    return browser.post(reverse(f"admin:{kind}-load"), {"file": SimpleUploadedFile(f"{kind}.csv", content), **given})


def load(browser: Client, kind: str, shown: Any) -> Any:
    """Press the button of such a page."""
    found = re.search(r'name="waiting" value="([^"]+)"', shown.content.decode())
    assert found, shown.content.decode()
    return browser.post(reverse(f"admin:{kind}-load"), {"waiting": found[1]}, follow=True)
