"""Compare the codes that came with hand-ins with those of the roster.

A slip in a code makes a stranger of a trainee. The work is never dropped for it; whoever
collects, grades or reads the report is told, with the code that it may have been meant for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from grader.trainer.release import modules_of
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import who_handed_in

MOST_COMPARED = 200  # strangers compared letter by letter; a whole wrong roster has thousands
ALIKE = 0.7  # how alike two codes are, at least, to be named together
_LIKE_DIGITS = str.maketrans("oil", "011")


class Codes:
    """The codes of a cohort: the roster, or without one whatever was handed in."""

    def __init__(self, roster: Iterable[str], handed_in: Iterable[str] = ()) -> None:
        self._roster = frozenset(roster)
        self._by_form: dict[str, list[str]] = {}
        self._by_number: dict[str, list[str]] = {}
        self._said: dict[str, str] = {}
        for code in sorted(self._roster or set(handed_in)):
            self._by_form.setdefault(_form(code), []).append(code)
            self._by_number.setdefault(_number(code), []).append(code)

    def note(self, code: str) -> str:
        """Return a sentence about a code that may be a slip; empty where it is fine."""
        if code not in self._said:
            self._said[code] = self._note(code)
        return self._said[code]

    def slip(self, code: str) -> str:
        """Return why a trainer's own word may be a slip; empty where somebody has this code."""
        what = self._what(code)
        if self._roster:
            return what and f"{what} If the code is right, write it into roster.csv first"
        has_it = code in self._by_form.get(_form(code), ())
        return "" if has_it or not what else f"{what} Choose one that differs more"

    def strangers(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the codes that may be slips, with what is to be said of each."""
        return {code: note for code in sorted(codes) if (note := self.note(code))}

    def _note(self, code: str) -> str:
        ask = "Ask whose it is." if self._roster else "Ask whether they are one person."
        what = self._what(code)
        return what and f"{what} {ask}"

    def _what(self, code: str) -> str:
        """Return what is odd about a code; empty where nothing is."""
        if not self._roster:
            others = [one for one in self._by_form.get(_form(code), ()) if one != code]
            return f"It is almost the same code as {', '.join(others)}." if others else ""
        if code in self._roster:
            return ""
        near = self._nearest(code)
        what = f"The nearest code there is {near}." if near else "No code there is like it."
        return f"It is not in roster.csv. {what}"

    def _nearest(self, code: str) -> str:
        form, number = _form(code), _number(code)
        found = self._by_form.get(form, [])
        if not found and number and form == number:  # a number alone, such as 7 for trainee-007
            found = self._by_number.get(number, [])
        if not found and number in self._by_form:  # the other way about
            found = self._by_form[number]
        if not found and len(self._said) < MOST_COMPARED:
            close = difflib.get_close_matches(form, self._by_form, n=1, cutoff=ALIKE)
            found = self._by_form[close[0]] if close else []
        return " or ".join(found[:3])


def codes_of(root: Path) -> Codes:
    """Return the codes of a course.

    Raises
    ------
    GradingError
        As `grader.trainer.roster.roster.read_roster`.
    """
    return Codes(read_roster(root), who_handed_in(root, *modules_of(root)))


def _form(code: str) -> str:
    """Return what is left of a code without what people mistype: case, signs, zeros, 0 for O."""
    plain = re.sub(r"[._-]+", " ", code.casefold()).translate(_LIKE_DIGITS)
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain).replace(" ", "")


def _number(code: str) -> str:
    """Return the last number in a code, without zeros before it; empty where there is none."""
    numbers = re.findall(r"[0-9]+", code)
    return numbers[-1].lstrip("0") if numbers else ""
