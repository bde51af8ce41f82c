"""What notebooks call: questions, records, help, hand-in, map, words, compass and own record.

Each function shows one thing where it is called. A card saves each answer with a receipt,
and scores it where the key is at hand.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

from IPython.display import HTML, display

from grader.cards import own_record
from grader.cards.compass import CompassQuestionCard, NextStepCard
from grader.cards.desk import find, this_desk
from grader.cards.question import QuestionCard
from grader.cards.sending import FeedbackCard, HandInCard
from grader.cards.skills import RatingsCard
from grader.errors import AlongsideError, GradingError, RecordError
from grader.formats import answers
from grader.html import help_card, render
from grader.html.templating import render_template
from grader.kinds import keys
from grader.kinds.reading import find_item
from grader.kinds.scoring import is_automatic
from grader.kinds.views import public_view
from grader.places import ANSWERS, this_learner
from grader.skills.earned import earned, unread
from grader.trainee import compass, compass_questions
from grader.trainee import course_map as coursemap
from grader.trainee.glossary import glossary_html


def _plainly(show: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error of ours into one plain sentence on the page."""

    @wraps(show)
    def shown(*arguments: Any) -> Any:
        try:
            return show(*arguments)
        except GradingError:
            raise  # a grader has to see it, and the cell must not earn marks
        except AlongsideError as error:
            display(HTML(render_template("cards/problem.html.j2", lines=str(error).split("\n"))))
            return None

    return shown


@_plainly
def begin() -> None:
    """Show the help card, for those who read the notebook without our pages."""
    display(HTML(help_card.help_html(help_card.find_region(this_learner()), folded=True)))


@_plainly
def card(item_id: str) -> None:
    """Show the card of one item.

    Parameters
    ----------
    item_id : str
        An item of the notebook's own module.
    """
    desk = this_desk(this_learner(), Path.cwd())
    if keys.key_items(Path.cwd()) is not None:  # being graded: the record cell says it all
        return
    item, view = find(desk, item_id)
    display(QuestionCard(desk, view, item))


@_plainly
def record(item_id: str) -> float | None:
    """Show and score one answered item where it is graded; say who marks it elsewhere.

    Parameters
    ----------
    item_id : str
        An item of the exercise.

    Returns
    -------
    float or None
        Points in [0, maximum] where the key is at hand and the item is marked without a
        trainer. nbgrader gives full marks for anything but such a number.

    Raises
    ------
    GradingError
        Where this is being graded and the key is missing: the cell then earns nothing.
    """
    folder = Path.cwd()
    items = keys.key_items(folder)
    if items is None:
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            raise GradingError("the key is missing; grade in the course folder")
        display(HTML(render_template("cards/later.html.j2")))
        return None
    item = find_item(items, item_id, "The key")
    found, problem = _graded_record(folder)
    view = public_view(item)
    made = earned(item, view, found, damaged=bool(problem))
    display(HTML(render.record_html(view, made.response, made.score, problem or made.problem)))
    return made.auto_score if is_automatic(item) else None


def _graded_record(folder: Path) -> tuple[answers.Record, str]:
    try:
        return answers.read_record(folder / ANSWERS, folder.name), ""
    except RecordError as error:
        return answers.Record(folder.name), unread(error)


def sketch(item_id: str) -> None:
    """Show an author how a conversation branches; nothing for other kinds of items."""
    from grader.html.sketch import sketch_html

    with suppress(AlongsideError):  # the card above it says what is wrong
        item, _ = find(this_desk(this_learner(), Path.cwd()), item_id)
        if item and (html := sketch_html(item)):
            display(HTML(html))


@_plainly
def hand_in() -> None:
    """Show the hand-in card of the exercise."""
    desk = this_desk(this_learner(), Path.cwd())
    if not desk.practice and keys.key_items(Path.cwd()) is None:
        display(HandInCard(desk.learner, desk.module))


@_plainly
def course_map() -> None:
    """Show all modules with the trainee's progress, and where to open feedback."""
    learner = this_learner()
    display(HTML(coursemap.map_html(learner)))
    display(FeedbackCard(learner))


@_plainly
def glossary() -> None:
    """Show the words of the course with their meanings."""
    display(HTML(glossary_html(this_learner().course)))


# --- one's own pages


@_plainly
def skill_ratings() -> None:
    """Show the self-ratings on every skill, at each moment."""
    display(RatingsCard(this_learner()))


@_plainly
def my_skills() -> None:
    """Show what the answers say of each skill, beside the self-ratings."""
    display(HTML(compass.skills_html(compass.look(this_learner()))))


@_plainly
def two_questions() -> None:
    """Ask which skills are strongest, and which to develop; the answers stay private."""
    learner = this_learner()
    for name in compass_questions.QUESTIONS:
        display(CompassQuestionCard(learner, name))


@_plainly
def next_step() -> None:
    """Offer three next steps, or ask how the last one went."""
    display(NextStepCard(compass.look(this_learner())))


@_plainly
def my_style() -> None:
    """Show how the trainee's way of talking moves through the course."""
    display(HTML(compass.style_html(compass.look(this_learner()))))


@_plainly
def my_progress() -> None:
    """Show how far the trainee is in each module."""
    display(HTML(own_record.progress_html(this_learner())))


@_plainly
def my_certificate() -> None:
    """Show how to make the certificate, or what is still missing for it."""
    display(own_record.CertificateCard(this_learner()))


@_plainly
def my_plan() -> None:
    """Show all next steps with how they went."""
    display(HTML(own_record.plan_html(this_learner().home)))


@_plainly
def my_journal() -> None:
    """Show all that the trainee wrote for themselves."""
    display(HTML(own_record.journal_html(this_learner())))


@_plainly
def copy_everything() -> None:
    """Offer a copy of everything that the course keeps."""
    display(own_record.ExportCard(this_learner()))


@_plainly
def delete_everything() -> None:
    """Offer to delete everything that the course keeps."""
    display(own_record.DeleteCard(this_learner()))
