"""The commands of a trainer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grader.cli import feedback, shares, teaching, whose
from grader.cli.hand_ins import add_collect
from grader.cli.shared import (
    add_command,
    add_db,
    add_json,
    add_modules,
    add_root,
    add_server,
    course_root,
    keyless,
    print_json,
    progress_bar,
    root_and_modules,
    server_options,
    typed_teach,
    warn_of_elsewhere,
    warn_of_keyless,
    warn_of_misplaced,
    warn_of_stale,
)
from grader.cli.tables import print_changes, print_graded, print_outcomes
from grader.errors import ContentError, GradingError
from grader.places import AGREEMENT, DEMO_FOLDER, MARKS
from grader.surroundings import tell


def add_commands(commands: Any) -> None:
    """Add what a trainer does, from ``teach`` to ``report``, and ``demo``."""
    example = "alongside teach"
    teach = add_command(commands, "teach", _teach, "open the desk and formgrader", example)
    add_root(teach)
    add_server(teach)
    example = "alongside release --check"
    release = add_command(commands, "release", _release, "make exercises/ from solutions/", example)
    release.add_argument("modules", nargs="*", help="such as 07-advice (default: all)")
    release.add_argument("--check", action="store_true", help="write nothing, only compare")
    add_root(release)
    add_json(release)
    add_collect(commands)
    whose.add_commands(commands)
    grade = add_command(
        commands, "grade", _grade, "mark what was collected", "alongside grade 07-advice"
    )
    add_modules(grade)
    what = "grade everybody again, also where nothing changed"
    grade.add_argument("--force", action="store_true", help=what)
    what = "write nothing, only say whose marks would change"
    grade.add_argument("--dry-run", action="store_true", help=what)
    what = "begin a new gradebook, where it and all copies are lost, or go on with another one"
    grade.add_argument("--new-gradebook", action="store_true", help=what)
    shares.add_commands(commands)
    teaching.add_commands(commands)
    feedback.add_commands(commands)
    export = add_command(
        commands, "export", _export, "write marks for a spreadsheet", "alongside export"
    )
    export.add_argument("format", nargs="?", choices=["csv"], default="csv")
    what = "instead of marks, how well trainers agree (exports/agreement.csv)"
    export.add_argument("--agreement", action="store_true", help=what)
    export.add_argument("--out", type=Path, help="the file (default: exports/marks.csv)")
    add_root(export)
    add_db(export)
    what = "write a page about the whole cohort, for trainers"
    report = add_command(commands, "report", _report, what, "alongside report")
    report.add_argument("--out", type=Path, help="the folder (default: reports)")
    add_root(report)
    add_db(report)
    add_json(report)
    what = "run a made-up cohort through the whole cycle"
    demo = add_command(commands, "demo", _demo, what, "alongside demo")
    demo.add_argument("folder", nargs="?", type=Path, default=Path(DEMO_FOLDER))
    what = "such as 07-advice, may be given again (default: all)"
    demo.add_argument("--module", action="append", default=[], help=what)
    add_json(demo)


def _teach(arguments: argparse.Namespace) -> None:
    from grader.server.teach import teach

    root = course_root(arguments)
    teach(root, arguments.port, **server_options(arguments))


def _release(arguments: argparse.Namespace) -> int:
    from grader.author.check import check_course
    from grader.author.portraits import draw_people
    from grader.trainer.release import release

    root = course_root(arguments)
    if (root / "course").is_dir():
        for picture in () if arguments.check else draw_people(root / "course"):
            tell(f"{picture.relative_to(root)}: drawn")
        problems = check_course(root / "course", root / "solutions")
        if problems:
            raise ContentError(problems)
    result = release(root, arguments.modules or None, check=arguments.check)
    if arguments.json:
        print_json(result)
    else:
        verb = "differs; run 'alongside release'" if arguments.check else "written"
        for path in result.changed:
            print(f"{path}: {verb}")
        for path in result.extra:
            print(f"{path}: does not belong to an exercise")
        if result.in_step:
            print(f"{len(result.modules)} exercises are in step with solutions/.")
    return int(arguments.check and not result.in_step)


def _grade(arguments: argparse.Namespace) -> int:
    from grader.trainer.grading.grading import Listener, grade_modules
    from grader.trainer.grading.outcomes import GRADED, MISSING, WAITING

    root, modules = root_and_modules(arguments)
    left_out: list[str] = []
    told = Listener(
        progress_bar("Grade"),
        # For a program, the changes stand in the JSON.
        changes=(lambda _: None) if arguments.json else print_changes,
        message=tell,
        left_out=left_out.append,
    )
    done = grade_modules(
        root,
        modules,
        arguments.db,
        told,
        force=arguments.force,
        dry_run=arguments.dry_run,
        anew=arguments.new_gradebook,
    )
    for why in left_out:
        tell(why)
    lacks_key = arguments.all and bool(keyless(root, arguments.db))  # named before grading
    if not (done or left_out or lacks_key):
        raise GradingError("nothing is handed in yet; run 'alongside collect FOLDER' first")
    if arguments.json:
        print_json(done)
    else:
        print_graded(done, dry_run=arguments.dry_run)
    warn_of_elsewhere(root, arguments.db, {one.module for one in done})
    is_odd = any(one.outcome not in (GRADED, WAITING, MISSING) for one in done)
    return int(is_odd or lacks_key or bool(left_out))


def _export(arguments: argparse.Namespace) -> int:
    from grader.trainer.report.exports import export_csv

    root = course_root(arguments)
    if arguments.agreement:
        return _export_agreement(root, arguments)
    out = arguments.out or root / "exports" / MARKS
    left_out: list[str] = []
    waits: list[int] = []
    count = export_csv(root, out, arguments.db, left_out=left_out.append, to_be_graded=waits.append)
    for why in left_out:
        tell(why)
    warn_of_elsewhere(root, arguments.db)
    warn_of_stale(root, arguments.db)
    warn_of_misplaced(root)
    lacks_key = warn_of_keyless(root, arguments.db)
    print(f"{count} rows are in {out}.")
    _print_to_grade(sum(waits))
    return int(bool(left_out) or lacks_key)


def _export_agreement(root: Path, arguments: argparse.Namespace) -> int:
    from grader.desk.agreeing import write_agreement
    from grader.desk.place import Desk
    from grader.trainer.gradebook.gradebook import default_db_url

    out = arguments.out or root / "exports" / AGREEMENT
    count = write_agreement(Desk(root, arguments.db or default_db_url(root)), out)
    print(f"{count} rows are in {out}.")
    return 0


def _print_to_grade(count: int) -> None:
    from grader.trainer.collect.ungraded import to_grade

    if words := to_grade(count):
        print(words)


def _report(arguments: argparse.Namespace) -> int:
    from grader.trainer.report.report import make_report

    bar = progress_bar("Report")
    root = course_root(arguments)
    left_out: list[str] = []
    made = make_report(root, arguments.out, arguments.db, bar, left_out=left_out.append)
    for why in left_out:
        tell(why)
    warn_of_elsewhere(root, arguments.db)
    warn_of_stale(root, arguments.db)
    warn_of_misplaced(root)
    lacks_key = warn_of_keyless(root, arguments.db) or bool(left_out)
    if arguments.json:
        print_json(made)
        return int(lacks_key)
    print(f"{made.trainees} trainees, {made.modules} modules.")
    print(f"{made.waiting} wait for you, {made.damaged} damaged, {made.missing} not handed in.")
    _print_to_grade(made.ungraded)
    if made.strangers:
        print(f"{made.strangers} codes need a look: they may be slips. The page names them.")
    print(f"Open this page, and keep it among trainers: {made.page}")
    return int(lacks_key)


def _demo(arguments: argparse.Namespace) -> None:
    from grader.demo.demo import run_demo

    rows = run_demo(
        arguments.folder, lambda steps, name: progress_bar(name)(steps), arguments.module
    )
    if arguments.json:
        print_json(rows)
        return
    more = {
        "made to be": [row.profile for row in rows],
        "handed in": [row.handed_in for row in rows],
    }
    print_outcomes([row.result for row in rows], more)
    folder = arguments.folder.resolve()
    print(f"\nThe results are in {folder}:")
    print(f"  marks for a spreadsheet   {MARKS}")
    print("  feedback to send          feedback-bundles/")
    print("  gradebook                 gradebook.db")
    print(f"See it on the desk:         {typed_teach(arguments.folder)}")
