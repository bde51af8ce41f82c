"""Type a reply: scored as a suggestion, which a trainer confirms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.content.items import ACTS, BEST, LADDER_FLAGS, Item, check_known, check_ladder
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.responses import is_text
from grader.kinds.scores import SAFETY_FIRST, Score, no_answer
from grader.kinds.typed.guard import NEUTRAL
from grader.kinds.typed.reader import read_exemplars, read_threads
from grader.kinds.typed.scene import Exemplar, Scene, Thread
from grader.kinds.typed.suggestion import Suggestion, reasons, suggestion

MAX_REPLY = 5_000  # characters; a longer reply is scored on its beginning
_SHARES = ("Try another way to say this", "A start", "Nearly there", "This does what is needed")


@dataclass(frozen=True, slots=True)
class Criterion:
    """Acts that a typed reply should (or should not) hold; any one of them counts."""

    acts: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class ReplyItem(Item):
    """Type a reply; ``better`` is one good reply in full, ``exemplars`` are some of any worth."""

    wanted: tuple[Criterion, ...]
    avoid: tuple[Criterion, ...]
    better: str
    threads: tuple[Thread, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()

    @property
    def scene(self) -> Scene:
        """What a reply answers."""
        flags = {flag for flag in LADDER_FLAGS if getattr(self, flag)}
        return Scene(
            says=self.stem.says,
            setting=self.stem.setting,
            flags=frozenset(flags),
            wanted=tuple(frozenset(criterion.acts) for criterion in self.wanted),
            avoid=tuple(frozenset(criterion.acts) for criterion in self.avoid),
            threads=self.threads,
            exemplars=self.exemplars,
            better=self.better,
        )


def _read(entry: Entry, common: Common, _: Skills) -> ReplyItem:
    check_ladder(entry, common)
    return ReplyItem(
        **common,
        wanted=_read_criteria(entry, "wanted", required=True),
        avoid=_read_criteria(entry, "avoid", required=False),
        better=entry.text("better"),
        threads=read_threads(entry, (common["stem"].says, common["stem"].setting)),
        exemplars=read_exemplars(entry),
    )


def _read_criteria(entry: Entry, field: str, *, required: bool) -> tuple[Criterion, ...]:
    criteria = []
    for part in entry.entries(field, required=required):
        criterion = Criterion(part.words("acts"), part.text("because"))
        check_known(part, "acts", criterion.acts, ACTS)
        part.close()
        criteria.append(criterion)
    return tuple(criteria)


def score(item: ReplyItem, response: Any) -> Score:
    """Suggest the points of a reply; see `grader.kinds.typed.suggestion`. A trainer decides.

    Where nothing is asserted the score is unsure: its points say nothing, and count nowhere.
    """
    if not is_text(response):
        return no_answer(item, response, better=item.better)
    text, scene = response[:MAX_REPLY], item.scene
    given = suggestion(scene, text)
    because = tuple(
        tuple(criterion.because for criterion in group) for group in (item.wanted, item.avoid)
    )
    return Score(
        points=item.points * (given.points / BEST) if _counts(given) else 0.0,
        max_points=item.points,
        headline=_headline(given),
        reasons=tuple(reasons(scene, given, because)),
        better="" if given.read_first else item.better,
        suggested=True,
        unsure=not given.asserted,
        acts=given.coding.acts,
        read_first=given.read_first,
    )


def _counts(given: Suggestion) -> bool:
    """Tell whether the points are to be shown: they are asserted, or danger was asked about."""
    return given.asserted or bool(given.found and given.found.follows == NEUTRAL)


def _headline(given: Suggestion) -> str:
    if given.read_first:
        return SAFETY_FIRST
    if given.found and given.found.follows == NEUTRAL:
        return "You saw the danger"
    return _SHARES[round(given.points)] if given.asserted else "Not sure"


KIND = Kind(
    name="reply",
    read=_read,
    score=score,
    model=lambda item: item.better,
    answered=is_text,
    view=lambda _, common: common,
    words=lambda _, response: [response],
    automatic=lambda _: False,
    typed=True,
    own_words=True,
)
