"""Make the pages of the desk: each is filled from what the other modules found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.content.items import ACTS
from grader.desk.answers import Answer, name_of, place_of
from grader.desk.bank import bank_of
from grader.desk.deciding import Refused, State, times_of
from grader.desk.looking_back import LookBack, OneModule
from grader.desk.next_step import next_step
from grader.desk.pairing import differences_of
from grader.desk.place import Desk, titles
from grader.desk.reading import Line, Reading
from grader.desk.runs import EXPORT, FEEDBACK, GRADE, Runs
from grader.desk.second import counted, offers_to
from grader.desk.sitting import LOOKED_BACK, reminder
from grader.desk.standing import standing
from grader.errors import AlongsideError, in_words, sentence
from grader.formats.kept import VERSION_WORDS
from grader.html.render import page_style
from grader.html.templating import render_template
from grader.places import DEMO, DEMO_FOLDER
from grader.trainer.feedback.feedback import Feedback
from grader.trainer.gradebook.gradebook import read_from

STATIC = Path(__file__).parent / "static"
DOING = (
    (GRADE, "Grade what came in"),
    (FEEDBACK, "Write feedback"),
    (EXPORT, "Write the table of marks"),
)
MOST = 30  # of one list on the overview


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page: its root, the trainer's name, the mark against forged messages."""

    root: str
    who: str
    token: str

    @property
    def version(self) -> str:
        """A name for script and styles that changes when they do."""
        return version()


@cache
def files() -> dict[str, tuple[str, bytes]]:
    """Return the script and the styles, each with its type."""
    style = page_style() + (STATIC / "desk.css").read_text(encoding="utf-8")
    return {
        "desk.js": ("text/javascript", (STATIC / "desk.js").read_bytes()),
        "desk.css": ("text/css", style.encode()),
    }


@cache
def version() -> str:
    """Return a short name for these files as they are."""
    return hashlib.sha256(b"".join(content for _, content in files().values())).hexdigest()[:16]


def overview(desk: Desk, runs: Runs, frame: Frame, said: str = "") -> str:
    """Return the first page; what stops it from being counted is said in its place."""
    facts: dict[str, Any] = {"frame": frame, "said": said, "doing": DOING, "most": MOST}
    try:
        now = standing(desk)
        step = next_step(now, len(runs.to_send), is_busy=runs.is_busy)
        asked = {(one.module, one.grade_name) for one in now.questions}
        asked |= {(one.module, one.grade_name) for one in (*now.flagged, *now.differing)}
        asked |= {(one.module, one.grade_name) for one in now.read_first}
        second, differ = counted(offers_to(desk, frame.who)), differences_of(desk, frame.who)
        asked |= {*second, *((one.module, one.grade_name) for one in differ)}
        facts |= {"second": second, "differ": differ}
        names = {pair: name_of(desk, *pair) for pair in asked}
        facts |= {"now": now, "step": step, "names": names, "titles": titles(desk), "trouble": ""}
        facts["has_demo"] = not now.trainees and (desk.root / DEMO_FOLDER / DEMO).is_file()
    except (AlongsideError, OSError) as error:
        facts["trouble"] = sentence(in_words(error))
    return render_template("desk/overview.html.j2", **facts)


def question(desk: Desk, module: str, grade_name: str) -> dict[str, Any]:
    """Return what pages say of a question."""
    item = place_of(desk, module, grade_name).item
    return {
        "title": titles(desk)[module],
        "name": item.stem.speaker or item.id,
        "stem": item.stem,
        "question": item.question,
        "most": item.points,
        "module": module,
        "grade_name": grade_name,
    }


@dataclass(frozen=True, slots=True)
class Typed:
    """What a trainer typed and was not saved, with why: ``wrong``, or decided by somebody."""

    points: str = ""
    comment: str = ""
    wrong: str = ""
    refused: Refused | None = None
    acts: tuple[str, ...] = ()


def mark_page(  # noqa: PLR0913 - a reply, and what is said beside it
    desk: Desk,
    reading: Reading,
    frame: Frame,
    said: str = "",
    typed: Typed | None = None,
    *,
    show_who: bool = False,
) -> str:
    """Return the page of one reply."""
    about = question(desk, reading.module, reading.grade_name) | as_it_was_read(reading.answer)
    here = f"{frame.root}desk/mark/{reading.module}/{reading.grade_name}"
    own, following = f"{here}/{reading.notebook}", reading.queue.next_after(reading.notebook)
    first = [one for one in reading.queue.waiting if one in reading.queue.first]
    score = reading.state.score
    return render_template(
        "desk/mark.html.j2",
        frame=frame,
        reading=reading,
        said=said,
        rest=_rest(desk, frame.who),
        typed_points=typed.points if typed else f"{score:g}" if score is not None else "",
        typed_comment=typed.comment if typed else reading.state.comment,
        wrong=typed.wrong if typed else "",
        refused=_refused(typed) if typed and typed.refused else None,
        digits=digits_to(about["most"]),
        acts=acts_to_tick(reading.answer),
        ticked=typed.acts if typed else (),
        bank=bank_of(desk, reading.module),
        show_who=show_who,
        here=own,
        beside={
            "next": f"{here}/{following}" if following else "",
            "back": f"{here}/{reading.queue.beside(reading.notebook, -1)}",
        },
        others=f"{here}/{first[0]}" if first and reading.notebook not in first else "",
        **about,
    )


