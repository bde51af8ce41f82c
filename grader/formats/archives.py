"""Read zip files as people and their systems re-pack them, and write our own.

Nothing in those that come is trusted, and all of them are read here: counts and declared
sizes are checked first, and what is unpacked is measured again while it is. Litter is left
out, and so is a folder that all files have in common. Nothing is unpacked to the disk.
"""

from __future__ import annotations

import errno
import io
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from os import SEEK_CUR, SEEK_END, SEEK_SET
from pathlib import Path
from typing import IO, cast

from grader.errors import SubmissionError
from grader.files.litter import is_litter
from grader.files.parsing import open_plain

MAX_FILES = 20_000  # of one zip file: three parts of 5,000 hand-ins, and more
MAX_ROW = 420  # bytes; the list of what a zip file holds is read in one piece, a row for each
MIN_AT_ONCE = 1 << 17  # bytes; the end of a zip file with the longest remark is half of that
CHUNK = 1 << 16  # bytes that are unpacked at once
HEAD = 30  # bytes that stand before each packed file, besides its name
MAX_TOPS = 8  # folders in folders, each alone in the one above it
EARLIEST = (1980, 1, 1, 0, 0, 0)  # date in a zip file; a clock may be before it, or after the last
AS_MADE = "ask for the file as the course made it"

Files = list[tuple[str, zipfile.ZipInfo]]
Opener = Callable[[], IO[bytes]]


class _Door:
    """A file that is open only while it is read: thousands of zip files can wait their turn."""

    def __init__(self, opened: Opener, most: int) -> None:
        self._opened = opened
        self._at = 0
        self._most = most
        with opened() as file:  # at once, so that a file that may not be read is said
            self._size = file.seek(0, SEEK_END)

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the beginning")  # as a real file does
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        _check_at_once(self._size - self._at if size < 0 else size, self._most)
        with self._opened() as file:
            file.seek(self._at)
            content = file.read(size)
        self._at += len(content)
        return content


