"""The calls that notebooks are made of: what each shows to a learner.

A notebook in a kernel makes them by `face`; `grader.server` reads them off the notebook's
cells and needs no kernel, and `grader.site` neither kernel nor server. A browser reads each module
anew on a first visit: what a lesson's cards do without is imported where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.cards.card import Card, facts_of
from grader.cards.desk import find, this_desk
from grader.cards.question import QuestionCard
from grader.errors import AlongsideError, GradingError, PagesError
from grader.html import help_card
from grader.html.templating import render_template, trusted
from grader.kinds import keys
from grader.places import Learner

Piece = Card | str  # a card, or escaped HTML


@dataclass(frozen=True)
class Context:
    """Who looks at a notebook, and the folder in which it lies; made anew for each page."""

    learner: Learner
    folder: Path

    @cached_property
    def is_graded(self) -> bool:
        """Tell whether the notebook is being graded: its records then say it all."""
        return keys.key_items(self.folder) is not None


def pieces(context: Context, name: str, arguments: Sequence[str]) -> list[Piece]:
    """Return what a call shows; an error of ours becomes one plain sentence.

    Raises
    ------
    GradingError
        A grader has to see it, and the cell must not earn marks.
    """
    try:
        return list(CALLS[name](context, *arguments))
    except GradingError:
        raise
    except AlongsideError as error:
        return [problem_html(error)]


def problem_html(error: AlongsideError) -> str:
    """Return an error of ours as what stands in the place of a card."""
    return render_template("cards/problem.html.j2", lines=str(error).split("\n"))


def _begin(context: Context) -> Iterator[Piece]:
    yield help_card.help_html(folded=True, region=help_card.find_region(context.learner))


def _card(context: Context, item_id: str) -> Iterator[Piece]:
    if not context.is_graded:
        desk = this_desk(context.learner, context.folder)
        item, view = find(desk, item_id)
        yield QuestionCard(desk, view, item)


def _record(_context: Context, _item_id: str) -> Iterator[Piece]:
    yield render_template("cards/later.html.j2")


def _sketch(context: Context, item_id: str) -> Iterator[Piece]:
    from grader.html.sketch import sketch_html

    with suppress(AlongsideError):  # the card above it says what is wrong
        item, _ = find(this_desk(context.learner, context.folder), item_id)
        if item and (html := sketch_html(item)):
            yield html


def _hand_in(context: Context) -> Iterator[Piece]:
    from grader.cards.sending import HandInCard

    desk = this_desk(context.learner, context.folder)
    if not desk.practice and not context.is_graded:
        yield HandInCard(context.learner, desk.module)


def _again_today(context: Context) -> Iterator[Piece]:
    from grader.cards.meeting_again import AgainTodayCard

    card = AgainTodayCard(context.learner)
    if card.text:  # else the map begins as ever
        yield card


def _meet_again(context: Context) -> Iterator[Piece]:
    from grader.cards.meeting_again import MeetAgainCard

    yield MeetAgainCard(context.learner)


def _find(context: Context) -> Iterator[Piece]:
    from grader.cards.finding import FindCard

    yield FindCard(context.learner)


def _step_notes(context: Context, page: str) -> Iterator[Piece]:
    from grader.cards.finding import StepNotesCard

    yield StepNotesCard(context.learner, page)


def _course_map(context: Context) -> Iterator[Piece]:
    from grader.cards.sending import FeedbackCard
    from grader.trainee import map_page

    yield map_page.map_html(context.learner)
    yield FeedbackCard(context.learner)


def _glossary(context: Context) -> Iterator[Piece]:
    from grader.trainee.glossary import glossary_html

    yield glossary_html(context.learner.course)


def _skill_ratings(context: Context) -> Iterator[Piece]:
    from grader.cards.skills import RatingsCard

    yield RatingsCard(context.learner)


def _my_skills(context: Context) -> Iterator[Piece]:
    from grader.trainee import compass

    yield compass.skills_html(compass.look(context.learner))


def _two_questions(context: Context) -> Iterator[Piece]:
    from grader.cards.compass import CompassQuestionCard
    from grader.trainee import compass_questions

    for name in compass_questions.QUESTIONS:
        yield CompassQuestionCard(context.learner, name)


def _next_step(context: Context) -> Iterator[Piece]:
    from grader.cards.compass import NextStepCard
    from grader.trainee import compass

    yield NextStepCard(compass.look(context.learner))


def _my_style(context: Context) -> Iterator[Piece]:
    from grader.trainee import compass

    yield compass.style_html(compass.look(context.learner))


def _my_progress(context: Context) -> Iterator[Piece]:
    from grader.cards.own_record import progress_html

    yield progress_html(context.learner)


def _my_certificate(context: Context) -> Iterator[Piece]:
    from grader.cards.own_record import CertificateCard

    yield CertificateCard(context.learner)


def _my_plan(context: Context) -> Iterator[Piece]:
    from grader.cards.own_record import plan_html

    yield plan_html(context.learner.home)


def _my_journal(context: Context) -> Iterator[Piece]:
    from grader.cards.own_record import journal_html

    yield journal_html(context.learner)


def _copy_everything(context: Context) -> Iterator[Piece]:
    from grader.cards.own_record import ExportCard

    yield ExportCard(context.learner)


def _delete_everything(context: Context) -> Iterator[Piece]:
    from grader.cards.own_record import DeleteCard

    yield DeleteCard(context.learner)


def _settings(context: Context) -> Iterator[Piece]:
    """Give what the top of every page keeps; no notebook calls it."""
    from grader.cards.settings import SettingsCard

    yield SettingsCard(context.learner)


_ALL = (
    _begin, _card, _record, _sketch, _hand_in, _again_today, _meet_again, _find,
    _step_notes, _course_map,
    _glossary, _skill_ratings, _my_skills, _two_questions, _next_step, _my_style, _my_progress,
    _my_certificate, _my_plan, _my_journal, _copy_everything, _delete_everything, _settings,
)  # fmt: skip
CALLS: dict[str, Callable[..., Iterator[Piece]]] = {
    call.__name__.removeprefix("_"): call for call in _ALL
}


def parts(context: Context, name: str, arguments: Sequence[str]) -> Iterator[Any]:
    """Give what a call puts on a page: escaped HTML, and what each card is drawn from.

    A card's ``call`` comes back with its messages, so that `card_of` finds it again.
    """
    for number, piece in enumerate(pieces(context, name, arguments)):
        if isinstance(piece, Card):
            call = {"name": name, "arguments": tuple(arguments), "number": number}
            static = trusted(piece.static_html())
            yield {"call": call, "facts": facts_of(piece), "static": static}
        else:
            yield trusted(piece)


def card_of(call: Any, context: Context) -> Card:
    """Return the card that a page's message is for.

    Raises
    ------
    PagesError
        Where there is no such card any more.
    """
    try:
        shown = pieces(context, call["name"], tuple(map(str, call["arguments"])))
        card = shown[int(call["number"])]
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        card = ""
    if not isinstance(card, Card):
        raise PagesError("This question is no longer here. Please reload the page")
    return card
