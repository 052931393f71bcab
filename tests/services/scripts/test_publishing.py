"""SVC-7: publishing scripts: matched with an entry, versions kept, in quarantine, by whoever holds the right."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.audit.models import AuditEvent
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import Entry
from services.files.models import FileState, PublishedFile
from services.scripts.models import Script
from services.scripts.publishing import publish_script
from services.scripts.refusals import NoSuchCandidate, NoSuchComponent, NotEntered
from tests.cast import Cast, let_in
from tests.papers import enter, series
from tests.services.formats.pdfs import plain_pdf


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


def publish(cast: Cast, **other: Any) -> Script:
    numbers = {"centre": "68001", "candidate": "0001", "component": "3300/01", "level": ExamLevel.LEVEL_2, "content": plain_pdf()} | other
    return publish_script(actor=cast.staff.user, series=series(), **numbers)


def test_svc7_a_new_version_stands_beside_the_old(cast: Cast) -> None:
    enter(cast.centre)
    first, second = publish(cast), publish(cast, content=plain_pdf(b"/Rotate 90"))
    versions = Script.objects.behind_the_gate().order_by("version")
    assert [(one, one.version, one.current) for one in versions] == [(first, 1, False), (second, 2, True)]
    assert second.file.state == FileState.QUARANTINED
    assert second.file.name == "68001-2026-11-0001-3300-01.pdf"
    told = AuditEvent.objects.filter(number=380)
    assert [event.detail["version"] for event in told.order_by("pk")] == [1, 2]
    assert {event.centre_id for event in told} == {""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Script.objects.behind_the_gate().update(current=True)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"candidate": "0009"}, NoSuchCandidate),
        ({"centre": "68002"}, NoSuchCandidate),
        ({"component": "9999/01"}, NoSuchComponent),
        ({"level": ExamLevel.LEVEL_3}, NoSuchComponent),
    ],
)
def test_svc7_a_script_belongs_to_an_entry(cast: Cast, wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    candidate = enter(cast.centre)
    with pytest.raises(refusal):
        publish(cast, **wrong)
    Entry.objects.filter(candidate=candidate).delete()
    with pytest.raises(NotEntered):
        publish(cast)
    assert not PublishedFile.objects.exists()


def test_svc7_publishing_is_a_right_of_its_own(cast: Cast) -> None:
    enter(cast.centre)
    cast.staff.user.is_superuser = False
    cast.staff.user.save()
    with pytest.raises(PermissionDenied):
        publish(cast)
    assert let_in(cast.staff).get(reverse("admin:script-publish")).status_code == 403


def test_svc7_staff_publish_by_the_page(cast: Cast) -> None:
    enter(cast.centre)
    browser, address = let_in(cast.staff), reverse("admin:script-publish")
    given = {"series": series().pk, "level": "level-2", "centre": "68001", "candidate": "0002", "component": "3300/01"}
    wrong = browser.post(address, {**given, "file": SimpleUploadedFile("a.pdf", plain_pdf())})
    assert "There is no candidate with this number" in wrong.content.decode()
    odd = browser.post(address, {**given, "candidate": "0001", "file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert "This is not a PDF" in odd.content.decode()
    done = browser.post(address, {**given, "candidate": "0001", "file": SimpleUploadedFile("a.pdf", plain_pdf())}, follow=True)
    assert "68001-2026-11-0001-3300-01.pdf" in done.content.decode()
    assert browser.get(reverse("admin:scripts_script_change", args=[Script.objects.behind_the_gate().get().pk])).status_code == 200