class _Held(io.BytesIO):
    """A zip file that is held in memory."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        left = len(self.getbuffer()) - self.tell()
        _check_at_once(left if size is None or size < 0 else size, self._most)
        return super().read(size)


def _check_at_once(size: int, most: int) -> None:
    """Refuse to read the list of far more than ``most`` files: it takes ten times its size."""
    if size > max(most * MAX_ROW, MIN_AT_ONCE):
        raise SubmissionError(f"it holds more than {most} files")


class Allowance:
    """How much may be unpacked of one file that came, with all zip files in it.

    Without it many files, each small enough, would together fill the memory.
    """

    def __init__(self, files: int, size: int) -> None:
        self.files = files
        self.size = size

    def take(self, size: int) -> None:
        """Count one file of so many bytes, before it is unpacked; raise SubmissionError."""
        self.files -= 1
        self.size -= size
        if self.files < 0 or self.size < 0:
            raise SubmissionError("it unpacks to far more than any file that this course makes")


def packed(files: Iterable[tuple[str, bytes]], level: int | None = None) -> bytes:
    """Return a zip file of files by name; the same files give the same bytes, on any day."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as pack:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date_time=EARLIEST)
            pack.writestr(entry, content, zipfile.ZIP_DEFLATED, level)
    return whole.getvalue()


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a damaged zip file raises, errors of many kinds, into one sentence.

    Raises
    ------
    SubmissionError
        With that sentence.
    PermissionError
        Where the file may not be read.
    """
    try:
        yield
    except (SubmissionError, PermissionError):
        raise
    except Exception as error:
        message = "it is not a zip file, or it is damaged; ask for it again, as the course made it"
        raise SubmissionError(message) from error


def open_pack(source: Path | bytes | Opener, most: int = MAX_FILES) -> zipfile.ZipFile:
    """Open a zip file on the disk, by path or by what opens it, or one that is held in memory.

    One on the disk need not be closed: it is open only while something is read.

    Raises
    ------
    SubmissionError
        Where it is none, is damaged, lists far more than ``most``, or lists the same bytes
        more than once.
    PermissionError
        Where it may not be read.
    """
    with plainly():
        pack = zipfile.ZipFile(_file_of(source, most))
        _check_apart(pack)
        return pack


def _file_of(source: Path | bytes | Opener, most: int) -> IO[bytes]:
    if isinstance(source, bytes):
        return _Held(source, most)
    opened = partial(open_plain, source) if isinstance(source, Path) else source
    return cast("IO[bytes]", _Door(opened, most))  # all of one that zipfile uses


def _check_apart(pack: zipfile.ZipFile) -> None:
    """Refuse files that lie over each other: a few bytes would be unpacked many times."""
    end = 0
    for entry in sorted(pack.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise zipfile.BadZipFile("files lie over each other")
        end = entry.header_offset + HEAD + entry.compress_size


def files_in(pack: zipfile.ZipFile, most: int = MAX_FILES) -> Files:
    """Return path and entry of each file, without litter and below what all have in common.

    Paths have ``/`` between their parts, whatever packed them. They may still lead
    anywhere, and none of the entries is checked yet.

    Raises
    ------
    SubmissionError
        Where there are more than ``most``.
    """
    entries = pack.infolist()
    if len(entries) > most:
        raise SubmissionError(f"it holds more than {most} files")
    found = ((path_of(entry), entry) for entry in entries)
    return _below_top([(path, entry) for path, entry in found if _is_work(path)])


def path_of(entry: zipfile.ZipInfo) -> str:
    """Return where an entry stands, with ``/`` as in zip files of every system but Windows."""
    # The name as it was packed: Python cuts the other one at a NUL.
    parts = entry.orig_filename.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part != ".")


def _is_work(path: str) -> bool:
    is_folder = path.endswith("/") or not path
    return not is_folder and not any(map(is_litter, path.split("/")))


def _below_top(found: Files) -> Files:
    for _ in range(MAX_TOPS):
        tops = {path.partition("/")[0] if "/" in path else "" for path, _ in found}
        if len(tops) != 1 or any(map(_leads_away, tops)):
            break
        found = [(path.partition("/")[2], entry) for path, entry in found]
    return found


def _leads_away(path: str) -> bool:
    parts = path.split("/")
    return not parts[0] or ".." in parts or parts[0].endswith(":")


def check_entry(entry: zipfile.ZipInfo, limit: int) -> None:
    """Refuse what could not be read safely to a limit.

    Parameters
    ----------
    entry : ZipInfo
        Of the zip file.
    limit : int
        Bytes once unpacked.

    Raises
    ------
    SubmissionError
        Naming the file, and what is the matter.
    """
    path = path_of(entry)
    shown = ascii(path[:80])
    if "\0" in path or _leads_away(path):
        raise SubmissionError(f"it holds {shown}, which no bundle of this course has; {AS_MADE}")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise SubmissionError(f"{shown} in it is a link or a folder, not a file; {AS_MADE}")
    if entry.flag_bits & 1:
        raise SubmissionError("it is locked with a password; ask for one without")
    # Other ways of packing are unknown to some computers, or unfold without limit.
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SubmissionError(f"it is packed in a way this course does not use; {AS_MADE}")
    if entry.file_size > limit:
        raise SubmissionError(f"{shown} in it is larger than {limit // 1024} KiB; {AS_MADE}")


def read_entry(pack: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """Return the content of a file in a zip file.

    Raises
    ------
    SubmissionError
        As `check_entry`, and where it is damaged or has another size than it says.
    PermissionError
        Where the zip file may not be read.
    """
    return b"".join(pieces(pack, entry, limit))


def read_files(source: Path | bytes, names: Iterable[str], limit: int) -> dict[str, bytes]:
    """Return some files of a zip file that we packed, as far as they are in it.

    Raises
    ------
    SubmissionError
        As `open_pack` and `read_entry`.
    """
    with open_pack(source) as pack:
        entries = {entry.filename: entry for entry in pack.infolist()}
        there = (name for name in names if name in entries)
        return {name: read_entry(pack, entries[name], limit) for name in there}


def pieces(pack: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """Give the content of a file in pieces, so that it need not be held; raise as `read_entry`.

    Read in one piece, `zipfile` would unpack all that there is before it looks at the size.
    """
    check_entry(entry, limit)
    size = 0
    with plainly(), pack.open(entry) as file:
        while piece := file.read(CHUNK):  # the checksum shows where more was packed
            size += len(piece)
            yield piece
        if size != entry.file_size:
            raise zipfile.BadZipFile("shorter than it says")
