"""Seven identities before the release gate, and everything of theirs that an answer could tell."""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.test import Client
from django.urls import reverse

from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.roles import Role
from services.releases.artefacts import Artefact
from tests.cast import Cast, let_in, make_member

MARKER: Final = "Rhydderch"
"""A candidate's name that stands on no page but of results."""
SITTING: Final = "2026-11-level-2"
NEVER: Final = "2025-01-level-2"
"""A sitting that there never was."""
PAGES: Final = ("candidates", "candidate", "subjects", "subject", "file", "edi")
_TOKENS: Final = (
    r'nonce="[^"]*"',
    r'name="csrfmiddlewaretoken" value="[^"]*"',
    r"\d{1,2}:\d\d",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)


@dataclass
class Visitors:
    """A browser for each identity; the embargo notice is accepted by whoever can."""

    insiders: dict[str, Client]
    reader: Client
    outsiders: dict[str, Client]

    @property
    def all(self) -> dict[str, Client]:
        """Everybody."""
        return {**self.insiders, "User with the right": self.reader, **self.outsiders}


def visitors(cast: Cast) -> Visitors:
    """Let everybody in."""
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=[(Service.RESULTS, Level.VIEW_RELEASED)])
    without = make_member(cast.centre, Role.USER, "without@glan.example", first_name="Aled")
    browsers = {
        "Exams Officer": let_in(cast.exams_officer),
        "Admin": let_in(cast.admin),
        "other Exams Officer": let_in(cast.other_exams_officer),
    }
    for browser in browsers.values():
        browser.post(reverse("embargo-accept"))
    other = browsers.pop("other Exams Officer")
    outsiders = {"User without": let_in(without), "other Exams Officer": other, "staff": let_in(cast.staff), "stranger": Client()}
    return Visitors(browsers, let_in(cast.user), outsiders)


def addresses(candidate: UUID, *, embargo: bool, sitting: str = SITTING) -> dict[str, str]:
    """Return every address of a sitting's results, released or under embargo."""
    prefix = "results-embargoed" if embargo else "results"
    rest: dict[str, object] = {"candidate": candidate, "subject": "3300QS"}
    found = {page: reverse(f"{prefix}-{page}", args=[sitting, rest[page]] if page in rest else [sitting]) for page in PAGES}
    return {"index": reverse(prefix), **found}


def shape(answer: Any) -> tuple[int, dict[str, str], str]:
    """Return what an answer tells once tokens and the time of day are taken out: status, headers, body."""
    body = answer.content.decode("utf-8", "replace").replace(NEVER, SITTING)
    for pattern in _TOKENS:
        body = re.sub(pattern, "", body)
    headers = {name: re.sub(r"'nonce-[^']*'", "", value) for name, value in answer.headers.items()}
    return answer.status_code, headers, body


def tells(answer: Any) -> bool:
    """Say whether an answer holds something of a result: the name, the sitting, or a file."""
    body = answer.content.decode("utf-8", "replace")
    file = answer.headers.get("Content-Disposition") or answer.headers.get("Repr-Digest")
    return bool(file) or (answer.status_code == 200 and (MARKER in body or "November 2026" in body or SITTING in body))


REPORT_KINDS: Final = (Artefact.SUBJECT_BOUNDARIES, Artefact.NOTIONAL_BOUNDARIES, Artefact.ITEM_DATA)


def report_addresses(kind: Artefact, candidate: UUID | None, *, embargo: bool, sitting: str = SITTING) -> dict[str, str]:
    """Return every address of a sitting's reports of a kind, released or under embargo."""
    prefix = "embargoed-" if embargo else ""
    if kind is not Artefact.ITEM_DATA:
        name = f"{prefix}grade-boundaries-{kind.value.removesuffix('-boundaries')}"
        own = {"page": reverse(name, args=[sitting]), "file": reverse(f"{name}-file", args=[sitting])}
        return {"index": reverse(f"{prefix}grade-boundaries"), **own}
    name, paper = f"{prefix}item-level-data", [sitting, "3300QS/01"]
    pages = {"page": "paper", "candidates": "candidates", "file": "file", "figures": "figures"}
    found = {page: reverse(f"{name}-{tail}", args=paper) for page, tail in pages.items()}
    one = {"candidate": reverse(f"{name}-candidate", args=[*paper, candidate or UUID(int=7)])}
    return {"index": reverse(name), **found, **one}
