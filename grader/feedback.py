"""Write each trainee's feedback: one page that stands alone, and one file to email.

A page shows answers, marks, reasons and the trainer's words. Of a typed reply it shows
what the course noticed, never the points that it would suggest.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.collect import COURSE_ID, Progress
from grader.errors import AlongsideError, GradingError, in_words
from grader.feedback_numbers import numbers_json
from grader.gradebook import CellMark, Entry, default_db_url, read_gradebook
from grader.help_card import help_html
from grader.inbound import SECRET
from grader.kinds import ConversationItem
from grader.mirror import LookBack, look_back
from grader.privacy import copy_if_there, private_folder, write_private
from grader.release import NOTEBOOK, modules_of, require_module
from grader.render import answer_html, page_style, question_html
from grader.scores import Reason
from grader.scoring import is_automatic
from grader.sheet import Mark, Marks, Sheet, load_sheet, mark_submission
from grader.signing import Signer, signer_of
from grader.submitted import TIMESTAMP, read_timestamp
from grader.views import public_view

WRITTEN = "written"
NOT_WRITTEN = "not written"
BUNDLES = "feedback-bundles"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of one trainee's feedback; ``problem`` says why there is none."""

    trainee: str
    module: str
    outcome: str
    points: float = 0.0
    max_points: float = 0.0
    waiting: int = 0
    bundle: Path | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One question on a feedback page; ``question`` and ``answer`` are escaped HTML."""

    question: Any
    answer: Any
    heading: str
    result: str
    comment: str
    reasons_heading: str
    reasons: tuple[Reason, ...]
    better: str
    talk: LookBack | None


def make_feedback(
    root: Path, module: str, db_url: str | None = None, progress: Progress = iter
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

    Returns
    -------
    list of Feedback
        One for each trainee in the gradebook, in order.

    Raises
    ------
    GradingError
        Where the module, the key or the gradebook cannot be used.
    """
    root = Path(root)
    require_module(module, modules_of(root))
    sheet = load_sheet(root, module)
    entries = read_gradebook(db_url or default_db_url(root), module)
    template = _template()
    sign = signer_of(root)
    return [
        _write_one(root, sheet, entry, template, sign)
        for _, entry in progress(sorted(entries.items()))
    ]


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
    return _write_one(root, load_sheet(root, module), entry, _template(), signer_of(root))


def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).with_name("templates")
    loader = FileSystemLoader(folder, encoding="utf-8")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return pages.get_template("feedback.html.j2")


def _write_one(
    root: Path, sheet: Sheet, entry: Entry, template: Any, sign: Signer | None
) -> Feedback:
    source = root / "submitted" / entry.trainee / sheet.module
    try:
        if not source.is_dir():
            raise GradingError("what was handed in is no longer in submitted/")
        if read_timestamp(source) != entry.handed_in:
            raise GradingError("this was handed in again after grading; grade first")
        marks = mark_submission(sheet, source)
        numbers = numbers_json(sheet, entry, sign)
        # The exchange carries the page alone, so the page carries the numbers as well.
        page = template.render(**page_facts(sheet, marks, entry), numbers=numbers).encode()
        bundle = _place(root, sheet, entry, page, numbers.encode())
    except (AlongsideError, OSError) as error:
        return _unwritten(sheet, entry, in_words(error))
    except Exception as error:  # whatever is the matter with one, the others get theirs
        return _unwritten(sheet, entry, f"the page could not be made ({type(error).__name__})")
    return Feedback(
        entry.trainee,
        sheet.module,
        WRITTEN,
        entry.points,
        sheet.max_points,
        entry.waiting,
        bundle,
    )


def _unwritten(sheet: Sheet, entry: Entry, why: str) -> Feedback:
    problem = f"No feedback for {entry.trainee}: {why}."
    return Feedback(entry.trainee, sheet.module, NOT_WRITTEN, problem=problem)


