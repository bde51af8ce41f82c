"""Write the key of a module into its trainer's guide: each best reply, and what decides there.

Apart from `release`, which writes exercises: this writes for trainers.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.items import BEST, Item
from grader.kinds.choice import ChoiceItem

BEGIN = "<!-- The key, made by `alongside release` from items.yaml; change it there. -->"
END = "<!-- End of the key. -->"
_HEAD = (
    "## The key, and what decides",
    "",
    "Two questions with the same replies are twins: the story alone decides which is best.",
    "",
    "| question | who | best reply | what decides here | twin |",
    "|---|---|---|---|---|",
)


def with_key(guide: str, items: Iterable[Item]) -> str:
    """Return a guide with the key of the graded choices, in place of an older one.

    Parameters
    ----------
    guide : str
        Markdown. A guide that has no key yet gets it at its end.
    items : iterable of Item
        The graded items of the module.
    """
    rows = [_row(item) for item in items if isinstance(item, ChoiceItem)]
    if not rows:
        return guide
    key = "\n".join((BEGIN, "", *_HEAD, *rows, "", END))
    before, found, rest = guide.partition(BEGIN)
    after = rest.partition(END)[2] if found else ""
    return f"{before.rstrip()}\n\n{key}\n{after.lstrip() and after}"


def _row(item: ChoiceItem) -> str:
    best = " / ".join(option.text for option in item.options if option.points == BEST)
    cells = (f"`{item.id}`", item.stem.speaker, best, item.why, f"`{item.twin}`" * bool(item.twin))
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
