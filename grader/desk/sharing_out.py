"""Share a cohort out to several trainers, and give back the marks of a part.

People are dealt to parts of about equal reading. A part holds hand-ins, codes and the marks
so far; nothing that people shared besides, no names, and no mark of their computers.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.desk.given import to_pass_on
from grader.desk.place import Desk
from grader.errors import (
    AlongsideError,
    GradingError,
    RecordError,
    SubmissionError,
    in_words,
    sentence,
)
from grader.files.parsing import UnsafeTextError, read_json
from grader.files.privacy import private_folder, write_private
from grader.files.safe import locked, read_regular_file
from grader.formats.answers import Record
from grader.formats.archives import packed
from grader.formats.hand_in import write_facts
from grader.formats.shares import (
    GIVEN,
    HAND_INS,
    MARKS,
    MAX_HEAD,
    PART,
    Given,
    Share,
    read_head,
    write_head,
    write_marks,
    write_share,
)
from grader.formats.trainee_code import is_trainee_code
from grader.places import ANSWERS, HAND_IN, ITEMS, ROSTER, SHARES
from grader.trainer.collect.history import History
from grader.trainer.collect.newest import in_use
from grader.trainer.collect.submitted import read_timestamp
from grader.trainer.feedback.signing import PRIVATE_KEY, signer_of
from grader.trainer.gradebook.gradebook import read_from, read_gradebook
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Sheet, read_answers, read_sent
from grader.trainer.roster.trainees import is_handed_in, who_handed_in

SENT = "sent.json"  # the marks of all that was shared out from a folder
CAME = "came"  # the folder of heads of all parts that were taken in
MAX_SENT = 1 << 20
EACH_REPLY = 15  # words; opening a reply takes as long as to read so many


@dataclass(frozen=True, slots=True)
class Part:
    """One part that was written: its file, how many people, hand-ins and words to read."""

    path: Path
    trainees: int
    hand_ins: int
    words: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The marks of one part as they were written: their file, how many people and marks."""

    path: Path
    trainees: int
    marks: int


@dataclass(frozen=True, slots=True)
class SharedOut:
    """All parts, and a sentence for each hand-in that is in none."""

    parts: tuple[Part, ...]
    left_out: tuple[str, ...] = ()


@dataclass
class _Person:
    """One person's hand-ins as files by module, and how many words wait to be read."""

    code: str
    hand_ins: dict[str, bytes] = field(default_factory=dict)
    words: int = 0


def share_out(desk: Desk, count: int) -> SharedOut:
    """Write a cohort as ``count`` parts of about equal reading into ``shares/``.

    Raises
    ------
    GradingError
        Where fewer people than parts have handed in, or a key cannot be read.
    """
    left_out: list[str] = []
    people = list(_people(desk, left_out))
    if len(people) < count:
        have = "nobody has" if not people else f"{len(people)} have" if people[1:] else "1 has"
        what = f"{have} handed in what can be read, so there are no {count} parts"
        raise GradingError(f"{what}; collect hand-ins first, or ask for fewer parts")
    mark, sign = secrets.token_hex(6), _sign(desk.root)
    _note_sent(desk.root, mark)
    dealt = deal({one.code: one.words for one in people}, count)
    by_code = {one.code: one for one in people}
    parts = []
    for number, codes in enumerate(dealt, 1):
        own = [by_code[code] for code in codes]
        keys = keys_of(desk, {module for one in own for module in one.hand_ins})
        share = Share(PART, mark, number, count, keys, tuple(codes))
        share = replace(share, files=_files(desk, share, own))
        path = private_folder(desk.root, SHARES) / f"{share.name}.zip"
        write_private(path, write_share(share, sign))
        hand_ins = sum(len(one.hand_ins) for one in own)
        parts.append(Part(path, len(own), hand_ins, sum(one.words for one in own)))
    return SharedOut(tuple(parts), tuple(left_out))


