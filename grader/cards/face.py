"""What notebooks call: questions, records, help, hand-in, map, words, compass and own record.

Each function shows one thing where it is called, to whom the environment names. What they
show stands in `calls`; only marks are made here, where a notebook is graded.
"""

from __future__ import annotations

import os
from pathlib import Path

from grader.cards.calls import Context, pieces, problem_html
from grader.cards.card import Card
from grader.content.items import Item
from grader.errors import AlongsideError, GradingError, RecordError
from grader.formats import answers
from grader.html import render
from grader.kinds import keys
from grader.kinds.reading import find_item
from grader.kinds.scoring import is_automatic
from grader.kinds.views import public_view
from grader.places import ANSWERS, this_learner
from grader.skills.earned import earned, unread


def _show(name: str, *arguments: str) -> None:
    """Show what a call is for."""
    for piece in pieces(Context(this_learner(), Path.cwd()), name, arguments):
        _display(piece)


def _display(piece: Card | str) -> None:
    from IPython.display import HTML, display

    if isinstance(piece, str):
        display(HTML(piece))
        return
    from grader.cards.widget import CardWidget

    display(CardWidget(piece))


def begin() -> None:
    """Show the help card, for those who read the notebook without our pages."""
    _show("begin")


def card(item_id: str) -> None:
    """Show the card of one item.

    Parameters
    ----------
    item_id : str
        An item of the notebook's own module.
    """
    _show("card", item_id)


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
    try:
        items = keys.key_items(Path.cwd())
        if items is not None:
            return _graded(items, item_id)
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            raise GradingError("the key is missing; grade in the course folder")
    except GradingError:
        raise
    except AlongsideError as error:
        _display(problem_html(error))
        return None
    _show("record", item_id)
    return None


def _graded(items: dict[str, Item], item_id: str) -> float | None:
    item = find_item(items, item_id, "The key")
    found, problem = _graded_record(Path.cwd())
    view = public_view(item)
    made = earned(item, view, found, damaged=bool(problem))
    _display(render.record_html(view, made.response, made.score, problem or made.problem))
    return made.auto_score if is_automatic(item) else None


def _graded_record(folder: Path) -> tuple[answers.Record, str]:
    try:
        return answers.read_record(folder / ANSWERS, folder.name), ""
    except RecordError as error:
        return answers.Record(folder.name), unread(error)


def sketch(item_id: str) -> None:
    """Show an author how a conversation branches; nothing for other kinds of items."""
    _show("sketch", item_id)


def hand_in() -> None:
    """Show the hand-in card of the exercise."""
    _show("hand_in")


def again_today() -> None:
    """Say how many practice cards there are to meet again today."""
    _show("again_today")


def meet_again() -> None:
    """Show the practice cards to meet again today."""
    _show("meet_again")


def find() -> None:
    """Find words in lessons, glossary and one's own notes."""
    _show("find")


def course_map() -> None:
    """Show all modules with the trainee's progress, and where to open feedback."""
    _show("course_map")


def glossary() -> None:
    """Show the words of the course with their meanings."""
    _show("glossary")


def skill_ratings() -> None:
    """Show the self-ratings on every skill, at each moment."""
    _show("skill_ratings")


def my_skills() -> None:
    """Show what the answers say of each skill, beside the self-ratings."""
    _show("my_skills")


def two_questions() -> None:
    """Ask which skills are strongest, and which to develop; the answers stay private."""
    _show("two_questions")


def next_step() -> None:
    """Offer three next steps, or ask how the last one went."""
    _show("next_step")


def my_style() -> None:
    """Show how the trainee's way of talking moves through the course."""
    _show("my_style")


def my_progress() -> None:
    """Show how far the trainee is in each module."""
    _show("my_progress")


def my_certificate() -> None:
    """Show how to make the certificate, or what is still missing for it."""
    _show("my_certificate")


def my_plan() -> None:
    """Show all next steps with how they went."""
    _show("my_plan")


def my_journal() -> None:
    """Show all that the trainee wrote for themselves."""
    _show("my_journal")


def copy_everything() -> None:
    """Offer a copy of everything that the course keeps."""
    _show("copy_everything")


def delete_everything() -> None:
    """Offer to delete everything that the course keeps."""
    _show("delete_everything")
