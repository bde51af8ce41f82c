"""Read folders that other people can change meanwhile: no link is followed, wherever it stands.

To ask what lies at a path and then to open that path leaves a moment between, in which a link
can take the place of any folder on the way. So each folder is opened from the one above it,
asked about while it is held, and its files are read from what is held.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from grader.errors import RecordError
from grader.files.safe import open_regular_file, read_opened

_CAN_HOLD = {os.open, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
NOT_THEIRS = "was put there by another account than the folder; ask for it to be handed in again"
CHANGED = "it is another folder than the one that was handed in; collect again"


@dataclass(frozen=True, slots=True)
class ForeignFolder:
    """A folder of somebody else, as the names that lead to it from one that is trusted.

    ``top`` may be a link: who runs the course named it. ``owner`` is the account whose it has
    to be when it is read; None where that does not matter. ``makers`` are the accounts whose
    files in it are read: who may write to a folder can put others in their place.
    """

    top: Path
    names: tuple[str, ...] = ()
    owner: int | None = None
    makers: frozenset[int] | None = None

    @property
    def path(self) -> Path:
        """Where it lies; only to be shown."""
        return self.top.joinpath(*self.names)

    def inside(self, name: str) -> ForeignFolder:
        """Return a folder in this one."""
        return replace(self, names=(*self.names, name))

    def list(self) -> list[str]:
        """Return what lies in it, in order; raise OSError, and `RecordError` for a link."""
        with self._held() as handle:
            here = self.path if handle is None else handle
            return sorted(path.name for path in _entries(here))

    def kind(self, name: str) -> int:
        """Return what a name in it is, as `os.lstat` does; raise as `list`."""
        with self._held() as handle:
            return os.lstat(self._way(name, handle), dir_fd=handle).st_mode

    def open(self, name: str) -> IO[bytes]:
        """Open a plain file in it; raise OSError, and `RecordError` for anything else."""
        with self._held() as handle:
            file = open_regular_file(Path(self._way(name, handle)), within=handle)
        if self.makers is not None and os.fstat(file.fileno()).st_uid not in self.makers:
            file.close()
            raise RecordError(f"{name} {NOT_THEIRS}")
        return file

    def read(self, name: str, limit: int, *, alone: bool = True) -> bytes | None:
        """Read a file in it as `read_regular_file` does."""
        try:
            file = self.open(name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise RecordError(f"{name} cannot be read ({error.strerror})") from None
        return read_opened(file, name, limit, alone=alone)

    def _way(self, name: str, handle: int | None) -> str:
        return str(self.path / name) if handle is None else name

    @contextlib.contextmanager
    def _held(self) -> Iterator[int | None]:
        """Hold the folder open; give None where this system has no such handles."""
        if not _CAN_HOLD:
            _check_way(self)
            yield None
            return
        with contextlib.ExitStack() as held:
            handle = os.open(self.top, _FOLDER)
            held.callback(os.close, handle)
            for name in self.names:
                handle = _step(name, handle)
                held.callback(os.close, handle)
            if self.owner not in (None, os.fstat(handle).st_uid):
                raise RecordError(CHANGED)
            yield handle


def _entries(here: Path | int) -> list[os.DirEntry[str]]:
    with os.scandir(here) as found:
        return list(found)


def _step(name: str, above: int) -> int:
    try:
        return os.open(name, _FOLDER | _NO_LINK, dir_fd=above)
    except NotADirectoryError:
        raise RecordError("the folder is a link or a file, not a folder") from None


def _check_way(folder: ForeignFolder) -> None:
    """Look for links on the way, where nothing can hold the folders meanwhile."""
    path = folder.top
    for name in folder.names:
        path /= name
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise RecordError("the folder is a link or a file, not a folder")
