"""Attacks by zip files (A125): bombs, sizes that lie, names that lead elsewhere, files within files."""

import io
import tracemalloc
import zipfile
import zlib

import pytest

from portal import limits
from services.formats.errors import BadFile
from services.formats.unpack import entries
from tests.attacks.zips import by_hand, lying, with_link, zip_of

MB = 1024 * 1024


def read_all(content: bytes) -> dict[str, int]:
    """Unpack as an import does, keeping nothing; returns the names and how much came of each."""
    came = {}
    for entry in entries(io.BytesIO(content)):
        came[entry.name] = 0
        while chunk := entry.readline(2_000):
            came[entry.name] += len(chunk)
    return came


def test_files_that_are_packed_in_the_plain_way_are_read() -> None:
    files = {"results.csv": b"centre\r\n" * 9_000, "R6800140.X01": b"R1\n", "empty.csv": b""}
    assert read_all(zip_of(files)) == {name: len(content) for name, content in files.items()}
    assert read_all(zip_of(files, packing=zipfile.ZIP_STORED)) == {name: len(content) for name, content in files.items()}


def test_a125_a_bomb_is_stopped_by_the_bytes_that_come_and_needs_no_memory() -> None:
    bomb = zip_of({"results.csv": b"\0" * (8 * MB)})
    tracemalloc.start()
    with pytest.raises(BadFile, match="beyond all measure"):
        read_all(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MB


def test_a125_many_entries_together_are_stopped_at_fifty_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "P21_UNPACKED_BYTES", 200_000)
    files = {f"{number}.csv": bytes(range(256)) * 200 for number in range(5)}
    with pytest.raises(BadFile, match="larger than 50 MB"):
        read_all(zip_of(files, packing=zipfile.ZIP_STORED))


@pytest.mark.parametrize("said", [10, 5_000, 2**31])
def test_a125_sizes_that_lie_are_found_out(said: int) -> None:
    assert read_all(lying(b"centre,\n" * 100, said=800)) == {"results.csv": 800}
    with pytest.raises(BadFile, match="cannot be read"):
        read_all(lying(b"centre,\n" * 100, said=said))


@pytest.mark.parametrize("inner", [zip_of({"a.csv": b"x"}), zlib.compress(b"x", wbits=31), b"7z\xbc\xaf\x27\x1c...", b"Rar!\x1a\x07"])
def test_a125_what_is_packed_twice_is_refused_whatever_its_name(inner: bytes) -> None:
    with pytest.raises(BadFile, match="packed itself"):
        read_all(zip_of({"results.csv": inner}))


def test_a125_thousands_of_entries_are_refused_before_the_first_is_read() -> None:
    some = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = some.compress(b"x") + some.flush()
    many = [(f"{number}", packed, zlib.crc32(b"x"), 1) for number in range(4_000)]
    tracemalloc.start()
    for count in (4_000, 3):  # honest and not
        with pytest.raises(BadFile, match="more than 200 files"):
            read_all(by_hand(many, entries=count))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MB


def test_a125_entries_that_share_their_bytes_are_refused() -> None:
    some = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b"y" * 60_000
    packed = some.compress(content) + some.flush()
    kernel = [(f"{number}.csv", packed, zlib.crc32(content), len(content)) for number in range(100)]
    with pytest.raises(BadFile, match="cannot be read"):
        read_all(by_hand(kernel, overlap=True))


@pytest.mark.parametrize("name", ["../etc/passwd", "/etc/passwd", "a/../../b", "..\\b", "C:\\b", "a\x1bb", "con:", "\u202ea.csv"])
def test_a125_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(BadFile, match="leads elsewhere"):
        read_all(zip_of({name: b"x"}))


def test_a125_links_are_refused() -> None:
    with pytest.raises(BadFile, match="not a plain file"):
        read_all(with_link("results.csv", "/etc/passwd"))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK", b"PK\x03\x04" + b"\0" * 60, zip_of({"a": b"x"})[:-3], zip_of({"a": b"x"}) + b"<html>", b"#!/bin/sh\n" + zip_of({"a": b"x"}),
        zip_of({"a": b"x" * 99}, packing=zipfile.ZIP_LZMA), zip_of({"a": b"x"}).replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
    ids=["empty", "two bytes", "head alone", "end cut off", "more behind", "more before", "other packing", "no directory"],
)  # fmt: skip
def test_a125_what_is_no_plain_zip_file_from_end_to_end_is_refused(content: bytes) -> None:
    with pytest.raises(BadFile):
        read_all(content)


def test_a125_two_files_of_one_name_are_refused() -> None:
    twice = zip_of({"a.csv": b"1", "b.csv": b"2"}).replace(b"b.csv", b"A.csv")
    with pytest.raises(BadFile, match="same name"):
        read_all(twice)
