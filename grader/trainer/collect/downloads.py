"""Find every hand-in in files and folders as mail, browsers and learning platforms leave them.

A hand-in is a zip file or the files that were in one. It may lie in folders, or beside
others in a zip file that a platform made. What is found here is read by `bundles`.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.errors import RecordError, SubmissionError
from grader.files.foreign import ForeignFolder
from grader.files.litter import is_litter
from grader.formats import shared
from grader.formats.answers import MAX_BYTES
from grader.formats.archives import (
    AS_MADE,
    Files,
    check_entry,
    files_in,
    open_pack,
    path_of,
    plainly,
    read_entry,
)
from grader.places import ANSWERS, HAND_IN, NOTEBOOK

MAX_BUNDLE = 8 << 20  # bytes of one hand-in; an honest one has about 50 KiB
MAX_DOWNLOAD = 512 << 20  # bytes of many in one zip file, packed or not
MAX_ENTRIES = 10
MAX_DEPTH = 6  # folders below the one that was named
LIMITS = {  # bytes once unpacked
    HAND_IN: 4096,
    ANSWERS: MAX_BYTES,
    NOTEBOOK: 5 << 20,
    shared.NAME: shared.MAX_BYTES,
}
READ = (HAND_IN, ANSWERS, shared.NAME)
# Platforms put a name and numbers before each file, of which the last differs from part to
# part; browsers and platforms put a number behind it, where one of that name is there.
_STEMS = "|".join(Path(name).stem for name in LIMITS)
# File managers write a word there as well, in the language of the computer.
_COPY = r" ?\(\d+\)|[- ]\d+| (?:- )?(?i:kopie|copy|copie|copia)(?: ?\(\d+\)| \d+)?"
_PART = re.compile(
    rf"(?P<who>.*?)(_\d+_)?(?P<stem>{_STEMS})(?P<copy>{_COPY})?(?P<kind>\.[a-z]+)",
    re.DOTALL,
)

Parts = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a hand-in was found; ``parts`` reads its files, or raises what is the matter.

    ``likely`` is False of what only happens to lie there, such as a picture.
    """

    name: str
    parts: Callable[[], Parts]
    likely: bool = True


UNCLEAR = (
    "more than one file of answers lies beside it, so nobody can tell which is its own; "
    "unpack the hand-in again, into an empty folder"
)


def bundle_files(bundles: Iterable[Path]) -> Iterator[Source]:
    """Yield what is to be read; in a folder that is everything but hidden files and litter.

    A picture or a folder without a hand-in is yielded too, and so refused by name: nothing
    that somebody sent is passed over in silence.
    """
    for path in map(Path, bundles):
        if path.is_dir():
            yield from _in_folder(ForeignFolder(path), "", 0)
        else:
            yield from _in_file(ForeignFolder(path.parent), path.name, path.name)


# On the disk ----------------------------------------------------------------------------


def _in_folder(folder: ForeignFolder, prefix: str, depth: int) -> Iterator[Source]:
    own = prefix or f"{folder.path.resolve().name}/"
    try:
        names = [name for name in folder.list() if _is_shown(name)]
    except (OSError, RecordError) as error:
        yield _refused(own[:-1], error, likely=True)
        return
    unzipped = hand_ins_among(names)
    unclear = _answers_among(names) > len(unzipped)
    for parts in unzipped:
        if unclear:
            yield _refused(f"{own}{names[parts[HAND_IN]]}", SubmissionError(UNCLEAR), likely=True)
            continue
        where = {part: names[at] for part, at in parts.items()}
        yield Source(f"{own}{names[parts[HAND_IN]]}", partial(_parts_on_disk, folder, where))
    used = {at for parts in unzipped for at in parts.values()}
    for at, name in enumerate(names):
        if at not in used:
            yield from _in_place(folder, name, f"{prefix}{name}", depth)


def _is_shown(name: str) -> bool:
    return not name.startswith(".") and not is_litter(name)


def _in_place(folder: ForeignFolder, own: str, name: str, depth: int) -> Iterator[Source]:
    if not _is_folder(folder, own):
        yield from _in_file(folder, own, name)
    elif depth == MAX_DEPTH:
        message = "it lies too many folders deep; name that folder itself"
        yield _refused(name, SubmissionError(message))
    else:
        found = list(_in_folder(folder.inside(own), f"{name}/", depth + 1))
        if any(one.likely for one in found):
            yield from found
        else:
            yield _refused(name, SubmissionError(f"it is a folder without a hand-in; {AS_MADE}"))


def _is_folder(folder: ForeignFolder, own: str) -> bool:
    try:
        return stat.S_ISDIR(folder.kind(own))
    except (OSError, RecordError):  # gone meanwhile: said when it is opened
        return False


def _parts_on_disk(folder: ForeignFolder, where: dict[str, str]) -> Parts:
    found = {part: folder.read(where[part], LIMITS[part]) for part in READ if part in where}
    return {part: content for part, content in found.items() if content is not None}


def _in_file(folder: ForeignFolder, own: str, name: str) -> Iterator[Source]:
    is_zip = own.lower().endswith(".zip")
    try:
        size = _size_of(folder, own)
        pack = open_pack(partial(folder.open, own))
        with plainly():
            files = files_in(pack)
    except (SubmissionError, RecordError, OSError) as error:
        yield _refused(name, _in_context(own, error), likely=is_zip)
        return
    if _holds_many(files):
        yield from _inside(pack, files, name)
    elif size > MAX_BUNDLE:
        yield _refused(name, SubmissionError("it is larger than any bundle of this course"))
    else:
        yield Source(name, partial(_parts_of_bundle, pack, files), is_zip or _is_bundle(files))


