"""The commands of a trainer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from grader.cli import whose
from grader.cli.hand_ins import add_collect, exchange
from grader.cli.shared import (
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
from grader.cli.tables import print_changes, print_graded, print_passes
from grader.cli.whose import odd_codes, print_odd_codes
from grader.errors import ContentError, GradingError, UsageError, suggestion
from grader.places import MARKS
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
    _add_feedback(commands)
    example = "alongside certify --new-key"
    certify = add_command(
        commands, "certify", _certify, "sign what trainees earned, for their certificate", example
    )
    _add_certify_options(certify)
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


def _add_certify_options(certify: Any) -> None:
    what = "the codes of those who want one (default: everybody)"
    certify.add_argument("trainees", nargs="*", help=what)
    certify.add_argument("--new-key", action="store_true", help="make the course's key pair")
    add_root(certify)
    add_db(certify)
    add_json(certify)


def _add_feedback(commands: Any) -> None:
    example = "alongside feedback 07-advice --only-finished --release"
    feedback = add_command(commands, "feedback", _feedback, "write feedback for trainees", example)
    add_modules(feedback)
    add_exchange(feedback)
    what = "one trainee's only, may be given again (default: everybody's)"
    feedback.add_argument("--trainee", action="append", default=[], metavar="CODE", help=what)
    what = "no drafts: only where no reply waits to be read"
    feedback.add_argument("--only-finished", action="store_true", help=what)
    what = "only what is new, or has changed since it was sent"
    feedback.add_argument("--changed", action="store_true", help=what)
    what = "name what to send now, and remember it as sent"
    feedback.add_argument("--release", action="store_true", help=what)


def _teach(arguments: argparse.Namespace) -> None:
    from grader.server.teach import teach

    root = course_root(arguments)
    teach(root, arguments.port, open_browser=not arguments.no_browser)


def _release(arguments: argparse.Namespace) -> int:
    from grader.author.check import check_course
    from grader.trainer.release import release

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


def _grade(arguments: argparse.Namespace) -> int:
    from grader.trainer.grading.grading import Listener, grade_modules
    from grader.trainer.grading.outcomes import GRADED, MISSING, WAITING

    root, modules = _root_and_modules(arguments)
    told = Listener(
        progress_bar("Grade"),
        # For a program, the changes stand in the JSON.
        changes=(lambda _: None) if arguments.json else print_changes,
        message=tell,
    )
    done = grade_modules(
        root,
        modules,
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
    _warn_of_elsewhere(root, arguments.db, {one.module for one in done})
    return int(any(one.outcome not in (GRADED, WAITING, MISSING) for one in done))


def _warn_of_elsewhere(root: Path, db_url: str | None, modules: Iterable[str] = ()) -> None:
    """Say what the gradebook knows and this folder lacks, also where a program reads the rest."""
    from grader.trainer.collect.elsewhere import what_is_elsewhere

    if warning := what_is_elsewhere(root, db_url, modules):
        tell(warning)


def _feedback(arguments: argparse.Namespace) -> int:
    from grader.cli.tables import print_feedback, why_none
    from grader.formats.exchange import works_here
    from grader.trainer.feedback.exchange import release_to_exchange
    from grader.trainer.feedback.feedback import (
        Wanted,
        make_feedback,
        mark_released,
    )
    from grader.trainer.feedback.states import FINISHED
    from grader.trainer.gradebook.gradebook import default_db_url

    root, modules = _root_and_modules(arguments)
    db_url = arguments.db
    shared, course_id = exchange(arguments)
    if shared is not None and not works_here():
        raise GradingError("nbgrader's exchange needs an account with a name; use one that has it")
    wanted = Wanted(frozenset(arguments.trainee), arguments.only_finished, arguments.changed)
    _require_graded(root, modules, db_url, wanted.trainees)
    done, reached = [], 0
    for module in modules:
        made = make_feedback(root, module, db_url, progress_bar(f"Feedback {module}"), wanted)
        finished = [one.trainee for one in made if one.state in FINISHED]
        if shared is not None and finished:
            reached += release_to_exchange(
                root, module, shared, course_id, db_url=db_url, only=finished
            )
        done += made
    _warn_of_elsewhere(root, db_url, {one.module for one in done})
    if arguments.release or shared is not None:
        done = mark_released(db_url or default_db_url(root), done)
    if arguments.json:
        print_json(done)
    else:
        print_odd_codes(odd_codes(root, (one.trainee for one in done)))
        there = None if shared is None else reached
        graded = bool(done or _graded(root, modules, db_url))
        none = why_none(done, changed=wanted.changed, graded=graded)
        print_feedback(done, root, sent=arguments.release, reached=there, none=none)
    if any(one.state in FINISHED for one in done) and shared is not None and not reached:
        return 1
    if any(one.problem for one in done):
        return 1
    # Nobody has any: that is right where only changes were asked for, or all wait for a person.
    return int(not wanted.changed and not any(one.bundle or one.waiting for one in done))


def _graded(root: Path, modules: Iterable[str], db_url: str | None) -> set[str]:
    from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook

    books = [read_gradebook(db_url or default_db_url(root), module) for module in modules]
    return {trainee for book in books for trainee in book}


def _require_graded(
    root: Path, modules: Collection[str], db_url: str | None, trainees: Collection[str]
) -> None:
    """Refuse a trainee of whom nothing is graded, with the reason or the nearest code."""
    if trainees:
        known = _graded(root, modules, db_url)
        for trainee in sorted(set(trainees) - known):
            why = whose.why_ungraded(root, trainee, modules) or suggestion(trainee, known)
            raise GradingError(f"nothing of {trainee!r} is graded yet; {why}")


def _certify(arguments: argparse.Namespace) -> int:
    from grader.content.syllabus import syllabus_of
    from grader.formats.statement import PUBLIC_KEY
    from grader.trainer.feedback.passes import passes
    from grader.trainer.feedback.signing import PRIVATE_KEY, new_key, signer_of
    from grader.trainer.gradebook.gradebook import default_db_url

    say = partial(print, file=sys.stderr if arguments.json else sys.stdout)
    root = course_root(arguments)
    if arguments.new_key:
        private, public = new_key(root)
        say(f"{private} is for you, or your group of trainers, alone.")
        say("Keep a copy in a safe place, and give it to nobody else.")
        say(f"{public} is for everybody. Publish it where people look for you.")
    elif signer_of(root) is None:
        raise GradingError(f"there is no {PRIVATE_KEY} here; make one with --new-key")
    done = passes(root, arguments.trainees, arguments.db or default_db_url(root))
    if arguments.json:
        print_json(done)
    else:
        print_passes(done, syllabus_of(root))
    say("'alongside feedback' signs each module with it, once nothing waits for you.")
    say(f"Others check: alongside verify certificate.html --key {PUBLIC_KEY}")
    return int(bool(arguments.trainees) and not all(one.passed for one in done))


def _root_and_modules(arguments: argparse.Namespace) -> tuple[Path, tuple[str, ...]]:
    from grader.trainer.release import modules_of, require_module

    if not arguments.all and not arguments.module:
        raise UsageError(f"which module? Name one{_known(arguments)} or give --all")
    root = course_root(arguments)
    known = modules_of(root)
    if arguments.all:
        return root, known
    require_module(arguments.module, known)
    return root, (arguments.module,)


def _known(arguments: argparse.Namespace) -> str:
    """Return the names of modules in brackets, nothing where this is no course folder."""
    from grader.trainer.release import modules_of

    with suppress(GradingError):
        return f" ({', '.join(modules_of(course_root(arguments)))})"
    return ""


def _export(arguments: argparse.Namespace) -> None:
    from grader.trainer.report.exports import export_csv

    root = course_root(arguments)
    out = arguments.out or root / "exports" / MARKS
    count = export_csv(root, out, arguments.db)
    _warn_of_elsewhere(root, arguments.db)
    print(f"{count} rows are in {out}.")


def _report(arguments: argparse.Namespace) -> None:
    from grader.trainer.report.report import make_report

    bar = progress_bar("Report")
    root = course_root(arguments)
    made = make_report(root, arguments.out, arguments.db, bar)
    _warn_of_elsewhere(root, arguments.db)
    if arguments.json:
        print_json(made)
        return
    print(f"{made.trainees} trainees, {made.modules} modules.")
    print(f"{made.waiting} wait for you, {made.damaged} damaged, {made.missing} not handed in.")
    if made.strangers:
        print(f"{made.strangers} codes need a look: they may be slips. The page names them.")
    print(f"Open this page, and keep it among trainers: {made.page}")


def _demo(arguments: argparse.Namespace) -> None:
    from grader.demo.demo import run_demo
    from grader.places import MARKS

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
    print(f"See it on the desk:         alongside teach --root {folder}")
