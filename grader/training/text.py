"""Write the report on the reply coder in plain words, from measured figures only.

Apart from `report`, which measures: this only words it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from grader.content.items import ACTS

GOOD, FAIR = 0.85, 0.75  # F1 from which an act is found well, and mostly
ALIKE = 0.97  # share of equal labels from which two labellings were hardly made apart
PUBLISHED = (  # AnnoMI, four classes, macro-F1
    ("always the commonest class", 0.12),
    ("plain rules", 0.62),
    ("supervised TF-IDF and SVC", 0.73),
    ("published supervised BERT", 0.72),
    ("text, audio and context model", 0.83),
    ("one human against the majority of the others", 0.86),
)


def page(**measured: Any) -> str:
    """Return the whole report as Markdown."""
    blocks = [
        _opening(measured["rows"]),
        _in_short(measured["held"] or measured["seen"], measured["own"]),
        _side_by_side(measured),
        _acts("Words it has not seen: one file left out at a time", measured["seen"]),
        _files(measured["per_file"]),
    ]
    if measured["held"]:
        blocks += [_acts("Held-back replies", measured["held"]), _agreement(measured["agreement"])]
    if measured["hidden"]:
        blocks.append(_hidden(measured["hidden"]))
    if measured["yardsticks"]:
        blocks.append(_yardsticks(measured["yardsticks"]))
    return "\n\n".join(blocks) + "\n"


def _opening(rows: list[Any]) -> str:
    counts = Counter(act for row in rows for act in row.acts)
    rarest = min(ACTS, key=counts.__getitem__)
    return (
        "# What the reply coder can and cannot do\n\n"
        "Written by `python -m grader.training evaluate`. Do not change it by hand.\n\n"
        f"The coder has learned from {len(rows)} replies. "
        f"Its rarest act there is `{rarest}`, in {counts[rarest]} replies.\n"
        "It reads a typed reply and suggests which acts it holds. A trainer decides.\n"
        "F1 is 1 when every act is found and none is wrongly named."
    )


def _in_short(figures: Any, own: Any) -> str:
    def having(least: float, most: float) -> str:
        names = [a for a in ACTS if least <= figures.per_act[a]["f1"] < most]
        return ", ".join(f"`{name}`" for name in names) or "none"

    open_ = (
        f"{figures.unsure:.0%} of the held-back replies and {own.unsure:.0%} of the course's own"
    )
    return (
        "## In short\n\n"
        f"- Found well (F1 from {GOOD}): {having(GOOD, 2)}.\n"
        f"- Mostly found (F1 from {FAIR}): {having(FAIR, GOOD)}.\n"
        f"- Often missed or mixed up: {having(0, FAIR)}. Read these replies yourself.\n"
        f'- It says "not sure" for {open_}. Read those too.\n'
        "- It reads English only. It does not see whether a reply is true, kind or well timed.\n"
        "- It does not use what the peer said before. Some replies need that to be understood."
    )


def _side_by_side(measured: dict[str, Any]) -> str:
    """Set the figures on the course's own options beside those on the labelled replies."""
    seen, held, own = measured["seen"], measured["held"], measured["own"]
    rows = [("one file left out at a time", seen), *([("held back", held)] if held else [])]
    cells = [
        (name, str(one.replies), f"{one.macro:.2f}", f"{one.exact:.0%}", f"{one.unsure:.0%}")
        for name, one in rows
    ]
    course = (f"{own.macro:.2f}", f"{own.same:.0%}", f"{own.unsure:.0%}")
    cells.append(("the course's own options", str(own.options), *course))
    return "\n\n".join(
        [
            "## The course's own options beside the labelled replies",
            "The options of cards and talks carry the acts that their authors had in mind. "
            "An author names what an option is there for, often one act of several. "
            "So an act too many is not always a mistake there.",
            _table(("replies", "number", "mean F1", "all acts right", "not sure"), cells),
        ]
    )


