"""Zip files that nobody sends who means well: bombs, lies, and shapes that are no files."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable

Files = dict[str, bytes]
_LOCAL, _LISTED, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_METHOD_AT, _SIZE_AT = {_LOCAL: 8, _LISTED: 10}, {_LOCAL: 22, _LISTED: 24}
_FLAGS_AT = {_LOCAL: 6, _LISTED: 8}
ZSTD = 93


def zipped(files: Files | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    pairs = files.items() if isinstance(files, dict) else files
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", method) as pack:
        warnings.simplefilter("ignore")  # on the same name twice
        for name, content in pairs:
            pack.writestr(zipfile.ZipInfo(name), content, method)
    return packed.getvalue()


def _patched(raw: bytes, at: dict[bytes, int], layout: str, value: int) -> bytes:
    """Put a number into each header and each row of the list."""
    content = bytearray(raw)
    for sign, offset in at.items():
        start = raw.find(sign)
        while start >= 0:
            struct.pack_into(layout, content, start + offset, value)
            start = raw.find(sign, start + 4)
    return bytes(content)


def packed_as(files: Files, method: int) -> bytes:
    """Pack in a way that Python may not know; only the number of it is said."""
    return _patched(zipped(files), _METHOD_AT, "<H", method)


def locked(files: Files) -> bytes:
    return _patched(zipped(files), _FLAGS_AT, "<H", 1)


def saying_size(files: Files, size: int) -> bytes:
    """Declare another size than there is."""
    return _patched(zipped(files), _SIZE_AT, "<L", size)


def as_links(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        for name in files:
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            pack.writestr(entry, b"/etc/passwd")
    return packed.getvalue()


def twice(files: Files) -> bytes:
    """Hold each file under its name two times; a reader has to choose."""
    return zipped([*files.items(), *((name, content + b" ") for name, content in files.items())])


def overlapping(content: bytes, name: Callable[[int], str], count: int) -> bytes:
    """List one packed file under many names."""
    one = zipped({name(0): content})
    start = one.index(_LISTED)
    row = one[start : one.index(_END, start)]
    rows = b"".join(row[:46] + name(number).encode() for number in range(count))
    assert len({len(name(number)) for number in range(count)}) == 1
    end = struct.pack("<4s4H2LH", _END, 0, 0, count, count, len(rows), start, 0)
    return one[:start] + rows + end


def nested(content: bytes, name: Callable[[int], str], inside: int, outside: int) -> bytes:
    """Pack many large files in many zip files in one: a few KiB stand for gigabytes."""
    inner = zipped({name(number): content for number in range(inside)})
    return zipped({f"{number}.zip": inner for number in range(outside)})


def of_names(count: int) -> bytes:
    """List a million names and hold nothing."""
    fixed = struct.pack("<4s6H3L5H2L", _LISTED, 20, 20, 0, 0, 0, 33, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0)
    rows = b"".join(fixed + b"%08d" % number for number in range(count))
    few = min(count, 0xFFFF)
    return rows + struct.pack("<4s4H2LH", _END, 0, 0, few, few, len(rows), 0, 0)


def shapes(files: Files) -> dict[str, bytes]:
    """Return small zip files, none of which may be taken, by what is the matter with each."""
    first = next(iter(files))
    below = {f"/etc/{name}": content for name, content in files.items()}
    good = zipped(files)
    return {
        "packed with bzip2": zipped(files, zipfile.ZIP_BZIP2),
        "packed with lzma": zipped(files, zipfile.ZIP_LZMA),
        "packed with zstd": packed_as(files, ZSTD),
        "packed in a way nobody knows": packed_as(files, 77),
        "locked": locked(files),
        "links": as_links(files),
        "absolute names": zipped(below),
        "names of a drive": zipped({f"C:\\{name}": content for name, content in files.items()}),
        "names that climb": zipped({f"../{name}": content for name, content in files.items()}),
        "names that climb inside": zipped({f"a/../../{n}": text for n, text in files.items()}),
        "the same names twice": twice(files),
        "smaller than it says": saying_size(files, 4000),
        "larger than it says": saying_size(files, 3),
        "of no size, it says": saying_size(files, 0),
        "of four GiB, it says": saying_size(files, 0xFFFFFFF0),
        "overlapping": overlapping(files[first], lambda n: f"{n}{first[1:]}", 9),
        "a folder called as a file": zipped({f"{name}/": b"" for name in files}),
        "one byte changed inside": _one_changed(good),
        "a list cut off": good[: good.index(_LISTED) + 20] + good[good.index(_END) :],
        "no list": good[: good.index(_LISTED)],
        "a newer version": _patched(good, {_LISTED: 6}, "<H", 99),
        "only its end": good[good.index(_END) :],
        "a broken extra field": _with_extra(good),
        "empty": zipped({}),
        "nothing": b"",
        "no zip": b"PK\x03\x04 dear trainer",
    }


def _one_changed(raw: bytes) -> bytes:
    """Change the checksum of the first file in the list."""
    at = raw.index(_LISTED) + 16
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def _with_extra(raw: bytes) -> bytes:
    """Say that the sizes stand in an extra field, which is too short for them."""
    at = raw.index(_LISTED)
    row = bytearray(raw[at : raw.index(_END, at)])
    length = struct.unpack_from("<H", row, 28)[0]
    struct.pack_into("<H", row, 30, 5)
    struct.pack_into("<L", row, 24, 0xFFFFFFFF)
    row[46 + length : 46 + length] = b"\x01\x00\x01\x00x"
    end = bytearray(raw[raw.index(_END, at) :])
    struct.pack_into("<L", end, 12, len(row))
    return raw[:at] + bytes(row) + bytes(end)


def bombs(small: bytes) -> dict[str, Callable[[], bytes]]:
    """Return zip files that unfold without measure; made one at a time, for they are large.

    Parameters
    ----------
    small : bytes
        The beginning of a page or record that would be taken.
    """
    large = small + bytes((4 << 20) - len(small) - 100)
    names = ("{:03}.html", "{:03}.zip")
    return {
        "many pages": lambda: zipped({names[0].format(n): large for n in range(90)}),
        "many pages in many zip files": lambda: nested(large, names[0].format, 90, 5),
        "one page under many names": lambda: overlapping(large, names[0].format, 190),
        "that in many zip files": lambda: zipped(
            {names[1].format(n): overlapping(large, names[0].format, 190) for n in range(100)}
        ),
        "a page that says it is small": lambda: saying_size({"a.html": bytes(300 << 20)}, 1000),
        "such pages in a zip file": lambda: zipped(
            {"a.zip": saying_size({"a.html": small + bytes(300 << 20)}, 1000)}
        ),
        "a million names": lambda: of_names(1_000_000),
        "a million names in a zip file": lambda: zipped({"a.zip": of_names(100_000)}),
        "zip files in zip files": lambda: zipped(
            {"a.zip": zipped({"b.zip": zipped({"c.zip": b""})})}
        ),
        "a record that unfolds": lambda: zipped(
            {"handin.json": bytes(300 << 20), "answers.json": b"{}"}
        ),
        "a record that says it is small": lambda: saying_size(
            {"handin.json": bytes(300 << 20), "answers.json": b"{}"}, 1000
        ),
    }
