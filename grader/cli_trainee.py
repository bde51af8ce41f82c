"""The commands of a trainee."""

from __future__ import annotations

import argparse
import os
from typing import Any

from grader import places
from grader.cli_shared import add_command, add_home, add_server
from grader.errors import GradingError


def add_commands(commands: Any) -> None:
    """Add ``learn`` and ``handin``."""
    learn = add_command(
        commands, "learn", _learn, "open the course in your browser", "alongside learn"
    )
    add_home(learn)
    add_server(learn)
    learn.add_argument("--self-study", action="store_true", help="show marks of exercises at once")
    handin = add_command(
        commands, "handin", _handin, "hand in one exercise", "alongside handin 07-advice"
    )
    handin.add_argument("module", help="such as 07-advice")
    handin.add_argument("--code", help="your code, such as trainee-017 (kept for next time)")
    add_home(handin)


def _learn(arguments: argparse.Namespace) -> None:
    from grader import pages

    if arguments.home:
        os.environ[places.HOME_VARIABLE] = str(arguments.home.expanduser().resolve())
    if arguments.self_study:
        if places.solutions_folder() is None:
            raise GradingError("--self-study needs the course's solutions/; run it in a clone")
        os.environ["ALONGSIDE_SELF_STUDY"] = "1"
    pages.learn(arguments.port, open_browser=not arguments.no_browser)


def _handin(arguments: argparse.Namespace) -> None:
    from grader import handin
    from grader.home import prepare_home

    if arguments.home:
        os.environ[places.HOME_VARIABLE] = str(arguments.home.expanduser().resolve())
    prepare_home()
    _known_module(arguments.module)
    if arguments.code:
        handin.save_trainee(arguments.code)
    for line in handin.hand_in(arguments.module).lines:
        print(line)


def _known_module(module: str) -> None:
    from grader.release import require_module

    require_module(module, (folder.name for folder in places.exercises_folder().iterdir()))
