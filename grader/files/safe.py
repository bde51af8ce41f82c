"""Read and write small files so that nothing is lost, followed or waited for without end.

Reading follows no link and takes no more than a limit; writing leaves the old file or the new
one; a lock holds a file against other pages of this computer.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from grader.errors import RecordError

FOR_ALL = 0o666  # less what the user's own setting takes away
LOCK_PATIENCE = 12.0  # seconds to wait for another page that is saving; longer than LOCK_STALE
LOCK_STALE = 10.0  # seconds after which a lock was left behind by a crash


def read_regular_file(path: Path, limit: int, *, alone: bool = False) -> bytes | None:
    """Read a plain file of at most ``limit`` bytes without following links.

    Parameters
    ----------
    path : Path
        The file.
    limit : int
        Bytes.
    alone : bool
        Refuse also a file that has another name elsewhere (a hard link).

    Returns
    -------
    bytes or None
        None where nothing is there.

    Raises
    ------
    RecordError
        For links, folders, pipes, devices, unreadable and over-large files.
    """
    try:
        file = open_regular_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise RecordError(f"{path.name} cannot be read ({error.strerror})") from None
    return read_opened(file, path.name, limit, alone=alone)


def open_regular_file(path: Path, within: int | None = None) -> IO[bytes]:
    """Open a plain file, below an open folder where one is given, without following a link.

    Raises
    ------
    OSError
        Where it is not there or may not be read.
    RecordError
        For links, folders, pipes and devices.
    """
    # Non-blocking, so that a pipe put there cannot make a grader wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if stat.S_ISLNK(os.lstat(path, dir_fd=within).st_mode):
        raise RecordError(f"{path.name} is a link, not a file")
    handle = os.open(path, flags, dir_fd=within)
    if not stat.S_ISREG(os.fstat(handle).st_mode):  # asked before fdopen, which fails on a folder
        os.close(handle)
        raise RecordError(f"{path.name} is not a plain file")
    return os.fdopen(handle, "rb")


def read_opened(file: IO[bytes], name: str, limit: int, *, alone: bool) -> bytes:
    """Read and close an open file; raise as `read_regular_file`."""
    with file:
        facts = os.fstat(file.fileno())
        if alone and facts.st_nlink > 1:
            raise RecordError(f"{name} is a link to a file elsewhere")
        if facts.st_size > limit:
            raise RecordError(f"{name} is larger than {limit // 1024} KiB")
        return file.read(limit + 1)[:limit]


def write_safely(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file so that a power cut leaves the old one or the new one, never half.

    ``mode`` is who may open it: its owner alone, unless it is meant for others too.
    """
    path.parent.mkdir(0o777 if mode == FOR_ALL else 0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(draft, flags, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _replace(draft: Path, path: Path) -> None:
    # Windows refuses for a moment while a virus scanner or another page has the file open.
    for pause in (0.05, 0.1, 0.2, 0.4):
        try:
            os.replace(draft, path)
            return
        except PermissionError:
            time.sleep(pause)
    os.replace(draft, path)


def move_aside(path: Path) -> Path:
    """Rename a damaged file, so that a new one can take its place; return the new path.

    Raises
    ------
    RecordError
        Where it cannot be renamed.
    """
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.damaged-{number}")):
        number += 1
    try:
        os.replace(path, aside)
    except OSError as error:
        message = f"{path.name} cannot be read or moved aside ({error.strerror})"
        raise RecordError(message) from None
    return aside


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold ``path`` against other processes of this computer while a block runs.

    Raises
    ------
    RecordError
        Where another page holds it for too long.
    """
    lock = path.with_name(f".{path.name}.lock")
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            # An exclusive file works alike on Windows, macOS, Linux and in a browser kernel.
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
        except (FileExistsError, PermissionError) as error:
            if isinstance(error, PermissionError) and not os.access(lock.parent, os.W_OK):
                raise  # no waiting helps
            _drop_if_stale(lock)
            if time.monotonic() > deadline:
                if isinstance(error, PermissionError) and not lock.exists():
                    raise  # nobody is saving: nothing may be written here
                raise RecordError(f"{path.name} is busy; another page is saving") from None
            time.sleep(0.01)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _drop_if_stale(lock: Path) -> None:
    with contextlib.suppress(OSError):  # gone meanwhile: the next try takes it
        # Far ahead also counts: a clock that was set back leaves such locks behind.
        if abs(time.time() - lock.stat().st_mtime) > LOCK_STALE:
            lock.unlink()
