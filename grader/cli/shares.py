"""The commands by which several trainers share a cohort on their own computers."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.shared import (
    add_command,
    add_db,
    add_json,
    add_root,
    course_root,
    print_json,
    progress_bar,
)
from grader.errors import one_line
from grader.surroundings import tell

if TYPE_CHECKING:
    from grader.desk.taking_in import TakenIn

MOST_PARTS = 100


def add_commands(commands: Any) -> None:
    """Add ``share-out``, ``take-in`` and ``give-back``."""
    what = "share the cohort out to several trainers, each with about as much to read"
    out = add_command(commands, "share-out", _share_out, what, "alongside share-out 3")
    out.add_argument("parts", type=_parts, help="how many parts, from 2")
    what = "take in a part to mark, or the marks of a part"
    example = "alongside take-in marks-*.zip"
    taken = add_command(commands, "take-in", _take_in, what, example)
    taken.add_argument("files", nargs="+", type=Path, help="the files that a trainer sent")
    what = "write the marks of the part that you took in, for whoever shared it out"
    back = add_command(commands, "give-back", _give_back, what, "alongside give-back")
    for command in (out, taken, back):
        add_root(command)
        add_db(command)
        add_json(command)


def _parts(word: str) -> int:
    if not word.isascii() or not word.isdigit() or not 2 <= int(word) <= MOST_PARTS:
        what = f"{word!a} is no number of parts; give one from 2 to {MOST_PARTS}"
        raise argparse.ArgumentTypeError(what)
    return int(word)


def _desk(arguments: argparse.Namespace) -> Any:
    from grader.desk.place import Desk
    from grader.trainer.gradebook.gradebook import default_db_url

    root = course_root(arguments)
    return Desk(root, arguments.db or default_db_url(root))


def _share_out(arguments: argparse.Namespace) -> int:
    from grader.desk.sharing_out import share_out

    desk = _desk(arguments)
    done = share_out(desk, arguments.parts)
    if arguments.json:
        print_json(done)
        return int(bool(done.left_out))
    for part in done.parts:
        where = part.path.relative_to(desk.root)
        print(f"{where}: {part.trainees} people, {part.hand_ins} hand-ins, {part.words} words")
    for line in done.left_out:
        print(one_line(line))
    print("Keep one part for yourself: mark it here. Send each of the others to one trainer.")
    print("They type: alongside take-in FILE")
    return int(bool(done.left_out))


def _take_in(arguments: argparse.Namespace) -> int:
    from grader.desk.taking_in import take_in
    from grader.trainer.grading.grading import Listener

    told = Listener(progress_bar("Grade"), message=tell, left_out=tell)
    done = take_in(_desk(arguments), arguments.files, told)
    if arguments.json:
        print_json(done)
    else:
        for one in done:
            _print_taken(one)
    return int(any(one.needs_somebody for one in done))


def _print_taken(done: TakenIn) -> None:
    from grader.trainer.collect.arrivals import COLLECTED, OLDER

    if done.refused:
        tell(one_line(f"{done.name}: {done.refused}"))
        return
    print(one_line(f"{done.name}: {' '.join((done.said, *done.notes))}"))
    for came in done.collected:
        if came.outcome not in (COLLECTED, OLDER):
            who = f"{came.trainee} {came.module}".strip() or came.source
            print(one_line(f"  {who}: {came.outcome}. {came.reason}"))
    for mark in done.marks:
        if mark.says:
            where = f"{mark.trainee} {mark.module} {mark.question}"
            print(one_line(f"  {where}: {mark.outcome}. {mark.says}"))
    counts = Counter(mark.outcome for mark in done.marks)
    shown = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    print(f"  Marks: {shown or 'none'}.")


def _give_back(arguments: argparse.Namespace) -> int:
    from grader.desk.sharing_out import give_back

    desk = _desk(arguments)
    done = give_back(desk)
    if arguments.json:
        print_json(done)
        return 0
    for part in done:
        where = part.path.relative_to(desk.root)
        print(f"{where}: {part.marks} marks, {part.trainees} people")
    print("Send this to whoever shared the cohort out. They type: alongside take-in FILE")
    return 0
