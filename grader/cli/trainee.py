"""The commands of a trainee."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import places
from grader.cli.shared import (
    add_command,
    add_home,
    add_json,
    add_server,
    new_code,
    print_json,
    print_table,
    server_options,
    use_home,
)
from grader.errors import GradingError, UsageError
from grader.places import this_learner

if TYPE_CHECKING:
    from grader.formats.feedback import Released


def add_commands(commands: Any) -> None:
    """Add ``learn``, ``hub``, ``handin`` and ``verify``."""
    learn = add_command(
        commands, "learn", _learn, "open the course in your browser", "alongside learn"
    )
    add_home(learn)
    add_server(learn)
    learn.add_argument("--self-study", action="store_true", help="show marks of exercises at once")
    learn.add_argument("--only", choices=["skills"], help="begin with the self-ratings on skills")
    what = "where the pages stand behind a proxy, such as /course/"
    learn.add_argument("--base-url", type=_base_url, default="/", metavar="PATH", help=what)
    what = "serve the course to one person, as a JupyterHub starts it"
    hub = add_command(commands, "hub", _hub, what, "alongside hub")
    hub.add_argument("rest", nargs=argparse.REMAINDER, help="what the hub adds")
    hand_in = add_command(
        commands, "handin", _handin, "hand in one exercise", "alongside handin 07-advice"
    )
    hand_in.add_argument("module", help="such as 07-advice")
    what = "your code, such as trainee-017 (kept for next time)"
    hand_in.add_argument("--code", type=new_code, help=what)
    what = "the code is new or was mistyped before, and you are who handed in from this folder"
    hand_in.add_argument("--same-person", action="store_true", help=what)
    add_home(hand_in)
    what = "check a certificate or feedback, without a network"
    example = "alongside verify certificate.html --key certificate-key.pub"
    verify = add_command(commands, "verify", _verify, what, example)
    verify.add_argument(
        "file", type=Path, help="the certificate, its statements as text, or feedback"
    )
    verify.add_argument("--key", type=Path, help="the trainer's public key (default: the course's)")
    add_json(verify)


def _learn(arguments: argparse.Namespace) -> None:
    from grader.server import pages

    use_home(arguments)
    if arguments.self_study:
        if places.own_course().solutions is None:
            raise GradingError("--self-study needs the course's solutions/; run it in a clone")
        os.environ[places.SELF_STUDY_VARIABLE] = "1"
    pages.learn(
        this_learner(),
        arguments.port,
        only=arguments.only,
        base_url=arguments.base_url,
        **server_options(arguments),
    )


def _base_url(word: str) -> str:
    path = f"/{word.strip('/')}/".replace("//", "/")
    if not re.fullmatch(r"/([A-Za-z0-9._~-]+/)*", path):
        what = f"{word!a} is no path of an address; give one such as /course/"
        raise argparse.ArgumentTypeError(what)
    return path


def _hub(arguments: argparse.Namespace) -> None:
    from grader.server.hub import serve

    serve(this_learner(), arguments.rest)


def _handin(arguments: argparse.Namespace) -> None:
    from grader.trainee import hand_in
    from grader.trainee.home import prepare_home

    use_home(arguments)
    learner = this_learner()
    prepare_home(learner)
    _known_module(learner.course, arguments.module)
    if arguments.code:
        same = arguments.same_person
        hand_in.save_trainee(learner.home, arguments.code, same_person=same)
    elif arguments.same_person:
        raise UsageError("--same-person says that a code is yours; give the code with --code")
    for line in hand_in.hand_in(learner, arguments.module).lines:
        print(line)


def _verify(arguments: argparse.Namespace) -> None:
    from grader.trainee import certificate, verifying

    course = places.own_course()
    key = verifying.find_key(course, arguments.key)
    if feedback := verifying.feedback_in(arguments.file):
        verifying.verify_feedback(arguments.file, feedback, key)
        _tell_of_feedback(arguments, [one.facts for one in feedback], key)
        return
    signed = verifying.verify(course, arguments.file, key)
    found = [each.statement for each in signed]
    if arguments.json:
        print_json(found)
        return
    print(
        f"{arguments.file.name} holds. The owner of {key.name} has signed for {found[0].trainee}:"
    )
    rows = [
        (
            one.module,
            f"{one.points} of {one.max_points}",
            one.handed_in,
            certificate.passed_words(one),
        )
        for one in found
    ]
    print_table(("module", "points", "handed in", "passed"), rows)
    print(certificate.coverage_words(signed))
    print("It is signed for this code. A name on the page is not signed.")
    for rule in sorted({one.rule for one in found} - {""}):
        print(f"To pass: {rule}.")
    print(f"{certificate.verdict(signed)}.")


def _tell_of_feedback(arguments: argparse.Namespace, found: list[Released], key: Path) -> None:
    if arguments.json:
        print_json([one.signed.statement for one in found if one.signed])
        return
    print(f"{arguments.file.name} holds. The owner of {key.name} has signed all of it:")
    rows = [
        (one.module, one.trainee, f"{one.points:g} of {one.max_points:g}", one.handed_in[:10])
        for one in found
    ]
    print_table(("module", "trainee", "points", "handed in"), rows)


def _known_module(course: places.Course, module: str) -> None:
    from grader.trainer.release import require_module

    require_module(module, (folder.name for folder in course.exercises.iterdir()))
