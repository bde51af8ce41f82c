"""What commands share: the course folder, progress, tables, and arguments of the same name."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grader import places
from grader.errors import GradingError, PagesError, UsageError, one_line, sentence
from grader.files.folder_names import require_usable
from grader.files.privacy import close_to_strangers
from grader.files.writable import WHAT_TO_DO
from grader.formats.trainee_code import RULE, is_trainee_code, trimmed, trimmed_words
from grader.server.own_address import KNOWN, known_address
from grader.surroundings import tell

LAST_PORT = 65535
Run = Callable[[argparse.Namespace], int | None]  # a command; its exit code, or None for 0


def course_root(arguments: argparse.Namespace) -> Path:
    """Return the course folder a trainer works in: ``--root``, else this folder or one above."""
    start: Path = (arguments.root or Path.cwd()).resolve()
    folders = (start,) if arguments.root else (start, *start.parents)
    for folder in folders:
        if (folder / places.CONFIG).is_file():
            require_usable(folder)
            close_to_strangers(folder, places.NOT_FOR_ALL)
            if (folder / places.DEMO).is_file():
                close_to_strangers(folder, (places.DEMO_INBOX, places.DEMO_EXCHANGE, "."))
            return folder
    require_usable(start)
    raise GradingError(f"{start} is not a course folder; go to the one with {places.CONFIG}")


def progress_bar(name: str) -> Callable[[list[Any]], Iterable[Any]]:
    """Return what wraps a list with a progress bar, where somebody watches."""
    from tqdm import tqdm

    # A bar only where somebody watches: logs and pipes stay readable.
    return partial(tqdm, desc=name, leave=False, disable=None, file=sys.stderr)


def points_words(one: Any) -> str:
    """Return points as words for a table, nothing where there are none."""
    return f"{_short(one.points)} of {_short(one.max_points)}" if one.max_points else ""


def _short(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def typed_teach(folder: Path) -> str:
    """Return the line that opens a folder on the desk, as it works where this command was typed.

    Who types ``make`` has no ``alongside`` to type: make alone knows where that is.
    """
    if "MAKELEVEL" in os.environ:  # make tells so what it runs
        return f'make teach ARGS="--root {_quoted(folder)}"'
    typed = Path(sys.argv[0])
    is_path = typed.stem == "alongside" and not shutil.which("alongside")
    return f"{typed if is_path else 'alongside'} teach --root {_quoted(folder.resolve())}"


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if os.name == "nt" else shlex.quote(str(folder))


def counted(outcomes: Iterable[str]) -> str:
    """Return how often each outcome occurs, as one line."""
    counts = Counter(outcomes)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()) or "nothing"


def print_shut(reasons: Iterable[str], one: str, more: str) -> None:
    """Print once for each folder that may only be read how many it concerns, and what to do."""
    for reason, count in Counter(filter(None, reasons)).items():
        print(one_line(f"{reason}: {count} {one if count == 1 else more}. {sentence(WHAT_TO_DO)}"))


def print_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns that line up."""
    lines = [[one_line(cell) for cell in line] for line in (heading, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    for line in lines:
        cells = zip(line, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())


def print_json(things: Any) -> None:
    """Print results as JSON; dataclasses become objects."""
    print(json.dumps(things, indent=1, default=_plain))


def _plain(thing: Any) -> Any:
    is_value = is_dataclass(thing) and not isinstance(thing, type)
    return asdict(thing) if is_value else str(thing)


def add_command(commands: Any, name: str, run: Run, what: str, example: str) -> Any:
    """Add a command with its help and an example, and return its parser."""
    command = commands.add_parser(name, help=what, description=what, epilog=f"Example: {example}")
    command.set_defaults(run=run)
    return command


def add_modules(command: Any) -> None:
    """Add the choice of one module or all."""
    command.add_argument("module", nargs="?", help="such as 07-advice")
    command.add_argument("--all", action="store_true", help="all modules")
    add_root(command)
    add_db(command)
    add_json(command)


def add_root(command: Any) -> None:
    """Add ``--root``."""
    command.add_argument("--root", type=Path, help="the course folder (default: this folder)")


def add_home(command: Any) -> None:
    """Add ``--home``."""
    command.add_argument("--home", type=Path, help="your own folder (default: ~/Alongside)")


def add_server(command: Any) -> None:
    """Add what every command with pages takes."""
    command.add_argument("--port", type=_port, help="a certain port (default: the first free one)")
    command.add_argument("--no-browser", action="store_true", help="only print the address")
    what = (
        "stand at the address that all know, for a port that is forwarded: other accounts of "
        "this computer can then stand there when you have closed it"
    )
    command.add_argument("--address", choices=[KNOWN], metavar=KNOWN, help=what)


def server_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what `add_server` took, apart from the port."""
    address = known_address() if arguments.address else None
    return {"open_browser": not arguments.no_browser, "address": address}


def _port(word: str) -> int:
    if not word.isascii() or not word.isdigit() or not 0 < int(word) <= LAST_PORT:
        what = f"{word!a} is no port; give a number from 1 to {LAST_PORT}, or leave it out"
        raise argparse.ArgumentTypeError(what)
    return int(word)


def new_code(word: str) -> str:
    """Read a code that a trainee is to have."""
    if not is_trainee_code(trimmed(word)):
        raise argparse.ArgumentTypeError(f"{word[:80]!a} cannot be a code; {RULE}")
    return typed_code(word)


def typed_code(word: str) -> str:
    """Read a code without the blanks around it, and say that they are left out."""
    if words := trimmed_words(word):
        tell(one_line(words))
    return trimmed(word)


def use_home(arguments: argparse.Namespace) -> None:
    """Keep the trainee's answers in ``--home``, where it is given."""
    if arguments.home:
        try:
            # A link stays one: whose folder it leads to is asked where the home is opened.
            folder = arguments.home.expanduser().absolute()
        except RuntimeError:  # '~name' of nobody here
            what = f"--home {arguments.home} is nobody's folder"
            raise PagesError(f"{what}; give its whole path") from None
        os.environ[places.HOME_VARIABLE] = str(folder)


def add_exchange(command: Any) -> None:
    """Add ``--exchange``."""
    command.add_argument("--exchange", type=Path, help="nbgrader's exchange folder")


def add_db(command: Any) -> None:
    """Add ``--db``."""
    command.add_argument("--db", help="the gradebook as an SQLAlchemy address")


def add_json(command: Any) -> None:
    """Add ``--json``."""
    command.add_argument("--json", action="store_true", help="print JSON for a program")


def root_and_modules(arguments: argparse.Namespace) -> tuple[Path, tuple[str, ...]]:
    """Return the course folder, and the modules that are asked for."""
    from grader.trainer.release import modules_of, require_module

    if not arguments.all and not arguments.module:
        raise UsageError(f"which module? Name one{_known(arguments)} or give --all")
    root = course_root(arguments)
    known = modules_of(root)
    if arguments.all:
        return root, known
    if arguments.module not in known:
        for line in keyless(root, arguments.db):
            if line.startswith(f"solutions/{arguments.module}/"):
                raise GradingError(line)
    require_module(arguments.module, known)
    return root, (arguments.module,)


def _known(arguments: argparse.Namespace) -> str:
    """Return the names of modules in brackets, nothing where this is no course folder."""
    from grader.trainer.release import modules_of

    with suppress(GradingError):
        return f" ({', '.join(modules_of(course_root(arguments)))})"
    return ""


def warn_of_elsewhere(root: Path, db_url: str | None, modules: Iterable[str] = ()) -> None:
    """Say what the gradebook knows and this folder lacks, also where a program reads the rest."""
    from grader.trainer.collect.elsewhere import what_is_elsewhere

    if warning := what_is_elsewhere(root, db_url, modules):
        tell(warning)


def warn_of_stale(root: Path, db_url: str | None) -> None:
    """Say of which trainees other work counts now than what their marks are for."""
    from grader.trainer.collect.ungraded import stale_marks

    for line in stale_marks(root, db_url):
        tell(line)


def warn_of_misplaced(root: Path) -> None:
    """Name what lies where nobody looks, or is kept aside: it is missing from all that is told.

    And what of the roster may be nobody, and is counted all the same.
    """
    from grader.trainer.collect.leftovers import leftovers
    from grader.trainer.collect.whose import reminder
    from grader.trainer.release import modules_of
    from grader.trainer.roster.misplaced import misplaced

    warn_of_roster(root)
    aside = filter(None, [sentence(reminder(root))])
    for line in (*aside, *misplaced(root, modules_of(root)), *leftovers(root)):
        tell(line)


def warn_of_roster(root: Path) -> None:
    """Say what of the roster may not mean what it says."""
    from grader.trainer.roster.remarks import roster_notes

    for line in roster_notes(root):
        tell(line)


def keyless(root: Path, db_url: str | None) -> list[str]:
    """Return a line for each module that was handed in or graded and has no key here."""
    from grader.trainer.gradebook.gradebook import default_db_url, read_names
    from grader.trainer.release import modules_of
    from grader.trainer.roster.misplaced import without_key

    graded = read_names(db_url or default_db_url(root))[1]
    return without_key(root, modules_of(root), graded, so="is left out")


def warn_of_keyless(root: Path, db_url: str | None) -> bool:
    """Name the modules that were handed in or graded and are left out here; tell of any."""
    lines = keyless(root, db_url)
    for line in lines:
        tell(line)
    return bool(lines)
