"""nbgrader's exchange on the trainer's side: its own commands and buttons do what ours do.

nbgrader finds the classes by the names that `grader.nbgrader_plugins` configures.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from grader.arrivals import COLLECTED, OLDER, Collected
from grader.collect import collect_some
from grader.errors import AlongsideError, one_line


class CollectSafely(ExchangeCollect):
    """``nbgrader collect`` and formgrader's button, taking in as ``alongside collect`` does.

    Of a hand-in only the answers are taken. Links, odd names and folders that are too
    large are refused one by one; nbgrader's own class stops at the first.
    """

    def init_src(self) -> None:
        """Look for nothing yet: reading the exchange is a part of collecting."""
        if self.before_duedate:
            self.fail("this course always collects the newest hand-in; leave out --before-duedate")

    def copy_files(self) -> None:
        """Collect the module that nbgrader names."""
        try:
            root, exchange = Path(self.coursedir.root), Path(self.root)
            done = collect_some(root, exchange, self.coursedir.course_id, self._is_wanted)
        except AlongsideError as error:
            self.fail(f"{error}.")
        for one in done:
            self._say(one)

    def _is_wanted(self, trainee: str, module: str) -> bool:
        if module != self.coursedir.assignment_id:
            return False
        if self.coursedir.student_id not in ("", "*", trainee):
            return False
        there = Path(self.coursedir.root) / "submitted" / trainee / module
        if there.is_dir() and not self.update:  # as nbgrader promises
            self.log.info("%s %s is here already; --update takes a newer one", trainee, module)
            return False
        return True

    def _say(self, one: Collected) -> None:
        who = " ".join(part for part in (one.trainee, one.module) if part) or one.source
        fine = one.outcome == OLDER or (one.outcome == COLLECTED and not one.reason)
        tell = self.log.info if fine else self.log.warning
        why = f" ({one.reason})" if one.reason else ""
        tell("%s", one_line(f"{who}: {one.outcome}{why}"))


class ReleasePages(ExchangeReleaseFeedback):
    """Put feedback into the exchange, where the trainee's account can read it.

    The page keeps its rights when it is copied, and here only trainers may read it. In the
    exchange nobody can list the folder, and a page's name is a secret of its trainee.
    """

    def copy_files(self) -> None:
        """Copy the pages, then let accounts that know a page's name read it."""
        super().copy_files()
        for page in Path(self.dest_path).glob("*.html"):
            with suppress(PermissionError):  # another trainer's, who has done it
                page.chmod(0o644)