def deal(words: Mapping[str, int], count: int) -> list[list[str]]:
    """Deal people to parts: the longest first, each to the part with the least to read.

    The same people are always dealt alike; of two with as much, a digest of the code decides.
    """
    order = sorted(words, key=lambda code: (-words[code], hashlib.sha256(code.encode()).digest()))
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [(0, 0)] * count  # words, and people
    for code in order:
        least = min(range(count), key=loads.__getitem__)
        parts[least].append(code)
        loads[least] = (loads[least][0] + words[code], loads[least][1] + 1)
    return [sorted(codes) for codes in parts]


def give_back(desk: Desk) -> list[Returned]:
    """Write the marks of each part that was taken in here, for whoever shared it out.

    Raises
    ------
    GradingError
        Where no part was taken in, or there is no gradebook yet.
    """
    parts, sign = taken_in(desk.root), _sign(desk.root)
    if not parts:
        what = "no part was taken in here, so there are no marks to give back"
        raise GradingError(f"{what}; run 'alongside take-in' with the file that you got")
    written = []
    for came in parts:
        given = passed_on(desk, came.keys, came.trainees)
        if given is None:
            raise GradingError("there is no gradebook yet; run 'alongside grade --all' first")
        share = replace(came, kind=GIVEN, keys=keys_of(desk, came.keys))
        share = replace(share, files={MARKS: write_marks(given)})
        path = private_folder(desk.root, SHARES) / f"{share.name}.zip"
        write_private(path, write_share(share, sign))
        marks = sum(not one.waits and not one.is_empty for one in given)
        written.append(Returned(path, len(came.trainees), marks))
    return written


def passed_on(desk: Desk, modules: Iterable[str], codes: Iterable[str]) -> list[Given] | None:
    """Return what was given to some people; None where there is no gradebook yet."""
    return read_from(desk.db_url, lambda session: to_pass_on(session, modules, codes))


def keys_of(desk: Desk, modules: Iterable[str]) -> dict[str, str]:
    """Return by module a name for its key: the questions as they stand, and their points.

    Raises
    ------
    GradingError
        Where a key cannot be read.
    """
    return {module: _key(desk, module) for module in sorted(modules)}


def _key(desk: Desk, module: str) -> str:
    items = (desk.root / "solutions" / module / ITEMS).read_bytes().replace(b"\r\n", b"\n")
    places = [(place.grade_id, place.item.points) for place in desk.sheet(module).places]
    return hashlib.sha256(items + json.dumps(places).encode()).hexdigest()


# What lies here -------------------------------------------------------------------------


def _people(desk: Desk, left_out: list[str]) -> Iterable[_Person]:
    sheets = {module: desk.sheet(module) for module in desk.modules}
    entries = {module: read_gradebook(desk.db_url, module) for module in sheets}
    for code in who_handed_in(desk.root, *sheets):
        person = _Person(code)
        for module, sheet in sheets.items():
            if is_handed_in(desk.root / "submitted" / code / module):
                _put(desk, person, sheet, entries[module].get(code), left_out)
        if person.hand_ins:
            yield person


def _put(
    desk: Desk, person: _Person, sheet: Sheet, entry: Entry | None, left_out: list[str]
) -> None:
    """Put one hand-in to a person's, or say why it is in no part."""
    code, module = person.code, sheet.module
    folder = desk.root / "submitted" / code / module
    try:
        if not is_trainee_code(code):
            raise SubmissionError("the name of its folder can be nobody's code")
        had_answers = bool(entry and entry.had_answers)
        record, problem = read_answers(sheet, folder, had_answers=had_answers)
        answers = read_sent(folder, had_answers=had_answers).answers
        if problem:
            raise SubmissionError(problem)
        if answers is None:
            return  # an exercise that came back untouched holds nothing to read
        person.hand_ins[module] = _bundle(desk.root, code, module, answers)
        person.words += words_to_read(sheet, record, entry)
    except (AlongsideError, OSError) as error:
        left_out.append(sentence(f"{code} {module} is in no part: {in_words(error)}"))


