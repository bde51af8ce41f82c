"""Tell whether the account that put a folder into the exchange is whom the folder's name says.

Apart from `inbound`: names are only read there, and here they are proved.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GradingError
from grader.trainer.roster.roster import read_roster

try:
    import pwd
except ImportError:  # Windows, which nbgrader's exchange refuses
    pwd = None  # type: ignore[assignment]

SETTING = "ExchangeCollect.check_owner"


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose folder is whose; ``roster`` are the codes of all trainees, empty where none is kept.

    Where ``asks`` is false, the organisation switched the question off with nbgrader's setting.
    """

    roster: Collection[str] = ()
    asks: bool = True

    def why_not(self, trainee: str, uid: int) -> str:
        """Say why a folder is not the trainee's; empty where it is, or nobody can tell."""
        owner = _name_of(uid)
        if not self.asks or owner == trainee:
            return ""
        if _has_account(trainee) or owner in self.roster:
            who = f"the account {owner}" if owner else f"an account without a name ({uid})"
            how = f"To take it all the same, set {SETTING} = False for nbgrader"
            return f"{who} put it there, and not {trainee}. Ask both who handed in. {how}"
        return ""

    def proves(self, trainee: str) -> bool:
        """Tell whether the owner of a folder proves that it is a trainee's, or nobody asks."""
        return not self.asks or _has_account(trainee)


def owners_of(root: Path, *, asks: bool) -> Owners:
    """Return how owners are asked for in a course."""
    with suppress(GradingError):  # a roster that cannot be read is said by grading
        return Owners(frozenset(read_roster(root)), asks)
    return Owners(asks=asks)


def unproved_words(trainees: Collection[str]) -> str:
    """Say of whom only a name says who handed in; empty where there is nobody."""
    if not trainees:
        return ""
    who = f"{min(trainees)} has" if len(trainees) == 1 else f"{len(trainees)} trainees have"
    shown = "" if len(trainees) == 1 else f", such as {min(trainees)}"
    return (
        f"{who} no account of that name on this computer{shown}. So nothing but the names of "
        "their folders in the exchange says who handed in."
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except (KeyError, AttributeError):
        return ""


def _has_account(name: str) -> bool:
    try:
        return pwd.getpwnam(name) is not None
    except (KeyError, ValueError, AttributeError):
        return False
