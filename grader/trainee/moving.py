"""Bring a copy of everything back: to another computer, or into another browser.

Apart from `record`, which makes the copy. Answers that are here already are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from grader import places
from grader.errors import RecordError, SubmissionError
from grader.files import safe
from grader.files.parsing import parse_json
from grader.formats import answers
from grader.formats.archives import Files, files_in, open_pack, read_entry
from grader.places import Home, Learner
from grader.trainee.record import RAW

MAX_FILE = 4 << 20  # bytes; the largest is a page of feedback
MAX_FILES = 1000
MAX_ALL = 64 << 20
ZIP = b"PK\x03\x04"  # what a pack begins with, also one whose end is missing
RELEASED = (places.NOTEBOOK, places.PUBLIC_ITEMS)  # of the course: they come with it
NOT_ONE = "This is not a copy of everything. Choose the file that begins with alongside-my-record"
CUT = (
    "This is not a copy of everything: the file is cut off or damaged. Nothing was changed. "
    "Bring the file here once more from where you made it, and open it again"
)
UNREAD = (
    "A part of this copy cannot be read: {}. Nothing was changed. "
    "Make a copy once more where your answers are, and open that one"
)
OTHER = (
    "A part of this copy is of another course: {}. Nothing was changed. "
    "Open the copy in the course that made it"
)
NEWER = (
    "A part of this copy was made by a newer course: {}. Nothing was changed. "
    "Get the newest version of the course here, and open the copy again"
)
HERE = (
    "There are answers here already, and they stay. To use the copy instead, make a copy of "
    "what is here, and delete everything. Then open the other copy again"
)
# All that a home may hold of the trainee's. A copy comes from anybody: a page or a program that
# somebody put into it would lie beside what the course itself has there.
_MODULE = "[a-z0-9-]{1,43}"
_RECORDS = "|".join(
    (
        *map(re.escape, (places.TRAINEE, places.HANDED_IN, places.SETTINGS)),
        f"practice/{_MODULE}[.]json",
        f"journal/(?:{places.AGAIN}/)?{_MODULE}[.]json",
        f"jotted/(?:practice|exercise)-{_MODULE}[.]json",
        f"exercises/{_MODULE}/{re.escape(places.ANSWERS)}",
    )
)
_KNOWN = re.compile(
    "|".join(
        (
            rf"(?:{_RECORDS})(?:[.]damaged-[0-9]{{1,3}})?",
            *map(re.escape, (places.ORDER_SEED, places.DEVICE_MARK)),
            f"feedback/{_MODULE}[.](?:html|json)",
            "hand-in/[A-Za-z0-9][A-Za-z0-9._-]{0,159}[.]zip",
        )
    )
)


def bring_back(learner: Learner, content: bytes) -> list[str]:
    """Put the files of a copy into a folder that holds no answers yet.

    Returns
    -------
    list of str
        What else is in the copy: it is no file that the course keeps, and was left out.

    Raises
    ------
    RecordError
        Where it is no such copy, or there are answers already; then nothing is changed.
    """
    home = learner.home
    try:
        files, others = _read(content)
    except SubmissionError as error:
        raise RecordError(CUT if content.startswith(ZIP) else NOT_ONE) from error
    if not files:
        raise RecordError(NOT_ONE)
    _check_records(files)
    if any(_answered(home)):
        raise RecordError(HERE)
    try:
        for name, one in files.items():
            safe.write_safely(home.folder / name, one)
    except OSError as error:
        raise RecordError(f"The copy could not be kept ({error.strerror})") from error
    return others


def _read(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the known files of a copy by name, and the names of all others in its folder."""
    with open_pack(content) as pack:
        entries = files_in(pack, MAX_FILES)
        if sum(entry.file_size for _, entry in entries) > MAX_ALL:
            raise RecordError(NOT_ONE)
        kept = _kept_in(entries)
        known = {name: entry for name, entry in kept.items() if _KNOWN.fullmatch(name)}
        others = [name for name in kept if name not in known and not _is_released(name)]
        return _contents(pack, known.items()), others


def _kept_in(entries: Files) -> dict[str, ZipInfo]:
    """Return what a copy has in the folder of files as the course keeps them."""
    found = ((path.partition("/"), entry) for path, entry in entries)
    return {name: entry for (top, _, name), entry in found if top == RAW and name}


def _contents(pack: ZipFile, known: Iterable[tuple[str, ZipInfo]]) -> dict[str, bytes]:
    return {name: read_entry(pack, entry, MAX_FILE) for name, entry in known}


def _is_released(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name in RELEASED and len(path.parts) == 3 and path.parts[0] == "exercises"


def _check_records(files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.suffix == ".json" and path.parts[0] in {"practice", "journal", "exercises"}:
            module = path.parent.name if path.parts[0] == "exercises" else path.stem
            if path.name != places.PLAN:
                _check_record(content, name, module)


def _check_record(content: bytes, name: str, module: str) -> None:
    try:
        answers.parse_record(content, name, module)
    except RecordError as error:
        raise RecordError(_why(content, module).format(name)) from error


def _why(content: bytes, module: str) -> str:
    """Return what is said of a record that cannot be used here."""
    try:
        said = parse_json(content)
        version = said["format"]
    except (ValueError, TypeError, KeyError):
        return UNREAD
    if isinstance(version, int) and version > answers.FORMAT:
        return NEWER
    return UNREAD if said.get("module") == module else OTHER


def _answered(home: Home) -> Iterator[bool]:
    for name in ("practice/*.json", "journal/*.json", f"exercises/*/{places.ANSWERS}"):
        yield any(home.folder.glob(name))
