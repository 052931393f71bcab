"""Zip files as attackers make them, put together by hand where the zip programs would refuse to."""

import io
import stat
import struct
import zipfile
import zlib


def zip_of(files: dict[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files as any program does, at a time that is always the same: tests are named after these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 8, 20, 8, 0, 0)), content, packing)
    return out.getvalue()


def with_link(name: str, target: str) -> bytes:
    """Pack a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, target)
    return out.getvalue()


def lying(content: bytes, *, said: int, name: str = "results.csv") -> bytes:
    """Pack a file whose headers say another size than it has, everything else being right."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return by_hand([(name, packed, zlib.crc32(content), said)])


def by_hand(files: list[tuple[str, bytes, int, int]], *, entries: int | None = None, overlap: bool = False) -> bytes:
    """Write a zip file from packed bytes, checksums and sizes as given. `overlap`: all entries share the bytes of the first (Fifield)."""
    body, directory, first = b"", b"", 0
    for number, (name, packed, crc, size) in enumerate(files):
        at = first if overlap else len(body)
        fields = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
        if not (overlap and number):
            body += b"PK\x03\x04" + fields + name.encode() + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHLL", 0, 0, 0, 0, at) + name.encode()
    count = len(files) if entries is None else entries
    return body + directory + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count, count, len(directory), len(body), 0)
