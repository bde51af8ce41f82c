"""The crisis-help card that stands on every page, with an organisation's numbers where it has any.

It ships without numbers: old numbers rot, and no country's number is everybody's.
An organisation puts a ``region.yaml`` into the course folder or the trainee's folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from grader.content.strict_yaml import Entry, read_entry
from grader.errors import ContentError, Problem
from grader.html.templating import render_template
from grader.kinds.typed import guard
from grader.places import REGION, Learner

STALE_AFTER = 180  # days; numbers older than that are no longer to be relied on
GENERAL = (
    "If you or somebody else is in danger now, call your local emergency number.",
    "If you want to talk to somebody, ask your organisation whom you can call.",
    "Find A Helpline (findahelpline.com) is an international list of helplines.",
    "This course is not a crisis service. Nobody watches it live.",
)

CARE = (
    "If any of this is about you: you do not have to carry it alone. "
    "The help card at the top of this page says whom you can turn to."
)
_DIALLED = re.compile(r"\+?[0-9 ().\-/*#]{2,}")  # a number and nothing else
_SPACING = re.compile(r"[ ().\-/]")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_DESPAIR = re.compile(
    r"\b(suicid\w*|self[- ]harm\w*|want(s|ed)? to die|wanna die|better off dead|"
    r"(kill|hurt|harm)(ing)? (my|him|her|your|them)sel(f|ves)|end(ing)? (it all|my life)|"
    r"don'?t want to (live|be here|wake up)|can'?t go on|no reason to live)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One place to turn to."""

    name: str
    number: str
    text: str
    hours: str
    languages: str
    web: str = ""

    @property
    def call_address(self) -> str:
        """What a tap on its number opens, or nothing where it is more than a number."""
        return _dialled("tel", self.number)

    @property
    def text_address(self) -> str:
        """What a tap on its number for texts opens, or nothing."""
        return _dialled("sms", self.text)


@dataclass(frozen=True, slots=True)
class Region:
    """An organisation's own lines, with the day somebody last checked them."""

    organisation: str
    checked_on: date | None
    lines: tuple[Line, ...]

    def stale(self, today: date) -> bool:
        """Tell whether the lines were last checked too long ago, or never."""
        return self.checked_on is None or (today - self.checked_on).days > STALE_AFTER


def _dialled(scheme: str, number: str) -> str:
    if not _DIALLED.fullmatch(number):
        return ""
    # "(0)" stands in a number for abroad for what is dialled at home alone.
    shown = number.replace("(0)", "") if number.startswith("+") else number
    return f"{scheme}:{_SPACING.sub('', shown).replace('#', '%23')}"


def load_region(path: Path) -> Region:
    """Load a region file.

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    entry = read_entry(path, problems)
    region = Region("", None, ())
    if entry is not None:
        region = Region(
            organisation=entry.text("organisation", ""),
            checked_on=_read_date(entry),
            lines=tuple(_read_line(part) for part in entry.entries("lines", required=False)),
        )
        entry.close()
    if problems:
        raise ContentError(problems)
    return region


def _read_date(entry: Entry) -> date | None:
    text = entry.text("checked_on", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        entry.note("checked_on", "must be a day such as '2026-01-31'")
        return None


def _read_line(entry: Entry) -> Line:
    line = Line(
        name=entry.text("name"),
        number=entry.text("number", ""),
        text=entry.text("text", ""),
        hours=entry.text("hours", ""),
        languages=entry.text("languages", ""),
        web=entry.text("web", ""),
    )
    if not (line.number or line.text or line.web):
        entry.note("number", "is missing; give a 'number' or a 'text' so that it can be used")
    if line.web and not _ADDRESS.fullmatch(line.web):
        entry.note("web", "must be a whole web address, such as 'https://example.org/chat'")
    entry.close()
    return line


def find_region(learner: Learner) -> Path | None:
    """Return the organisation's file: the trainee's folder first, then the course."""
    folders = (learner.home.folder, learner.course.lessons)
    return next((path for folder in folders if (path := folder / REGION).is_file()), None)


def care_for(text: str, *, is_reply: bool = True) -> str:
    """Return a sentence for somebody who may write of their own despair, or nothing.

    A few plain phrases, and what the guard finds; not a judgement: it only points to the
    card on the page.
    """
    despair = _DESPAIR.search(text.lower().replace("’", "'"))
    return CARE if despair or guard.in_danger(text, is_reply=is_reply) else ""


def help_html(region: Path | None, *, folded: bool = False, today: date | None = None) -> str:
    """Return the help card.

    Parameters
    ----------
    region : Path or None
        The organisation's file, where there is one.
    folded : bool
        Inside a disclosure of its own, for a notebook outside our pages.
    today : date, optional
        The day to compare ``checked_on`` with.

    Returns
    -------
    str
        HTML; never an error: where the region file is broken, the general card stands.
    """
    return render_template(
        "html/help.html.j2",
        folded=folded,
        general=GENERAL,
        **_region_facts(region, today or date.today()),
    )


def _region_facts(path: Path | None, today: date) -> dict[str, Any]:
    try:
        region = load_region(path) if path else Region("", None, ())
    except ContentError:
        return {"region": None}
    checked = f"{region.checked_on:%d %B %Y}" if region.checked_on else "an unknown day"
    return {"region": region, "checked": checked, "stale": region.stale(today)}
