"""Second marks, what two see differently, and agreement, each at its address.

Apart from `marks`, where first marks are given.
"""

from __future__ import annotations

import tornado.web

from grader.desk import fair_pages, pages
from grader.desk.deciding import UNDO, Wish, points_of
from grader.desk.pairing import difference_at, settle
from grader.desk.reading import Reading, read
from grader.desk.second import Offer, give_second, is_offered, offers_to, unveil
from grader.desk.undoing import undo
from grader.errors import GradingError
from grader.server.desk.marks import CHANGED, Judging, undone
from grader.server.desk.page import DeskPage, Told

NONE_LEFT = "No reply to this question waits for a second mark from you."


class SecondPage(DeskPage):
    """What the pages of second marks share."""

    def offers(self, module: str, grade_name: str) -> list[Offer]:
        """Return what is offered of one question."""
        found = offers_to(self.desk, self.who)
        return [one for one in found if (one.module, one.grade_name) == (module, grade_name)]

    def after(self, notebook: str, module: str, grade_name: str, said: str = "") -> Told:
        """Return the way to the next reply that is offered, to the desk where there is none."""
        books = [one.notebook for one in self.offers(module, grade_name)]
        others = [book for book in books if book != notebook]
        later = [book for book in others if book > notebook]
        for book in (later or others)[:1]:
            return Told(path=f"/second/{module}/{grade_name}/{book}", said=said)
        return Told(said=f"{said} {'' if notebook in books else NONE_LEFT}".strip())


class NextSecond(SecondPage):
    """Leads to the next reply of a question for a second mark."""

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str, notebook: str = "") -> None:
        """Send the browser there, or to the desk where none is left."""
        await self.tell(lambda: self.after(notebook, module, grade_name))


class Second(SecondPage, Judging):
    """Shows one reply without its mark, and takes a second mark."""

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str, notebook: str) -> None:
        """Send the page, or go on where this reply is not offered."""
        frame, said = self.frame, self.said

        def page() -> Told:
            reading = read(self.desk, module, grade_name, notebook)
            if not is_offered(self.desk, self.who, notebook, reading.queue.cell):
                return self.after(notebook, module, grade_name)
            return self._shown(reading, frame, said)

        await self.tell(page)

    @tornado.web.authenticated
    async def post(self, module: str, grade_name: str, notebook: str) -> None:
        """Keep the mark, and go on to the next reply."""
        frame = self.frame
        if self.get_body_argument("do", "") == UNDO:
            await self.tell(lambda: self._undo(module, grade_name))
        else:
            await self.tell(
                lambda: self._mark(read(self.desk, module, grade_name, notebook), frame)
            )

    def _shown(
        self, reading: Reading, frame: pages.Frame, said: str = "", typed: pages.Typed | None = None
    ) -> Told:
        left = len(self.offers(reading.module, reading.grade_name))
        page = fair_pages.second_page(self.desk, reading, left, frame, said=said, typed=typed)
        return Told(page, 422 if typed else 200)

    def _mark(self, reading: Reading, frame: pages.Frame) -> Told:
        typed, comment, acts = self.get_body_argument("points", ""), self.comment, self.acts
        where = reading.notebook, reading.queue.cell
        try:
            points = points_of(typed, reading.place.item.points)
        except GradingError as error:
            if not is_offered(self.desk, self.who, *where):
                raise
            wrong = pages.Typed(typed, comment, wrong=str(error), acts=acts)
            return self._shown(reading, frame, typed=wrong)
        wish = Wish(*where, "", points, comment, acts=acts)
        give_second(self.desk, self.who, wish, self.get_body_argument("grade", ""))
        most = reading.place.item.points
        said = f"Second mark for reply {reading.number}: {points:g} of {most:g}. U undoes it."
        return self.after(reading.notebook, reading.module, reading.grade_name, said)

    def _undo(self, module: str, grade_name: str) -> Told:
        done = undo(self.desk, self.who)
        books = {book for book, _ in done.where}
        here = (one for one in self.offers(module, grade_name) if one.notebook in books)
        if (again := next(here, None)) is None:
            return self.after("", module, grade_name, undone(done))
        return Told(path=f"/second/{module}/{grade_name}/{again.notebook}", said=undone(done))


class Differ(Judging):
    """Shows two marks that differ, and takes what the two agree on."""

    @tornado.web.authenticated
    async def get(self, module: str, grade_name: str, notebook: str) -> None:
        """Send the page."""
        frame = self.frame
        await self.tell(lambda: self._shown(read(self.desk, module, grade_name, notebook), frame))

    @tornado.web.authenticated
    async def post(self, module: str, grade_name: str, notebook: str) -> None:
        """Settle it, and show the desk."""
        frame = self.frame
        await self.tell(lambda: self._settle(read(self.desk, module, grade_name, notebook), frame))

    def _shown(
        self, reading: Reading, frame: pages.Frame, typed: pages.Typed | None = None
    ) -> Told:
        where = reading.notebook, reading.queue.cell
        pair = difference_at(self.desk, self.who, where)
        unveil(self.desk, self.who, where)
        page = fair_pages.differ_page(self.desk, reading, pair, frame, typed)
        return Told(page, 422 if typed else 200)

    def _settle(self, reading: Reading, frame: pages.Frame) -> Told:
        typed, comment = self.get_body_argument("points", ""), self.comment
        try:
            points = points_of(typed, reading.place.item.points)
        except GradingError as error:
            return self._shown(reading, frame, pages.Typed(typed, comment, wrong=str(error)))
        seen = self.get_body_argument("seen", "")
        wish = Wish(reading.notebook, reading.queue.cell, seen, points, comment)
        if settle(self.desk, self.who, wish).refused:
            return self._shown(reading, frame, pages.Typed(typed, comment, wrong=CHANGED))
        most = reading.place.item.points
        return Told(said=f"Settled: {points:g} of {most:g}. Undo takes it back.")


class Agreement(DeskPage):
    """Says how well trainers agree."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send the page."""
        frame = self.frame
        await self.tell(lambda: Told(fair_pages.agreement_page(self.desk, frame)))
