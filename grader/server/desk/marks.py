"""The pages on which replies are read and marked: one by one, like ones, all sure ones.

Apart from `routes`, which says at which address each of them stands.
"""

from __future__ import annotations

import re
from typing import Any

import tornado.web

from grader.content.items import ACTS
from grader.desk import pages
from grader.desk.answers import place_of
from grader.desk.bank import add_comment
from grader.desk.deciding import (
    ACCEPT,
    ALIKE,
    FLAG,
    MARK,
    READ,
    UNDO,
    Decided,
    Wish,
    decide,
    points_of,
)
from grader.desk.next_step import many
from grader.desk.queue import like_ones, queue_of
from grader.desk.reading import Line, Reading, read, read_some
from grader.desk.second import is_offered, unveil
from grader.desk.undoing import undo
from grader.errors import GradingError
from grader.server.desk.page import DeskPage, Told

MOST_LINES = 200  # replies on one list
TICKED = re.compile(r"([0-9a-f]{32})-([0-9a-f]{16})")
NOTHING_LEFT = "Nothing is left to undo."
NONE_WAITS = "No reply to this question waits any more."
CHANGED = "Somebody changed it since, so it stays as it is."


class FirstReply(DeskPage):
    """Leads to the first reply of a question that waits."""

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str) -> None:
        """Send the browser there, or to the desk where none waits."""
        await self.tell(lambda: self.after("", module, grade_name))

    def after(self, notebook: str, module: str, grade_name: str) -> Told:
        """Return the way to the reply that comes after one."""
        return way_to(
            queue_of(self.desk, module, grade_name).next_after(notebook), module, grade_name
        )


class NextReply(FirstReply):
    """Leads to the next reply of a question that waits."""

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str, notebook: str = "") -> None:
        """Send the browser there, or to the desk where none waits."""
        await self.tell(lambda: self.after(notebook, module, grade_name))


def way_to(notebook: str, module: str, grade_name: str, said: str = "") -> Told:
    """Return the way to a reply; to the desk where there is none."""
    if notebook:
        return Told(path=f"/mark/{module}/{grade_name}/{notebook}", said=said)
    return Told(said=f"{said} {NONE_WAITS}".strip())