def _acts(title: str, figures: Any) -> str:
    head = ("act", "replies", "precision", "recall", "F1", "κ")
    keys = ("precision", "recall", "f1", "kappa")
    body = [
        (f"`{act}`", str(row["replies"]), *(f"{row[key]:.2f}" for key in keys))
        for act, row in figures.per_act.items()
    ]
    means = f"F1 {figures.macro:.2f}, κ {figures.kappa:.2f}"
    mean = f"Mean over the acts, {figures.replies} replies: {means}."
    shares = [(f"{share:.0%}", f"{value:.2f}") for share, value in figures.shares.items()]
    rough = [(name, f"{value:.2f}") for name, value in figures.rough.items()]
    return "\n\n".join(
        [
            f"## {title}",
            mean,
            _table(head, body),
            "When the most doubtful replies are left open:",
            _table(("replies coded", "mean F1"), shares),
            "The same replies, typed more roughly:",
            _table(("written with", "mean F1"), [("as typed", f"{figures.macro:.2f}"), *rough]),
        ]
    )


def _files(per_file: dict[str, float]) -> str:
    rows = [(name, f"{value:.2f}") for name, value in per_file.items()]
    return "Each file, coded by a model that learned from the others:\n\n" + _table(
        ("file", "mean F1"), rows
    )


def _agreement(found: Any) -> str:
    rows = [(f"`{act}`", f"{value:.2f}") for act, value in found.kappa.items()]
    mean = sum(found.kappa.values()) / len(found.kappa)
    words = [
        "## How far two labellings agree",
        "Both labellings of the held-back replies follow one manual closely. "
        "They are not the work of independent human coders.",
        f"The two differ for {found.differing} of {found.replies} replies. "
        f"They are the same for {found.share:.1%}; κ is {mean:.2f} in the mean. "
        "Where they differ, the manual decided. "
        f"Not settled yet, and so not measured: {found.unsettled}.",
    ]
    if found.share >= ALIKE:
        words.append(
            "That is more than two people reach who label such replies apart. "
            "Do not take it as proof that the acts can be told apart so well: "
            "have a sample labelled again by somebody who has seen none of the labels."
        )
    return "\n\n".join([*words, _table(("act", "κ"), rows)])


def _hidden(found: list[Any]) -> str:
    rows = [
        (
            one.what,
            str(one.lines),
            f"{one.surely:.0%}",
            f"{one.named:.0%}",
            str(one.lookalikes),
            f"{one.wrongly_sure:.0%}",
            f"{one.wrongly:.0%}",
        )
        for one in found
    ]
    head = ("hidden", "lines", "surely seen", "seen", "look-alikes", "surely named", "named")
    return "\n\n".join(
        [
            "## Judging and advice that hide",
            "Lines in which judging or advice hides, written apart from the learned ones, each "
            "beside a look-alike without it. *Surely* means that it counts in typed scoring. "
            "What is named in a look-alike is named wrongly.",
            _table(head, rows),
        ]
    )


def _yardsticks(found: list[Any]) -> str:
    ours = [(one.name, str(one.rows), f"{one.macro:.2f}") for one in found]
    peers = [(name, f"{value:.2f}") for name, value in PUBLISHED]
    return "\n\n".join(
        [
            "## Yardsticks",
            "Public sets of professional and peer talk. Nothing is learned from them. "
            "`CLASS_OF` and `ASKED` in `grader/training/yardsticks.py` say which act counts as "
            "which class. That is our reading of their schemes: a statement about motives counts "
            "as reflection there, and an option put as a question counts as a question. "
            "A safety step that asks about danger counts as a question; one that acts on it "
            "counts as input. "
            "Where neither advice nor a question is coded, a question mark at the end decides; "
            "beside that stands the figure for the rows where either is coded. "
            "These sets were looked at while the coder was made, so take the figures as generous.",
            _table(("set", "rows", "our mean F1"), ours),
            "Others on AnnoMI's four classes:",
            _table(("who", "mean F1"), peers),
        ]
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(_lines(list(head), rows))


def _lines(head: list[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
