"""The pages on which replies are read and marked: one by one, like ones, all sure ones.

Apart from `routes`, which says at which address each of them stands.
"""

from __future__ import annotations

import re
from typing import Any

import tornado.web

from grader.desk import pages
from grader.desk.bank import add_comment
from grader.desk.deciding import (
    ACCEPT,
    ALIKE,
    FLAG,
    MARK,
    READ,
    Decided,
    Wish,
    decide,
    points_of,
    undo,
)
from grader.desk.next_step import many
from grader.desk.queue import like_ones, queue_of
from grader.desk.reading import Line, Reading, read, read_some
from grader.errors import GradingError
from grader.server.desk.page import DeskPage

MOST_LINES = 200  # replies on one list
TICKED = re.compile(r"([0-9a-f]{32})-([0-9a-f]{16})")
NOTHING_LEFT = "Nothing is left to undo."
NONE_WAITS = "No reply to this question waits any more."
CHANGED = "Somebody changed it since, so it stays as it is."


class FirstReply(DeskPage):
    """Leads to the first reply of a question that waits."""

    @tornado.web.authenticated
    def get(self, module: str, grade_name: str) -> None:
        """Send the browser there, or to the desk where none waits."""
        notebook = queue_of(self.desk, module, grade_name).next_after()
        if notebook:
            self.go(f"/mark/{module}/{grade_name}/{notebook}")
        else:
            self.go("", NONE_WAITS)


class NextReply(DeskPage):
    """Leads to the next reply of a question that waits."""

    @tornado.web.authenticated
    def get(self, module: str, grade_name: str, notebook: str) -> None:
        """Send the browser there, or to the desk where none waits."""
        following = queue_of(self.desk, module, grade_name).next_after(notebook)
        if following:
            self.go(f"/mark/{module}/{grade_name}/{following}")
        else:
            self.go("", NONE_WAITS)


class Reply(DeskPage):
    """Shows one reply, and takes what a trainer decides on it."""

    @tornado.web.authenticated
    def get(self, module: str, grade_name: str, notebook: str) -> None:
        """Send the page."""
        reading = read(self.desk, module, grade_name, notebook)
        show_who = self.get_query_argument("who", "") == "1"
        page = pages.mark_page(self.desk, reading, self.frame, self.said, show_who=show_who)
        self.finish(page)

    @tornado.web.authenticated
    def post(self, module: str, grade_name: str, notebook: str) -> None:
        """Do what was asked, and go on to the next reply where points were given."""
        what = self.get_body_argument("do", MARK)
        if what == "undo":
            self._undo(module, grade_name, notebook)
            return
        reading = read(self.desk, module, grade_name, notebook)
        if what not in (FLAG, READ):
            self._mark(reading)
            return
        done = decide(self.desk, self.who, what, [self._wish(reading, None, None)])
        here = f"/mark/{module}/{grade_name}/{notebook}"
        self.go(here, "" if done.done else CHANGED)

    def _mark(self, reading: Reading) -> None:
        typed, comment = self.get_body_argument("points", ""), self._comment()
        try:
            points = points_of(self._chosen(typed), reading.place.item.points)
        except GradingError as error:
            self.set_status(422)
            wrong = pages.Typed(typed, comment, wrong=str(error))
            self.finish(pages.mark_page(self.desk, reading, self.frame, typed=wrong))
            return
        done = decide(self.desk, self.who, MARK, [self._wish(reading, points, comment)])
        if done.refused:
            self.set_status(409)
            late = pages.Typed(f"{points:g}", comment, refused=done.refused[0])
            fresh = read(self.desk, reading.module, reading.grade_name, reading.notebook)
            self.finish(pages.mark_page(self.desk, fresh, self.frame, typed=late))
            return
        if self.get_body_argument("keep", ""):
            add_comment(self.desk, reading.module, comment)
        said = f"Reply {reading.number}: {points:g} of {reading.place.item.points:g}. U undoes it."
        self._next(reading, said)

    def _chosen(self, typed: str) -> str:
        chosen = typed.strip() or self.get_body_argument("suggested", "").strip()
        if not chosen:
            raise GradingError("Choose points first. The course is not sure here, so you decide.")
        return chosen

    def _comment(self) -> str:
        return self.get_body_argument("comment", "").replace("\r\n", "\n").strip()

    def _wish(self, reading: Reading, points: float | None, comment: str | None) -> Wish:
        seen = self.get_body_argument("seen", "")
        return Wish(reading.notebook, reading.queue.cell, seen, points, comment)

    def _next(self, reading: Reading, said: str) -> None:
        following = reading.queue.next_after(reading.notebook)
        if following:
            self.go(f"/mark/{reading.module}/{reading.grade_name}/{following}", said)
        else:
            self.go("", f"{said} {NONE_WAITS}")

    def _undo(self, module: str, grade_name: str, notebook: str) -> None:
        done = undo(self.desk, self.who)
        queue = queue_of(self.desk, module, grade_name)
        of_here = [book for book, cell in done.where if cell == queue.cell]
        back = of_here[0] if of_here else notebook
        self.go(f"/mark/{module}/{grade_name}/{back}", undone(done))


