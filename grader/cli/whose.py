"""The command that says whose hand-ins count, and what commands say of odd codes."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.cli.shared import (
    add_command,
    add_json,
    add_root,
    course_root,
    new_code,
    print_json,
    print_table,
    typed_code,
)
from grader.errors import GradingError, UsageError, one_line, sentence

CHOICES = """
Ask first. Then say, for each code:
  alongside whose CODE --same           one person, who moved to another computer
  alongside whose CODE --other NEWCODE  another person, to whom you give a new code
  alongside whose CODE --instead        what is kept aside is right, and what came first is not"""
OTHERS_STAY = """Marks that {0} has for it stay in the gradebook until {0} hands in.
If nobody has this code, remove it there: nbgrader db student remove {0} --force"""


def add_commands(commands: Any) -> None:
    """Add ``whose``."""
    what = "say whose hand-ins count, where codes and computers do not match"
    whose = add_command(commands, "whose", _whose, what, "alongside whose trainee-017 --same")
    what = "whose (default: list what is kept aside, and what you decided)"
    whose.add_argument("code", nargs="?", type=typed_code, help=what)
    choice = whose.add_mutually_exclusive_group()
    what = "one person, on another computer now: the newest counts"
    choice.add_argument("--same", action="store_true", help=what)
    what = "what is kept aside counts, and not what came first"
    choice.add_argument("--instead", action="store_true", help=what)
    what = "what is kept aside is another person's, whose code is this"
    choice.add_argument("--other", type=new_code, metavar="NEWCODE", help=what)
    what = "people share the computer from which this code handed in: that is fine"
    choice.add_argument("--shared", action="store_true", help=what)
    what = "take back what you decided last of this code"
    choice.add_argument("--undo", action="store_true", help=what)
    choice.add_argument("--decided", action="store_true", help="list only what you decided")
    whose.add_argument("--mark", default="", help="which computer, where there are several")
    add_root(whose)
    add_json(whose)


def _whose(arguments: argparse.Namespace) -> None:
    decides = arguments.same or arguments.instead or arguments.other
    if (decides or arguments.shared or arguments.undo) and not arguments.code:
        raise UsageError("whose hand-ins? Name the code, such as trainee-017")
    root = course_root(arguments)
    if arguments.shared:
        _settle_shared(root, arguments)
    elif arguments.undo:
        _undo(root, arguments)
    elif decides:
        _say_whose(root, arguments)
    else:
        _list(root, arguments)


def _say_whose(root: Path, arguments: argparse.Namespace) -> None:
    code, changed = _decide(root, arguments)
    if arguments.json:
        print_json({"trainee": code, "modules": changed})
        return
    modules = ", ".join(changed) or "none, as what was there is newer"
    print(f"Modules of {code} in which another hand-in counts now: {modules}.")
    print("To mark them: alongside grade --all")
    print(f"To take it back: alongside whose {arguments.code} --undo")


def _decide(root: Path, arguments: argparse.Namespace) -> tuple[str, tuple[str, ...]]:
    """Do what was asked; return the code that has more hand-ins now, and its modules."""
    from grader.trainer.collect import whose

    code, mark = arguments.code, arguments.mark
    if arguments.same:
        return code, whose.same_person(root, code, mark)
    if arguments.instead:
        return code, whose.other_counts(root, code, mark)
    return arguments.other, whose.somebody_else(root, code, arguments.other, mark)


def _settle_shared(root: Path, arguments: argparse.Namespace) -> None:
    from grader.trainer.collect.devices import in_words, settle_shared

    codes = settle_shared(root, arguments.code)
    if arguments.json:
        print_json({"trainees": codes})
        return
    print(f"{in_words(codes)} share a computer. It is noted, and not told again.")
    print(f"To take it back: alongside whose {arguments.code} --undo")


def _undo(root: Path, arguments: argparse.Namespace) -> None:
    from grader.trainer.collect.undo import take_back

    last, changed = take_back(root, arguments.code, arguments.mark)
    if arguments.json:
        print_json({"trainee": arguments.code, "modules": changed})
        return
    modules = f"Modules of which hand-ins went back: {', '.join(changed)}." if changed else ""
    print(f"Taken back. {modules}".rstrip())
    if changed and last.codes:
        print(OTHERS_STAY.format(last.codes[0]))
    print("To see what is to decide: alongside whose")


def _list(root: Path, arguments: argparse.Namespace) -> None:
    from grader.trainer.collect.devices import device_notes
    from grader.trainer.collect.undo import decisions
    from grader.trainer.collect.whose import kept_aside

    found = decisions(root) if arguments.decided else kept_aside(root)
    if arguments.json:
        print_json(found)
        return
    if arguments.decided:
        _print_decided(found)
        return
    _print_aside(found)
    for note in device_notes(root):
        print(f"\n{note}")
    if found := decisions(root):
        print()
        _print_decided(found)


def _print_decided(found: list[Any]) -> None:
    if not found:
        print("Nothing is decided.")
        return
    rows = [(one.trainee, one.short, one.words, one.when, one.undo) for one in found]
    print_table(("code", "computer", "decided", "when", "to take it back, the last first"), rows)


def _print_aside(found: list[Any]) -> None:
    if not found:
        print("Nothing is kept aside.")
        return
    rows = [(one.trainee, one.short, ", ".join(one.modules), one.newest) for one in found]
    print_table(("code", "computer", "kept aside", "newest"), rows)
    print(CHOICES)


def odd_codes(root: Path, codes: Iterable[str]) -> dict[str, str]:
    """Return what is to be said of codes that may be slips, by code."""
    from grader.trainer.roster.codes import codes_of

    try:
        return codes_of(root).strangers({code for code in codes if code})
    except GradingError as error:  # grading stops at it; what was done here is done
        return {"The codes could not be compared": sentence(error)}


def print_odd_codes(notes: dict[str, str]) -> None:
    """Print a line for each code that may be a slip."""
    for code, note in notes.items():
        print(one_line(f"{code}: {note}"))


def why_ungraded(root: Path, trainee: str, modules: Iterable[str]) -> str:
    """Return why nothing of a trainee is graded, nothing where nobody is known by the code."""
    from grader.trainer.roster.roster import read_roster
    from grader.trainer.roster.trainees import is_handed_in, who_handed_in

    folders = [root / "submitted" / trainee / module for module in modules]
    if trainee in who_handed_in(root, *modules) and any(map(is_handed_in, folders)):
        return "it is handed in; run 'alongside grade' first"
    with suppress(GradingError):  # a roster that cannot be read is said by grading
        if trainee in read_roster(root):
            return "the code is in the roster, and nothing they handed in is here"
    return ""
