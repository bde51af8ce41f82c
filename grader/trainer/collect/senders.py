"""Tell apart two computers that send under one code, so that neither replaces the other.

A hand-in file bears a random mark of the trainee's own folder. The first mark of a code
counts; what comes under another one is kept in ``aside/`` until the trainer says whose it
is. Who sends through the exchange is known by their account, and bears no mark; where the
account has another name than the code, the account is the mark. What an account proved is
noted: from then on a file from a computer that neither the account nor the trainer vouches for
is kept aside as well, even one whose mark came first: nobody knows whose that was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import RecordError, SubmissionError
from grader.files.parsing import parse_json
from grader.files.privacy import kept_back, kept_back_words, protect
from grader.files.safe import locked, read_regular_file, write_safely
from grader.formats.trainee_code import is_trainee_code
from grader.places import SENDERS
from grader.trainer.collect.history import History

if TYPE_CHECKING:
    from grader.trainer.collect.bundles import HandIn

BOOK = SENDERS
FOLDER = "aside"
NO_MARK = "no-mark"  # of a course from before there were marks
BY_ACCOUNT = "account-"  # how the mark of who put a folder into the exchange begins
EARLIER = "earlier"  # where goes what bears no mark, or several
SHOWN = 6  # letters of a mark that a trainer sees
MAX_BYTES = 1 << 20
SAME, INSTEAD, OTHER, SHARED = "same", "instead", "other", "shared"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the trainer said of a mark, and what is needed to take it back.

    ``codes`` are the others that it is about. ``counts`` are the marks that counted before,
    and ``aside`` names by module the folder that something was moved to.
    """

    choice: str
    mark: str
    codes: tuple[str, ...] = ()
    when: str = ""
    counts: tuple[str, ...] = ()
    aside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Senders:
    """The marks of one code: those that count, and those that the trainer said do not.

    ``given`` names the code whose a mark is, where the trainer said so. ``decided`` are all
    decisions, the last one last. ``returned`` names by another code the modules that came back
    from it, as the trainer took back that they were its.
    """

    counts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    decided: tuple[Decision, ...] = ()
    returned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def without(self, mark: str) -> Senders:
        """Return them with nothing said of a mark."""
        others = tuple(one for one in self.others if one != mark)
        given = {one: code for one, code in self.given.items() if one != mark}
        return replace(self, others=others, given=given)


def read_senders(root: Path, trainee: str) -> Senders:
    """Return the marks under which a code was sent.

    Raises
    ------
    SubmissionError
        Where they cannot be read: then nobody can say whose a hand-in is.
    """
    try:
        raw = read_regular_file(root / "submitted" / trainee / BOOK, MAX_BYTES)
        data = parse_json(raw) if raw is not None else {"counts": [], "others": []}
        counts, others = ([str(mark) for mark in data[name]] for name in ("counts", "others"))
        given = {mark: str(code) for mark, code in data.get("given", {}).items()}
        decided = tuple(map(_decision, data.get("decided", [])))
        back = data.get("returned", {}).items()
        returned = {code: tuple(map(str, modules)) for code, modules in back}
    except (RecordError, ValueError, KeyError, TypeError, AttributeError):
        raise SubmissionError(_unread(root, trainee)) from None
    return Senders(tuple(counts), tuple(others), given, decided, returned)


def _decision(row: Mapping[str, Any]) -> Decision:
    choice, mark, when = (str(row[name]) for name in ("choice", "mark", "when"))
    codes, counts = (tuple(map(str, row[name])) for name in ("codes", "counts"))
    aside = {module: str(name) for module, name in row["aside"].items()}
    return Decision(choice, mark, codes, when, counts, aside)


def _unread(root: Path, trainee: str) -> str:
    if part := kept_back(root / "submitted" / trainee / BOOK):
        return kept_back_words(part)
    return f"submitted/{trainee}/{BOOK} cannot be read; remove it, and the next computer counts"


def own_account(trainee: str) -> str:
    """Return the mark of a trainee who handed in by an account of that name."""
    return f"{BY_ACCOUNT}{trainee}"


def all_senders(root: Path) -> dict[str, Senders]:
    """Return the marks of every code; what cannot be read is left out, and said elsewhere."""
    found = {}
    for path in sorted((root / "submitted").glob(f"*/{BOOK}")):
        with suppress(SubmissionError):
            found[path.parent.name] = read_senders(root, path.parent.name)
    return found


def short_mark(mark: str) -> str:
    """Return a mark as a trainer sees it."""
    if mark == NO_MARK or mark.startswith((EARLIER, BY_ACCOUNT)):
        return mark
    letters, sign, number = mark.partition("-")
    return letters[:SHOWN] + sign + number


def write_senders(root: Path, trainee: str, senders: Senders) -> None:
    """Keep the marks of a code."""
    path = root / "submitted" / trainee / BOOK
    data = {
        "counts": list(senders.counts),
        "others": list(senders.others),
        "given": dict(senders.given),
        "decided": [asdict(one) for one in senders.decided],
        "returned": dict(senders.returned),
    }
    write_safely(path, json.dumps(data).encode())
    protect(path)