class Undo(DeskPage):
    """Takes back what a trainer decided last, from any page."""

    @tornado.web.authenticated
    def post(self) -> None:
        """Undo, and show the desk."""
        self.go("", undone(undo(self.desk, self.who)))


def undone(done: Decided) -> str:
    """Say what was taken back."""
    if done.refused:
        return f"{CHANGED} Taken back: {many(done.done, 'decision')}." if done.done else CHANGED
    return f"Taken back: {many(done.done, 'decision')}." if done.done else NOTHING_LEFT


class Several(DeskPage):
    """Shows several replies at once, and marks those that were shown and ticked."""

    sure = False

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str) -> None:
        """Send the list."""
        await self.show(module, grade_name)

    async def show(self, module: str, grade_name: str, wrong: str = "") -> None:
        """Send the list, with what was wrong above it."""
        frame, said = self.frame, self.said
        lines, how = await self.aside(lambda: self.lines(module, grade_name))
        self.finish(
            pages.several_page(
                self.desk,
                module,
                grade_name,
                lines,
                frame,
                sure=self.sure,
                said=said,
                wrong=wrong,
                **how,
            )
        )

    def lines(self, module: str, grade_name: str) -> tuple[list[Line], dict[str, Any]]:
        """Return the replies to show, and what is said of them."""
        raise NotImplementedError

    def ticked(self) -> list[tuple[str, str]]:
        """Return what was ticked: the hand-ins, each with the mark that was seen."""
        found = (TICKED.fullmatch(one) for one in self.get_body_arguments("reply"))
        return [(one[1], one[2]) for one in found if one]

    def marked(self, done: Decided) -> str:
        """Say how many were marked, and how many somebody else decided on meanwhile."""
        said = f"Marked: {many(done.done, 'reply')}."
        late = many(len(done.refused), "reply")
        return f"{said} Left as they are, since somebody decided: {late}." if done.refused else said


class Alike(Several):
    """Like replies, marked together."""

    def lines(self, module: str, grade_name: str) -> tuple[list[Line], dict[str, Any]]:
        """Return the chosen group, and the sizes of all."""
        queue = queue_of(self.desk, module, grade_name)
        groups = like_ones(self.desk, queue.cell)
        asked = self.get_query_argument("group", "1")
        group = min(int(asked), len(groups)) if asked.isascii() and asked.isdigit() else 1
        chosen = groups[group - 1][:MOST_LINES] if groups and group else []
        lines = [
            line for line in read_some(self.desk, module, grade_name, chosen) if not line.read_first
        ]
        return lines, {"groups": [len(one) for one in groups], "group": group}

    @tornado.web.authenticated
    async def post(self, module: str, grade_name: str) -> None:
        """Mark what is ticked."""
        most = pages.question(self.desk, module, grade_name)["most"]
        cell = queue_of(self.desk, module, grade_name).cell
        try:
            points = points_of(self.get_body_argument("points", ""), most)
        except GradingError as error:
            self.set_status(422)
            await self.show(module, grade_name, wrong=str(error))
            return
        comment = self.get_body_argument("comment", "").strip() or None
        wishes = [Wish(book, cell, seen, points, comment) for book, seen in self.ticked()]
        done = decide(self.desk, self.who, ALIKE, wishes)
        self.go(f"/alike/{module}/{grade_name}", self.marked(done))


class Sure(Several):
    """All replies with a sure suggestion, which are accepted once they were shown."""

    sure = True

    def lines(self, module: str, grade_name: str) -> tuple[list[Line], dict[str, Any]]:
        """Return the replies with a sure suggestion."""
        queue = queue_of(self.desk, module, grade_name)
        chosen = [one for one in queue.waiting if one in queue.sure and one not in queue.first]
        lines = read_some(self.desk, module, grade_name, chosen[:MOST_LINES])
        return [line for line in lines if line.suggested is not None], {}

    @tornado.web.authenticated
    async def post(self, module: str, grade_name: str) -> None:
        """Accept what is ticked, with the points that are suggested now."""
        cell, ticked = queue_of(self.desk, module, grade_name).cell, dict(self.ticked())
        lines = await self.aside(lambda: read_some(self.desk, module, grade_name, ticked))
        wishes = [
            Wish(line.notebook, cell, ticked[line.notebook], line.suggested)
            for line in lines
            if line.suggested is not None
        ]
        done = decide(self.desk, self.who, ACCEPT, wishes)
        self.go(f"/sure/{module}/{grade_name}", self.marked(done))