def page_facts(sheet: Sheet, marks: Marks, entry: Entry) -> dict[str, Any]:
    """Return what the page template shows of one trainee."""
    from markupsafe import Markup

    title = sheet.notebook["metadata"].get("title", "") or sheet.module
    return {
        "title": title.removeprefix("Exercise: "),
        "problem": marks.problem,
        "points": _number(entry.points),
        "max_points": _number(sheet.max_points),
        "waiting": entry.waiting,
        "parts": [_part(mark, entry.marks.get(mark.place.grade_id)) for mark in marks.marks],
        "help": Markup(help_html(folded=True)),  # noqa: S704 - escaped there
        "style": Markup(page_style()),  # noqa: S704 - our own files
    }


def _part(mark: Mark, given: CellMark | None) -> Part:
    from markupsafe import Markup

    view = public_view(mark.place.item)
    automatic = is_automatic(mark.place.item)
    # Both pieces come escaped from grader.render; the template escapes all else.
    return Part(
        question=Markup(question_html(view)),  # noqa: S704
        answer=Markup(answer_html(view, mark.response)),  # noqa: S704
        heading="Your points" if automatic else "Your trainer's mark",
        result=_automatic_result(mark, given) if automatic else _typed_result(mark, given),
        comment=given.comment if given else "",
        reasons_heading="Why" if automatic else "What the course noticed",
        reasons=_reasons(mark),
        better=mark.score.better,
        talk=_look_back(mark),
    )


def _look_back(mark: Mark) -> LookBack | None:
    item = mark.place.item
    return look_back(item, mark.response) if isinstance(item, ConversationItem) else None


def _reasons(mark: Mark) -> tuple[Reason, ...]:
    if not mark.score.answered:
        return ()
    if mark.place.item.kind == "choice":  # the only words to quote stand just above
        return tuple(Reason(reason.text) for reason in mark.score.reasons)
    return mark.score.reasons


def _automatic_result(mark: Mark, given: CellMark | None) -> str:
    if given is None:
        return "This question was not marked yet."
    share = f"{_number(given.points)} of {_number(mark.score.max_points)} points."
    if given.by_trainer:
        return f"{share} Your trainer set this mark."
    if not mark.score.answered:
        return f"{share} You left this question open."
    return f"{mark.score.headline}. {share}"


def _typed_result(mark: Mark, given: CellMark | None) -> str:
    if given is None or (given.waits and not given.by_trainer):
        return "Your trainer has not read this yet."
    share = f"{_number(given.points)} of {_number(mark.score.max_points)} points."
    if given.waits:
        return f"{share} Your trainer will read your new answer as well."
    if given.by_trainer:
        return share
    return f"{share} You left this question open."


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _place(root: Path, sheet: Sheet, entry: Entry, page: bytes, numbers: bytes) -> Path:
    trainee, module = entry.trainee, sheet.module
    source = root / "submitted" / trainee / module
    target = private_folder(root, "feedback", trainee, module)
    write_private(target / Path(NOTEBOOK).with_suffix(".html"), page)
    for name in (TIMESTAMP, SECRET):
        copy_if_there(source / name, target / name)
    bundle = private_folder(root, BUNDLES) / f"{module}-{trainee}-feedback.zip"
    write_private(bundle, _bundle(page, numbers))
    return bundle


def _bundle(page: bytes, numbers: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in {"feedback.html": page, "feedback.json": numbers}.items():
            # A fixed date: the same feedback gives the same file.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, content)
    return packed.getvalue()


def release_to_exchange(
    root: Path, module: str, exchange: Path, course_id: str = COURSE_ID
) -> None:
    """Put the pages of a module into nbgrader's exchange, where trainees fetch them.

    Raises
    ------
    GradingError
        With nbgrader's reason.
    """
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError
    from traitlets.config import Config

    from grader.exchange_doors import ReleasePages

    config = Config()
    config.Exchange.root = str(exchange)
    config.CourseDirectory.root = str(Path(root).resolve())
    config.CourseDirectory.course_id = course_id
    config.CourseDirectory.assignment_id = module
    parts = {
        "coursedir": CourseDirectory(config=config),
        "authenticator": Authenticator(config=config),
    }
    try:
        ReleasePages(**parts, config=config).start()
    except (ExchangeError, OSError) as error:
        message = f"Feedback could not be put into the exchange: {error}"
        raise GradingError(message) from error
