"""Write each trainee's feedback: one page that stands alone, and one file to email.

While a person has still to read some of it, it is a draft and its file is named one. What
has not changed is not written again.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import AlongsideError, GradingError, RecordError, in_words, sentence
from grader.files.privacy import copy_if_there, private_folder, write_private
from grader.files.safe import read_regular_file
from grader.files.writable import what_to_open, why_shut
from grader.formats.archives import packed
from grader.formats.seal import sealed
from grader.places import (
    FEEDBACK_NUMBERS,
    FEEDBACK_PAGE,
    NOTEBOOK,
    REGION,
    SECRET,
    TIMESTAMP,
    course_of,
    file_of,
)
from grader.surroundings import LOG
from grader.trainer.collect.collect import Progress
from grader.trainer.collect.whereabouts import Whereabouts
from grader.trainer.feedback.earlier import (
    BUNDLES,
    DRAFT_ENDING,
    KEPT_IN,
    is_kept,
    keep,
    keep_other,
)
from grader.trainer.feedback.hold import hold_of
from grader.trainer.feedback.numbers import numbers_json
from grader.trainer.feedback.page import PageMaker
from grader.trainer.feedback.signing import signer_of
from grader.trainer.feedback.states import (
    CHANGED,
    DRAFT,
    FINISHED,
    READ,
    RELEASED,
    edition_of,
    is_draft,
    read_released,
    remember_released,
    state_of,
)
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Marks, Sheet, load_sheet
from grader.trainer.release import modules_of, require_module
from grader.trainer.roster.trainees import people

WRITTEN = "written"
NOT_WRITTEN = "not written"
PAGE = Path(NOTEBOOK).with_suffix(".html").name
NOTHING_YET = "send nothing until this is finished again."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose feedback is asked for: of some trainees (all where none are named), finished, new.

    ``finished`` leaves drafts out, and takes away those that are there. ``changed`` passes
    over what was sent, or written, in the same form before.
    """

    trainees: frozenset[str] = frozenset()
    finished: bool = False
    changed: bool = False

    def asks_for(self, trainee: str) -> bool:
        """Tell whether a trainee is asked for."""
        return not self.trainees or trainee in self.trainees


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of one trainee's feedback; ``problem`` says why there is none.

    ``state`` is one of `grader.trainer.feedback.states`; ``new`` tells that it is finished and was
    not sent in this form before this run, ``resent`` that another form of it was;
    ``unchanged`` tells that its files were so already; ``damage`` says why the hand-in cannot
    be read: such feedback stays a draft; ``accept`` is the command by which a trainer takes it
    as it is; ``kept`` tells that another finished file gave way, and is kept; ``earlier`` says
    of what is not finished what becomes of feedback that was; ``shut`` names the folder of the
    course that may only be read, where that is the ``problem``.
    """

    trainee: str
    module: str
    outcome: str
    points: float = 0.0
    max_points: float = 0.0
    waiting: int = 0
    bundle: Path | None = None
    problem: str = ""
    state: str = ""
    edition: str = ""
    new: bool = False
    resent: bool = False
    unchanged: bool = False
    damage: str = ""
    accept: str = ""
    kept: bool = False
    earlier: str = ""
    shut: str = ""


def make_feedback(
    root: Path,
    module: str,
    db_url: str | None = None,
    progress: Progress = iter,
    wanted: Wanted = Wanted(),
) -> list[Feedback]:
    """Write the feedback of everybody who was graded.

    Parameters
    ----------
    root : Path
        The course folder.
    module : str
        Such as ``07-advice``.
    db_url : str, optional
        The gradebook as an SQLAlchemy address; ``gradebook.db`` in the course by default.
    progress : callable
        Wraps the list of trainees, such as ``tqdm``.
    wanted : Wanted
        Whose; everybody's by default.

    Returns
    -------
    list of Feedback
        One for each trainee in the gradebook who is asked for, in order.

    Raises
    ------
    GradingError
        Where the module, the key or the gradebook cannot be used.
    """
    root, db_url = Path(root), db_url or default_db_url(root)
    require_module(module, modules_of(root))
    write = _Writer(root, module, db_url, drafts=not wanted.finished)
    entries = read_gradebook(db_url, module)
    asked = [entries[trainee] for trainee in people(entries) if wanted.asks_for(trainee)]
    done = [write(entry) for entry in progress(asked)]
    return [one for one in done if not (wanted.changed and one.unchanged and not one.new)]


def feedback_of(root: Path, module: str, trainee: str, db_url: str) -> Feedback:
    """Write the feedback of one trainee, as `make_feedback` does.

    Raises
    ------
    GradingError
        Where the trainee was not graded, or as `make_feedback`.
    """
    entry = read_gradebook(db_url, module).get(trainee)
    if entry is None:
        raise GradingError(f"No feedback for {trainee}: nothing of {module} is graded yet")
    return _Writer(root, module, db_url)(entry)


def mark_released(db_url: str, done: Iterable[Feedback]) -> list[Feedback]:
    """Remember that what is finished was sent, and return how all stands then.

    Raises
    ------
    GradingError
        Where the gradebook cannot be written to.
    """
    done = list(done)
    sent = [one for one in done if one.state in FINISHED]
    for module in sorted({one.module for one in sent}):
        editions = {one.trainee: one.edition for one in sent if one.module == module}
        remember_released(db_url, module, editions)
    return [replace(one, state=RELEASED) if one.state in FINISHED else one for one in done]


class _Writer:
    """Writes feedback on one module, from entries of the gradebook."""

    def __init__(self, root: Path, module: str, db_url: str, *, drafts: bool = True) -> None:
        self._root = root
        self._sheet = load_sheet(root, module)
        self._pages = PageMaker(self._sheet, file_of(root, REGION), course_of(root).lessons)
        self._sign = signer_of(root)
        self._released = read_released(db_url, module)
        self._drafts = drafts
        self._where = Whereabouts(root)

    def __call__(self, entry: Entry) -> Feedback:
        """Write one trainee's; whatever goes wrong is in what comes back."""
        try:
            return self._write(entry)
        except AlongsideError as error:
            return _unwritten(self._sheet, entry, in_words(error))
        except OSError as error:
            why, shut = what_to_open(self._root, error), why_shut(self._root, error)
            return replace(_unwritten(self._sheet, entry, why), shut=shut)
        except Exception as error:  # whatever is the matter with one, the others get theirs
            LOG.exception("feedback of %s could not be made", entry.trainee)
            why = f"the page could not be made ({type(error).__name__})"
            return _unwritten(self._sheet, entry, why)

    def _write(self, entry: Entry) -> Feedback:
        hold = hold_of(self._root, self._sheet, entry, self._where)
        if hold.why:
            raise GradingError(hold.why)
        marks, accept = hold.marks, hold.accept
        draft = is_draft(entry, marks)
        if draft and not self._drafts:
            self._files(entry).take_away()
            told = self._told(entry, NOT_WRITTEN, DRAFT)
            earlier = self._earlier(entry)
            return replace(told, damage=marks.problem, accept=accept, earlier=earlier)
        edition = edition_of(marks, entry, self._sign.name if self._sign else "")
        files = self._files(entry)
        kept = not draft and files.keep_other(edition)
        bundle, unchanged = self._put(entry, marks, edition, draft=draft)
        released = self._released.get(entry.trainee)
        state = DRAFT if draft else state_of(entry, edition, released)
        done = replace(self._told(entry, WRITTEN, state), damage=marks.problem, accept=accept)
        done = replace(done, bundle=bundle, edition=edition, unchanged=unchanged, kept=kept)
        return replace(done, earlier=self._earlier(entry)) if draft else done

    def _earlier(self, entry: Entry) -> str:
        """Say of a draft what becomes of finished feedback on earlier work; empty without any."""
        if self._files(entry).is_kept():
            return f"The finished file of before is kept in {KEPT_IN}/; {NOTHING_YET}"
        was_sent = entry.trainee in self._released
        return f"What you sent before stands; {NOTHING_YET}" if was_sent else ""

    def _files(self, entry: Entry) -> _Files:
        return _Files(self._root, self._sheet.module, entry.trainee)

    def _put(self, entry: Entry, marks: Marks, edition: str, *, draft: bool) -> tuple[Path, bool]:
        damaged = bool(marks.problem)
        numbers = numbers_json(self._sheet, entry, self._sign, edition, damaged=damaged)
        # The exchange carries the page alone, so the page carries the numbers as well.
        page = self._pages.html(marks, entry, numbers).encode()
        whole = self._signed(page, numbers.encode(), draft=draft)
        return self._files(entry).put(*whole, draft=draft)

    def _signed(self, page: bytes, numbers: bytes, *, draft: bool) -> tuple[bytes, bytes]:
        """Return page and numbers with one signature on both, where they are final."""
        if self._sign is None or draft:
            return page, numbers
        return sealed(page, numbers, self._sign.sign)

    def _told(self, entry: Entry, outcome: str, state: str) -> Feedback:
        return Feedback(
            entry.trainee,
            self._sheet.module,
            outcome,
            entry.points,
            self._sheet.max_points,
            entry.waiting,
            state=state,
            new=state in (READ, CHANGED),
            resent=state == CHANGED,
        )


