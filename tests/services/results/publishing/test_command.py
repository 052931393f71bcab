"""Publishing from the machine's own disk: the same deeds, the same rights (SVC 5)."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from services.results.models import Issue
from tests.cast import Cast
from tests.services.results.publishing.field import csv_of, line, make_field


@pytest.fixture
def file(cast: Cast, settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    make_field()
    path = tmp_path / "results.csv"
    path.write_bytes(csv_of(line(1), line(2)))
    return path


def run(file: Path, *words: str, by: str = "staff@board.example", series: str = "2026-06") -> str:
    out = io.StringIO()
    call_command("publish_results", series, "level-2", str(file), *words, by=by, stdout=out, stderr=out)
    return out.getvalue()


def test_a_file_is_checked_and_published_only_when_asked(file: Path, cast: Cast) -> None:
    assert "2 results, 1 centres, 2 new candidates, 2 new" in run(file)
    assert not Issue.objects.exists()
    assert "Published" in run(file, "--publish")
    assert Issue.objects.get().issued_by == cast.staff.user


def test_wrong_lines_are_told_and_nothing_is_published(file: Path) -> None:
    file.write_bytes(csv_of(line(1, option="9999QS")))
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was published"):
        call_command("publish_results", "2026-06", "level-2", str(file), "--publish", by="staff@board.example", stdout=out, stderr=out)
    assert "results.csv:2: There is no option 9999QS" in out.getvalue()


def test_results_that_change_want_a_reason_here_too(file: Path) -> None:
    run(file, "--publish")
    file.write_bytes(csv_of(line(1, grade="A")))
    with pytest.raises(CommandError, match="Give the reason"):
        run(file, "--publish")
    assert "1 re-issued" in run(file, "--publish", "--reason=Review of marking")


@pytest.mark.parametrize(
    ("by", "series", "said"),
    [
        ("eo@glan.example", "2026-06", "may not publish"),
        ("nobody@board.example", "2026-06", "no such person"),
        ("staff@board.example", "2025-06", "no such series"),
    ],
)
def test_only_in_the_name_of_somebody_who_may(file: Path, by: str, series: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(file, by=by, series=series)
