"""The command line: ``alongside COMMAND``; each command is one function elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grader import __version__, places
from grader.errors import AlongsideError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something to mend, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except AlongsideError as error:
        print(f"alongside: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("alongside: stopped; run the command again to go on", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alongside", description="A peer-support training course."
    )
    parser.add_argument("--version", action="version", version=f"alongside {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    learn = _add(commands, "learn", _learn, "open the course in your browser", "alongside learn")
    learn.add_argument(
        "--home", type=Path, help="your own folder (default: Alongside in your home)"
    )
    learn.add_argument("--port", type=int, help="a certain port (default: the first free one)")
    learn.add_argument("--no-browser", action="store_true", help="only print the address")
    learn.add_argument(
        "--self-study", action="store_true", help="show marks at once (needs solutions/)"
    )
    return parser


def _add(commands, name, run, what, example):
    command = commands.add_parser(name, help=what, description=what, epilog=f"Example: {example}")
    command.set_defaults(run=run)
    return command


def _learn(arguments: argparse.Namespace) -> None:
    from grader import pages

    if arguments.home:
        os.environ[places.HOME_VARIABLE] = str(arguments.home.expanduser().resolve())
    if arguments.self_study:
        os.environ["ALONGSIDE_SELF_STUDY"] = "1"
    pages.learn(arguments.port, open_browser=not arguments.no_browser)


if __name__ == "__main__":
    sys.exit(main())