def _unwritten(sheet: Sheet, entry: Entry, why: str) -> Feedback:
    problem = sentence(f"No feedback for {entry.trainee}: {why}")
    return Feedback(entry.trainee, sheet.module, NOT_WRITTEN, problem=problem)


class _Files:
    """Where the feedback of one trainee on one module lies."""

    def __init__(self, root: Path, module: str, trainee: str) -> None:
        self._root = root
        self._where = (trainee, module)
        name = f"{module}-{trainee}-feedback"
        self._final = root / BUNDLES / f"{name}.zip"
        # Another ending: whatever a trainee's code is, no final file can have this name.
        self._draft = root / BUNDLES / f"{name}{DRAFT_ENDING}"

    @property
    def _page(self) -> Path:
        return (self._root / "feedback").joinpath(*self._where, PAGE)

    def put(self, page: bytes, numbers: bytes, *, draft: bool) -> tuple[Path, bool]:
        """Write page and bundle; return the bundle, and whether both were so already."""
        source = (self._root / "submitted").joinpath(*self._where)
        target = private_folder(self._root, "feedback", *self._where)
        private_folder(self._root, BUNDLES)
        bundle, other = (self._draft, self._final) if draft else (self._final, self._draft)
        written = [_put(self._page, page), _put(bundle, _bundle(page, numbers))]
        for name in (TIMESTAMP, SECRET):
            copy_if_there(source / name, target / name)
        self._clear(other)
        return bundle, not any(written)

    def keep_other(self, edition: str) -> bool:
        """Keep a finished bundle that says something else than this ``edition``."""
        return keep_other(self._root, self._final, edition)

    def is_kept(self) -> bool:
        """Tell whether a finished bundle is kept that lay here before."""
        return is_kept(self._root, self._final)

    def take_away(self) -> None:
        """Remove page and bundles, of which none is finished as things stand."""
        self._page.unlink(missing_ok=True)
        for bundle in (self._final, self._draft):
            self._clear(bundle)

    def _clear(self, bundle: Path) -> None:
        if bundle == self._final and bundle.exists():
            # The trainee may have it, perhaps signed: not every gradebook knows what was sent.
            keep(self._root, bundle)
        bundle.unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> bool:
    """Write a file where it differs; tell whether it did."""
    with suppress(RecordError):  # what lies in the way is said by writing
        if read_regular_file(path, len(content)) == content:
            return False
    write_private(path, content)
    return True


def _bundle(page: bytes, numbers: bytes) -> bytes:
    return packed([(FEEDBACK_PAGE, page), (FEEDBACK_NUMBERS, numbers)])
