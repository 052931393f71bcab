"""No bytes outlive the row that they belong to: they may be under embargo (SVC 5)."""

import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import DatabaseError

from portal import limits
from services.publishing import flow
from services.publishing.models import FOLDER, FileState
from services.publishing.stored import sweep
from services.publishing.work import work
from services.reports.models import Report, ReportFile
from services.results.publishing.models import ResultsImport
from tests.cast import Cast
from tests.services.results.publishing.field import csv_of, line, make_field


@pytest.fixture
def folder(cast: Cast, settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path / FOLDER


def take(cast: Cast, content: bytes = b"") -> ResultsImport:
    where = make_field().where
    made = ResultsImport(series=where.series, level=where.level)
    return flow.take_file(made, actor=cast.staff.user, content=ContentFile(content or csv_of(line(1)), name="results.csv"))


def old(path: Path) -> Path:
    before = time.time() - limits.SVC5_STRAY_MINUTES * 60 - 60
    os.utime(path, (before, before))
    return path


def test_an_upload_whose_row_cannot_be_written_leaves_nothing(folder: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_known: object) -> None:
        assert len(list(folder.iterdir())) == 1
        raise DatabaseError

    monkeypatch.setattr("services.publishing.flow.record", full)
    with pytest.raises(DatabaseError):
        take(cast)
    assert list(folder.iterdir()) == []
    assert not ResultsImport.objects.exists()


def test_whoever_may_not_writes_nothing(folder: Path, cast: Cast) -> None:
    where = make_field().where
    made = ResultsImport(series=where.series, level=where.level)
    with pytest.raises(PermissionDenied):
        flow.take_file(made, actor=cast.exams_officer.user, content=ContentFile(b"x", name="results.csv"))
    assert not folder.exists()


def test_bytes_that_no_row_needs_are_removed_once_they_are_an_hour_old(folder: Path, cast: Cast) -> None:
    run = take(cast)
    fresh, stray = folder / uuid4().hex, folder / uuid4().hex
    for path in (fresh, stray):
        path.write_bytes(b"x")
    done = folder / ResultsImport.objects.create(series=run.series, level=run.level, size=0, state=FileState.WRONG, wrong=1).pk.hex
    report = ReportFile.objects.create(series=run.series, level=run.level, size=0, kind=Report.MARKS).path
    for path in (done, report):
        path.write_bytes(b"x")
    for path in (run.path, stray, done, report):
        old(path)
    assert sweep() == 2
    assert set(folder.iterdir()) == {fresh, run.path, report}


def test_the_timetable_sweeps(folder: Path, cast: Cast, settings: Any) -> None:
    from django.utils.module_loading import import_string

    folder.mkdir()
    stray = folder / uuid4().hex
    stray.write_bytes(b"x")
    old(stray)
    import_string(settings.TIMETABLE["staff-files-purge"][0])()
    assert not stray.exists()


def test_a_file_whose_bytes_are_gone_is_refused_in_words(folder: Path, cast: Cast) -> None:
    run = take(cast)
    run.path.unlink()
    assert work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.errors[0]["what"]) == (FileState.WRONG, "The file is no longer there. Upload it again")


def test_a_wrong_file_is_deleted_at_once(folder: Path, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    run = take(cast, csv_of(line(1, option="9999QS")))
    with django_capture_on_commit_callbacks(execute=True):
        assert work(run.pk)
    assert not run.path.exists()