def under_its_code(root: Path, hand_in: HandIn) -> HandIn:
    """Return a hand-in under the code that the trainer gave to its computer, if any."""
    if hand_in.device is None:
        return hand_in
    code = read_senders(root, hand_in.trainee).given.get(hand_in.device or NO_MARK)
    if code is None or not is_trainee_code(code):
        return hand_in
    theirs = replace(hand_in, trainee=code, under=hand_in.trainee)
    # Without a mark nobody knows the computer, but what was given is known again.
    return theirs if hand_in.device or _is_known(root, theirs) else hand_in


def given_words(code: str, given: str) -> str:
    """Return what a trainer is told of a hand-in that is kept under another code."""
    return f"It came under {code} from the computer of {given}, so it is kept as {given}'s."


def folder_for(root: Path, hand_in: HandIn) -> tuple[str, ...]:
    """Return the folder that a hand-in goes to, by names below ``root``: none where it counts."""
    if hand_in.device is None:
        return ()
    counts = read_senders(root, hand_in.trainee).counts
    mark = hand_in.device or NO_MARK
    if not counts or mark in counts or _is_kept(root, hand_in):
        return ()
    names = (mark, f"{mark}-*", EARLIER, f"{EARLIER}-*")
    kept = (path for name in names for path in sorted((root / FOLDER).glob(name)))
    return (FOLDER, next((path.name for path in kept if _is_known(path, hand_in)), mark))


def _is_kept(root: Path, hand_in: HandIn) -> bool:
    """Tell whether it is one of those that counted once, from the same computer."""
    found = History(root, hand_in.trainee, hand_in.module).find(hand_in, datetime.now(UTC))
    return found is not None and hand_in.device in ("", found.device)


def _is_known(root: Path, hand_in: HandIn) -> bool:
    history = History(root, hand_in.trainee, hand_in.module)
    return history.find(hand_in, datetime.now(UTC)) is not None


def reopen(root: Path, hand_in: HandIn) -> None:
    """Ask again whose something is, where a computer that was decided on sent more."""
    mark = hand_in.device or NO_MARK
    with locked(root / "submitted"):
        known = read_senders(root, hand_in.trainee)
        if mark in known.others:
            write_senders(root, hand_in.trainee, known.without(mark))


def is_first_mark(root: Path, hand_in: HandIn) -> bool:
    """Tell whether a hand-in bears the first mark that comes under its code."""
    return bool(hand_in.device) and not read_senders(root, hand_in.trainee).counts


def note_senders(root: Path, hand_ins: Sequence[HandIn]) -> None:
    """Keep the mark of hand-ins that count, where it is the first, and what an account proved."""
    trainee, mark = hand_ins[0].trainee, hand_ins[0].device
    proved = tuple(dict.fromkeys(one for each in hand_ins for one in each.proved))
    if not (mark or proved):
        return
    with locked(root / "submitted"):
        known = read_senders(root, trainee)
        first = (mark,) if mark and not known.counts else ()
        told = {*known.others, *known.given}  # as the trainer said
        vouched = tuple(one for one in proved if one not in told)
        counts = _vouched_for(root, trainee, (*known.counts, *first), vouched)
        if counts != known.counts:
            write_senders(root, trainee, replace(known, counts=counts))


def _vouched_for(
    root: Path, trainee: str, counts: tuple[str, ...], vouched: tuple[str, ...]
) -> tuple[str, ...]:
    """Return which marks count once an account vouched for some: no others that came before it.

    What came before the account stands before it, unless the account vouched for it as well.
    """
    own = own_account(trainee)
    if own not in vouched:
        return tuple(dict.fromkeys((*counts, *vouched)))
    at = counts.index(own) if own in counts else len(counts)
    unproved = [one for one in counts[:at] if one not in vouched]
    decided = _decided_of(root, trainee) if unproved else set()
    kept = (one for one in unproved if one in decided)
    return tuple(dict.fromkeys((*kept, own, *counts[at:], *vouched)))


def _decided_of(root: Path, trainee: str) -> set[str]:
    """Return the marks of which the trainer said that they are this trainee's."""
    books = all_senders(root)
    found: set[str] = set()
    for code, book in books.items():
        found.update(mark for mark, theirs in book.given.items() if theirs == trainee)
        for one in book.decided:
            if trainee in (code, *one.codes) and one.choice != OTHER:
                found.update((one.mark, *one.counts))
            elif code == trainee:
                found.update(one.counts)
    return found


def aside_words(root: Path, hand_in: HandIn) -> str:
    """Return what a trainer is told of a hand-in that is kept aside."""
    return f"{_whence(root, hand_in)} To say whose it is: alongside whose {hand_in.trainee}."


def _whence(root: Path, hand_in: HandIn) -> str:
    trainee, mark = hand_in.trainee, short_mark(hand_in.device or "")
    if mark.startswith(BY_ACCOUNT):
        return f"The account {mark.removeprefix(BY_ACCOUNT)} put it there, unlike those before."
    if own_account(trainee) in read_senders(root, trainee).counts:
        computer = f"computer ({mark})" if mark else "computer without a mark"
        return (
            f"It is a file from a {computer} that is not known for {trainee}, "
            "whose own account handed in before. "
            f"If both are one person, say it once: alongside whose {trainee} --same."
        )
    if not mark:
        return "It came without a mark, unlike the hand-ins before."
    return f"It came from another computer ({mark}) than the hand-ins before."