def _size_of(folder: ForeignFolder, own: str) -> int:
    try:
        mode = folder.kind(own)
    except (FileNotFoundError, NotADirectoryError):
        raise SubmissionError("there is no such file") from None
    if stat.S_ISLNK(mode):
        raise SubmissionError("it is a link; name the file itself")
    if not stat.S_ISREG(mode):
        raise SubmissionError("it is no file; name the zip file, or the folder of zip files")
    with folder.open(own) as file:
        size = os.fstat(file.fileno()).st_size
    if size > MAX_DOWNLOAD:
        raise SubmissionError("it is larger than any bundle of this course")
    return size


def _in_context(name: str, error: Exception) -> Exception:
    """Say of a lone part of a hand-in what it is, instead of that it is no zip file."""
    if isinstance(error, SubmissionError) and (part := _part_of(name)):
        what = f"it is the {part[1]} of an unzipped hand-in"
        return SubmissionError(f"{what}, and no {HAND_IN} is with it; {AS_MADE}")
    return error


def _refused(name: str, error: Exception, *, likely: bool = False) -> Source:
    def parts() -> Parts:
        raise error

    return Source(name, parts, likely)


# In a zip file --------------------------------------------------------------------------


def hand_ins_among(paths: list[str]) -> list[dict[str, int]]:
    """Return the hand-ins that lie unzipped among files: of each part, which path it is."""
    homes: dict[tuple[str, ...], dict[str, int]] = {}
    for at, path in enumerate(paths):
        folder, _, name = path.rpartition("/")
        if part := _part_of(name):
            home, kind = part
            homes.setdefault((folder, *home), {}).setdefault(kind, at)
    return [parts for parts in homes.values() if HAND_IN in parts]


def _answers_among(names: list[str]) -> int:
    """Count the files of answers: more than hand-ins, and nobody can tell which belongs."""
    return sum(part is not None and part[1] == ANSWERS for part in map(_part_of, names))


def _part_of(name: str) -> tuple[tuple[str, str], str] | None:
    """Return whose part of a hand-in a file is, and which; None where it is none."""
    found = _PART.fullmatch(name)
    part = found["stem"] + found["kind"] if found else ""
    return ((found["who"], found["copy"] or ""), part) if found and part in LIMITS else None


def _is_bundle(files: Files) -> bool:
    return any(path == HAND_IN for path, _ in files)


def _holds_many(files: Files) -> bool:
    paths = [path for path, _ in files]
    return not _is_bundle(files) and (any(map(_is_zip, paths)) or bool(hand_ins_among(paths)))


def _is_zip(path: str) -> bool:
    return path.lower().endswith(".zip")


def _inside(pack: zipfile.ZipFile, files: Files, name: str) -> Iterator[Source]:
    if sum(entry.file_size for _, entry in files) > MAX_DOWNLOAD:
        message = f"it unpacks to more than {MAX_DOWNLOAD >> 20} MiB; collect its files in parts"
        yield _refused(name, SubmissionError(message))
        return
    unzipped = hand_ins_among([path for path, _ in files])
    for parts in unzipped:
        entries = {part: files[at][1] for part, at in parts.items()}
        yield Source(_name_in(name, entries[HAND_IN]), partial(_parts_of_entries, pack, entries))
    used = {at for parts in unzipped for at in parts.values()}
    for at, (_, entry) in enumerate(files):
        if at not in used:
            yield Source(_name_in(name, entry), partial(_parts_of_inner, pack, entry))


def _name_in(name: str, entry: zipfile.ZipInfo) -> str:
    return f"{name}/{path_of(entry)[:200]}"


def _parts_of_inner(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Parts:
    raw = read_entry(pack, entry, MAX_BUNDLE)
    try:
        inner = open_pack(raw)
    except SubmissionError as error:
        raise _in_context(path_of(entry).rpartition("/")[2], error) from error
    with inner:
        files = files_in(inner)
        if _holds_many(files):
            message = "it holds zip files, and is in a zip file itself; unpack the outer one first"
            raise SubmissionError(message)
        return _parts_of_bundle(inner, files)


def _parts_of_bundle(pack: zipfile.ZipFile, files: Files) -> Parts:
    """Read what the course packs, where the zip file holds nothing else."""
    named = dict(files)
    if HAND_IN in named and len(files) > MAX_ENTRIES:
        raise SubmissionError(f"it holds more than {MAX_ENTRIES} files; {AS_MADE}")
    for path in named:
        if path not in LIMITS:
            shown = ascii(path[:80])
            raise SubmissionError(
                f"it holds {shown}, which no bundle of this course has; {AS_MADE}"
            )
    if len(named) < len(files):
        raise SubmissionError(f"it holds two files of the same name; {AS_MADE}")
    return _parts_of_entries(pack, named)


def _parts_of_entries(pack: zipfile.ZipFile, named: dict[str, zipfile.ZipInfo]) -> Parts:
    for part, entry in named.items():
        check_entry(entry, LIMITS[part])
    return {part: read_entry(pack, named[part], LIMITS[part]) for part in READ if part in named}
