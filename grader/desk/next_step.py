"""Say what to do next, in one sentence with one button."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.desk.runs import FEEDBACK, GRADE
from grader.desk.standing import Standing


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do: a sentence, the words of its button, and where that leads.

    ``run`` names what the button runs; else ``to`` is an address below the desk.
    """

    says: str
    button: str = ""
    to: str = ""
    run: str = ""


def next_step(now: Standing, to_send: int, *, is_busy: bool) -> Step:
    """Return the next thing to do; people come before work, and old work before new.

    Parameters
    ----------
    now : Standing
        How the cohort stands.
    to_send : int
        How many feedback files are written and not sent.
    is_busy : bool
        Something runs.
    """
    return next(_steps(now, to_send, is_busy=is_busy))


def _steps(now: Standing, to_send: int, *, is_busy: bool) -> Iterator[Step]:
    if now.read_first:
        first = now.read_first[0]
        says = f"Please read this first: {many(len(now.read_first), 'reply')}."
        yield Step(says, "Read now", f"mark/{first.module}/{first.grade_name}/{first.notebook}")
    if is_busy:
        yield Step("Something is running. You can see how far it is.", "Look", "run")
    if ungraded := now.total("ungraded"):
        yield Step(f"New here: {many(ungraded, 'hand-in')}. Grade now.", "Grade", run=GRADE)
    if now.differing:
        one = now.differing[0]
        says = f"Trainers decided differently: {many(len(now.differing), 'reply')}. Please choose."
        yield Step(says, "Look", f"mark/{one.module}/{one.grade_name}/{one.notebook}")
    if now.questions:
        most = max(now.questions, key=lambda one: one.waiting)
        waiting = many(sum(one.waiting for one in now.questions), "reply")
        where = f"mark/{most.module}/{most.grade_name}"
        yield Step(f"Waiting for you: {waiting}.", "Read replies", where)
    if to_send:
        yield Step(f"Ready to be sent: {many(to_send, 'feedback file')}.", "Send", "send")
    if finished := now.total("read"):
        says = f"Finished, not sent: {many(finished, 'hand-in')}. Write the feedback."
        yield Step(says, "Write feedback", run=FEEDBACK)
    if not now.trainees:
        yield Step("Nothing is handed in yet. Collect hand-ins below.", "Collect", "#collect")
    yield Step("Nothing waits for you.")


def many(count: int, one: str) -> str:
    """Return a number with its noun."""
    more = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"1 {one}" if count == 1 else f"{count} {more}"
