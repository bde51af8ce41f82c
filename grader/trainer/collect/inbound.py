"""Read the folders that trainees handed in through nbgrader's exchange; trust none of them."""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import GradingError, RecordError, SubmissionError, sentence
from grader.files.foreign import ForeignFolder
from grader.files.parsing import parse_json
from grader.files.safe import read_regular_file
from grader.formats import exchange as shared_folder
from grader.formats import shared as sharing
from grader.formats.answers import MAX_BYTES, is_seed
from grader.formats.exchange_copies import name_parts
from grader.formats.hand_in import MAY_TEACH, check_sender, untyped
from grader.formats.times import is_guess, names_zone, parse_time, zone_letters
from grader.formats.trainee_code import is_trainee_code
from grader.places import ANSWERS, HAND_IN, NOTEBOOK, SECRET
from grader.trainer.collect.bundles import SHARED_PROBLEM, HandIn, check_shared
from grader.trainer.collect.owners import Owners, unproved_words
from grader.trainer.marking.no_answers import LACKS_ANSWERS, is_untouched


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in the exchange, named ``trainee+module+time+random``; ``stamp`` is that time.

    ``zoned`` says that it names its zone; ``guess`` is a sentence where the zone is guessed.
    ``device`` tells apart who put it there, and ``remark`` what is odd, as in `HandIn`. ``proof``
    is the mark of the trainee's own account, where that put it there.
    """

    place: ForeignFolder
    trainee: str
    module: str
    when: datetime
    stamp: str
    zoned: bool
    guess: str
    device: str | None = None
    proof: str = ""
    remark: str = ""


def inbound_folders(
    exchange: Path, course_id: str, owners: Owners
) -> tuple[list[list[Folder]], list[tuple[str, str]]]:
    """Return what was handed in, and what is none of it.

    Returns
    -------
    list of list of Folder
        One list for each trainee, module and sender, in the order in which they were handed in.
    list of tuple of str
        Name of each folder that cannot be taken, and the reason as a sentence.

    Raises
    ------
    GradingError
        Where the exchange has no such course.
    """
    entries = _entries(exchange, course_id)
    home = shared_folder.zone()
    owners = owners.knowing((entry.name.partition("+")[0], _uid(entry)) for entry in entries)
    found: dict[tuple[str, str, str | None], list[Folder]] = {}
    refused = []
    for entry in entries:
        try:
            folder = _of_its_owner(entry, _named_folder(entry, home), owners)
            sender = (folder.trainee, folder.module, folder.device)
            found.setdefault(sender, []).append(folder)
        except SubmissionError as error:
            refused.append((entry.name, sentence(f"It is not taken: {error}")))
    return [sorted(folders, key=lambda one: one.when) for folders in found.values()], refused


def weak_points(exchange: Path, course_id: str, owners: Owners) -> list[str]:
    """Say what makes an exchange prove less than it seems to: a sentence each."""
    names = {entry.name.partition("+")[0] for entry in _entries(exchange, course_id)}
    people = {one for one in names if is_trainee_code(one) and not owners.proves(one)}
    return [words for words in (unproved_words(people), _swapped_words(exchange)) if words]


def _swapped_words(exchange: Path) -> str:
    """Say that other accounts could put a folder of theirs in the course's place.

    nbgrader asks for a folder that everybody may write to, and does not ask for the sticky bit.
    """
    mode = exchange.stat().st_mode
    if os.name != "posix" or not mode & stat.S_IWOTH or mode & stat.S_ISVTX:
        return ""
    return (
        f"Every account of this computer may rename what lies in {exchange}, and put a folder "
        f"of its own there. Let its owner run: chmod +t {shlex.quote(str(exchange))}"
    )


def _entries(exchange: Path, course_id: str) -> list[os.DirEntry[str]]:
    inbound = Path(exchange) / course_id / "inbound"
    try:
        return sorted(os.scandir(inbound), key=lambda entry: entry.name)
    except OSError as error:
        message = f"{inbound} cannot be read ({error.strerror}); check the exchange folder"
        raise GradingError(message) from None


def _of_its_owner(entry: os.DirEntry[str], folder: Folder, owners: Owners) -> Folder:
    if why := owners.why_not(folder.trainee, _uid(entry)):
        raise SubmissionError(why)
    who = folder.trainee, _uid(entry)
    place = replace(folder.place, makers=owners.makers_in(_uid(entry)))
    proof = owners.proof_of(*who)
    return replace(folder, place=place, device=owners.mark_of(*who), proof=proof)


def _uid(entry: os.DirEntry[str]) -> int:
    return entry.stat(follow_symlinks=False).st_uid


def _named_folder(entry: os.DirEntry[str], home: str) -> Folder:
    if not entry.is_dir(follow_symlinks=False):
        raise SubmissionError("it is a link or a file, not a handed-in folder")
    typed, module, stamp = _name_parts(entry.name)
    trainee, remark = untyped(typed)
    try:
        # The folder is a little younger than its name: that tells zones apart.
        made = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
        when = parse_time(stamp, made, home)
    except (ValueError, OverflowError, OSError):
        raise SubmissionError("its name holds no time of handing in") from None
    guess = _guess_words(stamp, when) if is_guess(stamp, made, home) else ""
    zoned = names_zone(stamp, home)
    path = Path(entry.path)
    place = ForeignFolder(path.parent, (path.name,), _uid(entry))
    return Folder(place, trainee, module, when, stamp, zoned, guess, remark=remark)


def _guess_words(stamp: str, when: datetime) -> str:
    what = f"{zone_letters(stamp)} is the name of several time zones, or of none that is known."
    read = f"It was read as {when:%Y-%m-%d %H:%M} UTC, and may be some hours earlier or later."
    return f"{what} {read} Name your zone in nbgrader's setting Exchange.timezone."


def _name_parts(name: str) -> tuple[str, str, str]:
    parts = name_parts(name)
    if len(parts) < 3:
        raise SubmissionError("its name is not 'trainee+module+time'")
    return parts[0], parts[1], parts[2]


def read_folder(folder: Folder, root: Path, modules: Iterable[str]) -> HandIn:
    """Read one folder, for the course in ``root``.

    Raises
    ------
    SubmissionError
        Where its trainee or module cannot be.
    """
    check_sender(folder.trainee, folder.module, modules)
    answers, problem = None, ""
    try:
        answers = folder.place.read(ANSWERS, MAX_BYTES)
        released = root / "exercises" / folder.module / NOTEBOOK
        if answers is None and not is_untouched(folder.place, released):
            problem = LACKS_ANSWERS
    except RecordError as error:  # still placed, so that nobody is dropped
        problem = sentence(f"The answers could not be taken: {error}")
    shared, shared_problem = _read_shared(folder)
    return HandIn(
        source=folder.place.path.name,
        trainee=folder.trainee,
        module=folder.module,
        when=folder.when,
        answers=answers,
        secret=_secret_of(folder),
        problem=problem,
        shared=shared,
        shared_problem=shared_problem,
        stamp=folder.stamp,
        zoned=folder.zoned,
        guess=folder.guess,
        device=folder.device,
        proved=_proved(folder),
        remark=folder.remark,
        may_teach=_facts_of(folder).get(MAY_TEACH) is True,
    )


def _proved(folder: Folder) -> tuple[str, ...]:
    """Return the marks that the trainee's own account vouches for: itself, and its computer."""
    if not folder.proof:
        return ()
    device = _facts_of(folder).get("device")
    return (folder.proof, device) if is_seed(device) else (folder.proof,)


def _facts_of(folder: Folder) -> dict[str, Any]:
    """Return what the hand-in says of itself; nothing where that cannot be read."""
    with suppress(RecordError, ValueError):
        facts = parse_json(folder.place.read(HAND_IN, MAX_BYTES) or b"")
        return facts if isinstance(facts, dict) else {}
    return {}


def _read_shared(folder: Folder) -> tuple[bytes | None, str]:
    try:
        raw = folder.place.read(sharing.NAME, sharing.MAX_BYTES)
    except RecordError:
        return None, SHARED_PROBLEM
    return check_shared(raw, folder.module)


def _secret_of(folder: Folder) -> str:
    try:
        return _as_secret(folder.place.read(SECRET, 1024, alone=False))
    except RecordError:
        return ""


def read_secret(path: Path) -> str:
    """Return what only a trainee and the trainers know, for feedback; empty where it is odd."""
    try:
        return _as_secret(read_regular_file(path, 1024))
    except RecordError:
        return ""


def _as_secret(raw: bytes | None) -> str:
    secret = (raw or b"").decode("ascii", "replace").strip()
    return secret if re.fullmatch(r"[0-9A-Za-z_=-]{16,256}", secret) else ""
