"""The certificate: a page to print that carries the trainer's statements.

A page is made from its statements and a name alone. So `verifying` makes it again and
compares: what was changed anywhere on it shows, not only in the signed lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from typing import Any, TypeGuard

from grader.content import passing
from grader.content.passing import PassRule, Standing, parse_rule
from grader.content.syllabus import load_syllabus
from grader.errors import CertificateError
from grader.formats.feedback import Released
from grader.formats.statement import Signed, Statement, judged
from grader.html.templating import render_template, trusted
from grader.places import NOTEBOOK, Course, Home, Learner
from grader.trainee import course_map, hand_in
from grader.trainee.holder_name import name_shown
from grader.trainee.released import released

LAYOUT = "2"  # to be raised with every change of the page; those that can be made are checked
BEFORE_RULES = "1"  # the page of before there was a pass rule; only made again to check one
UNVERIFIED = "Unverified: made on the trainee’s own computer"
PASSED = "Passed"
NOT_PASSED = "Not passed: these statements do not cover what it takes"
NO_RULE = "These statements are from before there was a pass rule. They say points, not a pass"
TWO_RULES = "These statements name more than one pass rule, so they do not show a pass"
_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 42rem; padding: 2rem 1.25rem; color: #1d2b33; background: #fff;
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 2rem; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.125rem; }
.name { margin: 1rem 0 0; font-size: 1.5rem; overflow-wrap: anywhere; }
.soft { margin: 0 0 1rem; color: #4a5a64; }
.state { padding: .625rem 1rem; border: 2px solid #14596e; border-radius: 8px; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; color: #4a5a64; }
th, td { padding: .375rem .5rem; border-bottom: 1px solid #c6d0d6; text-align: left; }
th { font-weight: 600; }
pre { margin: 0; font: .6875rem/1.4 ui-monospace, "Liberation Mono", monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; columns: 2 18rem; }
@page { margin: 12mm; }
@media print { html { font-size: 11px; } body { max-width: none; padding: 0; }
  pre { font-size: 7px; line-height: 1.3; } }
"""
# One sheet of paper holds ten statements with their rule.
_STYLE_FOR_RULES = """@media print { html { font-size: 10px; } th, td { padding: .125rem .5rem; }
  h2 { margin-top: 1rem; } .name { margin-top: .5rem; } .soft { margin-bottom: .5rem; }
  pre { font-size: 6.5px; line-height: 1.2; } }
"""


def modules_open(learner: Learner) -> tuple[str, ...]:
    """Return the modules that it takes to pass and whose marks are not all released yet."""
    return tuple(
        name for name in own_rule(learner).modules if not _is_final(released(learner.home, name))
    )


def _modules(course: Course) -> list[str]:
    return sorted(path.parent.name for path in course.exercises.glob(f"*/{NOTEBOOK}"))


def _released(learner: Learner) -> Iterator[Released | None]:
    return (released(learner.home, name) for name in _modules(learner.course))


def _is_final(found: Released | None) -> TypeGuard[Released]:
    return found is not None and found.waiting == 0


def own_rule(learner: Learner) -> PassRule:
    """Return the rule the trainer's statements name, else the one of the trainee's own course.

    Raises
    ------
    CertificateError
        Where the statements name more than one.
    """
    found = _released(learner)
    rules = _rules(each.signed for each in found if each and each.signed)
    if len(rules) > 1:
        raise CertificateError(
            "Your trainer changed the pass rule in between. Please ask for all feedback files again"
        )
    return next(iter(rules), None) or load_syllabus(learner.course).rule


def missing(learner: Learner) -> tuple[str, ...]:
    """Say in one line for each module what the trainee still lacks to pass."""
    rule = own_rule(learner)
    found = {name: _standing(learner.home, name) for name in rule.modules}
    return passing.missing(rule, found, partial(course_map.module_heading, learner.course))


def _standing(home: Home, module: str) -> Standing | str:
    found = released(home, module)
    if found is not None:
        says = found.signed.statement if found.signed else _earned(found)
        return Standing(says.points, says.max_points, found.waiting)
    sent = hand_in.last_hand_in(home, module)
    return "handed in, and there are no marks yet" if sent else "not handed in yet"


def own_statements(learner: Learner) -> tuple[Signed, ...]:
    """Return what the trainer has released on every module, signed or not.

    Raises
    ------
    CertificateError
        Where something is still missing to pass.
    """
    lacking = missing(learner)
    if lacking:
        is_open = "The marks of some modules are not here yet"
        what = is_open if modules_open(learner) else "Some modules are not passed yet"
        raise CertificateError(f"{what}. {' '.join(lacking)}")
    rule = own_rule(learner)
    found = _released(learner)
    return tuple(
        each.signed or Signed(_unsigned(learner.course, each, rule))
        for each in found
        if _is_final(each)
    )


def _unsigned(course: Course, found: Released, rule: PassRule) -> Statement:
    return judged(_earned(found), rule, course_map.title_of(course, found.module))


