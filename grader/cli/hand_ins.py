"""The commands that take hand-ins in: collect them, and list what is kept.

Apart from `trainer`, which has the commands that come after.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.cli.shared import (
    add_command,
    add_exchange,
    add_json,
    add_root,
    counted,
    course_root,
    print_json,
    print_shut,
    progress_bar,
    typed_code,
    warn_of_roster,
)
from grader.cli.tables import print_hand_ins
from grader.cli.whose import odd_codes, print_odd_codes
from grader.errors import UsageError, one_line, sentence
from grader.surroundings import tell


def add_collect(commands: Any) -> None:
    """Add ``collect``."""
    example = "alongside collect ~/Downloads/hand-ins"
    collect = add_command(commands, "collect", _collect, "take in what trainees handed in", example)
    what = "hand-in files, or folders or zip files of them"
    collect.add_argument("bundles", nargs="*", type=Path, help=what)
    what = "list every hand-in that is kept, of all or of one trainee and module"
    collect.add_argument("--list", nargs="*", type=typed_code, metavar="NAME", help=what)
    what = "use an earlier hand-in, by its number in the list"
    names = ("TRAINEE", "MODULE", "NUMBER")
    collect.add_argument("--use", nargs=3, type=typed_code, metavar=names, help=what)
    add_root(collect)
    add_exchange(collect)
    add_json(collect)


def _collect(arguments: argparse.Namespace) -> int:
    from grader.trainer.collect.collect import DAMAGED, OLDER, REFUSED, collect
    from grader.trainer.collect.devices import device_notes
    from grader.trainer.collect.whose import reminder

    if arguments.use or arguments.list is not None:
        return _kept_hand_ins(arguments)
    shared, course_id = exchange(arguments)
    if not arguments.bundles and shared is None:
        raise UsageError("nothing to collect; name hand-in files or a folder of them")
    root = course_root(arguments)
    done = collect(
        root,
        arguments.bundles,
        shared,
        course_id=course_id,
        progress=progress_bar("Collect"),
    )
    for warning in _weak_points(root, shared, course_id):
        tell(warning)
    warn_of_roster(root)
    notes = odd_codes(root, (one.trainee or one.typed for one in done))
    if arguments.json:
        said = [(one, notes.get(one.trainee or one.typed, "")) for one in done]
        print_json([replace(one, reason=f"{one.reason} {note}".strip()) for one, note in said])
    else:
        for one in done:
            if one.outcome == OLDER or one.shut:
                continue  # a folder that grows is read again and again; what is shut is said once
            who = " ".join(part for part in (one.trainee, one.module) if part) or one.source
            why = f" ({one.reason})" if one.reason else ""
            print(one_line(f"{who}: {one.outcome}{why}"))
        print_shut((one.shut for one in done), "hand-in is not taken", "hand-ins are not taken")
        print(counted(one.outcome for one in done))
        print_odd_codes(notes)
        if waiting := reminder(root):
            print(sentence(waiting))
        for note in device_notes(root):
            print(note)
    return int(any(one.outcome in (DAMAGED, REFUSED) for one in done))


def _weak_points(root: Path, shared: Path | None, course_id: str) -> list[str]:
    if shared is None:
        return []
    from grader.formats.exchange import asks_for_owners
    from grader.trainer.collect.inbound import weak_points
    from grader.trainer.collect.owners import owners_of

    return weak_points(shared, course_id, owners_of(root, asks=asks_for_owners()))


def _kept_hand_ins(arguments: argparse.Namespace) -> int:
    """List what is kept, or use an earlier one; neither collects anything."""
    from grader.trainer.collect.collect import use_earlier
    from grader.trainer.collect.listing import listed, what_is_shut

    names = arguments.list or []
    both = arguments.use and arguments.list is not None
    if arguments.bundles or arguments.exchange or both or len(names) > 2:
        message = "--list takes a trainee and a module at most, --use all three"
        raise UsageError(f"{message}; collect in a command of its own")
    if arguments.use:
        trainee, module, number = arguments.use
        if not number.isdecimal():
            raise UsageError(f"{number!a} is no number; see 'alongside collect --list {trainee}'")
    root = course_root(arguments)
    if arguments.use:
        use_earlier(root, trainee, module, int(number), tell)
        found = listed(root, trainee, module)
    else:
        found = listed(root, *names)
    if not arguments.use and (warning := what_is_shut(root, *names[:1])):
        tell(warning)
    if arguments.json:
        print_json(found)
    else:
        print_hand_ins(found)
        how = "To use an earlier one: alongside collect --use TRAINEE MODULE NUMBER"
        print(f"Mark it now: alongside grade {arguments.use[1]}" if arguments.use else how)
    return 0


def exchange(arguments: argparse.Namespace) -> tuple[Path | None, str]:
    """Return the exchange that is meant, None where there is none, and its course id."""
    from grader.formats.exchange import find_exchange
    from grader.trainer.collect.collect import COURSE_ID

    if arguments.exchange:
        return arguments.exchange, COURSE_ID
    shared = find_exchange()
    return (shared.root, shared.course_id) if shared else (None, COURSE_ID)
