"""Pages that show whether marks are fair: a second mark, two that differ, and agreement.

Apart from `pages`, which shows how it stands and takes first marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.items import ACTS
from grader.content.syllabus import syllabus_of
from grader.desk.agreeing import agreement_of
from grader.desk.pages import Frame, Typed, acts_to_tick, as_it_was_read, digits_to, question
from grader.desk.pairing import Pair
from grader.desk.place import Desk, titles
from grader.desk.reading import Reading
from grader.html.templating import render_template
from grader.trainer.marking.agreement import FEWEST


def second_page(  # noqa: PLR0913 - a reply, and what is said beside it
    desk: Desk,
    reading: Reading,
    left: int,
    frame: Frame,
    *,
    said: str = "",
    typed: Typed | None = None,
) -> str:
    """Return the page of a reply for a second mark: nothing on it tells of the first."""
    about = question(desk, reading.module, reading.grade_name) | as_it_was_read(reading.answer)
    typed = typed or Typed()
    return render_template(
        "desk/second.html.j2",
        frame=frame,
        reading=reading,
        left=left,
        said=said,
        typed=typed,
        wrong=typed.wrong,
        digits=digits_to(about["most"]),
        acts=acts_to_tick(reading.answer),
        here=_address(frame, "second", reading),
        **about,
    )


def differ_page(
    desk: Desk, reading: Reading, pair: Pair, frame: Frame, typed: Typed | None = None
) -> str:
    """Return the page on which two marks stand side by side, to be settled."""
    about = question(desk, reading.module, reading.grade_name) | as_it_was_read(reading.answer)
    typed = typed or Typed(comment=reading.state.comment)
    return render_template(
        "desk/differ.html.j2",
        frame=frame,
        reading=reading,
        pair=pair,
        typed=typed,
        wrong=typed.wrong,
        heard=_in_words,
        here=_address(frame, "differ", reading),
        **about,
    )


def agreement_page(desk: Desk, frame: Frame) -> str:
    """Return the page that says how well all agree."""
    lines = agreement_of(desk)
    return render_template(
        "desk/agreement.html.j2",
        frame=frame,
        lines=lines,
        look=[line for line in lines if line.is_overruled],
        titles=titles(desk),
        share=syllabus_of(desk.root).second_marks,
        fewest=FEWEST,
    )


def _address(frame: Frame, what: str, reading: Reading) -> str:
    return f"{frame.root}desk/{what}/{reading.module}/{reading.grade_name}/{reading.notebook}"


def _in_words(acts: Iterable[str]) -> str:
    return ", ".join(ACTS[act] for act in ACTS if act in acts)
