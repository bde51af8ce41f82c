"""The commands of an author."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from grader import places
from grader.cli.shared import add_command, add_json, add_server, print_json, server_options
from grader.errors import AuthoringError, GradingError, UsageError


def add_commands(commands: Any) -> None:
    """Add ``check``, ``new``, ``show``, ``code``, ``score``, ``site`` and ``kit``."""
    check = add_command(commands, "check", _check, "check all course content", "alongside check")
    what = "show which lesson and items cover each fact and skill"
    check.add_argument("--coverage", action="store_true", help=what)
    what = "show how far the best replies can be guessed without their story"
    check.add_argument("--guess", action="store_true", help=what)
    what = "also compare all texts with the source texts in a folder (*.txt)"
    check.add_argument("--sources", type=Path, metavar="FOLDER", help=what)
    add_json(check)
    what, example = "begin a new item from a template", "alongside new choice 07-advice/late-bus"
    new = add_command(commands, "new", _new, what, example)
    new.add_argument("kind", help="such as choice, reply or conversation")
    new.add_argument("place", metavar="MODULE/ID", help="such as 07-advice/late-bus")
    new.add_argument("--graded", action="store_true", help="for the exercise, not for practice")
    what, example = "show one item as a page while you write it", "alongside show late-bus"
    show = add_command(commands, "show", _show, what, example)
    show.add_argument("item", metavar="ID", help="the item's id")
    show.add_argument("--text", action="store_true", help="print it here, with its key")
    add_server(show)
    example = "alongside code replies.jsonl"
    code = add_command(commands, "code", _code, "tell which acts typed replies perform", example)
    what = "JSON lines with id and reply (default: standard input)"
    code.add_argument("file", nargs="?", type=Path, help=what)
    example = "alongside score answers.jsonl"
    score = add_command(commands, "score", _score, "score answers to items", example)
    what = "JSON lines with item and response (default: standard input)"
    score.add_argument("file", nargs="?", type=Path, help=what)
    what = "write the course as a folder that any web host serves, without a server of ours"
    site = add_command(commands, "site", _site, what, "alongside site public")
    site.add_argument("out", type=Path, help="a new or empty folder, or an earlier site")
    what = "your organisation's helplines, a region.yaml"
    site.add_argument("--region", type=Path, metavar="FILE", help=what)
    site.add_argument("--no-exercises", action="store_true", help="leave the exercises out")
    what = "show marks of exercises at once; everybody can then read their keys"
    site.add_argument("--self-study", action="store_true", help=what)
    what = "the folder of the npm package pyodide (default: as 'npm ci' puts it here)"
    site.add_argument("--pyodide", type=Path, metavar="FOLDER", help=what)
    what = (
        "write the course as a folder and a zip file that start with two clicks (needs a network)"
    )
    kit = add_command(commands, "kit", _kit, what, "alongside kit alongside-kit")
    kit.add_argument("out", type=Path, help="a new or empty folder, or an earlier kit")
    what = "for this system alone; give it again for another (default: all three)"
    systems = ("win", "mac", "linux")
    kit.add_argument("--platform", action="append", choices=systems, help=what)
    what = "take all wheels, also uv's, from this folder and use no network"
    kit.add_argument("--wheels", type=Path, metavar="FOLDER", help=what)


def _check(arguments: argparse.Namespace) -> int:
    from grader.author.check import picks, problems_of, read_course, summary
    from grader.author.coverage import coverage, coverage_lines
    from grader.author.guess_report import findings, findings_lines
    from grader.author.own_words import copied_problems, written_files

    folders = _folders()
    if arguments.coverage:
        found = coverage(*folders)
        print_json(found) if arguments.json else print("\n".join(coverage_lines(found)))
        return 0
    if arguments.guess:
        guessed = findings(picks(read_course(*folders)))
        print_json(guessed) if arguments.json else print("\n".join(findings_lines(guessed)))
        return 0
    read = read_course(*folders)
    problems = problems_of(read)
    if arguments.sources and not problems:  # files that cannot be read are said first
        problems += copied_problems(written_files(*folders), _sources(arguments.sources))
    if arguments.json:
        print_json(problems)
    else:
        for problem in problems:
            print(problem)
        print(f"Checked {folders[0]}")
        print(summary(read))
    return int(bool(problems))


def _folders() -> tuple[Path, Path | None]:
    course = places.own_course()
    return course.lessons, course.solutions


def _sources(folder: Path) -> Path:
    if not any(folder.glob("*.txt")):
        raise AuthoringError(f"{folder} holds no source texts (*.txt); name their folder")
    return folder


def _new(arguments: argparse.Namespace) -> None:
    from grader.author.new import new_item

    folders = _folders()
    new = new_item(arguments.kind, arguments.place, *folders, graded=arguments.graded)
    print(f"Write:   {new.path}, from line {new.line}")
    for line in new.next_steps:
        print(line)


def _show(arguments: argparse.Namespace) -> None:
    import tempfile

    from grader.author.new import find_file
    from grader.server import pages
    from grader.server.showing import Stage

    source = find_file(arguments.item, *_folders())
    if arguments.text:
        from grader.html.sketch import item_text

        print(item_text(places.own_course(), source, arguments.item))
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ[places.HOME_VARIABLE] = str(Path(folder) / "home")  # answers to try out
        stage = Stage(source, Path(folder) / source.parents[1].name)
        stage.set_up(arguments.item)
        pages.show(places.this_learner(), stage, arguments.port, **server_options(arguments))


def _code(arguments: argparse.Namespace) -> int:
    from grader.coding.coder import code_lines

    with _lines(arguments.file) as lines:
        return code_lines(lines, print)


def _score(arguments: argparse.Namespace) -> int:
    from grader.author.score_lines import Key, score_lines

    key = Key(places.own_course())
    with _lines(arguments.file) as lines:
        return score_lines(lines, key, print)


def _site(arguments: argparse.Namespace) -> None:
    from grader.site.build import Plan, build

    course = places.own_course()
    if arguments.self_study and course.solutions is None:
        raise GradingError("--self-study needs the course's solutions/; run it in a clone")
    if arguments.self_study and arguments.no_exercises:
        raise UsageError("--self-study shows marks of exercises; leave --no-exercises out")
    plan = Plan(
        course,
        arguments.pyodide or places.PACKAGE.parent / "node_modules" / "pyodide",
        region=arguments.region,
        exercises=not arguments.no_exercises,
        keys=arguments.self_study,
    )
    size = build(plan, arguments.out)
    print(f"The site is in {arguments.out} ({size / 1e6:.0f} MB). Put this folder on any web host.")
    print(f"To try it here: python -m http.server --bind 127.0.0.1 --directory {arguments.out}")
    if arguments.self_study:
        print("It holds the keys of the exercises: whoever has its address can read them.")


def _kit(arguments: argparse.Namespace) -> None:
    from grader.kit.build import build
    from grader.kit.wheels import SYSTEMS

    if not arguments.wheels:
        print("Programs and packages are fetched once. This needs a network and takes minutes.")
    platforms = arguments.platform or tuple(SYSTEMS)
    kit = build(arguments.out, platforms, wheels=arguments.wheels)
    print(f"The kit is in {kit.folder} ({kit.size / 1e6:.0f} MB).")
    print(f"To hand out: {kit.archive} ({kit.archive_size / 1e6:.0f} MB).")


def _lines(path: Path | None) -> TextIO:
    try:
        return path.open(encoding="utf-8", errors="replace") if path else sys.stdin
    except OSError as error:
        raise GradingError(f"{path} cannot be read ({error.strerror})") from error
