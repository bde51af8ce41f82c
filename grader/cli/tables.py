"""Tables that the trainer's commands print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from grader.cli.shared import counted, points_words, print_shut, print_table
from grader.errors import one_line
from grader.surroundings import unheard

if TYPE_CHECKING:
    from pathlib import Path

    from grader.content.syllabus import Syllabus
    from grader.trainer.collect.listing import Listed
    from grader.trainer.feedback.feedback import Feedback
    from grader.trainer.feedback.passes import Pass
    from grader.trainer.grading.outcomes import Graded


def print_graded(done: Sequence[Graded], *, dry_run: bool = False) -> None:
    """Print the outcome of everybody, and how many there are of each."""
    if dry_run:
        changed = [one for one in done if one.changes]
        if changed:
            print_changes(changed)
        else:
            print("No mark would change.")
    print_outcomes(done)
    unchanged = sum(one.unchanged for one in done)
    if unchanged:
        print(f"{unchanged} of them as before: nothing about them has changed.")
    if dry_run:
        print("This was a look ahead: nothing is written.")


def print_outcomes(done: Sequence[Graded], more: Mapping[str, Sequence[str]] | None = None) -> None:
    """Print everybody's outcome, how many there are of each, and what waits.

    Each of several modules has a table of its own, below its name. ``more`` holds further
    columns: their heading, and a cell for each of ``done``.
    """
    more = more or {}
    tables: dict[str, list[dict[str, str]]] = {}
    for place, one in enumerate(done):
        own = {heading: cells[place] for heading, cells in more.items()}
        tables.setdefault(one.module, []).append(_outcome(one, own))
    for module, rows in tables.items():
        if len(tables) > 1:
            print(f"{module}:")
            for row in rows:
                del row["module"]
        print_table(tuple(rows[0]), [tuple(row.values()) for row in rows])
        if len(tables) > 1:
            print()
    print(f"{counted(one.outcome for one in done)}.{_waiting(done)}")


def _outcome(one: Graded, own: dict[str, str]) -> dict[str, str]:
    return {
        "trainee": one.trainee,
        "module": one.module,
        **own,
        "outcome": one.outcome,
        "points": points_words(one),
        "replies waiting": str(one.waiting),
        "note": one.problem,
    }


def _waiting(done: Sequence[Graded]) -> str:
    """Say how many replies wait in these hand-ins: so the desk counts them too."""
    replies = sum(one.waiting for one in done)
    if not replies:
        return ""
    where = "In this hand-in" if len(done) == 1 else "In these hand-ins"
    return f" {where}, {_many(replies, 'reply waits', 'replies wait')} to be read."


def print_changes(changed: Sequence[Graded]) -> None:
    """Print whose marks change, by how much."""
    heading = ("trainee", "module", "question", "points before", "points now")
    with unheard():  # the marks are yet to be written
        print(f"Marks that change: {_many(len(changed), 'hand-in', 'hand-ins')}.")
        print_table(heading, [row for one in changed for row in _changes(one)])
        print()


def _changes(one: Graded) -> Iterator[tuple[str, ...]]:
    for change in one.changes:
        yield (one.trainee, one.module, change.item, _mark(change.before), _mark(change.after))
    total = "all together"
    yield (one.trainee, one.module, total, _mark(one.points_before), _mark(one.points))


def _mark(points: float | None) -> str:
    return "waiting" if points is None else f"{round(points, 4):g}"


def print_passes(done: Sequence[Pass], syllabus: Syllabus) -> None:
    """Say the pass rule, and of each trainee what is missing and what has to be signed anew."""
    for one in done:
        print(one_line(f"{one.trainee}: {'passed' if one.passed else 'not passed yet'}"))
        for line in one.missing:
            print(one_line(f"  {line}"))
        for line in one.to_sign:
            print(one_line(f"  To sign: {line} Run 'alongside feedback', and send the new file."))
        for line in one.held:
            print(one_line(f"  Not to sign here: {line}"))
    if syllabus.is_usual:
        print("There is no course/modules.yaml, so the usual rule counts.")
    print(f"To pass: {syllabus.rule.text}.")


def print_feedback(
    done: Sequence[Feedback], root: Path, *, sent: bool, reached: int | None, none: str
) -> None:
    """Print what there is to send, what waits, and what to do next.

    ``sent`` tells that it is remembered as sent; ``reached`` how many pages are in the
    exchange now, where there is one; ``none`` says why there is nothing, where that is so.
    """
    from grader.trainer.feedback.states import DRAFT

    for one in done:
        if one.problem and not one.shut:
            print(one_line(f"{one.trainee} {one.module}: {one.problem}"))
        if one.damage:
            what = f"{one.damage} The feedback stays a draft. Ask for it to be handed in again."
            way = f"To accept it as it is: {one.accept}"
            print(one_line(f"{one.trainee} {one.module}: {what} {way}"))
        if one.earlier:
            print(one_line(f"{one.trainee} {one.module}: {one.earlier}"))
    print_shut((one.shut for one in done), "page is not written", "pages are not written")
    _print_drafts(done)
    made = [one for one in done if one.bundle]
    failed = sum(bool(one.problem) for one in done)
    if failed:
        print(f"{failed} could not be written. See to the reasons above, then run this again.")
    if not made:
        print(
            "Nothing could be written."
            if failed
            else f"There are 0 feedback files to send.\n{none}"
        )
    else:
        unchanged = sum(one.unchanged for one in made)
        files = _many(len(made), "feedback file is as it", "feedback files are as they")
        print(f"{files} should be, {unchanged} of them as before.")
        _print_kept(made)
        _print_new([one for one in made if one.new], root)
    finished = sum(one.state != DRAFT for one in made)
    if reached is not None:
        pages = _many(reached, "feedback page is", "feedback pages are")
        print(f"{pages} in the shared folder, for trainees to fetch.")
        print(f"{_many(finished, 'finished one counts', 'finished ones count')} as sent.")
    elif sent and (made or not failed):
        print(f"{_many(finished, 'finished file counts', 'finished files count')} as sent now.")
    elif any(one.new for one in made):
        print("When you send them, run this again with --release. Then they count as sent.")


def why_none(done: Sequence[Feedback], *, changed: bool, graded: bool) -> str:
    """Say why there is no feedback to send; ``changed`` tells that only such was asked for."""
    if any(one.waiting or one.damage for one in done):
        if changed:
            return "Nothing that is finished has changed. The others wait for a person."
        if any(one.earlier for one in done):
            return "Nothing finished is new: newer work waits for a person."
        if not any(one.waiting for one in done):
            return "None is finished yet: what cannot be read is named above."
        return "None is finished yet: all wait for a person to read replies."
    if changed and graded:
        return "Nothing has changed since it was written or sent."
    return "Nobody has new feedback: run 'alongside grade' first."


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _print_drafts(done: Sequence[Feedback]) -> None:
    waiting = sum(one.waiting > 0 for one in done)
    if waiting:
        who = _many(waiting, "has", "have")
        written = any(one.waiting and one.bundle for one in done)
        theirs = "Theirs is a draft." if written else "Theirs is not written yet."
        print(f"{who} replies that no trainer has read yet. {theirs}")
        print("To read them first: alongside teach. Then run this again.")


def _print_kept(made: Sequence[Feedback]) -> None:
    from grader.trainer.feedback.earlier import KEPT_IN

    if kept := sum(one.kept for one in made):
        files = _many(kept, "earlier finished file is", "earlier finished files are")
        print(f"{files} kept in {KEPT_IN}/.")


def _print_new(new: Sequence[Feedback], root: Path) -> None:
    print(f"New to send: {len(new)}.")
    for one in new:
        why = "changed since you sent it" if one.resent else "new"
        print(one_line(f"  {one.bundle and one.bundle.relative_to(root)} ({why})"))


def print_hand_ins(found: Sequence[Listed]) -> None:
    """Print every hand-in that is kept, and which ones are in use."""
    heading = ("trainee", "module", "number", "collected (UTC)", "from", "says", "answers", "")
    rows = [
        (
            one.trainee,
            one.module,
            str(one.number),
            one.collected[:16].replace("T", " "),
            one.source,
            one.handed_in[:16].replace("T", " "),
            str(one.answers),
            ". ".join(filter(None, ["in use" if one.in_use else "", *one.notes])),
        )
        for one in found
    ]
    print_table(heading, rows)
