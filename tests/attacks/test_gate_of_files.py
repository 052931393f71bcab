"""I: files. Scripts and question papers at the edges of their own gates, for seven identities and two centres, by every way there is to ask."""

import time
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from portal import clock, limits
from services.releases.artefacts import Artefact
from services.resources.models import Resource
from tests.attacks.gate import NEVER, SITTING, shape, visitors
from tests.cast import Cast, let_in
from tests.exams import HOUR, make_sitting, release
from tests.papers import make_resource, make_script

MINUTES: Final = timedelta(minutes=limits.SVC8_PAPER_MINUTES_BEFORE)
ASKS: Final[list[tuple[str, dict[str, str]]]] = [
    ("GET", {}), ("HEAD", {}), ("OPTIONS", {}), ("GET", {"Range": "bytes=0-10"}), ("GET", {"If-None-Match": "*"}), ("GET", {"If-None-Match": '"x"'}),
    ("GET", {"If-Modified-Since": "Wed, 21 Oct 2065 07:28:00 GMT"}), ("GET", {"If-Range": '"x"', "Range": "bytes=0-10"}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR, settings.FILES_ACCEL = tmp_path, ""


def identities(cast: Cast) -> dict[str, Client]:
    """Everybody: those of the centre with scripts, and all others."""
    found = visitors(cast).all
    rights = [(Service.RESULTS, Level.VIEW_RELEASED), (Service.VIEW_SCRIPTS, Level.VIEW)]
    set_rights(actor=cast.exams_officer.membership, membership=cast.user.membership, rights=rights)
    return found


def tells(answer: Any) -> bool:
    """Whether an answer holds something of the file, or of there being one."""
    body = b"".join(answer) if answer.streaming else answer.content
    said = body.startswith(b"%PDF") or any(word in body for word in (b"Rhydderch", b"November 2026", b"Secret paper"))
    return bool("Content-Disposition" in answer or (answer.status_code == 200 and said))


def test_a115_scripts_open_at_their_own_general_release_and_to_their_own_centre(cast: Cast) -> None:
    script, everybody, wrong = make_script(cast.centre), identities(cast), []
    release(make_sitting(), Artefact.RESULTS_FILE)
    addresses = [reverse("scripts"), reverse("scripts-candidates", args=[SITTING])]
    addresses += [reverse(f"scripts-{name}", args=[SITTING, script.pk]) for name in ("script", "shown", "file")]
    for phase, times in {"before": (HOUR, 2 * HOUR), "restricted": (-HOUR, HOUR), "general": (-2 * HOUR, -HOUR)}.items():
        now = clock.now()
        release(make_sitting(), Artefact.SCRIPTS, restricted=now + times[0], general=now + times[1])
        for who, browser in everybody.items():
            expected = phase == "general" and who in {"Exams Officer", "Admin", "User with the right"}
            for address in addresses:
                answer = browser.get(address)
                if tells(answer) is not expected or answer.status_code >= 500:
                    wrong.append((phase, who, address, answer.status_code))
            if tells(browser.head(addresses[-1])) is not expected:
                wrong.append((phase, who, "HEAD", 0))
    assert wrong == []


def test_a115_a_question_paper_opens_to_exams_officer_and_admins_of_entered_centres(cast: Cast) -> None:
    make_script(cast.centre)  # with an entry
    everybody, now = identities(cast), clock.now()
    paper = make_resource(title="Secret paper", starts=now + 2 * HOUR)
    phases = {
        "before": (now + MINUTES + timedelta(seconds=60), now + 5 * HOUR),
        "opened": (now + MINUTES - timedelta(seconds=20), now + 5 * HOUR),
        "general": (now - HOUR, now - timedelta(seconds=1)),
    }
    for phase, (starts, general) in phases.items():
        Resource.objects.behind_the_gate().update(starts_at=starts, general_at=general)
        for who, browser in everybody.items():
            opened = phase == "general" and who not in {"staff", "stranger"}
            expected = opened or (phase == "opened" and who in {"Exams Officer", "Admin"})
            assert tells(browser.get(reverse("past-papers-file", args=[paper.pk]))) is expected, (phase, who)
            assert tells(browser.get(f"{reverse('past-papers')}?q=secret")) is expected, (phase, who)
            chosen = browser.post(reverse("past-papers-zip"), {"file": [str(paper.pk)]})
            assert ("Content-Disposition" in chosen) is opened, (phase, who)


def test_a118_by_no_way_of_asking_does_a_file_that_waits_differ_from_one_that_never_was(cast: Cast) -> None:
    script = make_script(cast.centre)
    release(make_sitting(), Artefact.SCRIPTS, general=clock.now() + HOUR)
    paper = make_resource(title="Secret paper", starts=clock.now() + 2 * HOUR)
    browser, nobody = let_in(cast.exams_officer), uuid4()
    pairs = [
        *((reverse(f"scripts-{name}", args=[SITTING, script.pk]), reverse(f"scripts-{name}", args=[NEVER, nobody])) for name in ("script", "shown", "file")),
        (reverse("scripts-candidates", args=[SITTING]), reverse("scripts-candidates", args=[NEVER])),
        (reverse("past-papers-file", args=[paper.pk]), reverse("past-papers-file", args=[nobody])),
        (reverse("past-papers-subject", args=["mathematics"]), reverse("past-papers-subject", args=["mathematicz"])),
    ]  # fmt: skip
    for waits, never in pairs:
        for method, headers in ASKS:
            assert _plain(browser.generic(method, waits, headers=headers)) == _plain(browser.generic(method, never, headers=headers)), waits


def _plain(answer: Any) -> tuple[int, dict[str, str], str]:
    status, headers, body = shape(answer)
    return status, headers, body.replace("mathematicz", "mathematics")


@pytest.mark.parametrize("what", ["script", "paper"])
def test_a115_the_instant_is_the_databases_to_the_tenth_of_a_second(cast: Cast, what: str) -> None:
    """Asked again and again around the instant: nothing an answer earlier, everything from it on, whatever the web server's clock says.

    Of a paper before its exam that clock may be off as far as P22 lets it.
    """
    browser, before = let_in(cast.exams_officer), 0
    address, at = (_script_at if what == "script" else _paper_at)(cast)
    with time_machine.travel(clock.now() + timedelta(seconds=45 if what == "script" else limits.P22_CLOCK_SKEW_SECONDS - 0.3)):
        while True:
            status = browser.head(address).status_code
            # A database that is still before the instant after the answer was before it when it answered.
            if clock.database_now() < at:
                assert status == 404
                before += 1
                continue
            time.sleep(0.05)
            assert browser.head(address).status_code == 200
            break
    assert before


def _script_at(cast: Cast) -> tuple[str, datetime]:
    script = make_script(cast.centre)
    at = clock.database_now() + timedelta(seconds=0.6)
    release(make_sitting(), Artefact.SCRIPTS, general=at)
    return reverse("scripts-file", args=[SITTING, script.pk]), at


def _paper_at(cast: Cast) -> tuple[str, datetime]:
    make_script(cast.centre)
    paper = make_resource(starts=clock.now() + 2 * HOUR)
    at = clock.database_now() + timedelta(seconds=0.6)
    Resource.objects.behind_the_gate().update(starts_at=at + MINUTES)
    return reverse("past-papers-file", args=[paper.pk]), at
