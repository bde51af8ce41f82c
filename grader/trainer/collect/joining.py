"""Open what is kept of a trainee and module, and join it with what another computer sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Unpack

from grader.files.writable import require_writable
from grader.places import NOTEBOOK
from grader.trainer.collect.history import FOLDER as HISTORY
from grader.trainer.collect.history import History, Origin, digest_of
from grader.trainer.collect.newest import Row, in_use
from grader.trainer.collect.senders import FOLDER as ASIDE
from grader.trainer.collect.submitted import place, read_there, read_timestamp_text


def opened(root: Path, trainee: str, module: str, now: datetime) -> History:
    """Return the hand-ins so far, with what grading and others did to ``submitted/`` since."""
    history = History(root, trainee, module)
    history.mark(read_timestamp_text(root / "autograded" / trainee / module))
    there = read_there(root, trainee, module)
    if there is None:
        return history
    if not any(one.content == digest_of(there) for one in history.row):
        if there.answers is not None or there.problem:
            history.add(there, now, found=True)
    elif history.is_rebuilt:
        history.choose(next((one.number for one in history.row if one.when == there.when), 0), now)
    return history


def require_movable(root: Path, *trainees: str) -> None:
    """Refuse a decision about some codes where a folder of theirs may only be read.

    Raises
    ------
    GradingError
        Naming the folder: what was half moved would be neither here nor there.
    """
    require_writable(_folders_of(root, trainees), "nothing is moved, and nothing is decided")


def _folders_of(root: Path, trainees: tuple[str, ...]) -> Iterator[Path]:
    yield root
    for home in (root, root / ASIDE, *sorted((root / ASIDE).glob("*"))):
        yield home
        for name in ("submitted", HISTORY):
            yield home / name
            for folder in (home / name / trainee for trainee in trainees):
                yield folder
                yield from sorted(path for path in folder.glob("[!.]*") if path.is_dir())


def is_settled(root: Path, history: History) -> bool:
    """Tell whether what is in use is what lies in ``submitted/``, whole."""
    use = in_use(history.row)
    there = read_there(root, history.trainee, history.module)
    return (
        there is not None
        and use is not None
        and (digest_of(there), there.when) == (use.content, use.when)
    )


def join(source: History, target: History, **origin: Unpack[Origin]) -> bool:
    """Move all hand-ins of one history to another; tell whether one of them counts there now.

    ``origin`` as in `History.take`.

    Raises
    ------
    OSError
        Where they cannot be written; then all of them are where they were.
    """
    if not source.row:
        return False
    known = {one.number for one in target.row}
    move(source, target, source.row, **origin)
    use = in_use(target.row)
    return use is not None and use.number not in known


def move(source: History, target: History, row: Row, **origin: Unpack[Origin]) -> None:
    """Move some hand-ins of one history to another, and raise as `join`."""
    target.take(source, row, **origin)
    target.save()
    source.leave(row)


def settle(root: Path, history: History) -> None:
    """Put what counts in ``submitted/``, where something else of this module lies there."""
    use = in_use(history.row)
    if use and not is_settled(root, history):
        folder = root / "submitted" / history.trainee / history.module
        place(root, history.content(use), use.when, (folder / NOTEBOOK).read_bytes())
