"""Make plain nbgrader and formgrader's buttons do what the course's own commands do.

No kernel starts: the trainee's notebook is put away for the trainer's own cells, and
the marks come from the answers.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_notebook
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets.log import get_logger

from grader.answers import MAX_BYTES
from grader.bundles import ANSWERS
from grader.collect import COURSE_ID
from grader.errors import AlongsideError
from grader.exports import export_csv
from grader.feedback import feedback_of
from grader.gradebook import (
    DATABASE_VARIABLE,
    default_db_url,
    prepare_gradebook,
    put_scripts_on_path,
)
from grader.privacy import close_to_others, private_folder, shared_group, write_private
from grader.release import modules_of
from grader.sheet import PROBLEM_NAME, fill, load_sheet, mark_submission

MAX_FOLDER = 4 * MAX_BYTES // 1000  # kilobytes, as nbgrader counts: answers and a notebook
IGNORED = (
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "*.yaml",  # the key stays at home
    "*.md",
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
    put_scripts_on_path()
    modules = modules_of(root)
    folders = config.CourseDirectory
    folders.root = str(root)
    folders.course_id = COURSE_ID
    folders.source_directory = "solutions"
    folders.release_directory = "exercises"
    folders.ignore = list(IGNORED)
    folders.max_file_size = MAX_FOLDER
    folders.max_dir_size = MAX_FOLDER
    if os.environ.get(DATABASE_VARIABLE):
        folders.db_url = default_db_url(root)
    config.ExportApp.plugin_class = "grader.nbgrader_plugins.MarksPlugin"
    config.ExchangeFactory.collect = "grader.exchange_doors.CollectSafely"
    config.ExchangeFactory.release_feedback = "grader.exchange_doors.ReleasePages"
    _configure_rights(config, root)
    _configure_grading(config, root, modules)


def _configure_rights(config: Any, root: Path) -> None:
    """Keep what nbgrader writes for the owner or the trainers' group, as our commands do."""
    shared = shared_group() is not None
    config.CourseDirectory.groupshared = shared
    config.Autograde.permissions = config.GenerateFeedback.permissions = 660 if shared else 600
    config.GenerateFeedback.pre_convert_hook = _Shut(root, "feedback")
    config.GenerateFeedback.post_convert_hook = _OwnPage(root)
    gradebook = root / "gradebook.db"
    if gradebook.is_file():  # formgrader may have made it
        close_to_others(gradebook)


def _configure_grading(config: Any, root: Path, modules: tuple[str, ...]) -> None:
    grading = config.Autograde
    grading.exporter_class = "grader.nbgrader_plugins.LeaveUnread"
    grading.sanitize_preprocessors = ["grader.nbgrader_plugins.MarkAnswers"]
    grading.autograde_preprocessors = [
        "grader.nbgrader_plugins.SaveMarks",
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
            set_odd_files_aside(Path(notebook).parent)
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
        if plain or stat.S_ISDIR(facts.st_mode) or path.suffix == ".ipynb":
            continue
        path.rename(path.with_name(f".{path.name[:200]}.aside-{secrets.token_hex(4)}"))
        if path == folder / ANSWERS:
            what = "it is not a plain file, or too large"
            note = f"The answers could not be taken: {what}."
            write_private(folder / PROBLEM_NAME, note.encode())


class LeaveUnread(NotebookExporter):
    """Leave a handed-in notebook unread, whatever it is: `MarkAnswers` needs only its place."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **facts: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Begin with an empty notebook where one was handed in."""
        path = Path(filename)
        if path.parts[-4] != "submitted":
            return super().from_filename(filename, resources, **facts)
        place = ResourcesDict(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(new_notebook(), (resources or {}) | {"metadata": place})


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
                problem = f"{error}."
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
        sheet = load_sheet(folder.parents[2], module)
        return nbformat.from_dict(fill(sheet, mark_submission(sheet, folder))), resources


class SaveMarks(SaveAutoGrades):
    """Save marks as nbgrader does, and a blank typed reply as 0 without a trainer."""

    def preprocess_cell(
        self, cell: Any, resources: dict[str, Any], cell_index: int
    ) -> tuple[Any, dict[str, Any]]:
        """Save the mark that one cell carries."""
        if utils.is_task(cell):
            self._save_task(cell.metadata["nbgrader"]["grade_id"], cell.metadata["alongside"])
        return super().preprocess_cell(cell, resources, cell_index)

    def _save_task(self, grade_id: str, facts: dict[str, Any]) -> None:
        grade = self.gradebook.find_grade(
            grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = facts["auto_score"]
        if grade.manual_score is None:
            grade.needs_manual_grade = grade.auto_score is None
        self.gradebook.db.commit()


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
