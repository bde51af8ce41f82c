"""Read a zip file of which every byte is a file of it: nothing before, between or after them.

Programs that open zip files look for the list at the end, and pass over what else is there. A
browser begins at the first byte, so the same file can be a page of anything. Whoever checks a
file for others has to know all of it. Apart from `archives`, which reads what people re-packed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from grader.errors import SubmissionError
from grader.formats.archives import check_entry, open_pack, path_of, plainly

BEGIN = b"PK\x03\x04"  # of a zip file that holds anything
MORE = "there is more in it than its files; ask for it again, as the course made it"
_MOST = 8  # files and the folders that they lie in
_HEAD = struct.Struct("<4s2x2H4x3L2H")
_AFTER = struct.Struct("<4s3L")  # what some programs put after a packed file
_LIST = struct.Struct("<4s4H2LH")
_SIZES_COME_AFTER = 0x08
_NOTES = {0x000A, 0x5455, 0x5855, 0x7875}  # times and owners; other notes can give other names


def read_whole(raw: bytes, names: Iterable[str], limit: int) -> dict[str, bytes]:
    """Return the files of a zip file that holds just these, beside each other.

    Raises
    ------
    SubmissionError
        Naming a file that it holds besides; where it lacks one, is damaged, or is more than
        a zip file.
    """
    if not raw.startswith(BEGIN):
        raise SubmissionError("it does not begin as a zip file does")
    with open_pack(raw, _MOST) as pack:
        wanted = _only(pack.infolist(), set(names))
        at, found = 0, {}
        for entry in sorted(pack.infolist(), key=lambda entry: entry.header_offset):
            start = _start(raw, at, entry)
            at = start + entry.compress_size
            content = _unpacked(raw[start:at], entry, limit)
            at = _after(raw, at, entry)
            if not path_of(entry).endswith("/"):
                found[wanted[path_of(entry)]] = content
        _check_list(raw, at, pack)
    return found


def _only(entries: list[ZipInfo], names: set[str]) -> dict[str, str]:
    """Return the name by the path of each file; they all lie in one folder."""
    paths = [path_of(entry) for entry in entries]
    files = [path for path in paths if not path.endswith("/")]
    folders = {path.rpartition("/")[0] for path in files}
    found = {path: path.rpartition("/")[2] for path in files}
    strange = [path for path in files if found[path] not in names]
    strange += [path for path in paths if path not in files and not _leads_to(path, folders)]
    if strange:
        what = f"it holds {strange[0][:80]!a}, which the course did not put there"
        raise SubmissionError(f"{what}; ask for the file as it was sent")
    if sorted(found.values()) != sorted(names) or len(folders) != 1 or len(files) != len(names):
        raise SubmissionError(f"it does not hold {' and '.join(sorted(names))}, once each")
    return found


def _leads_to(folder: str, folders: set[str]) -> bool:
    return any(f"{one}/".startswith(folder) for one in folders)


def _start(raw: bytes, at: int, entry: ZipInfo) -> int:
    """Return where the content of an entry starts, whose head has to stand at a place."""
    with plainly():
        mark, flags, packing, *sizes, name, notes = _HEAD.unpack_from(raw, at)
    start = at + _HEAD.size + name
    said = (mark, flags, packing, at, raw[at + _HEAD.size : start])
    listed = (BEGIN, entry.flag_bits, entry.compress_type, entry.header_offset, _name(entry))
    is_after = flags & _SIZES_COME_AFTER and not any(sizes)
    if said != listed or not (is_after or sizes == _sizes(entry)) or entry.comment:
        raise SubmissionError(MORE)
    _check_notes(raw[start : start + notes])
    _check_notes(entry.extra)
    behind: int = start + notes
    return behind


def _name(entry: ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def _sizes(entry: ZipInfo) -> list[int]:
    return [entry.CRC, entry.compress_size, entry.file_size]


def _check_notes(notes: bytes) -> None:
    """Refuse notes on a file but for its times and owner."""
    while notes:
        kind, size = struct.unpack("<2H", notes[:4]) if len(notes) >= 4 else (0, 0)
        if kind not in _NOTES or size > len(notes) - 4:
            raise SubmissionError(MORE)
        notes = notes[4 + size :]


def _unpacked(content: bytes, entry: ZipInfo, limit: int) -> bytes:
    """Return what an entry holds; a folder holds nothing."""
    if not path_of(entry).endswith("/"):
        check_entry(entry, limit)
    elif entry.file_size:
        raise SubmissionError(MORE)
    if entry.compress_type != ZIP_STORED:
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        with plainly():
            content = unpacking.decompress(content, limit + 1)
        if not unpacking.eof or unpacking.unused_data or unpacking.unconsumed_tail:
            raise SubmissionError(MORE)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise SubmissionError("it is damaged; ask for it again, as the course made it")
    return content


def _after(raw: bytes, at: int, entry: ZipInfo) -> int:
    """Return where the next part starts, behind the sizes that may stand after a file."""
    if not entry.flag_bits & _SIZES_COME_AFTER:
        return at
    if raw[at : at + _AFTER.size] != _AFTER.pack(b"PK\x07\x08", *_sizes(entry)):
        raise SubmissionError(MORE)
    return at + _AFTER.size


def _check_list(raw: bytes, at: int, pack: ZipFile) -> None:
    """Refuse a file whose list does not follow at once, or does not end with the file."""
    with plainly():
        *said, size, start, remark = _LIST.unpack(raw[-_LIST.size :])
    number = len(pack.infolist())
    is_whole = said == [b"PK\x05\x06", 0, 0, number, number] and not remark
    if not is_whole or start != at or at + size + _LIST.size != len(raw):
        raise SubmissionError(MORE)
