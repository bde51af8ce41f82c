"""Who may open what people keep: its owner, or a group of trainers, and nobody else.

``ALONGSIDE_GROUP`` names a group of this computer whose members grade together. Without
it only the owner reads what trainees sent. A trainee's own folder is never shared.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from grader.errors import GradingError, RecordError, SubmissionError
from grader.files.safe import read_regular_file

GROUP_VARIABLE = "ALONGSIDE_GROUP"
_OTHERS = 0o007  # what the rest of the computer may do
_NOT_OWNER = 0o077


def shared_group() -> int | None:
    """Return the number of the trainers' group, None where only the owner reads.

    Raises
    ------
    GradingError
        Where ``ALONGSIDE_GROUP`` names no group of this computer.
    """
    name = os.environ.get(GROUP_VARIABLE)
    return _number_of(name) if name else None


@lru_cache(maxsize=8)
def _number_of(name: str) -> int:
    try:
        import grp

        return grp.getgrnam(name).gr_gid
    except ImportError:
        what = "this system has no such groups"
    except KeyError:
        what = f"there is no group {name!a} on this computer"
    raise GradingError(f"{GROUP_VARIABLE} is set, but {what}; unset it, or ask who runs it")


def file_mode() -> int:
    """Return the rights of a file: 0o600, or 0o660 with a group."""
    return 0o600 if shared_group() is None else 0o660


def folder_mode() -> int:
    """Return the rights of a folder: 0o700, or 0o2770 with a group.

    The leading 2 hands the group on to whatever is made inside, also by nbgrader.
    """
    return 0o700 if shared_group() is None else 0o2770


def new_files_are_ours() -> None:
    """Let whatever this process and its kernels make be for the owner, or the trainers' group."""
    os.umask(_NOT_OWNER if shared_group() is None else _OTHERS)


def close_to_strangers(root: Path, names: Iterable[str]) -> None:
    """Close what was made in a folder by hand, or with other rights.

    Where the folder hands its group on, it was given to one: that group keeps its rights, also
    while a command does not know of it.
    """
    for path in (root / name for name in names):
        with suppress(OSError, GradingError):  # not there, another account's, no such group
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode) or not is_open_to_strangers(path):
                continue
            if shared_group() is None and root.stat().st_mode & stat.S_ISGID:
                path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
            else:
                protect(path)


def close_to_all(top: Path) -> None:
    """Leave a file, or a folder with all that is in it, to its owner alone; follow no link."""
    if os.name != "posix" or top.is_symlink():
        return
    for path in (top, *top.rglob("*")):
        with suppress(OSError):  # gone meanwhile, or another account's
            mode = path.lstat().st_mode
            if mode & _NOT_OWNER and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~_NOT_OWNER)


def protect(path: Path) -> None:
    """Give a file or folder to its owner, or to the trainers' group, and to nobody else.

    Raises
    ------
    GradingError
        Where the group is not one of the user's own.
    """
    _give(path, folder_mode() if path.is_dir() else file_mode())


def _give(path: Path, mode: int) -> None:
    group = shared_group()
    if group is not None:
        try:
            os.chown(path, -1, group)
        except PermissionError:
            what = f"{path} cannot be given to the group {os.environ[GROUP_VARIABLE]!a}"
            raise GradingError(f"{what}; ask to be made a member of it") from None
    path.chmod(mode)


def close_to_others(path: Path) -> None:
    """Protect what somebody made earlier with other rights; another trainer's stays as it is."""
    about = path.stat()
    if about.st_mode & _OTHERS or not _is_shared(about):
        with suppress(PermissionError, GradingError):
            protect(path)


def share(path: Path) -> None:
    """Let the trainers' group, where one is set, work with a part of the course as well."""
    about = path.stat()
    if not _is_shared(about):
        with suppress(PermissionError, GradingError):
            _give(path, stat.S_IMODE(about.st_mode) | _rights_of_members(about))


def _is_shared(about: os.stat_result) -> bool:
    """Tell whether the group can work with a file or folder; also where no group is set."""
    group, wanted = shared_group(), _rights_of_members(about)
    return group is None or (about.st_gid == group and about.st_mode & wanted == wanted)


def _rights_of_members(about: os.stat_result) -> int:
    return 0o2070 if stat.S_ISDIR(about.st_mode) else 0o060


def is_open_to_strangers(path: Path) -> bool:
    """Tell whether anybody but the owner and the trainers' group may open a file."""
    about = path.stat()
    strangers = _OTHERS if about.st_gid == shared_group() else _NOT_OWNER
    return os.name == "posix" and bool(about.st_mode & strangers)


def how_to_share(path: Path) -> str:
    """Return what its owner has to type so that only those who should can use a file."""
    group = os.environ.get(GROUP_VARIABLE)
    if group and path.is_dir():
        return f"chgrp -R {group} {path} && chmod -R g+rwX,o-rwx {path}"
    if group:
        return f"chgrp {group} {path} && chmod 660 {path}"
    return f"chmod 600 {path} (or set {GROUP_VARIABLE}, where trainers share it)"


def how_to_get(path: Path) -> str:
    """Return what to do about a file that another trainer has kept to themselves."""
    if os.environ.get(GROUP_VARIABLE):
        return f"ask its owner to share it: {how_to_share(path)}"
    return f"set {GROUP_VARIABLE}, as 'Grade together' in FOR-TRAINERS.md says"


def kept_back(path: Path) -> Path | None:
    """Return the first file or folder on the way to a path that this account may not open."""
    for part in (*reversed(path.parents), path):
        if not os.path.lexists(part):
            return None
        if not os.access(part, os.X_OK if part != path else _opening(part)):
            return part
    return None


def _opening(path: Path) -> int:
    return os.R_OK | os.X_OK if path.is_dir() else os.R_OK


def kept_back_words(path: Path) -> str:
    """Say what another account has kept to itself, as `kept_back` found it, and what to do."""
    return f"{path} is kept by another account; {how_to_get(path)}"


def require_ours(path: Path) -> None:
    """Refuse a file that another trainer has kept to themselves.

    Raises
    ------
    GradingError
        With what its owner has to do.
    """
    if part := kept_back(path):
        raise GradingError(kept_back_words(part))


def private_folder(root: Path, *names: str) -> Path:
    """Make folders below ``root`` that only trainers can open; return the last."""
    folder = root
    for name in names:
        folder = folder / name
        if folder.is_symlink():
            raise SubmissionError(f"{name} is a link, not a folder; remove it")
        try:
            folder.mkdir(mode=0o700)
            protect(folder)
        except FileExistsError:
            if not folder.is_dir():
                raise
            close_to_others(folder)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Write a file for the trainers' eyes only, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        protect(draft)
        draft.replace(path)
    except BaseException:  # also Ctrl and C: no half-written file stays behind
        draft.unlink(missing_ok=True)
        raise


def copy_if_there(source: Path, target: Path) -> None:
    """Copy a small file that nbgrader keeps beside a submission, where there is one."""
    content = read_regular_file(source, 4096)
    if content is not None and not _holds(target, content):
        write_private(target, content)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_regular_file(path, len(content)) == content
    except RecordError:
        return False
