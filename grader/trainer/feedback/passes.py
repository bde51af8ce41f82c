"""Who has passed, by the marks as they stand, and whether what was signed still says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.content import passing
from grader.content.passing import Standing
from grader.content.syllabus import Syllabus, syllabus_of
from grader.errors import (
    AlongsideError,
    CertificateError,
    GradingError,
    in_words,
    sentence,
    suggestion,
)
from grader.formats import feedback
from grader.formats.statement import Signed, Statement, check_signatures
from grader.formats.trainee_code import is_trainee_code
from grader.places import NOTEBOOK
from grader.trainer.collect.whereabouts import GONE, Whereabouts
from grader.trainer.feedback.hold import hold_of
from grader.trainer.feedback.numbers import statement_of
from grader.trainer.feedback.signing import Signer, signer_of
from grader.trainer.gradebook.gradebook import read_gradebook
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Sheet
from grader.trainer.marking.sheets import load_sheets
from grader.trainer.release import modules_of
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import is_handed_in


@dataclass(frozen=True, slots=True)
class Pass:
    """What one trainee still lacks, and what has to be signed anew, in plain lines.

    ``held`` names what cannot be signed here, though its marks stand.
    """

    trainee: str
    passed: bool
    missing: tuple[str, ...]
    to_sign: tuple[str, ...]
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Marks:
    """All marks of the course, and what signs them, if anything does."""

    root: Path
    signer: Signer | None
    syllabus: Syllabus
    sheets: Mapping[str, Sheet]
    books: Mapping[str, Mapping[str, Entry]]
    where: Whereabouts


def passes(
    root: Path,
    trainees: Iterable[str],
    db_url: str,
    left_out: Callable[[str], None] = lambda _: None,
) -> list[Pass]:
    """Tell of trainees whether they have passed.

    Parameters
    ----------
    root : Path
        The course folder.
    trainees : iterable of str
        Their codes; everybody of whom anything is known where there is none.
    db_url : str
        The gradebook as an SQLAlchemy address.
    left_out : callable
        Is told why the marks of a module cannot be told; it stops no other.

    Raises
    ------
    GradingError
        Where nobody has such a code, or the gradebook or a key cannot be used.
    ContentError
        Where the pass rule cannot be read.
    """
    names = modules_of(root)
    books = {name: read_gradebook(db_url, name) for name in names}
    known = read_roster(root).union(_handed_in(root, names), *books.values())
    chosen = tuple(trainees) or sorted(known)
    for trainee in chosen:
        if trainee not in known:
            raise GradingError(f"nobody has the code {trainee!r}; {suggestion(trainee, known)}")
    sheets, keyless = load_sheets(root, [name for name in names if books[name]])
    for why in keyless.values():
        left_out(why)
    marks = _Marks(root, signer_of(root), syllabus_of(root), sheets, books, Whereabouts(root))
    return [_pass_of(marks, trainee) for trainee in chosen]


def _handed_in(root: Path, modules: Iterable[str]) -> set[str]:
    found = (path for name in modules for path in (root / "submitted").glob(f"*/{name}/"))
    return {path.parent.name for path in found if is_trainee_code(path.parent.name)}


def _pass_of(marks: _Marks, trainee: str) -> Pass:
    rule, heading = marks.syllabus.rule, partial(_heading, marks.syllabus)
    holds = {module: why for module in marks.sheets if (why := _hold(marks, module, trainee))}
    found = {module: _standing(marks, module, trainee, holds) for module in rule.modules}
    missing = passing.missing(rule, found, heading)
    to_sign, held = [], []
    for module in marks.sheets:
        unsigned, hold = _unsigned(marks, module, trainee), holds.get(module)
        if unsigned and not hold:
            to_sign.append(sentence(f"{heading(module)}: {unsigned}"))
        elif unsigned and hold == GONE:
            held.append(sentence(f"{heading(module)}: {hold}"))
    return Pass(trainee, not missing, missing, tuple(to_sign), tuple(held))


def _hold(marks: _Marks, module: str, trainee: str) -> str:
    """Say what keeps feedback back; `GONE` where marks stand and the answers are not here."""
    entry = marks.books[module].get(trainee)
    if entry is None:
        return ""
    try:
        return hold_of(marks.root, marks.sheets[module], entry, marks.where).words
    except (AlongsideError, OSError) as error:
        return in_words(error)


def _heading(syllabus: Syllabus, module: str) -> str:
    return f"{module} ({syllabus.titles[module]})" if module in syllabus.titles else module


def _standing(marks: _Marks, module: str, trainee: str, holds: Mapping[str, str]) -> Standing | str:
    entry = marks.books.get(module, {}).get(trainee)
    if entry is None:
        if not is_handed_in(marks.root / "submitted" / trainee / module):
            return "not handed in yet"
        if module not in marks.books:
            return f"handed in, but solutions/{module}/ is missing, so its marks cannot be told"
        return "handed in, and not graded yet"
    if module not in marks.sheets:
        return f"graded, but the key in solutions/{module}/ cannot be used"
    if (hold := holds.get(module, GONE)) != GONE:
        return hold
    says = statement_of(marks.sheets[module], entry, marks.syllabus)
    return Standing(says.points, says.max_points, entry.waiting)


def _unsigned(marks: _Marks, module: str, trainee: str) -> str:
    """Say why feedback has to be written again, so that it signs the marks as they are."""
    entry = marks.books[module].get(trainee)
    if entry is None:
        return ""
    signed = _signed(marks.root, module, trainee)
    if entry.waiting:
        return "an answer waits again since it was signed" if signed else ""
    if signed is None:
        return "not signed yet"
    now = statement_of(marks.sheets[module], entry, marks.syllabus)
    return _difference(signed.statement, now) or _other_key(signed, marks.signer)


def _difference(signed: Statement, now: Statement) -> str:
    if (now.points, now.max_points) != (signed.points, signed.max_points):
        return f"signed with {signed.points} of {signed.max_points} points, now it is {now.points}"
    if now.handed_in != signed.handed_in:
        return "signed for an earlier hand-in"
    return "signed by another pass rule" if now.rule != signed.rule else ""


def _other_key(signed: Signed, signer: Signer | None) -> str:
    if signer is not None:
        try:
            check_signatures([signed], signer.key.public_key())
        except CertificateError:
            return "signed with another key"
    return ""


def _signed(root: Path, module: str, trainee: str) -> Signed | None:
    page = root / "feedback" / trainee / module / Path(NOTEBOOK).with_suffix(".html")
    try:
        numbers = feedback.numbers_in(page.read_bytes())
        return feedback.parse(numbers).signed if numbers else None
    except (OSError, ValueError):
        return None
