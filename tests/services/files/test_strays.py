"""A126: bytes of a kept file do not outlive a transaction that was undone."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils.module_loading import import_string

from portal import limits
from services.files.keeping import keep_file
from services.files.models import FileKind, PublishedFile
from services.files.strays import sweep
from tests.cast import Cast
from tests.services.formats.pdfs import plain_pdf

Commit = Callable[..., Any]


class Undone(Exception):
    """What breaks a publication off after its file was kept."""


@pytest.fixture
def folder(cast: Cast, settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def keep(cast: Cast) -> PublishedFile:
    return keep_file(actor=cast.staff.user, kind=FileKind.SCRIPT, name="script.pdf", content=plain_pdf())


def undone(cast: Cast) -> None:
    with transaction.atomic():
        assert keep(cast).path.exists()
        raise Undone


def later(folder: Path) -> None:
    before = time.time() - limits.SVC5_STRAY_MINUTES * 60 - 60
    for mark in (folder / "unsettled").iterdir():
        os.utime(mark, (before, before))


def test_a126_bytes_of_a_publication_that_was_undone_are_removed(folder: Path, cast: Cast, settings: Any) -> None:
    with pytest.raises(Undone):
        undone(cast)
    assert not PublishedFile.objects.exists()
    assert sweep() == 0  # it could still be on its way
    later(folder)
    import_string(settings.TIMETABLE["files-strays"][0])()
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_a126_a_file_that_was_kept_stays_and_leaves_no_mark(folder: Path, cast: Cast, django_capture_on_commit_callbacks: Commit) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        path = keep(cast).path
    assert list((folder / "unsettled").iterdir()) == []
    later(folder)
    assert sweep() == 0
    assert path.exists()


def test_a126_a_fall_between_commit_and_mark_takes_no_file_away(folder: Path, cast: Cast) -> None:
    path = keep(cast).path  # its mark is still there: nobody was left to remove it
    later(folder)
    assert sweep() == 0
    assert path.exists()
    assert list((folder / "unsettled").iterdir()) == []
