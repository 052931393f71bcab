"""Small PDFs to try things with."""

import zlib


def plain_pdf(more: bytes = b"", *, stream: bytes = b"BT ET") -> bytes:
    """Make a PDF of one page; `more` stands in the page's dictionary."""
    body = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R " + more + b" >>\nendobj\n"
        b"4 0 obj\n<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream\nendobj\n"
    )
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def packed(
    objects: bytes,
    *,
    kind: bytes = b"/Type /ObjStm",
    raw: bytes | None = None,
    how: bytes = b"/Filter /FlateDecode",
    begins: bytes = b"stream\n",
) -> bytes:
    """Make a PDF in which some objects stand in a packed stream."""
    content = zlib.compress(objects) if raw is None else raw
    inside = (
        b">>\nendobj\n5 0 obj\n<< " + kind + b" /N 1 /First 4 " + how + b" >>\n" + begins + content + b"\nendstream\nendobj\n6 0 obj\n<<"
    )
    return plain_pdf(inside)
