"""How a trainee's way of talking moves through the course: acts by module, early and late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item
from grader.formats.answers import Answer, Record
from grader.kinds.public import View
from grader.skills.intervals import CONFIDENCE, difference, wilson
from grader.skills.mirror import Counts, acts_typed, count_groups

ENOUGH_REPLIES = 5  # in each half; with fewer, one question more or less decides everything
OPEN = "open_question"


@dataclass(frozen=True, slots=True)
class Style:
    """What was typed in one module, or in several.

    ``counts`` are the acts in the five groups; ``replies`` is the number of things typed,
    and ``with_open`` of those with an open question in them.
    """

    name: str
    counts: Counts
    replies: int
    with_open: int


@dataclass(frozen=True, slots=True)
class History:
    """Each module with something typed, in their order, and its two halves.

    ``early`` is the first half of these modules (with the middle one of an odd number),
    ``late`` the rest; ``sentence`` says whether open questions keep up.
    """

    modules: tuple[Style, ...]
    early: Style
    late: Style
    sentence: str

    def is_early(self, place: int) -> bool:
        """Tell whether the module at a place belongs to the early half."""
        return place < (len(self.modules) + 1) // 2


def style_history(records: Iterable[Record], items: Mapping[str, Item | View]) -> History:
    """Count what was typed, module by module.

    Parameters
    ----------
    records : iterable of Record
        Of practice and of exercises; several of one module are taken together.
    items : mapping of str to Item or mapping
        All items by id, or their public views where there is no key. Answers to others
        are left out.

    Returns
    -------
    History
        Of the first answer to each item: what came after feedback may be borrowed from it.
    """
    said: dict[str, list[tuple[str, ...]]] = {}
    for record in records:
        for name, answer in record.answers.items():
            item = items.get(name)
            if item is not None and _kind(item) == answer.kind:
                said.setdefault(record.module, []).extend(acts_typed(item, _first(answer)))
    modules = sorted(name for name in said if said[name])
    half = (len(modules) + 1) // 2
    early, late = (
        _style(name, [acts for module in part for acts in said[module]])
        for name, part in (("early", modules[:half]), ("late", modules[half:]))
    )
    shown = tuple(_style(name, said[name]) for name in modules)
    return History(shown, early, late, _sentence(early, late))


def _kind(item: Item | View) -> str:
    return item.kind if isinstance(item, Item) else item["kind"]


def _first(answer: Answer) -> Any:
    """Return the first answer; without any feedback, as in an exercise, there is only one."""
    return answer.first_response if answer.tries else answer.response


def _style(name: str, said: list[tuple[str, ...]]) -> Style:
    counts = count_groups(act for acts in said for act in acts)
    return Style(name, counts, len(said), sum(OPEN in acts for acts in said))


def _sentence(early: Style, late: Style) -> str:
    """Say whether open questions keep up: of all that is learnt, they fade first."""
    if min(early.replies, late.replies) < ENOUGH_REPLIES:
        return "There is not enough typed yet to see how your open questions change."
    low, high = difference(_share(late), _share(early))
    numbers = (
        f"{late.with_open} of {late.replies} replies in the later modules have one, "
        f"and {early.with_open} of {early.replies} in the earlier ones."
    )
    if low > 0:
        return f"You ask open questions more often as the course goes on: {numbers}"
    if high < 0:
        return (
            f"You ask fewer open questions as the course goes on: {numbers} "
            "They fade first for many people. One more in your next talk is a good start."
        )
    return f"Your open questions keep up: {numbers}"


def _share(style: Style) -> tuple[float, float, float]:
    share = style.with_open / style.replies
    return share, *wilson(style.with_open, style.replies, CONFIDENCE)
