"""A course as the desk sees it: its folder, its gradebook, its questions as they lie there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.content.syllabus import syllabus_of
from grader.desk.tables import have_tables, make_tables
from grader.places import ITEMS, NOTEBOOK
from grader.trainer.gradebook.gradebook import (
    default_db_url,
    gradebook_session,
    read_from,
)
from grader.trainer.marking.sheet import Sheet, load_sheet
from grader.trainer.release import modules_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Desk:
    """A course folder and its gradebook's address."""

    root: Path
    db_url: str

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules, in order."""
        return tuple(modules_of(self.root))

    def sheet(self, module: str) -> Sheet:
        """Return a module's questions; they are read again only where their files changed.

        Raises
        ------
        GradingError
            Where the notebook and the key do not fit each other.
        """
        home = self.root / "solutions" / module
        return _sheet(self.root, module, _changed(home / ITEMS), _changed(home / NOTEBOOK))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open the gradebook as one transaction, with the desk's tables in it.

        Raises
        ------
        GradingError
            Where the gradebook cannot be written to.
        """
        with gradebook_session(self.db_url, write=True) as session:
            make_tables(session)
            yield session

    def get_ready(self) -> bool:
        """Make the desk's tables; tell whether there is a gradebook yet, which nobody makes here.

        Raises
        ------
        GradingError
            Where the gradebook cannot be used.
        """
        ready = read_from(self.db_url, have_tables)
        if ready is False:
            with self.writing():
                pass
        return ready is not None


def desk_of(root: Path) -> Desk:
    """Return the desk of a course folder, with the gradebook that belongs to it."""
    return Desk(root, default_db_url(root))


def titles(desk: Desk) -> Mapping[str, str]:
    """Return the title of each module, with its number."""
    known = syllabus_of(desk.root).titles
    return {
        module: f"{module.partition('-')[0].lstrip('0')} {known.get(module, module)}"
        for module in desk.modules
    }


@lru_cache(maxsize=64)
def _sheet(root: Path, module: str, _items: int, _notebook: int) -> Sheet:
    return load_sheet(root, module)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0
