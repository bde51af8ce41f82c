"""The command that gathers replies from which the automatic reading could learn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grader.cli.shared import add_command, add_db, add_root, course_root


def add_commands(commands: Any) -> None:
    """Add ``replies``."""
    what = "gather replies that may help to teach the course, for a person to look through"
    example = "alongside replies --from-marks to-look-through.jsonl"
    replies = add_command(commands, "replies", _replies, what, example)
    what = "a new file for replies whose mark differs from the suggestion"
    replies.add_argument("--from-marks", type=Path, required=True, metavar="OUT", help=what)
    add_root(replies)
    add_db(replies)


def _replies(arguments: argparse.Namespace) -> None:
    from grader.desk.place import Desk
    from grader.desk.teaching import write_rows
    from grader.trainer.gradebook.gradebook import default_db_url

    root = course_root(arguments)
    desk = Desk(root, arguments.db or default_db_url(root))
    count = write_rows(desk, arguments.from_marks)
    print(f"Replies to look through: {count}. They are in {arguments.from_marks}.")
    if count:
        print("Only those are in it whose writers agreed. Take out what could tell who they are.")
