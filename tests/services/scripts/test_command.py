"""SVC-7: a folder of scripts is published whole or not at all, by the same deed as the page."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from services.scripts.models import Script
from tests.cast import Cast
from tests.papers import enter, make_component
from tests.services.formats.pdfs import plain_pdf


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "kept"
    made = tmp_path / "scripts"
    made.mkdir()
    for number in (1, 2):
        (made / f"68001-000{number}-3300-01.pdf").write_bytes(plain_pdf())
    return made


def publish(folder: Path, **other: Any) -> None:
    call_command("publish_scripts", "2026-11", "level-2", folder, **({"by": "staff@board.example"} | other))


def test_svc7_a_folder_of_scripts_is_published(cast: Cast, folder: Path) -> None:
    enter(cast.centre, 1)
    enter(cast.centre, 2)
    publish(folder)
    publish(folder)
    found = Script.objects.behind_the_gate().order_by("candidate__number", "version")
    assert list(found.values_list("candidate__number", "version", "current")) == [
        ("0001", 1, False), ("0001", 2, True), ("0002", 1, False), ("0002", 2, True),
    ]  # fmt: skip


def test_svc7_a_code_with_a_hyphen_of_its_own_is_that_component(cast: Cast, folder: Path) -> None:
    """Real codes are written 3300U10-1; a name that could mean 3300/01 still does where there is no 3300-01."""
    enter(cast.centre, 1)
    enter(cast.centre, 2)
    make_component("3300U10-1")
    (folder / "68001-0001-3300U10-1.pdf").write_bytes(plain_pdf())
    publish(folder)
    codes = Script.objects.behind_the_gate().order_by("component__code").values_list("component__code", flat=True)
    assert list(codes) == ["3300/01", "3300/01", "3300U10-1"]


@pytest.mark.parametrize(("name", "content"), [("68001-0009-3300-01.pdf", b""), ("scan.pdf", b""), ("68001-0002-3300-01.pdf", b"<html>")])
def test_svc7_one_wrong_file_stops_them_all(cast: Cast, folder: Path, name: str, content: bytes, capsys: Any) -> None:
    enter(cast.centre, 1)
    enter(cast.centre, 2)
    (folder / name).write_bytes(content or plain_pdf())
    with pytest.raises(CommandError, match="Nothing was published"):
        publish(folder)
    assert not Script.objects.behind_the_gate().exists()
    assert name in capsys.readouterr().err


@pytest.mark.parametrize("by", ["nobody@board.example", "eo@glan.example"])
def test_svc7_only_a_release_manager_publishes_a_folder(cast: Cast, folder: Path, by: str) -> None:
    enter(cast.centre, 1)
    with pytest.raises(CommandError):
        publish(folder, by=by)
