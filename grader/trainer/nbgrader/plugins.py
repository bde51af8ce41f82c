"""Make plain nbgrader and formgrader's buttons do what the course's own commands do.

No kernel starts: the trainee's notebook is put away for the trainer's own cells, and
the marks come from the answers.

Courses find it by `grader.nbgrader_plugins`.
"""

from __future__ import annotations

import secrets
import stat
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_notebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import find_all_files
from traitlets.log import get_logger

from grader.errors import AlongsideError, GradingError, sentence
from grader.files.folder_names import require_usable
from grader.files.litter import is_nobody
from grader.files.privacy import (
    close_to_others,
    close_to_strangers,
    private_folder,
    shared_group,
    write_private,
)
from grader.formats import shared as sharing
from grader.formats.answers import MAX_BYTES
from grader.formats.nbgrader_paths import put_scripts_on_path, take_as_names
from grader.formats.times import timestamp_of
from grader.places import ANSWERS, GRADEBOOK, NOT_FOR_ALL, PUBLIC_ITEMS, SECRET, TIMESTAMP
from grader.trainer.collect.collect import COURSE_ID
from grader.trainer.collect.mending import keep_if_new, mended
from grader.trainer.collect.submitted import read_timestamp_text
from grader.trainer.feedback.feedback import feedback_of
from grader.trainer.gradebook.backups import is_begun, sqlite_path
from grader.trainer.gradebook.gradebook import (
    default_db_url,
    gradebook_session,
    prepare_gradebook,
    read_gradebook,
)
from grader.trainer.gradebook.rows import Submission, save_marks
from grader.trainer.marking.marking import why_refused
from grader.trainer.marking.sheet import (
    PROBLEM_NAME,
    fill,
    load_sheet,
    mark_submission,
    show_earlier,
)
from grader.trainer.release import modules_of
from grader.trainer.report.exports import export_csv

Read = tuple[Any, dict[str, Any]]  # a notebook as text or cells, and what goes with it
MAX_FOLDER = 4 * MAX_BYTES // 1000  # kilobytes, as nbgrader counts: answers and a notebook
ON_THE_WAY = "alongside_marks"  # where a notebook carries its marks from one step to the next
CODE = ("*.py", "*.sh", "*.js", "*.so", "*.html")  # nothing here needs what somebody else wrote
KNOWN = (ANSWERS, PUBLIC_ITEMS, TIMESTAMP, SECRET, PROBLEM_NAME, sharing.NAME)
OF_TRAINEES = frozenset(("submitted", "autograded"))  # which nbgrader copies from
IGNORED = (
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "*.yaml",  # the key stays at home
    "*.md",
    *CODE,
    "*.damaged-*",
    ".*",
)


def configure(config: Any, root: Path) -> None:
    """Set up nbgrader for a course folder; `nbgrader_config.py` calls nothing else.

    Parameters
    ----------
    config : traitlets.config.Config
        What ``get_config()`` gives in a configuration file.
    root : Path
        The course folder.
    """
    root = Path(root).resolve()
    try:
        require_usable(root)
        gradebook = sqlite_path(default_db_url(root))
        if gradebook is not None:
            is_begun(gradebook)  # refuses one that was lost
    except GradingError as error:
        raise SystemExit(f"alongside: {error}") from None  # nbgrader would only go on without us
    put_scripts_on_path()
    close_to_strangers(root, NOT_FOR_ALL)
    take_as_names(root)
    _copy_only_known()
    modules = modules_of(root)
    folders = config.CourseDirectory
    folders.root = str(root)
    folders.course_id = COURSE_ID
    folders.source_directory = "solutions"
    folders.release_directory = "exercises"
    folders.ignore = list(IGNORED)
    folders.max_file_size = MAX_FOLDER
    folders.max_dir_size = MAX_FOLDER
    folders.db_url = default_db_url(root)
    # nbgrader would give each a place in the gradebook; its list knows no names with commas.
    folders.student_id_exclude = ",".join(one for one in _odd_folders(root) if "," not in one)
    config.ExportApp.plugin_class = "grader.trainer.nbgrader.plugins.MarksPlugin"
    config.ExchangeFactory.collect = "grader.trainer.nbgrader.exchange.CollectSafely"
    config.ExchangeFactory.release_feedback = "grader.trainer.nbgrader.exchange.ReleasePages"
    _configure_rights(config, root)
    _configure_grading(config, root, modules)


