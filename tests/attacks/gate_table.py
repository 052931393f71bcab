"""Who sees what and when, written down by itself: nothing here asks the code that decides it.

A moment lies in one of three phases: `closed` before the restricted instant, `embargo` from it on, `open` from the general one on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from portal.web.sealed import seal
from tests.attacks.gate import MARKER, PAGES, REPORT_KINDS, SITTING, addresses, report_addresses

OFFICER, ADMIN, READER, WITHOUT, OTHER, STAFF, NOBODY = (
    "Exams Officer", "Admin", "User with the right", "User without", "Exams Officer of another centre", "staff", "nobody",
)  # fmt: skip
EVERYBODY: Final = (OFFICER, ADMIN, READER, WITHOUT, OTHER, STAFF, NOBODY)
OF_CENTRE: Final = {OFFICER, ADMIN, READER, WITHOUT}
HOLDS: Final = {
    "released": {OFFICER, ADMIN, READER, OTHER},
    "embargoed": {OFFICER, ADMIN, OTHER},
    "papers": {OFFICER, ADMIN, READER, WITHOUT, OTHER},
}
"""Who has the right that a page asks for, at their own centre."""
SAYS: Final = {
    ("released", "closed"): "absent",
    ("released", "embargo"): "absent",
    ("released", "open"): "open",
    ("embargoed", "closed"): "absent",
    ("embargoed", "embargo"): "open",
    ("embargoed", "open"): "led on",
    ("papers", "closed"): "absent",
    ("papers", "embargo"): "absent",
    ("papers", "open"): "open",
}
"""What whoever holds the right meets in each phase; nobody else meets anything but a refusal, in any phase."""


WORDS: Final = (MARKER, MARKER.upper(), "November 2026", "Secret paper", "Bygone paper", "%PDF")
"""What stands on no page but of things that are gated."""


@dataclass(frozen=True)
class Door:
    """An address: of which kind of thing, whose right it asks, and whether it lists, so that it is there also with nothing in it."""

    kind: str
    page: str
    look: str
    address: str
    lists: bool = False
    everywhere: bool = False
    """Of all centres, as boundaries and past papers are."""
    early: bool = False
    """Of a question paper: Exams Officer and Admins of the entered centre see it in `embargo` by the same address."""

    @property
    def is_file(self) -> bool:
        """Whether it answers with something to save or to show as it is."""
        return self.page in {"file", "edi", "figures", "shown"}


def expected(door: Door, who: str, phase: str) -> str:
    """Return the answer of the table: open, absent, empty, refused, led on or sign in."""
    if who == NOBODY:
        return "sign in"
    if who not in HOLDS[door.look]:
        return "refused"
    said = SAYS[door.look, phase]
    if door.early and phase == "embargo" and who in {OFFICER, ADMIN}:
        said = "open"
    if said == "open" and who not in OF_CENTRE and not door.everywhere:
        said = "absent"
    if door.kind == "scripts" and said == "led on" and who not in OF_CENTRE:
        said = "absent"
    if door.lists and said in {"absent", "led on"}:
        return "empty"
    return said


def doors(*, candidate: UUID, marked: UUID, script: UUID, paper: UUID, past: UUID) -> Iterator[Door]:
    """Return every address there is, of the first centre's things."""
    for look in ("released", "embargoed"):
        early = look == "embargoed"
        results = addresses(candidate, embargo=early)
        yield Door("results", "index", look, results["index"], lists=True)
        for page in PAGES:
            yield Door("results-file" if page in {"file", "edi"} else "results", page, look, results[page])
        kept = seal(MARKER, purpose="results-search")
        yield Door("results", "search", look, f"{results['candidates']}?find={kept}")
        yield Door("results", "print", look, f"{results['candidates']}?paper=1&page=1")
        for kind in REPORT_KINDS:
            of_all = kind.value.endswith("boundaries")
            for page, address in report_addresses(kind, marked, embargo=early).items():
                # One list for both kinds of boundaries.
                yield Door(kind.value, page, look, address, lists=page == "index", everywhere=of_all)
        boundaries = report_addresses(REPORT_KINDS[0], None, embargo=early)["page"]
        yield Door("subject-boundaries", "search", look, f"{boundaries}?words=mathematics", everywhere=True)
    for look, prefix in (("released", ""), ("embargoed", "embargoed-")):
        yield Door("scripts", "index", look, reverse(f"{prefix}scripts"), lists=True)
        yield Door("scripts", "candidates", look, reverse(f"{prefix}scripts-candidates", args=[SITTING]))
        for page in ("script", "shown", "file"):
            yield Door("scripts", page, look, reverse(f"{prefix}scripts-{page}", args=[SITTING, script]))
    listed = reverse("past-papers")
    yield Door("paper", "file", "papers", reverse("past-papers-file", args=[paper]), everywhere=True, early=True)
    yield Door("paper", "index", "papers", f"{listed}?q=secret", lists=True, everywhere=True, early=True)
    yield Door("past", "file", "papers", reverse("past-papers-file", args=[past]), everywhere=True)
    yield Door("past", "index", "papers", f"{listed}?q=bygone", lists=True, everywhere=True)
    yield Door("past", "subject", "papers", reverse("past-papers-subject", args=["mathematics"]), everywhere=True)


def answer(got: Any, door: Door | None = None) -> str:
    """Say in a word what an answer is, from what it holds; of past papers' doors it counts only what is theirs."""
    words = ("Bygone paper", "%PDF") if door and door.kind == "past" else WORDS
    if got.status_code in {301, 302}:
        return "sign in" if got["Location"].startswith("/sign-in/") else "led on"
    if got.status_code in {403, 404}:
        return {403: "refused", 404: "absent"}[got.status_code] if not tells(got, words) else "LEAK"
    if got.status_code != 200:
        return str(got.status_code)
    return "open" if tells(got, words) else "empty"


def tells(got: Any, words: tuple[str, ...]) -> bool:
    """Say whether anything of what is gated stands in an answer: a name, the sitting, a title, a file or the sum of one."""
    body = (b"".join(got) if got.streaming else got.content).decode("utf-8", "replace")
    file = any(name in got for name in ("Content-Disposition", "Repr-Digest", "X-Accel-Redirect", "ETag", "Last-Modified"))
    return file or any(word in body for word in words)