def digits_to(most: float) -> range:
    """Return the points that have a key of their own."""
    return range(min(9, int(most)) + 1)


def acts_to_tick(answer: Answer) -> dict[str, str]:
    """Return the acts that a trainer may tick; none for a talk, which has many turns."""
    return ACTS if answer.place.item.kind == "reply" else {}


def as_it_was_read(answer: Answer) -> dict[str, Any]:
    """Return the version of a hard story that the trainee had before them, where that is known."""
    item, said = answer.place.item, answer.version
    words = f"This is the {VERSION_WORDS[said]} version: the trainee chose it." if said else ""
    stem = {"stem": item.gentle} if said == "gentle" and item.gentle else {}
    return {"version": words, **stem}


def _rest(desk: Desk, who: str) -> str:
    times = read_from(desk.db_url, lambda session: times_of(session, who, LOOKED_BACK)) or []
    return reminder(times, datetime.now(UTC))


def _refused(typed: Typed) -> dict[str, str]:
    refused = typed.refused
    assert refused is not None  # noqa: S101 - asked before
    when = f", {refused.at[:16].replace('T', ' ')} UTC" if refused.at else ""
    return {
        "by": refused.who,
        "when": when,
        "theirs": refused.now.said,
        "their_comment": refused.now.comment,
        "mine": _as_typed(typed.points),
        "my_comment": typed.comment,
    }


def _as_typed(points: str) -> str:
    return f"{points} points" if points.strip() else "no points"


def several_page(  # noqa: PLR0913 - a list, and what is said beside it
    desk: Desk,
    module: str,
    grade_name: str,
    lines: Sequence[Line],
    frame: Frame,
    *,
    sure: bool,
    groups: Sequence[int] = (),
    group: int = 0,
    said: str = "",
    wrong: str = "",
) -> str:
    """Return a list of replies that are marked together: like ones, or all ``sure`` ones."""
    heading = "Sure suggestions" if sure else "Like replies"
    nothing = "No reply that waits here has a sure suggestion." if sure else "No replies are alike."
    return render_template(
        "desk/several.html.j2",
        frame=frame,
        heading=heading,
        nothing=nothing,
        lines=lines,
        sure=sure,
        groups=groups,
        group=group,
        said=said,
        wrong=wrong,
        here=f"{frame.root}desk/{'sure' if sure else 'alike'}/{module}/{grade_name}",
        **question(desk, module, grade_name),
    )


def trainee_page(desk: Desk, one: LookBack, frame: Frame) -> str:
    """Return the page that looks back at one trainee."""
    known = titles(desk)
    asked = {(module.name, name) for module in one.modules for name in _asked_of(module)}
    there = [module.name for module in one.modules]
    return render_template(
        "desk/trainee.html.j2",
        frame=frame,
        one=one,
        titles=known,
        names={pair: name_of(desk, *pair) for pair in asked},
        most={name: desk.sheet(name).max_points for name in there},
        waiting=[
            (module, name)
            for module in one.modules
            for name, mark in module.by_hand.items()
            if mark.waits
        ],
        missing=[title for name, title in known.items() if name not in there],
    )


def _asked_of(module: OneModule) -> set[str]:
    return {*module.by_hand, *(each.grade_name for each in module.decided)}


def run_page(runs: Runs, frame: Frame) -> str:
    """Return the page of the run that is under way, or ran last."""
    return render_template("desk/run.html.j2", frame=frame, run=runs.last)


def send_page(desk: Desk, made: Iterable[Feedback], frame: Frame, said: str = "") -> str:
    """Return the list of files to send."""
    names = titles(desk)
    shown = [
        {
            "name": one.bundle.name,
            "trainee": one.trainee,
            "resent": one.resent,
            "mail": _mail(one, names.get(one.module, one.module)),
        }
        for one in made
        if one.bundle
    ]
    return render_template("desk/send.html.j2", frame=frame, files=shown, said=said)


def _mail(one: Feedback, title: str) -> str:
    subject = quote(f"Your feedback: {title}")
    name = one.bundle.name if one.bundle else ""
    body = quote(
        f"Hello {one.trainee},\n\nyour feedback is in the file {name}.\n"
        "Please open it on the page “Your feedback” of the course.\n"
    )
    return f"mailto:?subject={subject}&body={body}"


def trouble_page(trouble: str, frame: Frame) -> str:
    """Return a page that says what did not work."""
    return render_template("desk/trouble.html.j2", frame=frame, trouble=trouble)


def saved(number: int, state: State) -> str:
    """Say what was just saved."""
    return f"Reply {number}: {state.said}. U takes it back."
