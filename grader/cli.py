"""The command line: ``alongside COMMAND``; each command is one function elsewhere.

Exit codes: 0 done, 1 something to mend, 2 wrong use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from grader import __version__, cli_author, cli_trainee, cli_trainer
from grader.errors import AlongsideError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except AlongsideError as error:
        print(f"alongside: {error}", file=sys.stderr)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone
        else:
            where = f"{error.filename}: " if error.filename else ""
            print(f"alongside: {where}{error.strerror}; see to it and try again", file=sys.stderr)
    except KeyboardInterrupt:
        print("alongside: stopped; run the command again to go on", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alongside", description="A peer-support training course that runs in Jupyter."
    )
    parser.add_argument("--version", action="version", version=f"alongside {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    cli_trainee.add_commands(commands)
    cli_author.add_commands(commands)
    cli_trainer.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
