"""Take in what other trainers send: a part to mark, or the marks of a part.

Each file is taken whole or refused in one sentence, and one bad file stops no other. What is
here already changes nothing. Apart from the command, so that tests and pages can take files in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from grader.desk.merging import TO_SEE_TO, Met, merge
from grader.desk.place import Desk
from grader.desk.sharing_out import keys_of, note_taken_in, sent_from
from grader.errors import AlongsideError, SubmissionError, in_words, one_line, sentence
from grader.files.privacy import write_private
from grader.formats.shares import (
    HAND_INS,
    MARKS,
    PART,
    Share,
    read_marks,
    read_share,
    signed_text,
)
from grader.formats.statement import PUBLIC_KEY, is_signed, read_public_key
from grader.places import ROSTER
from grader.trainer.collect.arrivals import COLLECTED, OLDER, Collected
from grader.trainer.collect.collect import collect
from grader.trainer.grading.grading import Listener, grade_modules
from grader.trainer.roster.roster import read_roster

NOT_SIGNED = "It is not signed, so nobody can tell whether it was changed."


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one file; ``refused`` says why nothing of it was taken."""

    name: str
    kind: str = ""
    said: str = ""
    refused: str = ""
    notes: tuple[str, ...] = ()
    collected: tuple[Collected, ...] = ()
    marks: tuple[Met, ...] = ()

    @property
    def needs_somebody(self) -> bool:
        """Tell whether a person has to see to something."""
        odd = any(one.outcome not in (COLLECTED, OLDER) for one in self.collected)
        return bool(self.refused) or odd or any(one.outcome in TO_SEE_TO for one in self.marks)


def take_in(desk: Desk, paths: Iterable[Path], told: Listener | None = None) -> list[TakenIn]:
    """Take in files that other trainers sent; ``told`` hears of grading."""
    return [_take_in(desk, path, told or Listener()) for path in paths]


def _take_in(desk: Desk, path: Path, told: Listener) -> TakenIn:
    try:
        share = read_share(path)
        notes = tuple(filter(None, [_check_signature(desk.root, share)]))
        take = _take_part if share.kind == PART else _take_marks
        return replace(take(desk, share, told), name=path.name, notes=notes)
    except (AlongsideError, OSError) as error:
        return TakenIn(path.name, refused=sentence(one_line(in_words(error))))


def _check_signature(root: Path, share: Share) -> str:
    """Refuse what another key signed, or was changed; say where nobody can tell."""
    if not (root / PUBLIC_KEY).is_file():
        return ""
    if not share.signature:
        return NOT_SIGNED
    key = read_public_key(root / PUBLIC_KEY)
    try:
        holds = is_signed(signed_text(share.head), share.signature, key)
    except ValueError:
        holds = False
    if not holds:
        what = "its signature does not fit, so it was changed or another course signed it"
        raise SubmissionError(f"{what}; ask for it again")
    return ""


# A part ---------------------------------------------------------------------------------


def _take_part(desk: Desk, share: Share, told: Listener) -> TakenIn:
    if share.mark in sent_from(desk.root):
        said = f"{share.said} was shared out from here, so all of it is here already"
        return TakenIn("", share.kind, sentence(said[:1].upper() + said[1:]))
    _require_same_keys(desk, share, share.keys)
    given = read_marks(share.files.get(MARKS, b""))
    collected = _collect(desk.root, share)
    _add_to_roster(desk.root, share)
    note_taken_in(desk.root, share)
    grade_modules(desk.root, sorted(share.keys), desk.db_url, told)
    desk.get_ready()
    marks = merge(desk, given)
    people = len(share.trainees)
    said = f"{share.said}: {people} {'person' if people == 1 else 'people'} to mark on the desk"
    said = sentence(said[:1].upper() + said[1:])
    return TakenIn("", share.kind, said, collected=collected, marks=tuple(marks))


def _require_same_keys(desk: Desk, share: Share, modules: Iterable[str]) -> None:
    """Refuse what belongs to other questions than those that are here."""
    unknown = [module for module in modules if module not in desk.modules]
    if unknown:
        what = f"it holds {', '.join(unknown)}, which is no module here, so it is of another course"
        raise SubmissionError(f"{what}; take it in where that course is")
    here = keys_of(desk, modules)
    if other := [module for module in modules if here[module] != share.keys[module]]:
        what = f"its key of {', '.join(other)} is another version than the one here"
        raise SubmissionError(f"{what}; use the same solutions/ on both computers")


def _collect(root: Path, share: Share) -> tuple[Collected, ...]:
    names = [name for name in share.files if name.startswith(HAND_INS)]
    with tempfile.TemporaryDirectory(dir=root, prefix=".taking-in-") as work:
        for number, name in enumerate(sorted(names), 1):
            write_private(Path(work) / f"{number}.zip", share.files[name])
        return tuple(collect(root, [Path(work)]))


def _add_to_roster(root: Path, share: Share) -> None:
    """Add the codes of a part to a roster of codes alone; any other roster stays as it is."""
    path, codes = root / ROSTER, set(share.trainees)
    known = read_roster(root)
    if codes <= known:
        return
    if known and (not path.is_file() or not _is_codes_alone(path)):
        return
    lines = ("id", *sorted(codes | known))
    write_private(path, "".join(f"{line}\n" for line in lines).encode())


def _is_codes_alone(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8").split("\n")
    return lines[0].strip() == "id" and not any("," in line or ";" in line for line in lines)


# Marks ----------------------------------------------------------------------------------


def _take_marks(desk: Desk, share: Share, _told: Listener) -> TakenIn:
    if share.mark not in sent_from(desk.root):
        what = "nothing with this mark was shared out from here, so it is of another course"
        raise SubmissionError(f"{what}; take it in where the parts were made")
    given = read_marks(share.files.get(MARKS, b""))
    strange = {one.module for one in given} - set(share.keys)
    if strange or {one.trainee for one in given} - set(share.trainees):
        raise SubmissionError("it holds marks of others than its part has; ask for it again")
    _require_same_keys(desk, share, share.keys)
    marks = merge(desk, given)
    said = f"Marks of {share.said}."
    return TakenIn("", share.kind, said, marks=tuple(marks))