def words_to_read(sheet: Sheet, record: Record, entry: Entry | None) -> int:
    """Return how many typed words of a hand-in wait for a person, with some for each reply."""
    words = 0
    for place in sheet.places:
        mark = entry.marks.get(place.grade_id) if entry else None
        response = record.response(place.item.id, place.item.kind)
        if response is None or (mark and not mark.waits):
            continue
        typed = list(_typed(place.item.kind, response))
        words += sum(len(text.split()) + EACH_REPLY for text in typed)
    return words


def _typed(kind: str, response: Any) -> Iterable[str]:
    if kind == "reply" and isinstance(response, str):
        yield response
    if kind == "conversation" and isinstance(response, list):
        steps = (step.get("text") for step in response if isinstance(step, dict))
        yield from (text for text in steps if isinstance(text, str))


def _bundle(root: Path, code: str, module: str, answers: bytes) -> bytes:
    kept = in_use(History(root, code, module).row)
    when = kept.when if kept else read_timestamp(root / "submitted" / code / module)
    if when is None:
        raise SubmissionError("nobody knows when it was handed in")
    # Without the mark of the computer: whose it is was settled here.
    return packed([(HAND_IN, write_facts(code, module, when, "")), (ANSWERS, answers)])


def _files(desk: Desk, share: Share, people: Sequence[_Person]) -> dict[str, bytes]:
    given = passed_on(desk, share.keys, share.trainees) or []
    files = {
        ROSTER: "".join(f"{line}\n" for line in ("id", *share.trainees)).encode(),
        MARKS: write_marks(given),
    }
    for one in people:
        bundles = ((f"{module}.zip", content) for module, content in one.hand_ins.items())
        files[f"{HAND_INS}{one.code}.zip"] = packed(bundles)
    return files


def _sign(root: Path) -> Any:
    """Return what signs a text; None where this folder has no private key."""
    signer = signer_of(root) if (root / PRIVATE_KEY).is_file() else None
    return signer.sign if signer else None


# What went and came ---------------------------------------------------------------------


def _note_sent(root: Path, mark: str) -> None:
    """Remember what was shared out, before it is: so that its marks are known when they come."""
    path = private_folder(root, SHARES) / SENT
    with locked(path):
        known = sorted({*sent_from(root), mark})
        write_private(path, json.dumps({"format": 1, "sent": known}).encode())


def sent_from(root: Path) -> set[str]:
    """Return the marks of all that was shared out from a folder.

    Raises
    ------
    GradingError
        Where they cannot be read.
    """
    path = root / SHARES / SENT
    try:
        return set(map(str, read_json(path, MAX_SENT)["sent"]))
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError, UnsafeTextError) as error:
        what = f"{SHARES}/{SENT} cannot be read, so nobody knows what was shared out"
        raise GradingError(f"{what}; put your copy of it back, or rename it") from error


def note_taken_in(root: Path, share: Share) -> None:
    """Remember a part that was taken in: so that its marks can be given back."""
    folder = private_folder(root, SHARES, CAME)
    write_private(folder / f"{share.name}.json", write_head(share, {}))


def taken_in(root: Path) -> list[Share]:
    """Return the parts that were taken in here.

    Raises
    ------
    GradingError
        Where one is noted and can no longer be read.
    """
    return [_noted(path) for path in sorted((root / SHARES / CAME).glob(f"{PART}-*.json"))]


def _noted(path: Path) -> Share:
    try:
        return read_head(read_regular_file(path, MAX_HEAD) or b"")[0]
    except (RecordError, SubmissionError) as error:
        what = f"{SHARES}/{CAME}/{path.name} cannot be read"
        raise GradingError(f"{what}; remove it, and take the part in again") from error
