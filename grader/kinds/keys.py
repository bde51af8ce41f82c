"""Find the key of a graded exercise, and only where a trainer keeps it.

A notebook that is being graded runs in ``<root>/autograded/<trainee>/<module>``. The
key is taken from that root and never from a folder that a submission could bring.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from grader.content.items import Item, load_facts, load_skills
from grader.errors import ContentError, GradingError
from grader.kinds.reading import load_items
from grader.places import CONFIG, FACTS, ITEMS, SKILLS, file_of

_TRAINEE_FOLDERS = {"autograded", "submitted"}


def key_items(cwd: Path) -> dict[str, Item] | None:
    """Return the graded items with their keys, where a notebook is being graded.

    Parameters
    ----------
    cwd : Path
        The folder in which the notebook runs.

    Returns
    -------
    dict of str to Item, or None
        None on the trainee's side: ``cwd`` is not exactly ``<root>/autograded/<id>/<module>``.

    Raises
    ------
    GradingError
        Where this is a folder for grading but the key is missing or has mistakes.
    """
    root = grading_root(Path(cwd))
    return None if root is None else load_key(root, Path(cwd).name)


def grading_root(cwd: Path) -> Path | None:
    """Return the course root of ``<root>/autograded/<id>/<module>``, None anywhere else."""
    cwd = cwd.resolve()
    if len(cwd.parts) < 5 or cwd.parents[1].name != "autograded":
        return None
    root = cwd.parents[2]
    if not is_course_root(root) or _inside_a_submission(root):
        return None
    return root


def is_course_root(folder: Path) -> bool:
    """Tell whether a folder holds a course that can be graded."""
    return (folder / CONFIG).is_file()


def _inside_a_submission(folder: Path) -> bool:
    # A submission may hold folders that look like a whole course, with a key of its own.
    return any(
        part.name in _TRAINEE_FOLDERS and is_course_root(part.parent)
        for part in (folder, *folder.parents)
    )


def load_key(root: Path, module: str) -> dict[str, Item]:
    """Load the key of one module of a course.

    Raises
    ------
    GradingError
        Where it is missing or has mistakes; nothing can be marked then.
    """
    path = root / "solutions" / module / ITEMS
    try:
        return _load(root, path, path.stat().st_mtime_ns)
    except OSError:
        message = (
            f"solutions/{module}/items.yaml is not there, so nothing can be marked; put it back"
        )
        raise GradingError(message) from None
    except ContentError as error:
        message = f"The key has mistakes, so nothing can be marked; mend them first:\n{error}"
        raise GradingError(message) from error


@lru_cache(maxsize=32)
def _load(root: Path, path: Path, _changed: int) -> dict[str, Item]:
    skills, facts = load_skills(file_of(root, SKILLS)), load_facts(file_of(root, FACTS))
    return load_items(path, skills, facts, graded=True)
