"""The command line: ``alongside COMMAND``; each command is one function elsewhere.

Exit codes: 0 done, 1 something to mend, 2 wrong use: what is asked for could not be done in
any folder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from grader import __version__, surroundings
from grader.cli import author, trainee, trainer
from grader.errors import DISK_FULL, AlongsideError, UsageError, in_words, missing_extra


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        code = _run(argv)
    except SystemExit:  # help, or wrong use
        surroundings.all_is_told(aloud=False)
        raise
    return code if surroundings.all_is_told(aloud=not code) else 1


def _run(argv: Sequence[str] | None) -> int:
    try:
        surroundings.make_do()
        surroundings.spare_imports()
        arguments = _parser().parse_args(argv)
        return arguments.run(arguments) or 0
    except UsageError as error:
        surroundings.tell(error)
        return 2
    except AlongsideError as error:
        surroundings.tell(error)
    except BrokenPipeError:
        surroundings.stop_telling()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        is_full = error.errno in DISK_FULL
        why = in_words(error) if is_full else f"{error.strerror or error}; see to it and try again"
        surroundings.tell(f"{where}{why}")
    except KeyboardInterrupt:
        surroundings.tell("stopped; run the command again to go on")
    except Exception as error:  # nobody here reads tracebacks; who wants one asks for it
        surroundings.LOG.exception("a command ended")
        surroundings.tell(missing_extra(error) or _unforeseen(error))
    return 1


def _unforeseen(error: Exception) -> str:
    if isinstance(error, UnicodeError) and sys.getfilesystemencoding() != "utf-8":
        what = "a name has letters that the language setting of this computer cannot hold"
        return f"{what}; set PYTHONUTF8=1 and try again"
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return (
        f"this was not foreseen ({what}); what was saved is kept. Try again, or set "
        f"{surroundings.DEBUG_VARIABLE}=1 and send what it then says to whoever looks after "
        "the course"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alongside", description="A peer-support training course that runs in Jupyter."
    )
    parser.add_argument("--version", action="version", version=f"alongside {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    trainee.add_commands(commands)
    author.add_commands(commands)
    trainer.add_commands(commands)
    return parser