def _copy_only_known() -> None:
    """Make nbgrader copy from one step to the next only what a hand-in of this course holds.

    It copies all but what is ignored, and formgrader serves that with the trainer's rights:
    no list of what could run in a browser is ever complete.
    """
    converters: Any = import_module("nbgrader.converters.base")
    converters.find_all_files = _to_copy


def _to_copy(folder: str, ignored: list[str] | None = None) -> list[str]:
    """Find what nbgrader copies from a folder: of a trainee's, known names at its top alone."""
    found: list[str] = find_all_files(folder, ignored)
    if not OF_TRAINEES.intersection(Path(folder).parts[-3:-2]):
        return found
    known = {Path(folder) / name for name in KNOWN}
    return [path for path in found if Path(path) in known]


def _odd_folders(root: Path) -> list[str]:
    """Return the folders of which nothing is graded, and say so of each."""
    submitted = root / "submitted"
    there = sorted(submitted.iterdir()) if submitted.is_dir() else []
    why = {one.name: why_refused(root, one.name) for one in there if not is_nobody(one.name)}
    for reason in filter(None, why.values()):
        get_logger().warning("%s", sentence(f"Not graded: {reason}"))
    return [name for name, reason in why.items() if reason]


def _configure_rights(config: Any, root: Path) -> None:
    """Keep what nbgrader writes for the owner or the trainers' group, as our commands do."""
    shared = shared_group() is not None
    config.CourseDirectory.groupshared = shared
    config.Autograde.permissions = config.GenerateFeedback.permissions = 660 if shared else 600
    config.GenerateFeedback.pre_convert_hook = _Shut(root, "feedback")
    config.GenerateFeedback.post_convert_hook = _OwnPage(root)
    gradebook = root / GRADEBOOK
    if gradebook.is_file():  # formgrader may have made it
        close_to_others(gradebook)


def _configure_grading(config: Any, root: Path, modules: tuple[str, ...]) -> None:
    grading = config.Autograde
    grading.exporter_class = "grader.trainer.nbgrader.plugins.LeaveUnread"
    grading.sanitize_preprocessors = ["grader.trainer.nbgrader.plugins.MarkAnswers"]
    grading.autograde_preprocessors = [
        "grader.trainer.nbgrader.plugins.SaveMarks",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # A file in solutions/ would otherwise take the place of every trainee's answers.
    grading.exclude_overwriting = {module: [ANSWERS] for module in modules}
    grading.pre_convert_hook = _Prepare(root)


class _Shut:
    """Called by nbgrader before each submission: where it goes is shut to others."""

    def __init__(self, root: Path, step: str) -> None:
        self._root = root
        self._step = step

    def __call__(self, assignment: str, student: str, notebooks: list[str]) -> None:
        # ``student`` may be '*'; the folder that is worked on names the trainee.
        for notebook in notebooks:
            trainee, module = Path(notebook).parts[-3:-1]
            private_folder(self._root, self._step, trainee, module)


class _Prepare(_Shut):
    """The same before grading, and the module stands in the gradebook."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, "autograded")
        self._done: set[str] = set()

    def __call__(self, assignment: str, student: str, notebooks: list[str]) -> None:
        super().__call__(assignment, student, notebooks)
        for notebook in notebooks:
            folder = Path(notebook).parent
            if words := mended(self._root, folder.parent.name, folder.name):
                get_logger().warning("%s", words)
            set_odd_files_aside(folder)
            keep_if_new(self._root, folder.name, folder.parent.name)
        if assignment not in self._done:
            prepare_gradebook(self._root, assignment, default_db_url(self._root))
            self._done.add(assignment)


def set_odd_files_aside(folder: Path) -> None:
    """Hide what nbgrader must not copy: it follows links, even to a device that never ends.

    Where that was the answers, a note says so, and they count as damaged.
    """
    if folder.is_symlink():
        return
    for path in [path for path in folder.rglob("*") if not path.name.startswith(".")]:
        facts = path.lstat()
        plain = stat.S_ISREG(facts.st_mode) and facts.st_size <= MAX_FOLDER * 1000
        plain &= facts.st_nlink == 1 or path.name in KNOWN  # backups link what belongs here
        if plain or stat.S_ISDIR(facts.st_mode) or path.suffix == ".ipynb":
            continue
        path.rename(path.with_name(f".{path.name[:200]}.aside-{secrets.token_hex(4)}"))
        if path == folder / ANSWERS:
            what = "it is not a plain file, or too large"
            note = sentence(f"The answers could not be taken: {what}")
            write_private(folder / PROBLEM_NAME, note.encode())


class LeaveUnread(NotebookExporter):
    """Leave a handed-in notebook unread, whatever it is: `MarkAnswers` needs only its place."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **facts: Any
    ) -> Read:
        """Begin with an empty notebook where one was handed in."""
        path = Path(filename)
        if path.parts[-4] != "submitted":
            read: Read = super().from_filename(filename, resources, **facts)
            return read
        place = ResourcesDict(name=path.stem, path=str(path.parent))
        facts_here = (resources or {}) | {"metadata": place}
        empty: Read = self.from_notebook_node(new_notebook(), facts_here)
        return empty


