"""A130: what comes from outside leaves quarantine by a scan alone; what a demonstration makes for itself was never in it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.audit.models import AuditEvent
from services.files.keeping import keep_file
from services.files.models import FileKind, FileState, PublishedFile
from services.files.scanning import scan_waiting
from services.files.serving import file_answer
from services.formats.typeset import Document
from tests.cast import Cast
from tests.services.files.scanner import scanner
from tests.services.formats.pdfs import plain_pdf

OURS = Document(title="Sampl", language="cy", pages=(("Sampl",),))


@pytest.fixture(autouse=True)
def _demonstration(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR, settings.DEMO = tmp_path, True


def keep(cast: Cast, content: bytes | Document) -> PublishedFile:
    return keep_file(actor=cast.staff.user, kind=FileKind.SCRIPT, name="x.pdf", content=content)


def test_a130_what_a_demonstration_makes_is_served_and_the_trail_says_who_made_it(cast: Cast) -> None:
    made = keep(cast, OURS)
    assert made.state == FileState.MADE
    assert b"".join(file_answer(made)) == OURS.pdf()
    assert list(AuditEvent.objects.filter(subject_id=str(made.pk)).values_list("number", flat=True)) == [343]


def test_a130_the_same_bytes_from_outside_stay_in_quarantine_in_a_demonstration_too(cast: Cast) -> None:
    for content in (OURS.pdf(), plain_pdf()):
        assert keep(cast, content).state == FileState.QUARANTINED
    assert set(AuditEvent.objects.filter(number__in=(340, 343)).values_list("number", flat=True)) == {340}


def test_a130_nothing_is_made_outside_a_demonstration(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(PermissionDenied):
        keep(cast, OURS)
    assert not PublishedFile.objects.exists()
    assert not list(settings.FILES_DIR.rglob("*"))


def test_a130_the_scanner_is_not_asked_about_what_we_made(cast: Cast, settings: Any) -> None:
    made = keep(cast, OURS)
    with scanner() as one:
        settings.SCANNER_URL = one.url
        assert scan_waiting() == 0
        assert one.seen == 0
    made.refresh_from_db()
    assert (made.state, made.scanned_at) == (FileState.MADE, None)


def test_a130_the_database_knows_no_clean_file_without_a_scan(cast: Cast) -> None:
    kept = keep(cast, plain_pdf())
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedFile.objects.filter(pk=kept.pk).update(state=FileState.CLEAN)
