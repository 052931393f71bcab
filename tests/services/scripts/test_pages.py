"""SVC-7: marked scripts of the own centre, in the page and as a file, behind their own release."""

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from portal import clock
from portal.audit.models import AuditEvent
from services.files.models import FileState, PublishedFile
from services.releases.artefacts import Artefact
from services.scripts.models import Script
from tests.cast import Cast, let_in
from tests.exams import HOUR, make_sitting, release
from tests.papers import make_script
from tests.services.formats.pdfs import plain_pdf

SITTING = "2026-11-level-2"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def script(cast: Cast) -> Script:
    made = make_script(cast.centre)
    release(make_sitting(), Artefact.SCRIPTS)
    return made


def page(name: str, script: UUID | None = None) -> str:
    return reverse(name, args=[SITTING, *([script] if script else [])])


def test_svc7_a_candidates_scripts_are_found_by_name_and_component(cast: Cast, script: Script) -> None:
    browser = let_in(cast.exams_officer)
    assert page("scripts-candidates") in browser.get(reverse("scripts")).content.decode()
    listed = browser.get(page("scripts-candidates")).content.decode()
    assert "Rhydderch, Mali" in listed
    assert "3300/01: Unit 1: without a calculator" in listed
    assert page("scripts-script", script.pk) in listed
    for word, found in (("rhydd", True), ("Huws", False)):
        answer = browser.post(page("scripts-candidates"), {"search": word}, follow=True)
        assert word not in answer.redirect_chain[0][0]
        assert ("Rhydderch, Mali" in answer.content.decode()) is found


def test_svc7_a_script_is_shown_in_our_own_page_only(cast: Cast, script: Script) -> None:
    browser = let_in(cast.exams_officer)
    around = browser.get(page("scripts-script", script.pk))
    assert f'src="{page("scripts-shown", script.pk)}"' in around.content.decode()
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "frame-src" not in browser.get(reverse("scripts"))["Content-Security-Policy"]
    shown = browser.get(page("scripts-shown", script.pk))
    assert shown["Content-Disposition"] == 'inline; filename="Script.pdf"'
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'self'"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"".join(shown) == plain_pdf()
    saved = browser.get(page("scripts-file", script.pk))
    assert saved["Content-Disposition"].startswith("attachment; ")
    assert saved["X-Frame-Options"] == "DENY"


def test_svc7_who_opens_a_script_stands_in_the_centres_trail(cast: Cast, script: Script) -> None:
    browser = let_in(cast.exams_officer)
    browser.head(page("scripts-file", script.pk))
    browser.get(page("scripts-script", script.pk))
    browser.get(page("scripts-shown", script.pk))
    browser.get(page("scripts-file", script.pk))
    browser.get(page("scripts-shown", script.pk), headers={"Range": "bytes=5-"})
    told = AuditEvent.objects.filter(number__in=(381, 382)).order_by("pk")
    assert [event.number for event in told] == [381, 382]
    assert {(event.centre_number, event.actor_id) for event in told} == {("68001", str(cast.exams_officer.user.pk))}
    assert told[0].detail["sha256"] == script.file.digest


@pytest.mark.parametrize("part", ["bytes=1-", "bytes=-4000", "bytes=5-,0-4", "bytes=01-", "octets=0-"])
def test_svc7_who_begins_with_a_part_of_a_script_stands_there_too(cast: Cast, script: Script, part: str) -> None:
    """Nearly all of a file is a part of it; only what goes on behind the first byte of an opened one is no new reading."""
    readings = 1 if part == "bytes=1-" else 2
    browser = let_in(cast.exams_officer)
    for _turn in range(2):
        browser.get(page("scripts-file", script.pk), headers={"Range": part})
    assert list(AuditEvent.objects.filter(number__in=(381, 382)).values_list("number", flat=True)) == [382] * readings
    browser.get(page("scripts-shown", script.pk), headers={"Range": part})
    assert AuditEvent.objects.filter(number=381).count() == 1
    another = let_in(cast.exams_officer)
    another.get(page("scripts-file", script.pk), headers={"Range": part})
    assert AuditEvent.objects.filter(number=382).count() == readings + 1


def test_svc7_only_a_clean_file_is_shown(cast: Cast, script: Script) -> None:
    browser = let_in(cast.exams_officer)
    PublishedFile.objects.update(state=FileState.QUARANTINED)
    assert browser.get(page("scripts-candidates")).status_code == 404
    assert page("scripts-candidates") not in browser.get(reverse("scripts")).content.decode()
    for name in ("scripts-script", "scripts-shown", "scripts-file"):
        assert browser.get(page(name, script.pk)).status_code == 404


def test_svc7_before_its_release_a_script_does_not_exist(cast: Cast) -> None:
    """Their restricted release opens none of these pages (those under embargo are others), and that of results does not open scripts."""
    browser = let_in(cast.exams_officer)
    empty = browser.get(reverse("scripts")).content.count(b"<li>")
    script = make_script(cast.centre)
    release(make_sitting())
    for _without, _waiting in ((True, False), (False, True)):
        assert browser.get(reverse("scripts")).content.count(b"<li>") == empty
        assert browser.get(page("scripts-candidates")).status_code == 404
        for name in ("scripts-script", "scripts-shown", "scripts-file"):
            for answer in (browser.get(page(name, script.pk)), browser.head(page(name, script.pk))):
                assert answer.status_code == 404
        release(make_sitting(), Artefact.SCRIPTS, restricted=clock.now() - HOUR, general=clock.now() + HOUR)
    assert not AuditEvent.objects.filter(number__in=(381, 382)).exists()


@pytest.mark.parametrize("who", ["user", "other_exams_officer", "staff"])
def test_svc7_nobody_else_opens_a_script(cast: Cast, script: Script, who: str) -> None:
    browser = let_in(getattr(cast, who))
    for name in ("scripts-script", "scripts-shown", "scripts-file"):
        assert browser.get(page(name, script.pk)).status_code in {403, 404}


def test_svc7_a_page_asks_the_same_for_one_candidate_and_for_many(cast: Cast, script: Script, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = let_in(cast.exams_officer), []
    for many in (1, 12):
        for number in range(2, many + 1):
            make_script(cast.centre, number)
        with CaptureQueriesContext(connection) as asked:
            browser.get(page("scripts-candidates"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_svc7_a_file_costs_one_query_and_one_line_beyond_knowing_who_asks(cast: Cast, script: Script) -> None:
    """Session, person, place and rights are asked for on every page; a script then is one query, with the gate in it, and the trail's insert."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = let_in(cast.exams_officer)
    browser.get(page("scripts-file", script.pk))
    with CaptureQueriesContext(connection) as asked:
        browser.get(page("scripts-file", script.pk))
    tables = [query["sql"].partition("scripts_script")[1] or query["sql"].partition("audit_auditevent")[1] for query in asked]
    assert [table for table in tables if table] == ["scripts_script", "audit_auditevent"]
    assert len(asked) <= 6
