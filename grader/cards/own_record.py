"""The cards of one's own record: certificate, a copy of everything, deleting everything.

Apart from `calls`, which only shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from grader.cards.card import Card, Handler
from grader.content import passing
from grader.errors import RecordError
from grader.files import safe
from grader.html.templating import render_template
from grader.places import CERTIFICATE, Home, Learner
from grader.trainee import certificate, moving, plan, record
from grader.trainee.holder_name import check_name
from grader.trainee.map_page import where_next

FOREIGN = "These are not of the course, so they were left out:"
AGAIN = "These were left out. They can be made again, or opened as the file that you got:"
NAMED = 10  # files of others that are named at most
COPIES_GONE = [
    "The copies that nbgrader kept here of what you handed in are deleted as well.",
    "Feedback on them no longer comes by itself. Your trainer can send it to you.",
]
WORD = "delete"  # to be typed before all is deleted


class CertificateCard(Card):
    """Makes the certificate once the trainee has passed."""

    name = "certificate"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"open": self._open, "make": self._make}

    def _open(self, *_: Any) -> dict[str, Any]:
        missing = certificate.missing(self.learner)
        if not missing:
            return {"type": "state", "ready": True, "lines": _ready_lines(self.learner)}
        rule = certificate.own_rule(self.learner)
        there = len(rule.modules) - len(certificate.modules_open(self.learner))
        return {
            "type": "state",
            "ready": False,
            "lines": [
                f"Final marks are here for {there} of {len(rule.modules)} modules.",
                f"You need {passing.share_words(rule)} in each of them.",
                "You can make your certificate when nothing of this is missing any more:",
                *missing,
            ],
        }

    def _make(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        found = certificate.own_statements(self.learner)
        name = check_name(str(message.get("name", "")))
        page = certificate.certificate_html(self.learner.course, found, name).encode()
        try:
            safe.write_safely(self.learner.home.certificate_page, page)
        except OSError as error:
            raise RecordError(f"The certificate could not be kept ({error.strerror})") from error
        return {"type": "done", "file": CERTIFICATE, "link": "../certificate", "bytes": page}


def _ready_lines(learner: Learner) -> list[str]:
    found = certificate.own_statements(learner)
    lines = ["The final marks of all modules are here, and you have passed."]
    if certificate.is_outdated(learner.home, found):
        lines.append("Your marks have changed since you made your certificate. Make it again.")
    if certificate.is_signed(found):
        return [*lines, "Your trainer has signed them. Others can check this without a network."]
    return [
        *lines,
        "Your trainer has not signed all of them. So the page will say that it is unverified.",
    ]


class ExportCard(Card):
    """Gives a copy of everything, and takes one in that was made elsewhere."""

    name = "export"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"export": self._export, "bring": self._bring}

    def _export(self, *_: Any) -> dict[str, Any]:
        try:
            content = record.export(self.learner)
        except OSError as error:
            raise RecordError(f"The copy could not be made ({error.strerror})") from error
        return {"type": "done", "file": record.export_name(datetime.now()), "bytes": content}

    def _bring(self, _message: dict[str, Any], files: Sequence[bytes]) -> dict[str, Any]:
        left = moving.bring_back(self.learner, files[0] if files else b"")
        lines = ["Your answers are here now. Reload this page to see them."]
        named = (*_left_out(FOREIGN, left.foreign), *_left_out(AGAIN, left.again))
        return {"type": "done", "lines": [*lines, *named]}


class DeleteCard(Card):
    """Deletes everything, once a word was typed."""

    name = "delete"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"delete": self._delete}

    def _delete(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        if str(message.get("word", "")).strip().lower() != WORD:
            raise RecordError(f"Nothing was deleted. To go on, type the word {WORD}")
        copies = record.copies_of_hand_ins(self.learner)
        left = record.delete_everything(self.learner)
        if not left:
            lines = _gone(record.not_ours(self.learner)) + (COPIES_GONE if copies else [])
            return {"type": "done", "lines": [*lines, "If you made copies, they are still there."]}
        lines = ["Not everything could be deleted. Please close other windows and try again."]
        return {"type": "done", "lines": [*lines, *(f"Still there: {path}" for path in left)]}


def _gone(others: list[str]) -> list[str]:
    """Say that all is deleted, and name what is not the course's own."""
    if not others:
        return ["Everything is deleted. Nothing of yours is left in this course."]
    lines = ["Everything of the course is deleted.", "These are not of the course, so they stay:"]
    return [*lines, *_named(others)]


def _left_out(why: str, others: list[str]) -> list[str]:
    """Name what stays in a copy."""
    if not others:
        return []
    shown = [ascii(name[:80])[1:-1] for name in others[: NAMED + 1]]
    return [why, *_named(shown)]


def _named(others: list[str]) -> list[str]:
    return [*others[:NAMED], *(["and more."] if len(others) > NAMED else [])]


# --- what can be read at once


def progress_html(learner: Learner) -> str:
    """Return what was done, the modules that wait in one line, and where to go on."""
    modules = record.progress(learner)
    begun = [one for one in modules if one.begun]
    return render_template(
        "cards/progress.html.j2",
        lead=_lead(begun),
        table=_table(begun),
        later=_later([one.number for one in modules if not one.begun]) if begun else "",
        go_on=where_next(learner),
    )


def _lead(begun: Sequence[record.Done]) -> str:
    """Say in a sentence or two how far somebody has come."""
    if not begun:
        return "You have not begun yet. Take all the time you need."
    practised = sum(one.practised for one in begun)
    handed_in = sum(bool(one.handed_in) for one in begun)
    said = ["You have made a start."]
    if practised:
        said = [f"You have done {_counted(practised, 'practice card')} so far."]
    if handed_in:
        said.append(f"You made {_counted(handed_in, 'hand-in file')}.")
    return " ".join(said)


def _table(begun: Sequence[record.Done]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return head and rows of the modules begun; a column in which nothing stands is left out."""
    head = ("Module", "Practice cards", "Handed in", "Points")
    rows = [
        (one.title, f"{one.practised} of {one.cards}", one.handed_in, one.points) for one in begun
    ]
    shown = [at for at in range(len(head)) if any(row[at] for row in rows)]
    return (
        tuple(head[at] for at in shown),
        [tuple(row[at] or "Not yet" for at in shown) for row in rows],
    )


def _later(numbers: Sequence[int]) -> str:
    """Name the modules that are not begun in one sentence; nothing where there are none."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"Module {numbers[0]} is still to come."
    return f"Modules {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} are still to come."


def _counted(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count} {thing}s"


def plan_html(home: Home) -> str:
    """Return all next steps with how they went."""
    steps = [
        {"day": plan.day_words(step.chosen), "text": step.text, "told": _told(step)}
        for step in plan.read_plan(home)
    ]
    return render_template("cards/plan.html.j2", steps=steps)


def _told(step: plan.Step) -> str:
    if not step.outcome:
        return ""
    return f"({plan.OUTCOMES[step.outcome]}, {plan.day_words(step.answered)})"


def journal_html(learner: Learner) -> str:
    """Return all that was written for oneself, in one place, module by module."""
    found = record.journal(learner).items()
    parts = [(record.title_of(learner.course, module), entries) for module, entries in found]
    return render_template("cards/journal.html.j2", parts=parts)
