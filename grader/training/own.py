"""Measure the reply coder on the course's own options, and on acts that hide.

The options to choose from in cards and talks carry the acts that their authors had in mind.
``apart.tsv`` holds lines with hidden judgement or advice, each followed by a harmless
look-alike. Nothing is learned from either.

Apart from `report`, which writes what is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.coding.coder import SURE, Coding, code_reply
from grader.content.items import load_facts, load_skills
from grader.kinds.choice import ChoiceItem
from grader.kinds.reading import load_items
from grader.kinds.talk.graph import ConversationItem
from grader.training.labelled import Row, progress, read_file, refuse_overlap, table_of

HIDDEN = {  # what hides, and the acts that show it
    "judgement": frozenset({"judgement"}),
    "advice": frozenset({"directive_advice", "tentative_suggestion"}),
}


@dataclass(frozen=True, slots=True)
class Own:
    """How the coder reads the options of the course."""

    options: int
    macro: float
    same: float  # share of options with all acts found and none wrongly named
    unsure: float


@dataclass(frozen=True, slots=True)
class Hidden:
    """How often an act that hides is seen, and named in a look-alike that has none."""

    what: str
    lines: int
    surely: float  # named with a confidence from which it counts
    named: float  # named at all
    lookalikes: int
    wrongly: float  # named at all
    wrongly_sure: float


def options(root: Path) -> dict[str, frozenset[str]]:
    """Return each option of the course and its exercises with the acts its author gave it."""
    skills = load_skills(root / "course" / "skills.yaml")
    facts = load_facts(root / "course" / "facts.yaml")
    found: dict[str, frozenset[str]] = {}
    for part in ("course", "solutions"):
        for path in sorted((root / part).glob("[0-9][0-9]-*/items.yaml")):
            for item in load_items(path, skills, facts).values():
                found |= dict(_options(item))
    return found


def _options(item: object) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(item, ChoiceItem):
        yield from ((option.text, frozenset(option.acts)) for option in item.options)
    if isinstance(item, ConversationItem):
        for turn in item.graph.turns:
            yield from ((option.text, frozenset(option.acts)) for option in turn.options)


def own_figures(root: Path) -> Own:
    """Measure on the options of the course."""
    from sklearn.metrics import f1_score

    wanted = options(root)
    codings = [code_reply(text) for text in progress(list(wanted), "Options")]
    names = [coding.names for coding in codings]
    pairs = zip(names, wanted.values(), strict=True)
    tables = table_of(wanted.values()), table_of(names)
    return Own(
        options=len(wanted),
        macro=float(f1_score(*tables, average="macro", zero_division=0)),
        same=_share([one == other for one, other in pairs]),
        unsure=_share([coding.unsure for coding in codings]),
    )


def hidden_figures(path: Path, learned: Sequence[Row]) -> list[Hidden]:
    """Measure on lines with their look-alikes; a pair holds what exactly one of its lines holds.

    Raises
    ------
    AlongsideError
        Where a line stands among the learned replies as well.
    """
    rows = list(read_file(path))
    refuse_overlap(rows, learned)
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    return [_hidden(what, acts, pairs) for what, acts in HIDDEN.items()]


def _hidden(what: str, acts: frozenset[str], pairs: Sequence[tuple[Row, ...]]) -> Hidden:
    own = [pair for pair in pairs if sum(bool(row.acts & acts) for row in pair) == 1]
    holding = [code_reply(row.reply) for pair in own for row in pair if row.acts & acts]
    without = [code_reply(row.reply) for pair in own for row in pair if not row.acts & acts]
    return Hidden(
        what=what,
        lines=len(holding),
        surely=_share([_names(coding, acts, SURE) for coding in holding]),
        named=_share([_names(coding, acts) for coding in holding]),
        lookalikes=len(without),
        wrongly=_share([_names(coding, acts) for coding in without]),
        wrongly_sure=_share([_names(coding, acts, SURE) for coding in without]),
    )


def _names(coding: Coding, acts: frozenset[str], least: float = 0.0) -> bool:
    return any(act.act in acts and act.confidence >= least for act in coding.acts)


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
