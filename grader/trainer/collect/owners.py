"""Tell whether the account that put a folder into the exchange is whom the folder's name says.

Apart from `inbound`: names are only read there, and here they are proved.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import GradingError
from grader.formats.trainee_code import is_trainee_code
from grader.trainer.collect.senders import BY_ACCOUNT, all_senders, own_account
from grader.trainer.roster.roster import read_roster

try:
    import pwd
except ImportError:  # Windows, which nbgrader's exchange refuses
    pwd = None  # type: ignore[assignment]

SETTING = "ExchangeCollect.check_owner"


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose folder is whose; ``people`` are the codes of all trainees that are known.

    ``hands_in_for`` names by account the codes that it has handed in for. Where ``asks`` is
    false, the organisation switched the question off with nbgrader's setting.
    """

    people: Collection[str] = ()
    asks: bool = True
    hands_in_for: Mapping[str, Collection[str]] = field(default_factory=dict)

    def knowing(self, folders: Iterable[tuple[str, int]]) -> Owners:
        """Return them with those known who put a folder of their own there."""
        own = {trainee for trainee, uid in folders if _name_of(uid) == trainee}
        return replace(self, people=frozenset(self.people) | own)

    def why_not(self, trainee: str, uid: int) -> str:
        """Say why a folder is not the trainee's; empty where it is, or nobody can tell."""
        owner = _name_of(uid)
        if not self.asks or owner == trainee:
            return ""
        theirs = self._only_code_of(_mark_of(uid))
        if _has_account(trainee) or owner in self.people or theirs not in ("", trainee):
            who = f"the account {owner}" if owner else f"an account without a name ({uid})"
            who += f", which hands in for {theirs}," if theirs not in ("", trainee) else ""
            how = f"To take it all the same, set {SETTING} = False for nbgrader"
            return f"{who} put it there, and not {trainee}. Ask both who handed in. {how}"
        return ""

    def mark_of(self, trainee: str, uid: int) -> str | None:
        """Return what tells the sender of a folder apart where the name of an account cannot.

        None where the account is the trainee's, where nobody asks, or where whoever collects
        put it there: then there is nothing to tell apart.
        """
        is_plain = not self.asks or uid in (0, _collector()) or _name_of(uid) == trainee
        return None if is_plain else _mark_of(uid)

    def proof_of(self, trainee: str, uid: int) -> str:
        """Return the mark of a trainee whose own account put a folder there, else nothing."""
        return own_account(trainee) if self.asks and _name_of(uid) == trainee else ""

    def makers_in(self, uid: int) -> frozenset[int] | None:
        """Return the accounts whose files in a folder of an account are taken; None for all.

        nbgrader lets everybody write to such a folder.
        """
        return frozenset((uid, 0, _collector())) if self.asks else None

    def _only_code_of(self, mark: str) -> str:
        found = self.hands_in_for.get(mark, ())
        return next(iter(found)) if len(found) == 1 else ""

    def proves(self, trainee: str) -> bool:
        """Tell whether the owner of a folder proves that it is a trainee's, or nobody asks."""
        return not self.asks or _has_account(trainee)


def owners_of(root: Path, *, asks: bool) -> Owners:
    """Return how owners are asked for in a course."""
    people = {folder.name for folder in (root / "submitted").glob("*")}
    with suppress(GradingError):  # a roster that cannot be read is said by grading
        people |= read_roster(root)
    hands_in_for: dict[str, set[str]] = {}
    for code, known in all_senders(root).items():
        for mark in known.counts:
            if mark.startswith(BY_ACCOUNT) and mark != own_account(code):
                hands_in_for.setdefault(mark, set()).add(code)
    return Owners(frozenset(people), asks, hands_in_for)


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


def _mark_of(uid: int) -> str:
    name = _name_of(uid)
    return f"{BY_ACCOUNT}{name if is_trainee_code(name) else uid}"


def _collector() -> int:
    return getattr(os, "geteuid", int)()


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
