"""Remember what was graded, and from what, so that only what changed is graded again.

Nothing is taken on trust: a trainee counts as done only where what was handed in, the
module with its key, the marks in the gradebook, and the graded notebook are all as they were.

Apart from `grading`, which decides: this only compares with last time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from grader.errors import AlongsideError
from grader.files.parsing import read_json
from grader.files.privacy import private_folder, write_private
from grader.formats.times import timestamp_of
from grader.places import ITEMS, NOTEBOOK, PACKAGE
from grader.trainer.marking.marking import MarkSummary, read_handed_in
from grader.trainer.marking.marks import CellMark, Entry, stays_noted
from grader.trainer.marking.sheet import Sheet

MOST_BYTES = 256 << 20  # 5,000 trainees have 10 MiB
FORMAT = 2
NOT_CODE = {"training", "_course", "_exercises"}  # nothing that a mark follows from


class GradedBefore:
    """What an earlier run graded of one module.

    It stands in ``autograded/.graded-<module>.json``, written after the gradebook. A lost
    or damaged file only means that everybody is graded again.
    """

    def __init__(self, root: Path, sheet: Sheet) -> None:
        self._root = root
        self._sheet = sheet
        self._path = _path(root, sheet.module)
        self._source = _source_digest(root, sheet)
        self._marked: dict[str, MarkSummary] = {}
        self.same_source = self._read()

    def _read(self) -> bool:
        """Read what is remembered; tell whether it was made from the module as it is now."""
        try:
            data = read_json(self._path, MOST_BYTES)
            if (data["format"], data["source"]) != (FORMAT, self._source):
                return False
            self._marked = {trainee: _marked(trainee, row) for trainee, row in data["trainees"]}
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return True

    def stands(self, trainee: str, entry: Entry | None) -> MarkSummary | None:
        """Return what was marked of a trainee, None where something changed since."""
        marked = self._marked.get(trainee)
        if marked is None or entry is None:
            return None
        try:
            module, had_answers = self._sheet.module, entry.had_answers
            handed_in = read_handed_in(self._root, module, trainee, had_answers=had_answers)
        except (AlongsideError, OSError):  # said when it is graded
            return None
        if marked.digest != handed_in.digest:
            return None
        places = [place.grade_id for place in self._sheet.places]
        found = zip(marked.scores, marked.words, strict=True)
        given = dict(zip(places, found, strict=False))
        same_marks = given.keys() == entry.marks.keys() and all(
            _holds(mark, *given[name]) for name, mark in entry.marks.items()
        )
        same_time = entry.handed_in == timestamp_of(handed_in.when)
        same_size = self._size(trainee) == marked.size
        return marked if same_marks and same_time and same_size else None

    def _size(self, trainee: str) -> int:
        path = self._root / "autograded" / trainee / self._sheet.module / NOTEBOOK
        try:
            return path.lstat().st_size
        except OSError:
            return -1

    def remember(self, marked: Iterable[MarkSummary]) -> None:
        """Keep what is marked now, and forget all else."""
        rows = [(one.trainee, _row(one)) for one in marked if not one.refused]
        data = {"format": FORMAT, "source": self._source, "trainees": rows}
        private_folder(self._root, self._path.parent.name)
        write_private(self._path, json.dumps(data).encode())


def _holds(mark: CellMark, score: float | None, words: str) -> bool:
    # What can no longer be read leaves what was noted of it, and what that earned.
    return stays_noted(mark.words, words) or (mark.auto_score, mark.words) == (score, words)


def _row(marked: MarkSummary) -> list[Any]:
    return [
        marked.digest,
        marked.size,
        marked.scores,
        marked.problem,
        marked.notes,
        marked.words,
    ]


def _marked(trainee: str, row: list[Any]) -> MarkSummary:
    digest, size, scores, problem, notes, words = row
    return MarkSummary(
        trainee,
        digest=digest,
        size=size,
        scores=tuple(scores),
        problem=problem,
        notes=tuple(notes),
        words=tuple(words),
    )


def _source_digest(root: Path, sheet: Sheet) -> str:
    """Name everything but the answers that marks and notebooks follow from."""
    key = (root / "solutions" / sheet.module / ITEMS).read_bytes()
    notebook = json.dumps(sheet.notebook, sort_keys=True).encode()
    parts = (key, notebook, _grader_digest())
    return hashlib.sha256(b" ".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@cache
def _grader_digest() -> bytes:
    # The code itself, not its version: nobody has to think of raising a number.
    ours = (path for kind in ("*.py", "*.json") for path in PACKAGE.rglob(kind))
    files = sorted(path for path in ours if path.relative_to(PACKAGE).parts[0] not in NOT_CODE)
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def problems_noted(root: Path, module: str) -> dict[str, str]:
    """Return what the last grading found wrong with hand-ins of a module, by trainee."""
    path = _path(root, module)
    return _problems(path, path.stat().st_mtime_ns) if path.is_file() else {}


def last_graded(root: Path, module: str) -> float:
    """Return when a module was graded last, as a file's time; 0 where it never was."""
    path = _path(root, module)
    return path.stat().st_mtime if path.is_file() else 0.0


@lru_cache(maxsize=64)  # of a large cohort it takes a tenth of a second to read
def _problems(path: Path, _changed: int) -> dict[str, str]:
    try:
        found = (_marked(trainee, row) for trainee, row in read_json(path, MOST_BYTES)["trainees"])
        return {one.trainee: one.problem for one in found if one.problem}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _path(root: Path, module: str) -> Path:
    return root / "autograded" / f".graded-{module}.json"
