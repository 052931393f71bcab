"""A request no larger than any page takes (P21), asked before anything of it is read or kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import limits


def _upload(client: Client, size: int) -> Any:
    return client.post("/sign-in/", {"email": "nia@glan.example", "file": SimpleUploadedFile("a.csv", b"x" * size)})


def test_p21_a_file_beyond_the_limit_is_refused_unread(db: None, settings: Any, tmp_path: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    answer = _upload(Client(), limits.P21_UPLOAD_BYTES + limits.P21_FORM_BYTES)
    assert answer.status_code == 400
    assert not list(tmp_path.iterdir())
    assert "Content-Security-Policy" in answer.headers
    assert _upload(Client(), limits.P21_UPLOAD_BYTES).status_code == 302, "as large as may be: the page itself decides"


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "5e6", "１２", "abc"])
def test_p21_an_odd_length_is_refused(db: None, length: str) -> None:
    assert Client().generic("POST", "/sign-in/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=length).status_code == 400


def test_p21_six_files_in_one_form_are_refused(db: None) -> None:
    files = {f"file{number}": SimpleUploadedFile("a.csv", b"x") for number in range(limits.P21_FILES + 1)}
    assert Client().post("/sign-in/", {"email": "nia@glan.example"} | files).status_code == 400


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_p21_a_long_form_is_refused(db: None, kind: str) -> None:
    body = b"x=" + b"x" * limits.P21_FORM_BYTES
    if "multipart" in kind:
        body = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + body + b"\r\n--b--\r\n"
    assert Client().generic("POST", "/sign-in/", body, content_type=kind).status_code == 400


def test_p21_a_form_of_many_fields_is_refused(db: None) -> None:
    assert Client().post("/sign-in/", {f"field{n}": "x" for n in range(limits.P21_FIELDS + 1)}).status_code == 400
