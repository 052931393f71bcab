"""How much a request may bring: Django bounds forms without files by itself, not the files of a form (P21)."""

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from portal import limits


class BoundedUpload(FileUploadHandler):
    """Stand before the handlers that keep files: refuse a form that is too long before a byte of it is read or written to disk.

    Raises `RequestDataTooBig`, which Django answers with 400.
    """

    def handle_raw_input(  # Django's own names
        self,
        input_data: IO[bytes],  # noqa: ARG002
        META: dict[str, str],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> Any:
        """Look at the length that was announced; the server reads no more than that."""
        if content_length > limits.P21_UPLOAD_BYTES + limits.P21_FORM_BYTES:
            raise RequestDataTooBig("The form and its files are too long.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Pass each piece on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that follow."""
