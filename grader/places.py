"""Where things are and what files are called: course, exercises, the trainee's own folder."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
HOME_VARIABLE = "ALONGSIDE_HOME"
COURSE_VARIABLE = "ALONGSIDE_COURSE"
SPARE_HOME_VARIABLE = "ALONGSIDE_SPARE_HOME"  # a home for one run, of an account that has none

# What authors write, and what is made of it
SKILLS = "skills.yaml"
FACTS = "facts.yaml"
GLOSSARY = "glossary.yaml"
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
DEVICE_MARK = "device-mark"
FEEDBACK_PAGE = "feedback.html"
FEEDBACK_NUMBERS = "feedback.json"
CERTIFICATE = "certificate.html"

# What a trainer has
ROSTER = "roster.csv"
GRADEBOOK = "gradebook.db"
MARKS = "marks.csv"

# What nbgrader puts beside a hand-in
TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # noqa: S105  the file's name


def _beside_or_inside(name: str) -> Path:
    """Prefer the folder of a checkout; an installed package carries its own copy."""
    checkout = PACKAGE.parent / name
    if (PACKAGE.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    return PACKAGE / f"_{name}"


def course_folder() -> Path:
    """Return the folder with lessons, practice items, facts and skills.

    ``ALONGSIDE_COURSE`` names another one, for authors who try their own.
    """
    other = os.environ.get(COURSE_VARIABLE)
    return Path(other).resolve() if other else _beside_or_inside("course")


def exercises_folder() -> Path:
    """Return the folder with the released exercises."""
    return _beside_or_inside("exercises")


def solutions_folder() -> Path | None:
    """Return the folder with keys and guides, or None where only the package is installed."""
    folder = PACKAGE.parent / "solutions"
    return folder if folder.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file() else None


def home_folder() -> Path:
    """Return the trainee's own folder: ``ALONGSIDE_HOME``, else ``Alongside`` in their home."""
    return Path(os.environ.get(HOME_VARIABLE) or Path.home() / "Alongside")


def is_spare(folder: Path) -> bool:
    """Tell whether a folder ends with this run, so that no answer may be kept in it."""
    spare = os.environ.get(SPARE_HOME_VARIABLE, "")
    return bool(spare) and folder.is_relative_to(spare)


def exercise_folder(module: str) -> Path:
    """Return the trainee's own copy of one exercise: what is handed in."""
    return home_folder() / "exercises" / module


def exercise_record(module: str) -> Path:
    """Return the record of a module's exercise: what its hand-in holds."""
    return exercise_folder(module) / ANSWERS


def practice_record(module: str) -> Path:
    """Return the record of a module's practice answers: never handed in."""
    return home_folder() / "practice" / f"{module}.json"


def journal_record(module: str) -> Path:
    """Return the record of a module's private answers: nothing ever sends or collects it."""
    return home_folder() / "journal" / f"{module}.json"


def order_seed() -> Path:
    """Return the file that keeps in which order replies are offered to this person."""
    return home_folder() / ORDER_SEED


def device_mark() -> Path:
    """Return the file that keeps the mark by which two senders of one code are told apart."""
    return home_folder() / DEVICE_MARK


def feedback_page(module: str) -> Path:
    """Return where a trainer's feedback on a module is kept."""
    return home_folder() / "feedback" / f"{module}.html"


def feedback_numbers(module: str) -> Path:
    """Return where the numbers of a trainer's feedback on a module are kept."""
    return home_folder() / "feedback" / f"{module}.json"


def certificate_page() -> Path:
    """Return where the trainee's certificate is kept."""
    return home_folder() / "feedback" / CERTIFICATE
