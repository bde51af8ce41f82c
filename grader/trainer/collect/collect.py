"""Take in what trainees handed in, from bundles and from nbgrader's exchange.

Nothing in a hand-in is trusted: only its answers are kept, as bytes and of limited
size. The notebook put beside them is the released one. One bad hand-in stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import GradingError, RecordError, SubmissionError, in_words, sentence
from grader.files.privacy import private_folder
from grader.files.safe import locked
from grader.files.writable import what_to_open, why_shut
from grader.formats.exchange import asks_for_owners
from grader.formats.hand_in import CodeError, ModuleError, check_sender
from grader.places import NOTEBOOK
from grader.trainer.collect.arrivals import (
    ASIDE,
    COLLECTED,
    DAMAGED,
    KEPT,
    OLDER,
    REFUSED,
    Arrival,
    Collected,
    same_again,
    told,
    told_aside,
    told_of_first_mark,
    with_unread,
)
from grader.trainer.collect.bundles import HandIn, read_bundle
from grader.trainer.collect.contents import usable
from grader.trainer.collect.downloads import Source, bundle_files
from grader.trainer.collect.history import History
from grader.trainer.collect.inbound import Folder, inbound_folders, read_folder
from grader.trainer.collect.joining import is_settled, opened
from grader.trainer.collect.mending import with_answers
from grader.trainer.collect.newest import Kept, Row, in_use, used
from grader.trainer.collect.owners import Owners, owners_of
from grader.trainer.collect.senders import (
    aside_words,
    folder_for,
    given_words,
    is_first_mark,
    note_senders,
    reopen,
    under_its_code,
)
from grader.trainer.collect.submitted import place, put_back
from grader.trainer.release import is_known, modules_of

__all__ = ["ASIDE", "COLLECTED", "DAMAGED", "KEPT", "OLDER", "REFUSED", "Collected", "collect"]

COURSE_ID = "alongside"
Progress = Callable[[list[Any]], Iterable[Any]]
Tell = Callable[[Arrival, Row, Kept | None, datetime], Collected]


def collect(
    root: Path,
    bundles: Iterable[Path] = (),
    exchange: Path | None = None,
    *,
    course_id: str = COURSE_ID,
    progress: Progress = iter,
) -> list[Collected]:
    """Collect hand-ins into ``submitted/``; the latest of a trainee and module stays.

    Parameters
    ----------
    root : Path
        The course folder.
    bundles : iterable of Path
        Bundle files, or folders and zip files that hold some.
    exchange : Path, optional
        The folder of nbgrader's exchange.
    course_id : str
        The course's name in the exchange.
    progress : callable
        Wraps the list of hand-ins while they are read, such as ``tqdm``.

    Returns
    -------
    list of Collected
        One for each hand-in.

    Raises
    ------
    GradingError
        Where the exchange has no such course, or nothing is released.
    """
    put_back(root)
    released, now = _released_notebooks(root), _now()
    found: list[Source | list[Folder]] = []
    outcomes: list[Collected] = []
    if exchange is not None:  # first: what accounts prove tells which files are strange
        owners = owners_of(root, asks=asks_for_owners())
        found += _folders(exchange, course_id, owners, outcomes)
    found += bundle_files(bundles)
    for source in progress(found):
        outcomes += _take_in(root, source, released, now)
    return outcomes


def collect_some(
    root: Path,
    exchange: Path,
    course_id: str,
    wanted: Callable[[str, str], bool],
    owners: Owners,
) -> list[Collected]:
    """Collect those folders of an exchange that ``wanted(trainee, module)`` allows.

    ``owners`` says how the accounts that put them there are asked for.

    Raises
    ------
    GradingError
        As `collect`.
    """
    put_back(root)
    released, now = _released_notebooks(root), _now()
    outcomes: list[Collected] = []
    for folders in _folders(exchange, course_id, owners, outcomes):
        if wanted(folders[0].trainee, folders[0].module):
            outcomes += _take_in(root, folders, released, now)
    return outcomes


def use_earlier(
    root: Path,
    trainee: str,
    module: str,
    number: int,
    say: Callable[[str], None] = lambda _: None,
) -> Kept:
    """Put a kept hand-in in the place of the one in use; only later hand-ins come after it.

    ``say`` hears of what else lay there and is kept.

    Raises
    ------
    GradingError
        Where there is none of this number, or it cannot be used.
    """
    put_back(root)
    notebooks = _released_notebooks(root)
    try:
        check_sender(trainee, module, notebooks)
        private_folder(root, "submitted", trainee)
        with locked(root / "submitted"):
            history = opened(root, trainee, module, _now())
            wanted = history.numbered(number)
            sent = history.content(wanted)
            history.save()
            history.choose(number, _now())
            with history.unless_it_fails():
                kept = place(root, sent, wanted.when, notebooks[module])
    except (SubmissionError, RecordError) as error:
        raise GradingError(_lacks_key(root, error) or str(error)) from error
    except OSError as error:
        raise GradingError(what_to_open(root, error)) from error
    if kept:
        say(kept)
    return wanted


def _released_notebooks(root: Path) -> dict[str, bytes]:
    modules = modules_of(root)
    try:
        return {name: (root / "exercises" / name / NOTEBOOK).read_bytes() for name in modules}
    except OSError as error:
        message = (
            f"exercises/{Path(error.filename).parent.name} is not released; run 'alongside release'"
        )
        raise GradingError(message) from None


def _folders(
    exchange: Path, course_id: str, owners: Owners, outcomes: list[Collected]
) -> list[list[Folder]]:
    folders, refused = inbound_folders(exchange, course_id, owners)
    outcomes += [Collected(name, REFUSED, reason=reason) for name, reason in refused]
    return folders


def _take_in(
    root: Path, source: Source | list[Folder], released: dict[str, bytes], now: datetime
) -> list[Collected]:
    """Take in a bundle, or all that one trainee handed in to the exchange for a module."""
    try:
        if isinstance(source, list):
            hand_ins = [read_folder(folder, root, released) for folder in source]
        else:
            hand_ins = [read_bundle(source, released)]
        came = [under_its_code(root, one) for one in hand_ins]
        done = _take_under_code(root, came, released, now)
        return [_given(*pair) for pair in zip(hand_ins, done, strict=True)]
    except (SubmissionError, RecordError, OSError) as error:
        shown = what_to_open(root, error) if isinstance(error, OSError) else in_words(error)
        reason = sentence(_lacks_key(root, error) or shown)
        code = error.code if isinstance(error, CodeError) else ""
        shut = why_shut(root, error) if isinstance(error, OSError) else ""
        refused = Collected("", REFUSED, reason=reason, typed=code, shut=shut)
        return [replace(refused, source=name) for name in _names_of(source)]


def _lacks_key(root: Path, error: Exception) -> str:
    """Say of a module that trainees have, and that is none here, what is missing."""
    module = error.module if isinstance(error, ModuleError) else ""
    if is_known(root, module):
        return f"solutions/{module}/{NOTEBOOK} is missing; put it back, then collect this again"
    return ""


def _names_of(source: Source | list[Folder]) -> list[str]:
    return [one.place.path.name for one in source] if isinstance(source, list) else [source.name]


def _take_under_code(
    root: Path, hand_ins: list[HandIn], released: dict[str, bytes], now: datetime
) -> list[Collected]:
    first = hand_ins[0]
    notebook = released[first.module]
    aside = folder_for(root, first)
    if not aside:
        tell = told_of_first_mark if is_first_mark(root, first) else told
        done = _keep(root, hand_ins, notebook, now, tell)
        note_senders(root, hand_ins)
        return done
    done = _keep(private_folder(root, *aside), hand_ins, notebook, now, told_aside)
    if all(one.outcome != ASIDE for one in done):
        return done
    reopen(root, first)
    words = aside_words(root, first)
    return [replace(one, reason=f"{words} {one.reason}".rstrip()) for one in done]


def _given(sent: HandIn, done: Collected) -> Collected:
    """Say of what came under a code that its computer does not have as whose it is kept."""
    if done.outcome == OLDER or done.trainee == sent.trainee:
        return done
    return replace(done, reason=f"{given_words(sent.trainee, done.trainee)} {done.reason}".rstrip())


# Keeping --------------------------------------------------------------------------------


def _keep(
    root: Path, hand_ins: list[HandIn], notebook: bytes, now: datetime, tell: Tell = told
) -> list[Collected]:
    """Keep hand-ins of one trainee and module, and see that the newest is in use."""
    trainee, module = hand_ins[0].trainee, hand_ins[0].module
    history = History(root, trainee, module)
    if all(history.find(one, now) for one in hand_ins) and is_settled(root, history):
        return [same_again(one) for one in hand_ins]
    private_folder(root, "submitted", trainee)
    with locked(root / "submitted"):
        history = opened(root, trainee, module, now)
        before = in_use(history.row)
        came = [_arrival(history, one, now) for one in hand_ins]
        with history.unless_it_fails():
            settled, kept = is_settled(root, history), ""
            if not settled:
                kept = _put_in_use(root, history, came, notebook)
    done = [
        _with_unread(root, history, one, tell(one, history.row, before, now))
        if one.is_new or not settled
        else same_again(one.hand_in)
        for one in came
    ]
    return [replace(done[0], reason=f"{done[0].reason} {kept}".strip()), *done[1:]]


def _with_unread(root: Path, history: History, came: Arrival, done: Collected) -> Collected:
    """Say which answers cannot be read, and which hand-in before has them."""
    if not came.is_new or came.kept.damage or done.outcome not in (COLLECTED, KEPT, ASIDE):
        return done
    unread = [name for name, good in usable(root, came.hand_in).items() if not good]
    if not unread:
        return done
    has_them = (
        None if done.outcome == ASIDE else with_answers(root, history, came.kept.number, unread)
    )
    return replace(done, reason=with_unread(came, unread, has_them, done.reason))


def _arrival(history: History, hand_in: HandIn, now: datetime) -> Arrival:
    known = history.find(hand_in, now)
    return Arrival(hand_in, known or history.add(hand_in, now), is_new=known is None)


def _put_in_use(root: Path, history: History, came: list[Arrival], notebook: bytes) -> str:
    """Return a sentence about what else lay there, as `place` does."""
    use = used(history.row)
    fresh = [one.hand_in for one in came if one.kept.number == use.number]
    return place(root, fresh[0] if fresh else history.content(use), use.when, notebook)


def _now() -> datetime:
    return datetime.now(UTC)
