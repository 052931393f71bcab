"""AUD and the gate: the centre's trail tells whoever may see nothing under embargo nothing of what is under embargo either."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock, limits
from portal.audit.kinds import all_kinds
from portal.audit.models import AuditEvent
from services.releases.artefacts import Artefact
from tests.attacks.gate import addresses, report_addresses
from tests.cast import Cast, let_in
from tests.exams import BOTH, HOUR, make_results, make_sitting, release
from tests.papers import enter, make_resource
from tests.reports import make_reports

SAY = (
    "under embargo seen",
    "Results file downloaded",
    "Report downloaded",
    "Question paper opened",
    "2026-11-level-2",
    "SHA-256",
    "68001-",
)


@pytest.fixture
def looked_at(cast: Cast, settings: Any, tmp_path: Any) -> Cast:
    """The Exams Officer has looked at and taken everything that is under embargo; an Admin may not."""
    settings.FILES_DIR = tmp_path
    now, person = clock.now(), make_results(cast.centre)[0]
    make_reports(cast.centre)
    enter(cast.centre)
    paper = make_resource(title="Secret paper", starts=now + HOUR / 2)
    release(make_sitting(), *BOTH, Artefact.ITEM_DATA, Artefact.SUBJECT_BOUNDARIES, restricted=now - HOUR, general=now + HOUR)
    set_rights(
        actor=cast.exams_officer.membership,
        membership=cast.admin.membership,
        rights=default_rights(Role.ADMIN) - {(Service.RESULTS, Level.VIEW_EMBARGOED)},
    )
    browser = let_in(cast.exams_officer)
    browser.post(reverse("embargo-accept"))
    seen = [*addresses(person.pk, embargo=True).values(), reverse("past-papers-file", args=[paper.pk])]
    for kind in (Artefact.ITEM_DATA, Artefact.SUBJECT_BOUNDARIES):
        seen += report_addresses(kind, person.pk, embargo=True).values()
    assert {browser.get(address).status_code for address in seen} == {200}
    return cast


def of_embargo() -> list[AuditEvent]:
    numbers = [kind.number for kind in all_kinds() if kind.of_embargo]
    found = list(AuditEvent.objects.filter(number__in=numbers))
    assert {311, 312, 361, 362, 387} <= {event.number for event in found}
    return found


def everything(browser: Client) -> str:
    """The list, the kinds to choose from, and the file."""
    page, file = browser.get(reverse("trail")), browser.post(reverse("trail-export"))
    assert (page.status_code, file.status_code) == (200, 200)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode()) + file.content.decode()


def test_aud_an_admin_without_the_right_reads_nothing_of_looks_under_embargo(looked_at: Cast) -> None:
    browser, officer = let_in(looked_at.admin), let_in(looked_at.exams_officer)
    text = everything(browser)
    assert [word for word in SAY if word in text] == []
    for event in of_embargo():
        address = reverse("trail-event", args=[event.pk])
        assert browser.get(address).status_code == 404
        assert officer.get(address).status_code == 200
    told = everything(officer)
    assert [word for word in SAY if word not in told] == []


def test_aud_a_filter_does_not_lead_there_either(looked_at: Cast) -> None:
    browser = let_in(looked_at.admin)
    for number in {event.number for event in of_embargo()}:
        for answer in (browser.get(reverse("trail"), {"kind": number}), browser.post(reverse("trail-export"), {"kind": number})):
            assert "68001-" not in answer.content.decode()
            assert "2026-11-level-2" not in answer.content.decode()


def test_aud_files_taken_after_their_release_stand_in_the_trail_for_both(looked_at: Cast) -> None:
    release(make_sitting())
    person = let_in(looked_at.exams_officer)
    assert person.get(reverse("results-file", args=[make_sitting().code])).status_code == 200
    assert "Results file downloaded" in everything(let_in(looked_at.admin))


def test_aud_what_was_looked_at_early_stands_there_for_all_once_no_embargo_can_last(looked_at: Cast) -> None:
    with time_machine.travel(clock.now() + timedelta(days=limits.SVC5_EMBARGO_DAYS, hours=1)):
        assert [word for word in SAY if word not in everything(let_in(looked_at.admin))] == []


def test_every_kind_of_event_that_names_the_embargo_is_one_that_can_tell_of_it() -> None:
    notice = "EMBARGO_NOTICE_ACCEPTED"  # the notice stands before everything, whether there is anything or not
    assert not [kind for kind in all_kinds() if "EMBARGO" in kind.name and not kind.of_embargo and kind.name != notice]
