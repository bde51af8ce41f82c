"""Errors of Alongside, each saying where, what, and what to do.

The tree::

    AlongsideError
    ├── ContentError      course files an author can mend; holds every problem found
    ├── UsageError        the words of a command do not fit together, whatever the folder holds
    ├── AuthoringError    a new item cannot be begun, or an item to show is not there
    │   └── AuthoringUseError       it is asked for as no item can be
    ├── UnknownItemError  a card or record names an item that does not exist
    ├── RecordError       an answer record that cannot be read
    ├── HandInError       handing in did not happen
    ├── SubmissionError   a bundle or handed-in folder that is refused
    ├── CertificateError  a certificate or a key that does not hold, or cannot be made
    ├── GradingError      the course folder cannot be graded as it stands
    │   ├── GradebookDamagedError   its gradebook can no longer be read as a whole
    │   └── GradebookLinkError      its gradebook is a link to a place that is not there
    ├── MissingExtraError  a package is not installed that this needs, and only this
    ├── KitError          a kit for trainees cannot be made, and nothing was written
    └── PagesError        the pages cannot be shown (port, browser, folders)
"""

from __future__ import annotations

import dataclasses
import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Codes of a `Problem`: a word names something that there is not.
UNKNOWN, UNKNOWN_SKILL, UNKNOWN_FACT = "unknown", "unknown-skill", "unknown-fact"
# Packages that not everybody installs, by the extra that brings them.
EXTRAS = {
    "lab": "anywidget IPython ipywidgets jupyterlab",
    "exchange": "nbgrader",
    "faces": "dicebear dicebear-core dicebear-styles",
    "hub": "jupyterhub",
    "teach": "filelock matplotlib numpy openpyxl pandas psycopg sqlalchemy tqdm",
}
DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_ENDS = (".", "!", "?", "…")
_QUOTES = "\"'”’»"


class AlongsideError(Exception):
    """Base of all errors that a user may see; the text is a plain sentence."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in a course file: where it is, what is wrong, what to do.

    ``code`` names the sort of mistake for a program, where one asks for it.
    """

    path: str
    line: int
    field: str
    what: str
    code: str = dataclasses.field(default="", compare=False)

    def __str__(self) -> str:
        """Give ``file:line: field: what is wrong; what to do``."""
        return f"{self.path}:{self.line}: {self.field}: {self.what}"


class ContentError(AlongsideError):
    """Course files hold mistakes; ``problems`` lists all of them, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(AlongsideError):
    """A command lacks a word, has one too many, or one that it can never take."""


class AuthoringError(AlongsideError):
    """A new item cannot be begun as asked; nothing was written."""


class AuthoringUseError(AuthoringError, UsageError):
    """A new item is asked for with a kind or an id that no item can have."""


class UnknownItemError(AlongsideError):
    """A card or a record names an item that its folder does not have."""


class RecordError(AlongsideError):
    """An answer record cannot be read; the file itself is left as it was."""


class HandInError(AlongsideError):
    """Handing in did not happen; the answers are still on this computer."""


class SubmissionError(AlongsideError):
    """A bundle or a handed-in folder is refused; the others go on."""


class CertificateError(AlongsideError):
    """A certificate or its key cannot be used, or the certificate does not hold."""


class GradingError(AlongsideError):
    """The course folder cannot be graded as it stands."""


class GradebookDamagedError(GradingError):
    """The gradebook is damaged; grading puts back the newest good copy."""


class GradebookLinkError(GradingError, UsageError):
    """The gradebook is a link to a place that is not there; nothing was begun."""


class MissingExtraError(AlongsideError):
    """A package is not installed that only a part of Alongside needs."""


class KitError(AlongsideError):
    """A kit for trainees cannot be made; nothing was written."""


class PagesError(AlongsideError):
    """The pages cannot be shown."""


def missing_extra(error: BaseException) -> MissingExtraError | None:
    """Return what to install where a package was imported that not everybody has."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    package = (error.name or "").split(".")[0]
    extra = next((extra for extra, names in EXTRAS.items() if package in names.split()), "")
    what = f"This needs {package}, which is not installed here; install 'alongside[{extra}]'"
    return MissingExtraError(what) if extra else None


def in_words(error: Exception) -> str:
    """Return what an error says; of one from the system its file and its reason alone."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.errno in DISK_FULL:
        return f"the disk is full ({error.strerror}); make room, then run this again"
    name = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else ""
    return f"{name or 'a file'} cannot be read or written ({error.strerror})"


def sentence(text: object) -> str:
    """Return what is said with the mark that a sentence ends in, and never with two."""
    said = str(text).rstrip()
    return said if not said or said.rstrip(_QUOTES).endswith(_ENDS) else f"{said}."


def phrase(text: object) -> str:
    """Return what is said as a part of a longer sentence: without its full stop."""
    return str(text).rstrip().removesuffix(".")


def one_line(text: str) -> str:
    """Return a text that a terminal only shows: line breaks and commands stand as codes."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for a near miss, else the words that are known."""
    import difflib  # here, so that cards are ready without it

    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"use one of: {', '.join(known)}" if known else "nothing is known here yet"