class _OwnPage:
    """Called by nbgrader after each feedback page of its own: the course's takes its place.

    nbgrader's page shows the works of the notebook, and a comment as it was typed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def __call__(self, assignment: str, student: str, notebooks: list[str]) -> None:
        for notebook in notebooks:
            trainee, module = Path(notebook).parts[-3:-1]
            try:
                done = feedback_of(self._root, module, trainee, default_db_url(self._root))
                problem = done.problem
            except AlongsideError as error:
                problem = sentence(error)
            if problem:
                get_logger().warning("%s", problem)
                page = self._root / "feedback" / trainee / module / Path(notebook).name
                page.with_suffix(".html").unlink(missing_ok=True)


class MarkAnswers(NbGraderPreprocessor):
    """Put the trainer's own notebook, with marks and answers, in place of what was sent."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Discard ``nb`` and return the graded notebook of its folder."""
        folder = Path(resources["metadata"]["path"])
        module = resources["nbgrader"]["assignment"]
        if reason := why_refused(folder.parents[2], folder.parent.name):
            raise GradingError(reason)  # it came since nbgrader was started
        sheet = load_sheet(folder.parents[2], module)
        marks = mark_submission(sheet, folder, had_answers=_had_answers(folder, resources))
        graded = nbformat.from_dict(fill(sheet, marks))
        graded.metadata[ON_THE_WAY] = {
            "handed_in": read_timestamp_text(folder),
            "scores": {mark.place.grade_id: mark.auto_score for mark in marks.marks},
            "words": {mark.place.grade_id: mark.words for mark in marks.marks},
        }
        return graded, resources


def _had_answers(folder: Path, resources: dict[str, Any]) -> bool:
    """Tell of a hand-in without answers whether some were graded before."""
    if (folder / ANSWERS).exists():
        return False
    entry = read_gradebook(resources["nbgrader"]["db_url"], folder.name).get(folder.parent.name)
    return entry is not None and entry.had_answers


class SaveMarks(NbGraderPreprocessor):
    """Save marks exactly as ``alongside grade`` does, and show which were for earlier words."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Save what `MarkAnswers` left in the notebook."""
        module, trainee = (resources["nbgrader"][name] for name in ("assignment", "student"))
        facts = nb.metadata.pop(ON_THE_WAY)
        handed_in = timestamp_of(facts["handed_in"])
        submission = Submission(trainee, handed_in, facts["scores"], facts["words"])
        with gradebook_session(resources["nbgrader"]["db_url"], write=True) as session:
            superseded = save_marks(session, module, [submission])
        if superseded:
            root = Path(resources["metadata"]["path"]).parents[2]
            show_earlier(load_sheet(root, module), nb.cells, superseded[trainee])
        return nb, resources


class MarksPlugin(ExportPlugin):
    """``nbgrader export`` as ``alongside export csv``: a row for everybody, and no formulas."""

    def export(self, gradebook: Any) -> None:
        """Write the table to ``--to``, for the modules and trainees that are asked for."""
        course = CourseDirectory(parent=self)
        out = Path(self.to or "grades.csv")
        modules, trainees = map(str, self.assignment), map(str, self.student)
        try:
            count = export_csv(
                Path(course.root), out, course.db_url, modules=modules, trainees=trainees
            )
        except AlongsideError as error:
            self.log.error("%s.", error)
            raise SystemExit(1) from None
        self.log.info("%s rows are in %s", count, out)
