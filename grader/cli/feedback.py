"""The commands that give trainees something back: feedback, and what their certificate says.

Apart from `trainer`, which has the commands that come before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli import whose
from grader.cli.hand_ins import exchange
from grader.cli.shared import (
    add_command,
    add_db,
    add_exchange,
    add_json,
    add_modules,
    add_root,
    course_root,
    print_json,
    progress_bar,
    root_and_modules,
    typed_code,
    warn_of_elsewhere,
    warn_of_keyless,
    warn_of_misplaced,
    warn_of_stale,
)
from grader.cli.tables import print_passes
from grader.cli.whose import odd_codes, print_odd_codes
from grader.errors import AlongsideError, GradingError, suggestion
from grader.surroundings import tell

if TYPE_CHECKING:
    from grader.trainer.feedback.feedback import Feedback, Wanted


def add_commands(commands: Any) -> None:
    """Add ``feedback`` and ``certify``."""
    _add_feedback(commands)
    example = "alongside certify --new-key"
    certify = add_command(
        commands, "certify", _certify, "sign what trainees earned, for their certificate", example
    )
    _add_certify_options(certify)


def _add_certify_options(certify: Any) -> None:
    what = "the codes of those who want one (default: everybody)"
    certify.add_argument("trainees", nargs="*", type=typed_code, help=what)
    certify.add_argument("--new-key", action="store_true", help="make the course's key pair")
    add_root(certify)
    add_db(certify)
    add_json(certify)


def _add_feedback(commands: Any) -> None:
    example = "alongside feedback 07-advice --only-finished --release"
    feedback = add_command(commands, "feedback", _feedback, "write feedback for trainees", example)
    add_modules(feedback)
    add_exchange(feedback)
    what = "one trainee's only, may be given again (default: everybody's)"
    one = {"action": "append", "default": [], "metavar": "CODE", "type": typed_code}
    feedback.add_argument("--trainee", **one, help=what)
    what = "no drafts: only where no reply waits to be read"
    feedback.add_argument("--only-finished", action="store_true", help=what)
    what = "only what is new, or has changed since it was sent"
    feedback.add_argument("--changed", action="store_true", help=what)
    what = "name what to send now, and remember it as sent"
    feedback.add_argument("--release", action="store_true", help=what)


def _feedback(arguments: argparse.Namespace) -> int:
    from grader.cli.tables import print_feedback, why_none
    from grader.formats.exchange import works_here
    from grader.trainer.feedback.exchange import release_to_exchange
    from grader.trainer.feedback.feedback import (
        Wanted,
        mark_released,
    )
    from grader.trainer.feedback.states import FINISHED
    from grader.trainer.gradebook.gradebook import default_db_url
    from grader.trainer.grading.recovery import copy_marks

    root, modules = root_and_modules(arguments)
    db_url = arguments.db
    shared, course_id = exchange(arguments)
    if shared is not None and not works_here():
        raise GradingError("nbgrader's exchange needs an account with a name; use one that has it")
    wanted = Wanted(frozenset(arguments.trainee), arguments.only_finished, arguments.changed)
    _require_graded(root, modules, db_url, wanted.trainees)
    done, reached = [], 0
    pages, left_out = _pages(root, modules, db_url, wanted)
    for why in left_out:
        tell(why)
    for module, made in pages.items():
        finished = [one.trainee for one in made if one.state in FINISHED]
        if shared is not None and finished:
            reached += release_to_exchange(
                root, module, shared, course_id, db_url=db_url, only=finished
            )
        done += made
    warn_of_elsewhere(root, db_url, {one.module for one in done})
    warn_of_misplaced(root)
    lacks_key = (arguments.all and warn_of_keyless(root, db_url)) or bool(left_out)
    released = arguments.release or shared is not None
    if released:
        done = mark_released(db_url or default_db_url(root), done)
    copy_marks(db_url or default_db_url(root), tell, always=released)
    if arguments.json:
        print_json(done)
    else:
        print_odd_codes(odd_codes(root, (one.trainee for one in done)))
        there = None if shared is None else reached
        graded = bool(done or _graded(root, modules, db_url))
        none = why_none(done, changed=wanted.changed, graded=graded)
        if lacks_key and not done:
            none = "What is left out is named above. Put it back, then run this again."
        print_feedback(done, root, sent=arguments.release, reached=there, none=none)
    if any(one.state in FINISHED for one in done) and shared is not None and not reached:
        return 1
    if lacks_key or any(one.problem for one in done):
        return 1
    # Nobody has any: that is right where only changes were asked for, or all wait for a person.
    return int(not wanted.changed and not any(one.bundle or one.waiting for one in done))


def _pages(
    root: Path, modules: Collection[str], db_url: str | None, wanted: Wanted
) -> tuple[dict[str, list[Feedback]], list[str]]:
    """Write the feedback of some modules: by module what was made, and why others have none."""
    from grader.trainer.feedback.feedback import make_feedback
    from grader.trainer.marking.sheets import why_left_out

    made: dict[str, list[Feedback]] = {}
    errors: dict[str, AlongsideError] = {}
    for module in modules:
        try:
            bar = progress_bar(f"Feedback {module}")
            made[module] = make_feedback(root, module, db_url, bar, wanted)
        except AlongsideError as error:
            errors[module] = error
    if errors and not made:
        raise next(iter(errors.values()))
    return made, [why_left_out(module, error) for module, error in errors.items()]


def _graded(root: Path, modules: Iterable[str], db_url: str | None) -> set[str]:
    from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook

    books = [read_gradebook(db_url or default_db_url(root), module) for module in modules]
    return {trainee for book in books for trainee in book}


def _require_graded(
    root: Path, modules: Collection[str], db_url: str | None, trainees: Collection[str]
) -> None:
    """Refuse a trainee of whom nothing is graded, with the reason or the nearest code."""
    if trainees:
        known = _graded(root, modules, db_url)
        for trainee in sorted(set(trainees) - known):
            why = whose.why_ungraded(root, trainee, modules) or suggestion(trainee, known)
            raise GradingError(f"nothing of {trainee!r} is graded yet; {why}")


def _certify(arguments: argparse.Namespace) -> int:
    from grader.content.syllabus import syllabus_of
    from grader.formats.statement import PUBLIC_KEY
    from grader.trainer.feedback.passes import passes
    from grader.trainer.feedback.signing import PRIVATE_KEY, new_key, signer_of
    from grader.trainer.gradebook.gradebook import default_db_url

    say = partial(print, file=sys.stderr if arguments.json else sys.stdout)
    root = course_root(arguments)
    if arguments.new_key:
        private, public = new_key(root)
        say(f"{private} is for you, or your group of trainers, alone.")
        say("Keep a copy in a safe place, and give it to nobody else.")
        say(f"{public} is for everybody. Publish it where people look for you.")
    elif signer_of(root) is None:
        raise GradingError(f"there is no {PRIVATE_KEY} here; make one with --new-key")
    left_out: list[str] = []
    db_url = arguments.db or default_db_url(root)
    done = passes(root, arguments.trainees, db_url, left_out.append)
    for why in left_out:
        tell(why)
    if arguments.json:
        print_json(done)
    else:
        print_passes(done, syllabus_of(root))
    warn_of_elsewhere(root, arguments.db)
    warn_of_stale(root, arguments.db)
    warn_of_misplaced(root)
    lacks_key = warn_of_keyless(root, arguments.db) or bool(left_out)
    say("'alongside feedback' signs each module with it, once nothing waits for you.")
    say(f"Others check: alongside verify certificate.html --key {PUBLIC_KEY}")
    return int(lacks_key or (bool(arguments.trainees) and not all(one.passed for one in done)))