def _earned(found: Released) -> Statement:
    return Statement(
        trainee=found.trainee,
        module=found.module,
        points=f"{found.points:g}",
        max_points=f"{found.max_points:g}",
        handed_in="unknown",
        course_version="unknown",
    )


def _rules(found: Iterable[Signed]) -> set[PassRule]:
    return {parse_rule(signed.statement.rule) for signed in found if signed.statement.rule}


def verdict(found: Iterable[Signed]) -> str:
    """Say whether the statements together show that the course is passed.

    Each is judged by its points, so that older ones count as well. Only the rule that is
    signed with them counts, not the one that a course has now.
    """
    found = tuple(found)
    try:
        rules = _rules(found)
    except ValueError:
        return NOT_PASSED
    if len(rules) != 1:
        return TWO_RULES if rules else NO_RULE
    rule = rules.pop()
    earned = {signed.statement.module: True for signed in found}
    for signed in found:
        says = signed.statement
        earned[says.module] &= rule.is_reached(says.points, says.max_points)
    done = rule.modules and all(earned.get(module) for module in rule.modules)
    return PASSED if done else NOT_PASSED


def coverage_words(found: Iterable[Signed]) -> str:
    """Say of how many modules the statements speak, and how many it takes to pass."""
    found = tuple(found)
    spoken = {signed.statement.module for signed in found}
    try:
        rules = _rules(found)
    except ValueError:  # signed by a course whose rules are of another kind
        rules = set()
    if len(rules) != 1:
        return f"It speaks of {len(spoken)} {'module' if len(spoken) == 1 else 'modules'}."
    needed = set(rules.pop().modules)
    there = len(spoken & needed)
    return f"It speaks of {there} of the {len(needed)} modules that it takes to pass."


def is_signed(found: Iterable[Signed]) -> bool:
    """Tell whether every statement carries a signature; only `verify` tells whether it holds."""
    return all(signed.signature for signed in found)


def is_outdated(home: Home, found: Iterable[Signed]) -> bool:
    """Tell whether a certificate was made that says something else than these statements."""
    path = home.certificate_page
    if not path.is_file():
        return False
    lines = "\n".join(signed.text for signed in found)
    return escape(lines) not in path.read_text(encoding="utf-8", errors="replace")


def certificate_html(
    course: Course, found: Iterable[Signed], name: str = "", layout: str = LAYOUT
) -> str:
    """Return the certificate as a page that stands alone and prints well.

    Parameters
    ----------
    course : Course
        Gives the titles of modules for ``BEFORE_RULES``; later statements hold theirs.
    found : iterable of Signed
        One for each module, in order.
    name : str
        As the trainee typed it. It is not signed, and the page says so.
    layout : str
        ``BEFORE_RULES`` makes the page of older statements as it was made then.
    """
    found = tuple(found)
    name = name_shown(name)
    older = layout == BEFORE_RULES
    page = render_template(
        "trainee/certificate.html.j2",
        layout=layout,
        style=trusted(_STYLE if older else _STYLE + _STYLE_FOR_RULES),
        name=name,
        trainees=", ".join(sorted({signed.statement.trainee for signed in found})),
        how=_how(found),
        lines="\n".join(signed.text for signed in found),
        **(_facts_before_rules(course, found) if older else _facts(found)),
    )
    return str(page)


def _facts(found: tuple[Signed, ...]) -> dict[str, Any]:
    signed = "Signed by the trainer" if is_signed(found) else UNVERIFIED
    return {
        "state": f"{verdict(found)}. {signed}.",
        "rules": sorted({signed.statement.rule for signed in found} - {""}),
        "head": ("Module", "Points", "Passed"),
        "rows": [_row(signed.statement) for signed in found],
    }


def _row(statement: Statement) -> tuple[str, ...]:
    number = f"Module {int(statement.module[:2])}" if statement.module[:2].isdecimal() else ""
    title = f"{number}: {statement.title}" if statement.title else statement.module
    return title, _points(statement), passed_words(statement)


def _points(statement: Statement) -> str:
    return f"{statement.points} of {statement.max_points}"


def passed_words(statement: Statement) -> str:
    """Return 'yes' or 'no', or that a statement is older than the rule."""
    return statement.passed or "not said"


def _facts_before_rules(course: Course, found: tuple[Signed, ...]) -> dict[str, Any]:
    said = [signed.statement for signed in found]
    return {
        "state": "Signed by the trainer for every module" if is_signed(found) else UNVERIFIED,
        "rules": (),
        "head": ("Module", "Points"),
        "rows": [(course_map.module_heading(course, each.module), _points(each)) for each in said],
    }


def _how(found: tuple[Signed, ...]) -> str:
    if not is_signed(found):
        return "The trainer has not signed these lines. Nobody can check them without the trainer."
    return (
        "Each is signed. With the trainer’s public key anybody can check this file, also without "
        "a network: alongside verify certificate.html --key certificate-key.pub"
    )
