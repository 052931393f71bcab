"""Publishing a report from the machine's own disk: the same deeds, the same rights (SVC 6)."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from services.publishing import command
from services.publishing.models import FileState
from services.publishing.work import work
from services.reports.models import Report, ReportFile, ReportIssue
from tests.cast import Cast
from tests.exams import make_option, make_sitting
from tests.services.reports.test_importing import SUBJECT, csv_of


@pytest.fixture
def file(cast: Cast, settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    make_option()
    make_sitting()
    path = tmp_path / "boundaries.csv"
    path.write_bytes(csv_of(Report.SUBJECT, *SUBJECT))
    return path


def run(file: Path, *words: str, by: str = "staff@board.example") -> str:
    out = io.StringIO()
    call_command("publish_report", "subject", "2026-11", "level-2", str(file), *words, by=by, stdout=out, stderr=out)
    return out.getvalue()


def test_a_file_is_checked_and_published_only_when_asked(file: Path, cast: Cast) -> None:
    assert "3 lines, 2 new, 0 re-issued" in run(file)
    assert not ReportIssue.objects.exists()
    assert "Published" in run(file, "--publish")
    assert ReportIssue.objects.get().issued_by == cast.staff.user


def test_only_in_the_name_of_somebody_who_may(file: Path, cast: Cast) -> None:
    with pytest.raises(CommandError, match="may not publish"):
        run(file, by="eo@glan.example")


def test_a_worker_that_heard_of_it_sooner_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = [True, True]

    def elsewhere(key: Any) -> bool:
        """Another process holds the file twice, and is done with it the third time."""
        return not busy.pop() if busy else work(key)

    monkeypatch.setattr(command, "work", elsewhere)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    run(file)
    assert (ReportFile.objects.get().state, busy) == (FileState.CHECKED, [])
