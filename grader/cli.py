"""The command line: ``alongside COMMAND``; each command is one function elsewhere.

Exit codes: 0 done, 1 something to mend, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grader import __version__, places
from grader.errors import AlongsideError, ContentError, GradingError

ROOT_FILE = "nbgrader_config.py"


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


# The commands of a trainee ------------------------------------------------------


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
    from grader.pages import prepare_home

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


# The commands of an author ------------------------------------------------------


def _check(arguments: argparse.Namespace) -> int:
    from grader.checks import check_course, summary
    from grader.coverage import coverage, coverage_lines

    folders = places.course_folder(), places.solutions_folder()
    if arguments.coverage:
        found = coverage(*folders)
        _print_json(found) if arguments.json else print("\n".join(coverage_lines(found)))
        return 0
    problems = check_course(*folders)
    if arguments.json:
        _print_json(problems)
    else:
        for problem in problems:
            print(problem)
        print(f"Checked {folders[0]}")
        print(summary(*folders))
    return int(bool(problems))


def _new(arguments: argparse.Namespace) -> None:
    from grader.authoring import new_item

    folders = places.course_folder(), places.solutions_folder()
    new = new_item(arguments.kind, arguments.place, *folders, graded=arguments.graded)
    print(f"Write:   {new.path}, from line {new.line}")
    for line in new.next_steps:
        print(line)


def _show(arguments: argparse.Namespace) -> None:
    import tempfile

    from grader import pages
    from grader.authoring import find_file
    from grader.showing import Stage

    source = find_file(arguments.item, places.course_folder(), places.solutions_folder())
    if arguments.text:
        from grader.sketch import item_text

        print(item_text(source, arguments.item))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ[places.HOME_VARIABLE] = str(Path(folder) / "home")  # answers to try out
        stage = Stage(source, Path(folder) / source.parents[1].name)
        stage.set_up(arguments.item)
        pages.show(stage, arguments.port, open_browser=not arguments.no_browser)


def _code(arguments: argparse.Namespace) -> int:
    from grader.coding import code_lines

    try:
        lines = (
            arguments.file.open(encoding="utf-8", errors="replace") if arguments.file else sys.stdin
        )
    except OSError as error:
        raise GradingError(f"{arguments.file} cannot be read ({error.strerror})") from error
    with lines:
        return code_lines(lines, print)


# The commands of a trainer ------------------------------------------------------


def _teach(arguments: argparse.Namespace) -> None:
    from grader import pages

    root = _root(arguments)
    pages.teach(root, arguments.port, open_browser=not arguments.no_browser)


def _release(arguments: argparse.Namespace) -> int:
    from grader.checks import check_course
    from grader.release import release

    root = _root(arguments)
    if (root / "course").is_dir():
        problems = check_course(root / "course", root / "solutions")
        if problems:
            raise ContentError(problems)
    result = release(root, arguments.modules or None, check=arguments.check)
    if arguments.json:
        _print_json(result)
    else:
        verb = "differs; run 'alongside release'" if arguments.check else "written"
        for path in result.changed:
            print(f"{path}: {verb}")
        for path in result.extra:
            print(f"{path}: does not belong to an exercise")
        if result.in_step:
            print(f"{len(result.modules)} exercises are in step with solutions/.")
    return int(arguments.check and not result.in_step)


def _collect(arguments: argparse.Namespace) -> int:
    from grader.collect import OLDER, REFUSED, collect

    shared, course_id = _exchange(arguments)
    if not arguments.bundles and shared is None:
        raise GradingError("nothing to collect; name hand-in files or a folder of them")
    done = collect(
        _root(arguments), arguments.bundles, shared, course_id=course_id, progress=_bar("Collect")
    )
    if arguments.json:
        _print_json(done)
    else:
        for one in done:
            if one.outcome == OLDER:
                continue  # a folder that grows is read again and again
            who = " ".join(part for part in (one.trainee, one.module) if part) or one.source
            print(f"{who}: {one.outcome}{f' ({one.reason})' if one.reason else ''}")
        print(_counted(one.outcome for one in done))
    return int(any(one.outcome == REFUSED for one in done))


def _exchange(arguments: argparse.Namespace) -> tuple[Path | None, str]:
    from grader.collect import COURSE_ID
    from grader.exchange import find_exchange

    if arguments.exchange:
        return arguments.exchange, COURSE_ID
    shared = find_exchange()
    return (shared.root, shared.course_id) if shared else (None, COURSE_ID)


def _grade(arguments: argparse.Namespace) -> int:
    from grader.grading import GRADED, MISSING, WAITING, grade

    root = _root(arguments)
    done = [
        one
        for module in _modules(arguments, root)
        for one in grade(root, module, arguments.db, progress=_bar(f"Grade {module}"))
    ]
    if not done:
        raise GradingError("nothing is handed in yet; run 'alongside collect FOLDER' first")
    if arguments.json:
        _print_json(done)
    else:
        rows = [
            (one.trainee, one.module, one.outcome, _points(one), str(one.waiting), one.problem)
            for one in done
        ]
        _print_table(("trainee", "module", "outcome", "points", "waiting", "note"), rows)
        print(_counted(one.outcome for one in done))
    return int(any(one.outcome not in (GRADED, WAITING, MISSING) for one in done))


def _feedback(arguments: argparse.Namespace) -> int:
    from grader.feedback import BUNDLES, make_feedback, release_to_exchange

    root = _root(arguments)
    shared, course_id = _exchange(arguments)
    done = []
    for module in _modules(arguments, root):
        done += make_feedback(root, module, arguments.db, progress=_bar(f"Feedback {module}"))
        if shared is not None:
            release_to_exchange(root, module, shared, course_id)
    if arguments.json:
        _print_json(done)
        return 0
    for one in done:
        if one.problem:
            print(f"{one.trainee} {one.module}: {one.problem}")
    unread = sum(one.waiting > 0 for one in done)
    if unread:
        print(f"{unread} have replies that no trainer has read yet; their pages say so.")
        print("To read them first: alongside teach. Then run this again.")
    made = sum(one.bundle is not None for one in done)
    print(f"{made} feedback files to send are in {root / BUNDLES}.")
    return 0


def _modules(arguments: argparse.Namespace, root: Path) -> tuple[str, ...]:
    from grader.release import modules_of, require_module

    known = modules_of(root)
    if arguments.all:
        return known
    if not arguments.module:
        raise GradingError(f"which module? Name one ({', '.join(known)}) or give --all")
    require_module(arguments.module, known)
    return (arguments.module,)


def _export(arguments: argparse.Namespace) -> None:
    from grader.exports import export_csv

    root = _root(arguments)
    out = arguments.out or root / "exports" / "marks.csv"
    count = export_csv(root, out, arguments.db)
    print(f"{count} rows are in {out}.")


def _demo(arguments: argparse.Namespace) -> None:
    from grader.demo import MARKS, run_demo

    rows = run_demo(arguments.folder, lambda steps, name: _bar(name)(steps), arguments.module)
    if arguments.json:
        _print_json(rows)
        return
    heading = ("trainee", "made to be", "handed in", "outcome", "points", "waiting", "note")
    table = [
        (
            row.trainee,
            row.profile,
            row.handed_in,
            row.result.outcome,
            _points(row.result),
            str(row.result.waiting),
            row.result.problem,
        )
        for row in rows
    ]
    _print_table(heading, table)
    folder = arguments.folder.resolve()
    print(_counted(row.result.outcome for row in rows))
    print(f"\nThe results are in {folder}:")
    print(f"  marks for a spreadsheet   {MARKS}")
    print("  feedback to send          feedback-bundles/")
    print("  gradebook                 gradebook.db")
    print(f"See it in formgrader:       alongside teach --root {folder}")


# What commands share ------------------------------------------------------------


def _root(arguments: argparse.Namespace) -> Path:
    start = (arguments.root or Path.cwd()).resolve()
    folders = (start,) if arguments.root else (start, *start.parents)
    for folder in folders:
        if (folder / ROOT_FILE).is_file():
            return folder
    raise GradingError(f"{start} is not a course folder; go to the one with {ROOT_FILE}")


def _bar(name: str) -> Callable[[list[Any]], Iterable[Any]]:
    from tqdm import tqdm

    # A bar only where somebody watches: logs and pipes stay readable.
    return partial(tqdm, desc=name, leave=False, disable=None, file=sys.stderr)


def _points(one: Any) -> str:
    return f"{one.points:.4g} of {one.max_points:g}" if one.max_points else ""


def _counted(outcomes: Iterable[str]) -> str:
    counts = Counter(outcomes)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()) or "nothing"


def _print_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    for line in lines:
        cells = zip(line, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())


def _print_json(things: Any) -> None:
    print(json.dumps(things, indent=1, default=_plain))


def _plain(thing: Any) -> Any:
    return asdict(thing) if is_dataclass(thing) else str(thing)


# The parser ---------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alongside", description="A peer-support training course that runs in Jupyter."
    )
    parser.add_argument("--version", action="version", version=f"alongside {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_trainee_commands(commands)
    _add_author_commands(commands)
    _add_trainer_commands(commands)
    return parser


def _add_trainee_commands(commands: Any) -> None:
    learn = _add(commands, "learn", _learn, "open the course in your browser", "alongside learn")
    _add_home(learn)
    _add_server(learn)
    learn.add_argument("--self-study", action="store_true", help="show marks of exercises at once")
    handin = _add(commands, "handin", _handin, "hand in one exercise", "alongside handin 07-advice")
    handin.add_argument("module", help="such as 07-advice")
    handin.add_argument("--code", help="your code, such as trainee-017 (kept for next time)")
    _add_home(handin)


def _add_author_commands(commands: Any) -> None:
    check = _add(commands, "check", _check, "check all course content", "alongside check")
    what = "show which lesson and items cover each fact and skill"
    check.add_argument("--coverage", action="store_true", help=what)
    _add_json(check)
    what, example = "begin a new item from a template", "alongside new choice 07-advice/late-bus"
    new = _add(commands, "new", _new, what, example)
    new.add_argument("kind", help="such as choice, reply or conversation")
    new.add_argument("place", metavar="MODULE/ID", help="such as 07-advice/late-bus")
    new.add_argument("--graded", action="store_true", help="for the exercise, not for practice")
    what, example = "show one item as a page while you write it", "alongside show late-bus"
    show = _add(commands, "show", _show, what, example)
    show.add_argument("item", metavar="ID", help="the item's id")
    show.add_argument("--text", action="store_true", help="print it here, with its key")
    _add_server(show)
    example = "alongside code replies.jsonl"
    code = _add(commands, "code", _code, "tell which acts typed replies perform", example)
    what = "JSON lines with id and reply (default: standard input)"
    code.add_argument("file", nargs="?", type=Path, help=what)


def _add_trainer_commands(commands: Any) -> None:
    example = "alongside teach"
    teach = _add(commands, "teach", _teach, "open JupyterLab and formgrader", example)
    _add_root(teach)
    _add_server(teach)
    example = "alongside release --check"
    release = _add(commands, "release", _release, "make exercises/ from solutions/", example)
    release.add_argument("modules", nargs="*", help="such as 07-advice (default: all)")
    release.add_argument("--check", action="store_true", help="write nothing, only compare")
    _add_root(release)
    _add_json(release)
    example = "alongside collect ~/Downloads/hand-ins"
    collect = _add(commands, "collect", _collect, "take in what trainees handed in", example)
    collect.add_argument("bundles", nargs="*", type=Path, help="hand-in files, or folders of them")
    _add_root(collect)
    _add_exchange(collect)
    _add_json(collect)
    grade = _add(commands, "grade", _grade, "mark what was collected", "alongside grade 07-advice")
    _add_modules(grade)
    example = "alongside feedback 07-advice"
    feedback = _add(commands, "feedback", _feedback, "write feedback for trainees", example)
    _add_modules(feedback)
    _add_exchange(feedback)
    export = _add(commands, "export", _export, "write marks for a spreadsheet", "alongside export")
    export.add_argument("format", nargs="?", choices=["csv"], default="csv")
    export.add_argument("--out", type=Path, help="the file (default: exports/marks.csv)")
    _add_root(export)
    _add_db(export)
    what = "run a made-up cohort through the whole cycle"
    demo = _add(commands, "demo", _demo, what, "alongside demo")
    demo.add_argument("folder", nargs="?", type=Path, default=Path("demo"))
    what = "such as 07-advice, may be given again (default: all)"
    demo.add_argument("--module", action="append", default=[], help=what)
    _add_json(demo)


def _add(commands: Any, name: str, run: Callable, what: str, example: str) -> Any:
    command = commands.add_parser(name, help=what, description=what, epilog=f"Example: {example}")
    command.set_defaults(run=run)
    return command


def _add_modules(command: Any) -> None:
    command.add_argument("module", nargs="?", help="such as 07-advice")
    command.add_argument("--all", action="store_true", help="all modules")
    _add_root(command)
    _add_db(command)
    _add_json(command)


def _add_root(command: Any) -> None:
    command.add_argument("--root", type=Path, help="the course folder (default: this folder)")


def _add_home(command: Any) -> None:
    command.add_argument("--home", type=Path, help="your own folder (default: ~/Alongside)")


def _add_server(command: Any) -> None:
    command.add_argument("--port", type=int, help="a certain port (default: the first free one)")
    command.add_argument("--no-browser", action="store_true", help="only print the address")


def _add_exchange(command: Any) -> None:
    command.add_argument("--exchange", type=Path, help="nbgrader's exchange folder")


def _add_db(command: Any) -> None:
    command.add_argument("--db", help="the gradebook as an SQLAlchemy address")


def _add_json(command: Any) -> None:
    command.add_argument("--json", action="store_true", help="print JSON for a program")


if __name__ == "__main__":
    sys.exit(main())
