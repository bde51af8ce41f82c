"""Make what trainees get from what trainers have: ``solutions/`` to ``exercises/``.

The notebook goes through nbgrader's own steps in this process; the items lose their
key. `release` writes, or with ``check`` only compares, byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.content.items import Item
from grader.errors import AlongsideError, GradingError, suggestion
from grader.files.privacy import share
from grader.files.safe import FOR_ALL, write_safely
from grader.kinds.keys import load_key
from grader.kinds.views import public_json
from grader.places import NOTEBOOK, PUBLIC_ITEMS
from grader.trainer.guide import with_key

RELEASED = {NOTEBOOK, PUBLIC_ITEMS}

# nbgrader's steps in its own order. Left out: headers and generated tests, which this
# course does not use, and the gradebook's step, which `grader.trainer.gradebook.gradebook` adds.
SOURCE_STEPS = (
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ComputeChecksums",
)
RELEASE_STEPS = (
    *SOURCE_STEPS,
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
    "CheckCellMetadata",
)


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What a release did, or what a check found.

    ``changed`` lists files written (or, in a check, files that differ); ``extra`` files
    that do not belong to an exercise: removed from a module's folder (unless in a check),
    only named where a whole folder is too many.
    """

    modules: tuple[str, ...]
    changed: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def in_step(self) -> bool:
        """Tell whether nothing differs and nothing is extra."""
        return not self.changed and not self.extra


def modules_of(root: Path) -> tuple[str, ...]:
    """Return the modules of a course that have a graded exercise, in order."""
    found = (root / "solutions").glob(f"*/{NOTEBOOK}")
    return tuple(sorted(path.parent.name for path in found))


def is_known(root: Path, module: str) -> bool:
    """Tell whether trainees have a module, also where its folder in ``solutions/`` is gone."""
    is_name = bool(module) and Path(module).name == module and module not in ("..", ".")
    return is_name and any((root / place / module).is_dir() for place in ("exercises", "course"))


def release(
    root: Path, modules: Iterable[str] | None = None, *, check: bool = False
) -> ReleaseResult:
    """Write (or check) the exercises of a course.

    Parameters
    ----------
    root : Path
        The course folder, with ``solutions/``.
    modules : iterable of str, optional
        Which ones; all by default.
    check : bool
        Write nothing and report what differs.

    Returns
    -------
    ReleaseResult

    Raises
    ------
    GradingError
        Where a module is unknown, or its notebook or key cannot be used.
    """
    chosen = _chosen(root, modules)
    changed: list[str] = []
    extra: list[str] = []
    for module in chosen:
        for path, content in derived_files(root, module).items():
            if not path.is_file() or path.read_bytes() != content:
                changed.append(path.relative_to(root).as_posix())
                if not check:
                    write_safely(path, content, mode=FOR_ALL)
                    share(path.parent)
                    share(path)
        extra += _drop_extra(root, root / "exercises" / module, RELEASED, check=check)
    if modules is None:  # a whole folder too many is named, but not removed unasked
        extra += _drop_extra(root, root / "exercises", set(chosen), check=True)
    return ReleaseResult(chosen, tuple(changed), tuple(extra))


def _chosen(root: Path, modules: Iterable[str] | None) -> tuple[str, ...]:
    known = modules_of(root)
    if not known:
        raise GradingError(f"{root}: no solutions/*/{NOTEBOOK} here; go to the course folder")
    chosen = known if modules is None else tuple(modules)
    for module in chosen:
        require_module(module, known)
    return chosen


def require_module(module: str, known: Iterable[str]) -> None:
    """Refuse a module that the course does not have.

    Raises
    ------
    GradingError
        With the nearest name.
    """
    known = tuple(known)
    if module not in known:
        message = f"{module!r} is not a module with an exercise; {suggestion(module, known)}"
        raise GradingError(message)


def derived_files(root: Path, module: str) -> dict[Path, bytes]:
    """Return every file that is derived from a module's solutions, with its content."""
    key = load_key(root, module).values()
    items = public_json(module, key).encode()
    notebook = released_notebook(root, module).encode()
    return _guide(root / "solutions" / f"{module}.md", key) | {
        root / "solutions" / module / PUBLIC_ITEMS: items,
        root / "exercises" / module / PUBLIC_ITEMS: items,
        root / "exercises" / module / NOTEBOOK: notebook,
    }


def _guide(path: Path, key: Iterable[Item]) -> dict[Path, bytes]:
    """Return the trainer's guide with the key renewed; nothing where a module has no guide."""
    if not path.is_file():
        return {}
    return {path: with_key(path.read_text(encoding="utf-8"), key).encode()}


def released_notebook(root: Path, module: str) -> str:
    """Return the text of the notebook that trainees get.

    Raises
    ------
    GradingError
        Where the source notebook cannot be used.
    """
    import nbgrader.preprocessors as steps

    return convert_source(root, module, [getattr(steps, name) for name in RELEASE_STEPS], {})


def convert_source(root: Path, module: str, steps: Iterable[Any], facts: dict[str, Any]) -> str:
    """Take a module's source notebook through nbgrader's preprocessors.

    Parameters
    ----------
    root, module
        Which notebook.
    steps : iterable of preprocessor classes
        In order.
    facts : dict
        What nbgrader's steps are told besides names, such as ``db_url``.

    Returns
    -------
    str
        The notebook's text, as nbgrader writes it.
    """
    from nbconvert.exporters import NotebookExporter
    from traitlets.config import Config

    source = root / "solutions" / module / NOTEBOOK
    names = {"assignment": module, "notebook": source.stem, "student": "."}
    exporter = NotebookExporter(config=Config({"Exporter": {"default_preprocessors": []}}))
    for step in steps:
        exporter.register_preprocessor(step)
    try:
        text, _ = exporter.from_filename(str(source), resources={"nbgrader": names | facts})
    except AlongsideError:
        raise
    except Exception as error:  # nbgrader's steps raise errors of many kinds
        message = f"solutions/{module}/{NOTEBOOK} cannot be used: {error}"
        raise GradingError(message) from error
    return f"{text}" if text.endswith("\n") else f"{text}\n"


def _drop_extra(root: Path, folder: Path, allowed: set[str], *, check: bool) -> list[str]:
    extra = [path for path in sorted(folder.glob("*")) if path.name not in allowed]
    for path in [] if check else extra:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return [path.relative_to(root).as_posix() for path in extra]