class Judging(DeskPage):
    """What pages share on which somebody judges one reply."""

    @property
    def comment(self) -> str:
        """The comment that was typed."""
        return self.get_body_argument("comment", "").replace("\r\n", "\n").strip()

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts that were ticked."""
        return tuple(act for act in ACTS if act in self.get_body_arguments("act"))


class Reply(Judging):
    """Shows one reply, and takes what a trainer decides on it."""

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str, notebook: str) -> None:
        """Send the page."""
        show_who, frame, said = self.get_query_argument("who", "") == "1", self.frame, self.said

        def page() -> Told:
            reading = read(self.desk, module, grade_name, notebook)
            if is_offered(self.desk, self.who, notebook, reading.queue.cell):
                # Whoever gives the second mark sees the first one afterwards.
                return Told(path=f"/second/{module}/{grade_name}/{notebook}", said=said)
            unveil(self.desk, self.who, (notebook, reading.queue.cell))
            return Told(pages.mark_page(self.desk, reading, frame, said, show_who=show_who))

        await self.tell(page)

    @tornado.web.authenticated
    async def post(self, module: str, grade_name: str, notebook: str) -> None:
        """Do what was asked, and go on to the next reply where points were given."""
        what, frame = self.get_body_argument("do", MARK), self.frame
        if what == UNDO:
            await self.tell(lambda: self._undo(module, grade_name, notebook))
        elif what in (FLAG, READ):
            await self.tell(lambda: self._note(what, read(self.desk, module, grade_name, notebook)))
        else:
            await self.tell(
                lambda: self._mark(read(self.desk, module, grade_name, notebook), frame)
            )

    def _note(self, what: str, reading: Reading) -> Told:
        done = decide(self.desk, self.who, what, [self._wish(reading, None, None)])
        said = "" if done.done else CHANGED
        return way_to(reading.notebook, reading.module, reading.grade_name, said)

    def _mark(self, reading: Reading, frame: pages.Frame) -> Told:
        typed, comment = self.get_body_argument("points", ""), self.comment
        try:
            points = points_of(self._chosen(typed), reading.place.item.points)
        except GradingError as error:
            wrong = pages.Typed(typed, comment, wrong=str(error), acts=self.acts)
            return Told(pages.mark_page(self.desk, reading, frame, typed=wrong), 422)
        done = decide(self.desk, self.who, MARK, [self._wish(reading, points, comment)])
        if done.refused:
            late = pages.Typed(f"{points:g}", comment, refused=done.refused[0], acts=self.acts)
            fresh = read(self.desk, reading.module, reading.grade_name, reading.notebook)
            return Told(pages.mark_page(self.desk, fresh, frame, typed=late), 409)
        if self.get_body_argument("keep", ""):
            add_comment(self.desk, reading.module, comment)
        said = f"Reply {reading.number}: {points:g} of {reading.place.item.points:g}. U undoes it."
        following = reading.queue.next_after(reading.notebook)
        return way_to(following, reading.module, reading.grade_name, said)

    def _chosen(self, typed: str) -> str:
        chosen = typed.strip() or self.get_body_argument("suggested", "").strip()
        if not chosen:
            raise GradingError("Choose points first. The course is not sure here, so you decide.")
        return chosen

    def _wish(self, reading: Reading, points: float | None, comment: str | None) -> Wish:
        seen = self.get_body_argument("seen", "")
        flagged = self.get_body_argument("flagged", "") == "1"
        where = reading.notebook, reading.queue.cell
        return Wish(*where, seen, points, comment, flagged=flagged, acts=self.acts)

    def _undo(self, module: str, grade_name: str, notebook: str) -> Told:
        done = undo(self.desk, self.who)
        queue = queue_of(self.desk, module, grade_name)
        of_here = [book for book, cell in done.where if cell == queue.cell]
        return way_to(of_here[0] if of_here else notebook, module, grade_name, undone(done))


class Undo(DeskPage):
    """Takes back what a trainer decided last, from any page."""

    @tornado.web.authenticated
    async def post(self) -> None:
        """Undo, and show the desk."""
        await self.tell(lambda: Told(said=undone(undo(self.desk, self.who))))


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
        frame = self.frame
        await self.tell(lambda: Told(self.page(module, grade_name, frame, self.said)))

    @tornado.web.authenticated
    async def post(self, module: str, grade_name: str) -> None:
        """Mark what is ticked."""
        frame = self.frame
        await self.tell(lambda: self.mark(module, grade_name, frame))

    def page(
        self, module: str, grade_name: str, frame: pages.Frame, said: str = "", wrong: str = ""
    ) -> str:
        """Return the list with some words above it."""
        lines, how = self.lines(module, grade_name)
        return pages.several_page(
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

    def lines(self, module: str, grade_name: str) -> tuple[list[Line], dict[str, Any]]:
        """Return the replies to show, and what is said of them."""
        raise NotImplementedError

    def mark(self, module: str, grade_name: str, frame: pages.Frame) -> Told:
        """Mark what is ticked, and return the way back to the list."""
        raise NotImplementedError

    def ticked(self) -> list[tuple[str, str]]:
        """Return what was ticked: the hand-ins, each with the mark that was seen."""
        found = (TICKED.fullmatch(one) for one in self.get_body_arguments("reply"))
        return [(one[1], one[2]) for one in found if one]


def marked(done: Decided) -> str:
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
        asked = self.get_query_argument("group", "1")[:4]
        group = min(int(asked), len(groups)) if asked.isascii() and asked.isdigit() else 1
        chosen = groups[group - 1][:MOST_LINES] if groups and group else []
        found = read_some(self.desk, module, grade_name, chosen)
        lines = [line for line in found if not line.read_first]
        return lines, {"groups": [len(one) for one in groups], "group": group}

    def mark(self, module: str, grade_name: str, frame: pages.Frame) -> Told:
        """Give all that are ticked the same points."""
        cell = queue_of(self.desk, module, grade_name).cell
        most = place_of(self.desk, module, grade_name).item.points
        try:
            points = points_of(self.get_body_argument("points", ""), most)
        except GradingError as error:
            return Told(self.page(module, grade_name, frame, wrong=str(error)), 422)
        comment = self.get_body_argument("comment", "").strip() or None
        wishes = [Wish(book, cell, seen, points, comment) for book, seen in self.ticked()]
        done = decide(self.desk, self.who, ALIKE, wishes)
        return Told(path=f"/alike/{module}/{grade_name}", said=marked(done))


class Sure(Several):
    """All replies with a sure suggestion, which are accepted once they were shown."""

    sure = True

    def lines(self, module: str, grade_name: str) -> tuple[list[Line], dict[str, Any]]:
        """Return the replies with a sure suggestion."""
        queue = queue_of(self.desk, module, grade_name)
        chosen = [one for one in queue.waiting if one in queue.sure and one not in queue.first]
        lines = read_some(self.desk, module, grade_name, chosen[:MOST_LINES])
        return [line for line in lines if line.suggested is not None], {}

    def mark(self, module: str, grade_name: str, frame: pages.Frame) -> Told:
        """Accept what is ticked, with the points that are suggested now."""
        cell, ticked = queue_of(self.desk, module, grade_name).cell, dict(self.ticked())
        wishes = [
            Wish(line.notebook, cell, ticked[line.notebook], line.suggested)
            for line in read_some(self.desk, module, grade_name, ticked)
            if line.suggested is not None
        ]
        done = decide(self.desk, self.who, ACCEPT, wishes)
        return Told(path=f"/sure/{module}/{grade_name}", said=marked(done))
