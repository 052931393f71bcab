"""Unpack zip files of others without being filled up: everything is counted while it comes, and nothing that the file says of itself is believed (A125)."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from portal import limits
from services.formats.errors import BadFile

_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x07"
_ENTRY_MARK: Final = b"PK\x03\x04"
_LOCAL_BYTES: Final = 30
_DIRECTORY_BYTES: Final = 512
"""The most that one entry may take in the directory at the end: name, extra fields and comment."""
_ARCHIVES: Final = (
    _ENTRY_MARK,
    _END_MARK,
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"\xd0\xcf\x11\xe0",
)
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 64 * 1024
_HARMLESS: Final = 1024 * 1024
"""What may come of anything: a short list of equal lines packs better than any ratio, and 200 of these stop at the counter."""
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, struct.error)


class Counter:
    """How many bytes came out of one zip file so far, over all its entries."""

    def __init__(self) -> None:
        self.unpacked = 0

    def add(self, count: int) -> None:
        """Count what came out. Raises `BadFile` above P21."""
        self.unpacked += count
        if self.unpacked > limits.P21_UNPACKED_BYTES:
            raise BadFile(_("The zip file is larger than 50 MB when it is unpacked. Divide it"))


class Unpacked:
    """One entry, to be read once from its beginning to its end; stops by the counter and by the ratio of what came out to what went in."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, counter: Counter) -> None:
        self.name = info.filename
        self._info, self._counter, self._came, self._rest = info, counter, 0, b""
        self._stream = archive.open(info)

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; all of them only by reading on, never at once."""
        size = _CHUNK if size < 0 else size
        if not self._rest:
            self._rest = self._next()
        part, self._rest = self._rest[:size], self._rest[size:]
        return part

    def readline(self, size: int = -1) -> bytes:
        """Return up to the end of a line, or up to so many bytes."""
        size = _CHUNK if size < 0 else size
        found = b""
        while len(found) < size and not found.endswith(b"\n"):
            if not self._rest:
                self._rest = self._next()
                if not self._rest:
                    break
            at = self._rest.find(b"\n", 0, size - len(found)) + 1 or size - len(found)
            found, self._rest = found + self._rest[:at], self._rest[at:]
        return found

    def _next(self) -> bytes:
        try:
            chunk = self._stream.read(_CHUNK)
        except _BROKEN:
            raise _broken() from None
        if not self._came and chunk.startswith(_ARCHIVES):
            raise BadFile(_("“%(name)s” in the zip file is packed itself. Put the files in one zip file") % {"name": self.name[:80]})
        self._came += len(chunk)
        self._counter.add(len(chunk))
        if self._came > max(limits.P21_UNPACKED_RATIO * self._info.compress_size, _HARMLESS):
            raise BadFile(_("“%(name)s” in the zip file grows beyond all measure when it is unpacked") % {"name": self.name[:80]})
        if not chunk and self._came != self._info.file_size:
            raise _broken()
        return chunk


def entries(stream: BinaryIO) -> Iterator[Unpacked]:
    """Yield the files in a zip file, in its order. Raises `BadFile` before the first for anything but plain files packed in the plain way."""
    _check_end(stream)
    counter = Counter()
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN:
        raise _broken() from None
    with archive:
        infos = [info for info in archive.infolist() if not (info.is_dir() and info.file_size == 0)]
        _check_directory(infos, archive.start_dir)
        for info in infos:
            try:
                entry = Unpacked(archive, info, counter)
            except _BROKEN:
                raise _broken() from None
            yield entry


def _check_end(stream: BinaryIO) -> None:
    """Hold the end of the file against its length before anything is read into memory: no other file before or behind, no endless directory."""
    length = stream.seek(0, 2)
    stream.seek(0)
    begins = stream.read(len(_ENTRY_MARK))
    if begins != _ENTRY_MARK or length < _END.size + len(_END_64):
        raise _broken()
    stream.seek(length - _END.size - 20)
    end_64, end = stream.read(20), stream.read(_END.size)
    mark, disk, directory_disk, here, count, directory, offset, comment = _END.unpack(end)
    if mark != _END_MARK or comment or disk or directory_disk or here != count or end_64.startswith(_END_64):
        raise _broken()
    if count > limits.P21_UNPACKED_ENTRIES or directory > limits.P21_UNPACKED_ENTRIES * _DIRECTORY_BYTES:
        raise BadFile(_("The zip file holds more than 200 files. Divide it"))
    if offset + directory + _END.size != length:
        raise _broken()
    stream.seek(0)


def _check_directory(infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Refuse links, names that lead elsewhere, names that come twice, encrypted entries, unknown packing and entries that lie over each other."""
    if len(infos) > limits.P21_UNPACKED_ENTRIES:
        raise BadFile(_("The zip file holds more than 200 files. Divide it"))
    names = {info.filename.casefold() for info in infos}
    if len(names) != len(infos):
        raise BadFile(_("Two files in the zip file have the same name"))
    end = directory
    for info in sorted(infos, key=lambda info: info.header_offset, reverse=True):
        if info.flag_bits & _ENCRYPTED:
            raise BadFile(_("The zip file is protected with a password. Make it without one"))
        if (
            info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
            or info.header_offset + _LOCAL_BYTES + info.compress_size > end
        ):
            raise _broken()
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG} or not _plain(info.orig_filename):
            raise BadFile(
                _("The zip file holds something that is not a plain file, or a name that leads elsewhere: %(name)s")
                % {"name": info.filename[:80]}
            )
        end = info.header_offset


def _plain(name: str) -> bool:
    """Say whether a name stays below where it is put, on every system."""
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and name.isprintable() and not set('\\:*?"<>|') & set(name)
    )


def _broken() -> BadFile:
    return BadFile(_("This zip file cannot be read. Make a new one with plain files in it"))
