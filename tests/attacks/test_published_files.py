"""Attacks by files that staff publish: files that are two things at once, infected ones, names (A126, A128, A130)."""

import io
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from portal import limits
from portal.audit.models import AuditEvent
from services.files.clamd import NoVerdict, scan
from services.files.keeping import keep_file, safe_name
from services.files.models import FileKind, FileState, PublishedFile
from services.files.scanning import scan_waiting
from services.files.serving import file_answer
from tests.attacks.zips import zip_of
from tests.cast import Cast, let_in
from tests.services.files.scanner import EICAR, free_port, scanner
from tests.services.formats.pdfs import plain_pdf


@pytest.fixture
def kept_in(settings: Any, tmp_path: Path) -> Any:
    """Settings with a folder for files of this test."""
    settings.FILES_DIR, settings.SCANNER_URL, settings.FILES_ACCEL = tmp_path, "", ""
    return settings


def keep(cast: Cast, content: bytes = b"", name: str = "Script 0001.pdf") -> PublishedFile:
    return keep_file(actor=cast.staff.user, kind=FileKind.SCRIPT, name=name, content=content or plain_pdf())


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a/*" + plain_pdf(),
        plain_pdf() + zip_of({"a": b"x"}), plain_pdf(stream=b"<script>alert(1)</script>"), plain_pdf(b"/OpenAction 9 0 R"), b"MZ" + plain_pdf(),
    ],
)  # fmt: skip
def test_a126_what_is_not_only_a_pdf_is_not_kept(cast: Cast, kept_in: Any, content: bytes) -> None:
    browser = let_in(cast.staff)
    answer = browser.post(
        reverse("admin:files_publishedfile_add"), {"kind": "script", "file": SimpleUploadedFile("a.pdf", content, "application/pdf")}
    )
    assert answer.status_code == 200
    assert not PublishedFile.objects.exists()
    assert not list(Path(kept_in.FILES_DIR).rglob("*"))


def test_a126_a_clean_file_is_served_to_be_saved_and_never_as_a_page(cast: Cast, kept_in: Any) -> None:
    kept = keep(cast, name='x"; filename="a.html')
    with scanner() as server:
        kept_in.SCANNER_URL = server.url
        assert scan_waiting() == 1
    kept.refresh_from_db()
    for accel in ("", "/protected"):
        kept_in.FILES_ACCEL = accel
        answer = file_answer(kept)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith('attachment; filename="x')
        assert answer["Content-Disposition"].endswith('.pdf"')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer) == (b"" if accel else plain_pdf())
        answer.close()
    assert answer["X-Accel-Redirect"] == f"/protected/{kept.id.hex[:2]}/{kept.id.hex}"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Script 0001.pdf", "Script 0001.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\run.bat", "run-bat.pdf"),
        ('a"b\r\nSet-Cookie: x', "a-b-Set-Cookie- x.pdf"),
        ("sgript Siân.PDF", "sgript Siân.pdf"),
        ("\u202efdp.exe", "fdp-exe.pdf"),
        ("", "file.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_a128_names_of_files_are_only_names(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a130_a_file_is_served_only_when_its_scan_says_clean(cast: Cast, kept_in: Any) -> None:
    kept = keep(cast)
    with pytest.raises(Http404):
        file_answer(kept)
    assert scan_waiting() == 0  # no scanner: it stays where it is
    with scanner() as server:
        kept_in.SCANNER_URL = server.url
        assert scan_waiting() == 1
        assert scan_waiting() == 0
    kept.refresh_from_db()
    assert (kept.state, kept.said) == (FileState.CLEAN, "OK")
    assert b"".join(file_answer(kept)) == plain_pdf()
    assert (
        list(AuditEvent.objects.filter(number__in=(340, 341)).order_by("number").values_list("subject_id", flat=True)) == [str(kept.pk)] * 2
    )


def test_a130_an_infected_file_is_deleted_and_never_served(cast: Cast, kept_in: Any, django_capture_on_commit_callbacks: Any) -> None:
    kept, fine = keep(cast, plain_pdf(stream=EICAR)), keep(cast)
    with scanner() as server:
        kept_in.SCANNER_URL = server.url
        with django_capture_on_commit_callbacks(execute=True):
            assert scan_waiting() == 2
    kept.refresh_from_db()
    assert (kept.state, kept.said) == (FileState.REFUSED, "Win.Test.EICAR_HDB-1")
    assert not kept.path.exists()
    assert fine.path.exists()
    assert AuditEvent.objects.get(number=342).subject_id == str(kept.pk)
    with pytest.raises(Http404):
        file_answer(kept)


@pytest.mark.parametrize("mode", ["silent", "error", "small", "noise"])
def test_a130_anything_but_a_clear_yes_leaves_a_file_in_quarantine(cast: Cast, kept_in: Any, mode: str) -> None:
    kept = keep(cast)
    with scanner() as server:
        kept_in.SCANNER_URL, server.mode = server.url, mode
        assert scan_waiting() == 0
        kept.refresh_from_db()
        assert (kept.state, kept.tries, kept.said != "") == (FileState.QUARANTINED, 1, True)
        server.mode = "right"
        assert scan_waiting() == 1


def test_a130_a_scanner_that_is_not_there_is_left_alone_after_three_tries(cast: Cast, kept_in: Any) -> None:
    files = [keep(cast) for _number in range(5)]
    kept_in.SCANNER_URL = f"tcp://127.0.0.1:{free_port()}"
    assert scan_waiting() == 0
    assert sorted(PublishedFile.objects.filter(pk__in=[file.pk for file in files]).values_list("tries", flat=True)) == [0, 0, 1, 1, 1]


def test_a130_a_scanner_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "P24_PROVIDER_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(NoVerdict):
        scan(f"tcp://127.0.0.1:{mute.getsockname()[1]}", io.BytesIO(b"x"))


def test_a130_bytes_that_changed_on_the_disk_are_refused(cast: Cast, kept_in: Any) -> None:
    changed, gone = keep(cast), keep(cast)
    changed.path.write_bytes(plain_pdf(b"/Rotate 90"))
    gone.path.unlink()
    with scanner() as server:
        kept_in.SCANNER_URL = server.url
        scan_waiting()
    assert set(PublishedFile.objects.values_list("state", flat=True)) == {FileState.REFUSED}


def test_a130_the_database_lets_no_file_out_of_quarantine_without_a_scan(cast: Cast, kept_in: Any) -> None:
    kept = keep(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedFile.objects.filter(pk=kept.pk).update(state=FileState.CLEAN)


def test_a130_a_scanner_may_listen_on_a_socket_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "clamd.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            wire, _address = server.accept()
            with wire:
                while not wire.recv(4096).endswith(b"\0\0\0\0"):
                    pass
                wire.sendall(b"stream: OK\0")

        thread = threading.Thread(target=answer)
        thread.start()
        assert scan(f"unix://{path}", io.BytesIO(b"x" * 10)).clean
        thread.join()


def test_a130_staff_are_told_that_there_is_no_scanner(cast: Cast, kept_in: Any) -> None:
    browser = let_in(cast.staff)
    add = reverse("admin:files_publishedfile_add")
    assert "stay in quarantine until there is one" in browser.get(add).content.decode()
    answer = browser.post(add, {"kind": "script", "file": SimpleUploadedFile("a.pdf", plain_pdf(), "application/pdf")}, follow=True)
    assert "no scanner is set up (SCANNER_URL), so nobody is served this file" in answer.content.decode()


def test_adding_a_file_is_a_right_of_its_own(cast: Cast, kept_in: Any) -> None:
    cast.staff.user.is_superuser = False
    cast.staff.user.save()
    browser = let_in(cast.staff)
    assert browser.get(reverse("admin:files_publishedfile_add")).status_code == 403


@pytest.mark.parametrize("url", ["http://clamd:3310", "clamd", "tcp://", "unix://host/path", "unix://", "tcp://host:port"])
def test_a_scanner_address_that_cannot_be_one_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.env import Environment

    monkeypatch.setenv("SCANNER_URL", url)
    env = Environment(kind="test")
    env.scanner("SCANNER_URL")
    assert env.problems
