"""Rate oneself on behaviour anchors: private, and never scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item, check_known, known_skills, neutral_id, read_parts
from grader.content.strict_yaml import Entry
from grader.errors import UNKNOWN_SKILL
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.parts import Label, picked, shown, texts
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_text
from grader.kinds.scores import Reason, Score, no_answer, without_points

# When the skills are rated: before the course, after it, and after it about the time before.
MOMENTS = ("before", "after", "then")
UNSEEN = "unseen"  # id of the level that every rating offers besides its own
UNSEEN_TEXT = "I have not been in this situation yet"
PLAIN_ANCHORS = (
    "I have not tried this yet.",
    "I do this sometimes, and sometimes it goes well.",
    "I do this well, and I could show others how.",
)
PRACTICE = "What you do in the practice cards shows more than a rating can."


@dataclass(frozen=True, slots=True)
class RatingItem(Item):
    """Rate oneself on behaviour anchors, from least to most; never scored.

    ``moment`` tells when a skill's own anchors are rated: ``before`` the course, ``after``
    it, or ``then`` (thinking back to before); empty for any other rating.
    """

    levels: tuple[Label, ...]
    skill: str
    because: str
    moment: str = ""


class RatingView(View):
    """The levels, with that of not having been there."""

    levels: list[PartView]


def _read(entry: Entry, common: Common, skills: Skills) -> RatingItem:
    skill = entry.text("skill", "")
    check_known(entry, "skill", [skill], known_skills(skills), UNKNOWN_SKILL)
    anchors = _anchors(skill, skills) if skill else ()
    if skill and not entry.has("levels"):
        levels = tuple(Label(name, text) for name, text in zip("abc", anchors, strict=False))
    else:
        levels = read_parts(entry, "levels", (3, 5), lambda part: _level(part, bool(skill)))
        levels = _with_anchors(entry, levels, anchors)
    moment = _read_moment(entry, skill)
    because = entry.text("because")
    return RatingItem(**common, levels=levels, skill=skill, because=because, moment=moment)


def _read_moment(entry: Entry, skill: str) -> str:
    moment = entry.text("moment", "")
    if moment:
        check_known(entry, "moment", [moment], MOMENTS)
        if not skill or entry.has("levels"):
            entry.note("moment", "belongs to a rating of a skill by its own three steps")
    return moment


def _anchors(skill: str, skills: Skills) -> tuple[str, ...]:
    """Return the anchors of the skill that counts; plain ones where the framework leaves it out."""
    found = (each.anchors for each in skills.values() if each.counts([skill]))
    return next(found, PLAIN_ANCHORS)


def _level(part: Entry, of_skill: bool) -> Label:
    return Label(neutral_id(part), part.text("text", "") if of_skill else part.text("text"))


def _with_anchors(
    entry: Entry, levels: tuple[Label, ...], anchors: tuple[str, ...]
) -> tuple[Label, ...]:
    if all(level.text for level in levels) or not anchors:
        return levels
    if len(levels) != len(anchors):
        entry.note("levels", f"without text must be {len(anchors)}, one for each anchor")
        return levels
    pairs = zip(levels, anchors, strict=True)
    return tuple(Label(level.id, level.text or anchor) for level, anchor in pairs)


def score(item: RatingItem, response: Any) -> Score:
    """Say one calm sentence about a rating, and that practice shows more.

    Self-ratings and performance correlate only weakly (Zell & Krizan 2014,
    doi:10.1177/1745691613518075).
    """
    levels = {level.id: level.text for level in item.levels} | {UNSEEN: UNSEEN_TEXT}
    if not isinstance(response, str) or response not in levels:
        return no_answer(item, response)
    reasons = (Reason(item.because, levels[response]), Reason(PRACTICE))
    return without_points("Noted", reasons)


def _view(item: RatingItem, common: View) -> RatingView:
    return {**common, "levels": [*shown(item.levels), {"id": UNSEEN, "text": UNSEEN_TEXT}]}


def _words(view: RatingView, response: Any) -> Iterable[str]:
    return picked(view["levels"], response)


KIND = Kind(
    name="rating",
    read=_read,
    score=score,
    model=lambda item: item.levels[0].id,  # none is better than another
    answered=is_text,
    view=_view,
    words=_words,
    to_read=lambda view: texts(view["levels"]),
    scored=False,
    private=True,
    own_words=True,
)
