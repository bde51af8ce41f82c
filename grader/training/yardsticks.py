"""Measure the reply coder on two public sets of coded conversations, as yardsticks only.

Their labels are other than ours; `CLASS_OF` says which of ours counts as which of theirs.
A safety step that asks about danger is a question there; one that acts on it is input.
Nothing is learned from them, and none of their text is kept.

Apart from `report`, which writes what is measured here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from grader.coding.coder import choose
from grader.coding.features import by_sentence, parts
from grader.coding.model import model
from grader.coding.text import fold
from grader.training.labelled import progress

CLASS_OF = {  # our act -> AnnoMI's class of the main behaviour, as read from its definitions
    "open_question": "question",
    "closed_question": "question",
    "permission": "question",
    "safety_step": "therapist_input",
    "reflection": "reflection",
    "tentative_suggestion": "therapist_input",
    "directive_advice": "therapist_input",
    "information": "therapist_input",
    "boundary": "therapist_input",
    "judgement": "reflection",  # also a cause or motive read into it: there a complex reflection
    "own_story": "therapist_input",
    "affirmation": "other",
    "reassurance": "other",
    "other": "other",
}
# Our rules 6 and 9 take advice, blame, an option or danger in a question for that act.
# Theirs is a question, where the text ends as one does.
ASKED = frozenset({"tentative_suggestion", "directive_advice", "judgement", "safety_step"})
CLASSES = ("question", "reflection", "therapist_input", "other")
EITHER = {"question", "therapist_input"}


@dataclass(frozen=True, slots=True)
class Yardstick:
    """One figure of ours on a public set."""

    name: str
    rows: int
    macro: float


def annomi_figures(path: Path) -> list[Yardstick]:
    """Measure on AnnoMI: its four classes, and advice against question."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["main"] in CLASSES]
    found = [main_class(row["text"]) for row in progress(rows, "AnnoMI")]
    four = Yardstick("AnnoMI, four classes", len(rows), _f1([row["main"] for row in rows], found))
    pairs = [
        (row["text"], "advice" if row["inp"] == "advice" else "question")
        for row in rows
        if row["main"] == "question"
        or (row["main"] == "therapist_input" and row["inp"] == "advice")
    ]
    return [four, *_against("AnnoMI, advice against question", pairs)]


def miti_figures(path: Path) -> list[Yardstick]:
    """Measure on the peer-support sentences: advice against question."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = [
        (row["text"], "advice" if row["gold"].startswith("Advise") else "question")
        for row in rows
        if row["gold"].startswith("Advise") or row["gold"].endswith("Question")
    ]
    return _against("MITI peer sentences, advice against question", pairs)


def main_class(text: str) -> str:
    """Return the likeliest class: a class is as likely as its acts together."""
    classes = _classes(text, likely_acts(text))
    return max(CLASSES, key=classes.__getitem__)


def _classes(text: str, likely: list[float]) -> dict[str, float]:
    classes = dict.fromkeys(CLASSES, 0.0)
    for at, chance in enumerate(likely):
        classes[_class_of(text, at)] += chance
    return classes


def _class_of(text: str, at: int) -> str:
    act = model().acts[at]
    return "question" if act in ASKED and _ends_as_question(text) else CLASS_OF[act]


def _ends_as_question(text: str) -> bool:
    return text.rstrip().endswith("?")


def _against(name: str, pairs: list[tuple[str, str]]) -> list[Yardstick]:
    """Measure on all texts, and on those where the coder names either."""
    read = [advice_or_question(text) for text, _ in progress(pairs, name)]
    gold = [label for _, label in pairs]
    named = [at for at, (_, either) in enumerate(read) if either]
    return [
        Yardstick(name, len(pairs), _f1(gold, [found for found, _ in read])),
        Yardstick(
            f"{name}: where either is coded",
            len(named),
            _f1([gold[at] for at in named], [read[at][0] for at in named]),
        ),
    ]


def advice_or_question(text: str) -> tuple[str, bool]:
    """Tell which of the two a text is, as somebody would who must choose, and if either is coded.

    Where neither is coded, only the mark at the end is left to decide.
    """
    likely = likely_acts(text)
    either = any(_class_of(text, at) in EITHER for at in choose(likely, model().threshold))
    if not either:
        return ("question" if _ends_as_question(text) else "advice"), False
    classes = _classes(text, likely)
    return ("advice" if classes["therapist_input"] > classes["question"] else "question"), True


def likely_acts(text: str) -> list[float]:
    """Return how likely each act is, also the acts that are too unlikely to be named."""
    return model().weigh(by_sentence(parts(fold(text))))[0]


def _f1(wanted: list[str], found: list[str]) -> float:
    from sklearn.metrics import f1_score

    labels = sorted(set(wanted))
    return float(f1_score(wanted, found, labels=labels, average="macro", zero_division=0))
