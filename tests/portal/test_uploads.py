"""A request brings no more than P21 allows, whatever it says it is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import limits


def _post(**fields: object) -> int:
    return int(Client().post("/sign-in/", {"email": "somebody@glan.example", **fields}).status_code)


def test_p21_a_file_longer_than_allowed_is_refused(db: None) -> None:
    assert _post(file=SimpleUploadedFile("a.csv", b"x" * (limits.P21_UPLOAD_BYTES + limits.P21_FORM_BYTES + 1))) == 400


def test_p21_many_files_together_are_refused_as_one_would_be(db: None) -> None:
    part = b"x" * (limits.P21_UPLOAD_BYTES // 2)
    assert _post(**{f"file{n}": SimpleUploadedFile(f"{n}.csv", part) for n in range(3)}) == 400


def test_p21_a_file_that_nobody_asked_for_is_dropped(db: None) -> None:
    assert _post(file=SimpleUploadedFile("a.csv", b"x" * 1000)) == 302


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_p21_a_long_form_is_refused(db: None, kind: str) -> None:
    body = b"x=" + b"x" * limits.P21_FORM_BYTES
    if "multipart" in kind:
        body = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + body + b"\r\n--b--\r\n"
    assert Client().generic("POST", "/sign-in/", body, content_type=kind).status_code == 400


def test_p21_a_form_of_many_fields_is_refused(db: None) -> None:
    assert _post(**{f"field{n}": "x" for n in range(limits.P21_FIELDS + 1)}) == 400
