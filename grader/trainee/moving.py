"""Bring a copy of everything back: to another computer, or into another browser.

Apart from `record`, which makes the copy. Answers that are here already are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

from grader import places
from grader.errors import HandInError, RecordError, SubmissionError
from grader.files import safe
from grader.files.parsing import parse_json
from grader.formats import answers
from grader.formats.archives import Files, files_in, open_pack, packed, read_entry
from grader.places import Home, Learner
from grader.trainee import inbox
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
CHECKED = ("feedback", "hand-in")  # folders of what others send or get: a copy proves nothing
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


class LeftOut(NamedTuple):
    """Names of what stays in a copy: ``foreign`` is no file of the course.

    ``again`` is one, and comes anew from who made it: hand-ins, and feedback that is here
    already or would not be taken as a file of feedback.
    """

    foreign: list[str]
    again: list[str]


def bring_back(learner: Learner, content: bytes) -> LeftOut:
    """Put the files of a copy into a folder that holds no answers yet.

    Returns
    -------
    LeftOut
        What of the copy was left out.

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
    checked = {name for name in files if PurePosixPath(name).parts[0] in CHECKED}
    try:
        for name in files.keys() - checked:
            if name != places.DEVICE_MARK or not home.device_mark.exists():
                safe.write_safely(home.folder / name, files[name])
    except OSError as error:
        raise RecordError(f"The copy could not be kept ({error.strerror})") from error
    taken = _keep_feedback(learner, {name: files[name] for name in checked})
    return LeftOut(others, sorted(checked - taken))


def _keep_feedback(learner: Learner, files: Mapping[str, bytes]) -> set[str]:
    """Take in pages of feedback by the rules for a file of it, none in the place of another.

    Returns
    -------
    set of str
        The names of the files that are kept.
    """
    taken = set()
    for name, page in files.items():
        path = PurePosixPath(name)
        beside = str(path.with_suffix(".json"))
        if path.suffix != ".html" or any(
            (learner.home.folder / one).exists() for one in (name, beside)
        ):
            continue
        numbers = [(places.FEEDBACK_NUMBERS, files[beside])] if beside in files else []
        with suppress(HandInError):
            inbox.keep_feedback(learner, packed([(places.FEEDBACK_PAGE, page), *numbers]))
            taken.update({name, beside} & files.keys())
    return taken


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
