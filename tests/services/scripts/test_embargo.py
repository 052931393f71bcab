"""SVC-7, release gate: scripts under embargo: their own instants, a fresh factor, the notice, both rights, and every look in the trail."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from permissions.freshness import PROVED_AT
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.trail.words import details_of
from portal import clock
from portal.audit.models import AuditEvent
from services.releases.artefacts import Artefact
from services.releases.models import Release
from services.scripts.events import Event
from services.scripts.models import Script
from tests.attacks.gate import MARKER, SITTING, shape, tells, visitors
from tests.cast import Cast, Person, let_in
from tests.exams import HOUR, make_sitting, release
from tests.papers import make_script

OF_A_SCRIPT = ("scripts-script", "scripts-shown", "scripts-file")
EDGE = timedelta(seconds=5)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def script(cast: Cast) -> Script:
    """A clean script of the first centre that waits for its release, by its own instants; the other kinds are not out and not open."""
    made = make_script(cast.centre)
    under_embargo()
    return made


def under_embargo() -> None:
    now = clock.now()
    release(make_sitting(), Artefact.SCRIPTS, restricted=now - HOUR, general=now + HOUR)


def addresses(script: Script, *, embargo: bool = True) -> dict[str, str]:
    prefix = "embargoed-" if embargo else ""
    one = {name: reverse(f"{prefix}{name}", args=[SITTING, script.pk]) for name in OF_A_SCRIPT}
    return {"scripts": reverse(f"{prefix}scripts"), "scripts-candidates": reverse(f"{prefix}scripts-candidates", args=[SITTING]), **one}


def accepted(person: Person) -> Client:
    browser = let_in(person)
    browser.post(reverse("embargo-accept"))
    return browser


def told(answer: Any) -> bool:
    """Say whether an answer holds a script or something of it."""
    return bool(answer.status_code == 200) if answer.streaming else tells(answer)


@pytest.mark.parametrize("phase", ["before", "restricted", "general"])
def test_svc7_each_identity_sees_scripts_from_their_own_instants_and_nothing_before(cast: Cast, script: Script, phase: str) -> None:
    """Seven identities, two looks, both sides of each instant; the releases of all other kinds open nothing."""
    now = clock.now()
    times = {"before": (EDGE, HOUR), "restricted": (-EDGE, HOUR), "general": (-HOUR, -EDGE)}[phase]
    release(make_sitting(), *Artefact)
    release(make_sitting(), Artefact.SCRIPTS, restricted=now + times[0], general=now + times[1])
    everybody, wrong = visitors(cast), []
    for who, browser in everybody.all.items():
        for embargo in (False, True):
            for page, address in addresses(script, embargo=embargo).items():
                answer = browser.get(address)
                expected = who in everybody.insiders and phase == ("restricted" if embargo else "general")
                if told(answer) is not expected or answer.status_code >= 500:
                    wrong.append((who, embargo, page, answer.status_code))
    assert wrong == []


def test_svc7_before_the_restricted_release_scripts_are_as_those_that_never_were(cast: Cast, script: Script) -> None:
    Release.objects.all().delete()
    browser = accepted(cast.exams_officer)
    empty = {page: shape(browser.get(address)) for page, address in addresses(script).items()}
    release(make_sitting(), Artefact.SCRIPTS, restricted=clock.now() + EDGE, general=clock.now() + HOUR)
    assert {page: shape(browser.get(address)) for page, address in addresses(script).items()} == empty
    assert not AuditEvent.objects.filter(number__in=(381, 382, 383)).exists()


def test_svc7_scripts_under_embargo_come_behind_the_notice_and_each_look_is_audited(cast: Cast, script: Script) -> None:
    browser = let_in(cast.admin)
    for address in addresses(script).values():
        answer = browser.get(address)
        assert "I understand" in answer.content.decode()
        assert MARKER not in answer.content.decode()
    assert not AuditEvent.objects.filter(number__in=(381, 382, 383)).exists()
    browser.post(reverse("embargo-accept"))
    for page, address in addresses(script).items():
        answer = browser.get(address)
        assert answer.status_code == 200
        assert answer.streaming or "Under embargo until:" in answer.content.decode(), page
    looks = AuditEvent.objects.filter(number=Event.EMBARGOED_SCRIPTS_SEEN.number).order_by("pk")
    assert [event.detail["page"] for event in looks] == ["list", "candidates", "script"]
    assert {(event.actor_id, event.centre_number) for event in looks} == {(str(cast.admin.user.pk), cast.centre.number)}
    assert looks[2].subject_id == str(script.candidate_id)
    opened = AuditEvent.objects.filter(number__in=(381, 382)).order_by("pk")
    assert [(event.number, event.detail["under_embargo"]) for event in opened] == [(381, True), (382, True)]
    names = [name for name, _text in details_of(opened[0])]
    assert {"Component", "SHA-256", "Under embargo"} <= set(names)
    assert all(name[0].isupper() for name in names)


def test_svc7_no_part_of_a_file_under_embargo_is_read_without_a_line(cast: Cast, script: Script) -> None:
    """Its size alone, and a range that leaves the first byte out, are looks as well."""
    browser, address = accepted(cast.exams_officer), addresses(script)["scripts-file"]
    assert browser.head(address).status_code == 200
    assert browser.get(address, headers={"Range": "bytes=1-"}).status_code == 200
    looks = AuditEvent.objects.filter(number=Event.EMBARGOED_SCRIPTS_SEEN.number)
    assert [(event.detail["page"], event.detail["component"]) for event in looks] == [("file", "3300/01")]
    # The first part that a session asks for is a reading, whatever part it is; another is a look.
    assert AuditEvent.objects.get(number=Event.SCRIPT_DOWNLOADED.number).detail["under_embargo"] is True
    assert browser.get(address, headers={"Range": "bytes=1-"}).status_code == 200
    assert looks.all().count() == 2


def test_svc7_a_search_under_embargo_stays_there_and_names_nobody_in_its_address(cast: Cast, script: Script) -> None:
    browser, address = accepted(cast.exams_officer), addresses(script)["scripts-candidates"]
    answer = browser.post(address, {"search": "rhydd"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(address)
    assert "rhydd" not in answer.redirect_chain[0][0]
    assert addresses(script)["scripts-script"] in answer.content.decode()


def test_svc7_an_embargo_on_scripts_ends_by_itself_and_its_links_lead_on(cast: Cast, script: Script) -> None:
    browser = accepted(cast.exams_officer)
    early, late = addresses(script), addresses(script, embargo=False)
    assert "GCSE, November 2026" in browser.get(early["scripts"]).content.decode()
    release(make_sitting(), Artefact.SCRIPTS)
    for page in set(early) - {"scripts"}:
        assert browser.get(early[page])["Location"] == late[page]
    assert "There are no scripts under embargo." in browser.get(early["scripts"]).content.decode()
    assert AuditEvent.objects.filter(number=Event.EMBARGOED_SCRIPTS_SEEN.number).count() == 1


def test_p19_scripts_under_embargo_want_a_factor_proved_in_the_last_15_minutes(cast: Cast, script: Script) -> None:
    browser = accepted(cast.exams_officer)
    session = browser.session
    session[PROVED_AT] -= 15 * 60 + 1
    session.save()
    for address in addresses(script).values():
        assert browser.get(address)["Location"].startswith(reverse("prove-again"))


@pytest.mark.parametrize("missing", [(Service.RESULTS, Level.VIEW_EMBARGOED), (Service.VIEW_SCRIPTS, Level.VIEW)])
def test_role_scripts_under_embargo_take_both_rights(cast: Cast, script: Script, missing: Any) -> None:
    """Whoever may not view scripts does not view them early, whatever they may see of results; and the other way round."""
    both = {(Service.RESULTS, Level.VIEW_RELEASED), (Service.RESULTS, Level.VIEW_EMBARGOED), (Service.VIEW_SCRIPTS, Level.VIEW)}
    for rights, may in ((both, True), (both - {missing}, False)):
        set_rights(actor=cast.exams_officer.membership, membership=cast.admin.membership, rights=sorted(rights))
        browser = accepted(cast.admin)
        for address in addresses(script).values():
            answer = browser.get(address)
            assert (answer.status_code == 200 and "I understand" not in str(getattr(answer, "content", b""))) is may
            assert may or answer.status_code == 403
    link = f'href="{reverse("embargoed-scripts")}"'
    if missing[0] is Service.RESULTS:
        assert link not in browser.get(reverse("scripts")).content.decode()
    assert link in let_in(cast.exams_officer).get(reverse("scripts")).content.decode()
