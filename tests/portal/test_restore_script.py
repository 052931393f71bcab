"""F32: what `deploy/restore.sh` writes for PostgreSQL; `tests/faults/test_restore.py` plays the whole drill."""

import io
import subprocess
import tarfile
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).resolve().parents[2] / "deploy" / "restore.sh"
MOMENT: Final = "2026-08-13 06:55:00+00"
EARLIER: Final = "work_mem = '8MB'\nrecovery_target_time = '2025-01-01 00:00:00+00'\nrecovery_target_action = promote\n"


def _archive(path: Path, **files: str) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            one = tarfile.TarInfo(name.replace("__", "."))
            one.size = len(text)
            archive.addfile(one, io.BytesIO(text.encode()))


@pytest.fixture
def restored(tmp_path: Path) -> Path:
    """A folder of backups whose cluster was itself led back to a moment once."""
    base = tmp_path / "backups" / "base" / "1"
    base.mkdir(parents=True)
    _archive(base / "base.tar.gz", postgresql__auto__conf=EARLIER)
    _archive(base / "pg_wal.tar.gz", segment="")
    (tmp_path / "data" / "pg_wal").mkdir(parents=True)
    return tmp_path


def settings(folder: Path, *moment: str) -> str:
    subprocess.run(["sh", SCRIPT, str(folder / "backups"), "1", str(folder / "data"), *moment], check=True)
    assert (folder / "data" / "recovery.signal").exists()
    return (folder / "data" / "postgresql.auto.conf").read_text()


def test_f32_a_moment_of_an_earlier_restore_does_not_end_the_next_one_early(restored: Path) -> None:
    written = settings(restored)
    assert "recovery_target" not in written
    assert "work_mem = '8MB'" in written
    assert "default_transaction_read_only = on" in written


def test_f32_a_restore_to_a_moment_knows_that_moment_alone(restored: Path) -> None:
    assert settings(restored, MOMENT).count("recovery_target_time") == 1
    assert f"recovery_target_time = '{MOMENT}'" in settings(restored, MOMENT)
