"""The commands of a trainer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from grader.cli_shared import (
    add_command,
    add_db,
    add_exchange,
    add_json,
    add_modules,
    add_root,
    add_server,
    counted,
    course_root,
    points_words,
    print_json,
    print_table,
    progress_bar,
)
from grader.cli_tables import print_changes, print_graded, print_hand_ins
from grader.errors import ContentError, GradingError, one_line


def add_commands(commands: Any) -> None:
    """Add what a trainer does, from ``teach`` to ``report``, and ``demo``."""
    example = "alongside teach"
    teach = add_command(commands, "teach", _teach, "open JupyterLab and formgrader", example)
    add_root(teach)
    add_server(teach)
    example = "alongside release --check"
    release = add_command(commands, "release", _release, "make exercises/ from solutions/", example)
    release.add_argument("modules", nargs="*", help="such as 07-advice (default: all)")
    release.add_argument("--check", action="store_true", help="write nothing, only compare")
    add_root(release)
    add_json(release)
    _add_collect(commands)
    grade = add_command(
        commands, "grade", _grade, "mark what was collected", "alongside grade 07-advice"
    )
    add_modules(grade)
    what = "grade everybody again, also where nothing changed"
    grade.add_argument("--force", action="store_true", help=what)
    what = "write nothing, only say whose marks would change"
    grade.add_argument("--dry-run", action="store_true", help=what)
    example = "alongside feedback 07-advice"
    feedback = add_command(commands, "feedback", _feedback, "write feedback for trainees", example)
    add_modules(feedback)
    add_exchange(feedback)
    example = "alongside certify --new-key"
    certify = add_command(
        commands, "certify", _certify, "sign what trainees earned, for their certificate", example
    )
    certify.add_argument("--new-key", action="store_true", help="make the course's key pair")
    add_root(certify)
    export = add_command(
        commands, "export", _export, "write marks for a spreadsheet", "alongside export"
    )
    export.add_argument("format", nargs="?", choices=["csv"], default="csv")
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
    demo.add_argument("folder", nargs="?", type=Path, default=Path("demo"))
    what = "such as 07-advice, may be given again (default: all)"
    demo.add_argument("--module", action="append", default=[], help=what)
    add_json(demo)


def _add_collect(commands: Any) -> None:
    example = "alongside collect ~/Downloads/hand-ins"
    collect = add_command(commands, "collect", _collect, "take in what trainees handed in", example)
    collect.add_argument("bundles", nargs="*", type=Path, help="hand-in files, or folders of them")
    what = "list every hand-in that is kept, of all or of one trainee and module"
    collect.add_argument("--list", nargs="*", metavar="NAME", help=what)
    what = "use an earlier hand-in, by its number in the list"
    collect.add_argument("--use", nargs=3, metavar=("TRAINEE", "MODULE", "NUMBER"), help=what)
    add_root(collect)
    add_exchange(collect)
    add_json(collect)


def _teach(arguments: argparse.Namespace) -> None:
    from grader import pages

    root = course_root(arguments)
    pages.teach(root, arguments.port, open_browser=not arguments.no_browser)


def _release(arguments: argparse.Namespace) -> int:
    from grader.checks import check_course
    from grader.release import release

    root = course_root(arguments)
    if (root / "course").is_dir():
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


def _collect(arguments: argparse.Namespace) -> int:
    from grader.collect import DAMAGED, OLDER, REFUSED, collect

    if arguments.use or arguments.list is not None:
        return _kept_hand_ins(arguments)
    shared, course_id = _exchange(arguments)
    if not arguments.bundles and shared is None:
        raise GradingError("nothing to collect; name hand-in files or a folder of them")
    done = collect(
        course_root(arguments),
        arguments.bundles,
        shared,
        course_id=course_id,
        progress=progress_bar("Collect"),
    )
    if arguments.json:
        print_json(done)
    else:
        for one in done:
            if one.outcome == OLDER:
                continue  # a folder that grows is read again and again
            who = " ".join(part for part in (one.trainee, one.module) if part) or one.source
            why = f" ({one.reason})" if one.reason else ""
            print(one_line(f"{who}: {one.outcome}{why}"))
        print(counted(one.outcome for one in done))
    return int(any(one.outcome in (DAMAGED, REFUSED) for one in done))


def _kept_hand_ins(arguments: argparse.Namespace) -> int:
    """List what is kept, or use an earlier one; neither collects anything."""
    from grader.collect import use_earlier
    from grader.hand_in_list import listed

    root, names = course_root(arguments), arguments.list or []
    both = arguments.use and arguments.list is not None
    if arguments.bundles or arguments.exchange or both or len(names) > 2:
        message = "--list takes a trainee and a module at most, --use all three"
        raise GradingError(f"{message}; collect in a command of its own")
    if arguments.use:
        trainee, module, number = arguments.use
        if not number.isdecimal():
            raise GradingError(f"{number!a} is no number; see 'alongside collect --list {trainee}'")
        use_earlier(root, trainee, module, int(number))
        found = listed(root, trainee, module)
    else:
        found = listed(root, *names)
    if arguments.json:
        print_json(found)
    else:
        print_hand_ins(found)
        how = "To use an earlier one: alongside collect --use TRAINEE MODULE NUMBER"
        print(f"Mark it now: alongside grade {arguments.use[1]}" if arguments.use else how)
    return 0


def _exchange(arguments: argparse.Namespace) -> tuple[Path | None, str]:
    from grader.collect import COURSE_ID
    from grader.exchange import find_exchange

    if arguments.exchange:
        return arguments.exchange, COURSE_ID
    shared = find_exchange()
    return (shared.root, shared.course_id) if shared else (None, COURSE_ID)


def _grade(arguments: argparse.Namespace) -> int:
    from grader.grading import GRADED, MISSING, WAITING, Told, grade_modules

    root = course_root(arguments)
    told = Told(
        progress_bar("Grade"),
        # For a program, the changes stand in the JSON.
        changes=(lambda _: None) if arguments.json else print_changes,
        message=lambda text: print(f"alongside: {text}", file=sys.stderr),
    )
    done = grade_modules(
        root,
        _modules(arguments, root),
        arguments.db,
        told,
        force=arguments.force,
        dry_run=arguments.dry_run,
    )
    if not done:
        raise GradingError("nothing is handed in yet; run 'alongside collect FOLDER' first")
    if arguments.json:
        print_json(done)
    else:
        print_graded(done, dry_run=arguments.dry_run)
    return int(any(one.outcome not in (GRADED, WAITING, MISSING) for one in done))


def _feedback(arguments: argparse.Namespace) -> int:
    from grader.feedback import BUNDLES, make_feedback, release_to_exchange

    root = course_root(arguments)
    shared, course_id = _exchange(arguments)
    done = []
    for module in _modules(arguments, root):
        done += make_feedback(
            root, module, arguments.db, progress=progress_bar(f"Feedback {module}")
        )
        if shared is not None:
            release_to_exchange(root, module, shared, course_id)
    if arguments.json:
        print_json(done)
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


def _certify(arguments: argparse.Namespace) -> None:
    from grader.signing import PRIVATE_KEY, PUBLIC_KEY, new_key, signer_of

    root = course_root(arguments)
    if arguments.new_key:
        private, public = new_key(root)
        print(f"{private} is your key. Keep a copy in a safe place, and give it to nobody.")
        print(f"{public} is for everybody. Publish it where people look for you.")
    elif signer_of(root) is None:
        raise GradingError(f"there is no {PRIVATE_KEY} here; make one with --new-key")
    print("'alongside feedback' signs each module with it, once nothing waits for you.")
    print(f"Others check: alongside verify certificate.html --key {PUBLIC_KEY}")


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

    root = course_root(arguments)
    out = arguments.out or root / "exports" / "marks.csv"
    count = export_csv(root, out, arguments.db)
    print(f"{count} rows are in {out}.")


def _report(arguments: argparse.Namespace) -> None:
    from grader.report import make_report

    bar = progress_bar("Report")
    made = make_report(course_root(arguments), arguments.out, arguments.db, bar)
    if arguments.json:
        print_json(made)
        return
    print(f"{made.trainees} trainees, {made.modules} modules.")
    print(f"{made.waiting} wait for you, {made.damaged} damaged, {made.missing} not handed in.")
    print(f"Open this page, and keep it among trainers: {made.page}")


def _demo(arguments: argparse.Namespace) -> None:
    from grader.demo import MARKS, run_demo

    rows = run_demo(
        arguments.folder, lambda steps, name: progress_bar(name)(steps), arguments.module
    )
    if arguments.json:
        print_json(rows)
        return
    heading = ("trainee", "made to be", "handed in", "outcome", "points", "waiting", "note")
    table = [
        (
            row.trainee,
            row.profile,
            row.handed_in,
            row.result.outcome,
            points_words(row.result),
            str(row.result.waiting),
            row.result.problem,
        )
        for row in rows
    ]
    print_table(heading, table)
    folder = arguments.folder.resolve()
    print(counted(row.result.outcome for row in rows))
    print(f"\nThe results are in {folder}:")
    print(f"  marks for a spreadsheet   {MARKS}")
    print("  feedback to send          feedback-bundles/")
    print("  gradebook                 gradebook.db")
    print(f"See it in formgrader:       alongside teach --root {folder}")
