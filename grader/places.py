"""Where things are and what files are called: course, exercises, a trainee's own folder.

A home and a course are values: whoever serves several people passes each their own. Only
commands and notebooks ask the environment, by `own_home`, `own_course` and `this_learner`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
HOME_VARIABLE = "ALONGSIDE_HOME"
COURSE_VARIABLE = "ALONGSIDE_COURSE"
SELF_STUDY_VARIABLE = "ALONGSIDE_SELF_STUDY"
SPARE_HOME_VARIABLE = "ALONGSIDE_SPARE_HOME"  # a home for one run, of an account that has none

# What authors write, and what is made of it
SKILLS = "skills.yaml"
FACTS = "facts.yaml"
GLOSSARY = "glossary.yaml"
PEOPLE = "people.yaml"
ITEMS = "items.yaml"  # with keys; only practice items leave the trainers
PUBLIC_ITEMS = "items.json"  # the items of an exercise, without keys
NOTEBOOK = "exercise.ipynb"
CONFIG = "nbgrader_config.py"  # marks the course folder

# What a trainee keeps, hands in and gets back
ANSWERS = "answers.json"
HAND_IN = "handin.json"  # who, when and what, beside the answers
TRAINEE = "trainee.json"
HANDED_IN = "handed-in.json"
ORDER_SEED = "order-seed"
PLAN = "plan.json"
NOTES = "notes"  # the record of private notes beside steps
FIND_INDEX = "find.json"  # of a site, whose lessons come without their prose
GLOSSARY_PAGE = "glossary.ipynb"
AGAIN = "again"  # the record of days on which cards come back
AGAIN_PAGE = "again.ipynb"
DEVICE_MARK = "device-mark"
SETTINGS = "settings.json"  # of their pages
FEEDBACK_PAGE = "feedback.html"
FEEDBACK_NUMBERS = "feedback.json"
CERTIFICATE = "certificate.html"

# What an organisation adds
REGION = "region.yaml"  # its helplines

# What a trainer has
ROSTER = "roster.csv"
GRADEBOOK = "gradebook.db"
MARKS = "marks.csv"
AGREEMENT = "agreement.csv"
SENDERS = ".senders.json"  # in a trainee's folder, so that it goes wherever the folder goes
COMMENTS = "comments.yaml"  # to be used again
SHARES = "shares"  # the folder of parts for other trainers, and of marks that go back

# What a trainer's folder holds that is not for everybody, as lessons and `exercises` are
NOT_FOR_ALL = (
    *("solutions", "submitted", "aside", "autograded", "feedback", "feedback-bundles"),
    *("downloaded", "history", "backups", "exports", "reports", "demo", SHARES),
    *(ROSTER, MARKS, COMMENTS),
    *(GRADEBOOK, ".gradebook.lock", "nbgrader.log", "certificate-key.pem"),
)

# What a demo holds besides: it plays the post and the shared folder within itself
DEMO_FOLDER = "demo"  # where it is made, unless another is named
DEMO = ".alongside-demo"  # marks its folder
DEMO_INBOX = "inbox"
DEMO_EXCHANGE = "exchange"

# What nbgrader puts beside a hand-in
TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # noqa: S105  the file's name


def _beside_or_inside(name: str) -> Path:
    """Prefer the folder of a checkout; an installed package carries its own copy."""
    checkout = PACKAGE.parent / name
    if (PACKAGE.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    return PACKAGE / f"_{name}"


@dataclass(frozen=True, slots=True)
class Home:
    """A trainee's own folder; a ``spare`` one ends with this run and may keep no answer.

    A ``hidden`` one lies inside a browser: nobody can open it, so no words lead there.
    """

    folder: Path
    spare: bool = False
    hidden: bool = False

    def exercise_folder(self, module: str) -> Path:
        """Return the trainee's own copy of one exercise: what is handed in."""
        return self.folder / "exercises" / module

    def exercise_record(self, module: str) -> Path:
        """Return the record of a module's exercise: what its hand-in holds."""
        return self.exercise_folder(module) / ANSWERS

    def practice_record(self, module: str) -> Path:
        """Return the record of a module's practice answers: never handed in."""
        return self.folder / "practice" / f"{module}.json"

    def journal_record(self, module: str) -> Path:
        """Return the record of a module's private answers: nothing ever sends or collects it."""
        return self.folder / "journal" / f"{module}.json"

    @property
    def again_record(self) -> Path:
        """The record of when practice cards come back: private, as all of the journal."""
        return self.folder / "journal" / f"{AGAIN}.json"

    def met_record(self, module: str) -> Path:
        """Return the record of what was answered where a module's cards were met again."""
        return self.folder / "journal" / AGAIN / f"{module}.json"

    def jotted_record(self, module: str, *, practice: bool) -> Path:
        """Return where words wait that are typed in a talk and not said yet."""
        name = f"{'practice' if practice else 'exercise'}-{module}.json"
        return self.folder / "jotted" / name

    @property
    def order_seed(self) -> Path:
        """The file that keeps in which order replies are offered to this person."""
        return self.folder / ORDER_SEED

    @property
    def device_mark(self) -> Path:
        """The file that keeps the mark by which two senders of one code are told apart."""
        return self.folder / DEVICE_MARK

    def feedback_page(self, module: str) -> Path:
        """Return where a trainer's feedback on a module is kept."""
        return self.folder / "feedback" / f"{module}.html"

    def feedback_numbers(self, module: str) -> Path:
        """Return where the numbers of a trainer's feedback on a module are kept."""
        return self.folder / "feedback" / f"{module}.json"

    @property
    def certificate_page(self) -> Path:
        """Where the trainee's certificate is kept."""
        return self.folder / "feedback" / CERTIFICATE


@dataclass(frozen=True, slots=True)
class Course:
    """A course: lessons with practice items, facts and skills; exercises; keys where at hand."""

    lessons: Path
    exercises: Path
    solutions: Path | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    """Who takes which course; ``self_study`` shows marks of exercises at once, by the keys."""

    home: Home
    course: Course
    self_study: bool = False


def own_home() -> Home:
    """Return the user's home: ``ALONGSIDE_HOME``, else ``Alongside`` in their own folder."""
    folder = Path(os.environ.get(HOME_VARIABLE) or Path.home() / "Alongside")
    spare = os.environ.get(SPARE_HOME_VARIABLE, "")
    return Home(folder, spare=bool(spare) and folder.is_relative_to(spare))


def own_course() -> Course:
    """Return the course of the checkout or of the installed package.

    ``ALONGSIDE_COURSE`` names other lessons, for authors who try their own.
    """
    other = os.environ.get(COURSE_VARIABLE)
    lessons = Path(other).resolve() if other else _beside_or_inside("course")
    return Course(lessons, _beside_or_inside("exercises"), _solutions())


def course_of(root: Path) -> Course:
    """Return the course of a trainer's folder: its own, else the one that comes with us."""
    if (root / "course").is_dir():
        return Course(root / "course", root / "exercises", root / "solutions")
    lessons, exercises = _beside_or_inside("course"), _beside_or_inside("exercises")
    return Course(lessons, exercises, root / "solutions")


def file_of(root: Path, name: str) -> Path:
    """Return a file of the course of a trainer's folder, else the one that comes with us."""
    own = root / "course" / name
    return own if own.is_file() else _beside_or_inside("course") / name


def this_learner() -> Learner:
    """Return the user as a learner of their own course."""
    return Learner(own_home(), own_course(), os.environ.get(SELF_STUDY_VARIABLE) == "1")


def _solutions() -> Path | None:
    folder = PACKAGE.parent / "solutions"
    return folder if folder.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file() else None
