"""nbgrader's exchange on the trainer's side: its own commands and buttons do what ours do.

nbgrader finds the classes by the names that `grader.trainer.nbgrader.plugins` configures.

Apart from the plug-ins, which need no exchange.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from grader.errors import AlongsideError, one_line, sentence
from grader.files.privacy import shared_group
from grader.formats.feedback import Released, numbers_in, parse
from grader.places import SECRET
from grader.trainer.collect.arrivals import COLLECTED, OLDER, Collected
from grader.trainer.collect.collect import collect_some
from grader.trainer.collect.inbound import weak_points
from grader.trainer.collect.owners import owners_of
from grader.trainer.feedback.states import remember_released
from grader.trainer.roster.trainees import is_handed_in


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
            course_id, owners = self.coursedir.course_id, owners_of(root, asks=self.check_owner)
            done = collect_some(root, exchange, course_id, self._is_wanted, owners)
            for warning in weak_points(exchange, course_id, owners):
                self.log.warning("%s", warning)
        except AlongsideError as error:
            self.fail(sentence(error))
        for one in done:
            self._say(one)

    def _is_wanted(self, trainee: str, module: str) -> bool:
        if module != self.coursedir.assignment_id:
            return False
        if self.coursedir.student_id not in ("", "*", trainee):
            return False
        there = Path(self.coursedir.root) / "submitted" / trainee / module
        if is_handed_in(there) and not self.update:  # as nbgrader promises
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
    """Put feedback into the exchange, where the trainee's account can read it, and count it.

    The page keeps its rights when it is copied, and here only trainers may read it. In the
    exchange nobody can list the folder, and a page's name is a secret of its trainee.
    """

    needs_pages = True  # to put nothing there is a failure
    released = 0  # pages that are there to fetch

    def init_dest(self) -> None:
        """Find or make the folder, and let nobody list it: nbgrader does so only where it makes it.

        A trainers' group goes on as it is.
        """
        super().init_dest()
        folder = Path(self.dest_path)
        listed = 0o006 if shared_group() is not None else 0o066
        if not folder.stat().st_mode & listed:
            return
        try:
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) & ~listed)
        except PermissionError:
            self.log.warning(
                "Other accounts can list %s. Ask its owner to close it to them", folder
            )

    def copy_files(self) -> None:
        """Copy the pages, let accounts that know a page's name read it, and remember it."""
        super().copy_files()
        self._remember()
        for page in Path(self.dest_path).glob("*.html"):
            with suppress(PermissionError):  # another trainer's, who has done it
                page.chmod(0o644)
        where = f"{self.coursedir.student_id or '*'}/{self.coursedir.assignment_id}/*.html"
        pages = (Path(self.coursedir.root) / "feedback").glob(where)
        self.released = sum(there.is_file() for there in set(map(self._outside, pages)))
        if not self.released and self.needs_pages:
            self.fail("no feedback page is there to fetch; run 'alongside feedback' first")
        self.log.info("%s feedback pages are there for trainees to fetch", self.released)

    def _outside(self, page: Path) -> Path:
        """Return where a page lies in the exchange, under a name that its trainee knows."""
        secret = (page.parent / SECRET).read_text(encoding="utf-8")
        return Path(self.dest_path) / f"{notebook_hash(secret=secret, notebook_id=page.stem)}.html"

    def _remember(self) -> None:
        """Remember as released what is finished of that; a draft never is."""
        about = self.coursedir
        left_out = set(about.student_id_exclude.split(","))
        editions = {}
        where = f"{about.student_id or '*'}/{about.assignment_id}/*.html"
        for page in (Path(about.root) / about.feedback_directory).glob(where):
            facts = _finished(page)
            if facts and facts.trainee not in left_out:
                editions[facts.trainee] = facts.edition
        try:
            remember_released(about.db_url, about.assignment_id, editions)
        except AlongsideError as error:
            self.log.warning("What was released is not remembered: %s.", error)


def _finished(page: Path) -> Released | None:
    """Return the numbers of a feedback page, None of a draft or another page."""
    with suppress(OSError, ValueError):
        found = parse(numbers_in(page.read_bytes()) or b"")
        return None if found.draft or not found.edition else found
    return None
