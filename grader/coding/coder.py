"""Tell which acts a typed reply performs, with the words that say so and how sure that is.

A reply is cut into clauses (`grader.coding.text`), held against a table of cues (`cues` and
`rules`), and its features are weighed by a model learned from labelled replies
(`features`, `model`). Function counts, not form; nothing here judges whether a
reply is good. Where the evidence is weak the coder says that it is not sure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.coding.features import Part, by_sentence, parts
from grader.coding.model import model
from grader.coding.rules import is_same_idea
from grader.coding.text import fold, is_english
from grader.files.parsing import parse_json

MAX_READ = 4_000  # characters; a longer reply is read up to here and never coded as sure
# Confidence from which an act counts as seen rather than guessed: likelier there than not.
# Of the acts that count, 87% are right in files that were not learned from (90% from 0.6).
SURE = 0.5
KNOWN = 0.7  # share of words the model must have seen: fewer are strange talk, or not English
MAX_QUOTE = 120  # characters of evidence: enough to recognise one's own words
# One clause asks, or it suggests, or it asks about danger: it keeps the likelier of two.
RIVALS = {
    "open_question": frozenset({"closed_question", "tentative_suggestion", "permission"}),
    "closed_question": frozenset({"tentative_suggestion", "permission", "safety_step"}),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a reply: where it stands, the words that gave it away, how sure."""

    act: str
    start: int
    end: int
    evidence: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Coding:
    """The acts of one reply, in the order of the text; ``unsure`` where evidence is weak.

    ``likely`` tells of every act, in the order of ``grader.content.items.ACTS``, how likely it
    is, named or not; empty where nothing could be read.
    """

    acts: tuple[Act, ...]
    unsure: bool
    likely: tuple[float, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The set of acts, without places."""
        return frozenset(act.act for act in self.acts)


def code_reply(reply: str, prompt: str = "") -> Coding:
    """Tell the acts of one reply.

    Parameters
    ----------
    reply : str
        As typed; at most `MAX_READ` characters of it are read.
    prompt : str
        What the peer said before. The model does not need it; a better one may.

    Returns
    -------
    Coding
        Each act once, with a true piece of the reply as evidence; no act where
        there is nothing to go by.
    """
    folded = fold(reply[:MAX_READ])
    read = parts(folded) if is_english(folded) else ()
    if not read:
        return Coding((), unsure=True)
    weights = model()
    likely, spoken = weights.weigh(by_sentence(read))
    chosen = choose(likely, weights.threshold)
    speakers = {weights.acts[at]: _speaker(read, spoken, at) for at in chosen}
    chances = dict(zip(weights.acts, likely, strict=True))
    if weights.known(word for part in read for word in part.words) < KNOWN:
        chances = {act: min(chance, SURE - 0.01) for act, chance in chances.items()}
    kept = _drop_rivals(speakers, chances)
    found = [_act(reply, act, chances[act], speakers[act]) for act in kept]
    found.sort(key=lambda act: (act.start, act.act))
    weak = not any(act.confidence >= SURE for act in found)
    doubtful = mistakes_expected(likely, chosen) > weights.doubt
    unsure = weak or doubtful or len(reply) > MAX_READ
    return Coding(tuple(found), unsure, tuple(likely))


def choose(likely: Sequence[float], threshold: Sequence[float]) -> list[int]:
    """Return the places of the acts to name: all likely ones, or the best guess; ``other`` alone.

    Both follow the order of ``grader.content.items.ACTS``, where ``other`` stands last.
    """
    chosen = [at for at, chance in enumerate(likely) if chance >= threshold[at]]
    if not chosen:
        return [max(range(len(likely)), key=likely.__getitem__)]
    last = len(likely) - 1
    if last in chosen and len(chosen) > 1:
        rest = chosen[:-1]
        return [last] if likely[last] > max(likely[at] for at in rest) else rest
    return chosen


def mistakes_expected(likely: Sequence[float], chosen: Sequence[int]) -> float:
    """Return how many acts of a reply are probably missed or wrongly named."""
    return sum(1 - chance if at in chosen else chance for at, chance in enumerate(likely))


def _drop_rivals(speakers: dict[str, Part], chances: dict[str, float]) -> list[str]:
    """Drop an act that is only the other side of another.

    So the manual has it for a question that carries something, for one about danger, and for
    one idea that is both offered and pushed.
    """
    kept = sorted(speakers, key=lambda act: -chances[act])
    for one, rivals in RIVALS.items():
        for rival in rivals & set(kept):
            if one in kept and speakers[one] is speakers[rival]:
                kept.remove(min(one, rival, key=chances.__getitem__))
    offered, pushed = speakers.get("tentative_suggestion"), speakers.get("directive_advice")
    if offered and pushed and is_same_idea(offered.clause, pushed.clause):
        kept = [act for act in kept if act != "tentative_suggestion"]
    return kept


def _speaker(read: Sequence[Part], spoken: Sequence[Sequence[float]], at: int) -> Part:
    """Return the clause that speaks most for an act."""
    best = max(range(len(read)), key=lambda place: (spoken[place][at], -place))
    return read[best]


def _act(reply: str, act: str, chance: float, part: Part) -> Act:
    """Quote the clause; of a long one, quote from the cue on."""
    start, end = part.clause.start, part.clause.end
    if end - start > MAX_QUOTE and act in part.hits:
        start = part.hits[act].start
    if end - start > MAX_QUOTE:
        space = reply.rfind(" ", start + 1, start + MAX_QUOTE)
        end = space if space > 0 else start + MAX_QUOTE
    confidence = min(max(round(chance, 2), 0.01), 0.99)
    return Act(act, start, end, reply[start:end], confidence)


def code_lines(lines: Iterable[str], write: Callable[[str], None]) -> int:
    """Code JSON lines: the body of ``alongside code``.

    Parameters
    ----------
    lines : iterable of str
        One object per line with ``id``, ``reply`` and perhaps ``prompt``.
    write : callable
        Takes one line of plain ASCII JSON at a time, without its line end.

    Returns
    -------
    int
        0, or 1 where any line could not be coded; the others are coded all the same.
    """
    failed = 0
    for number, line in enumerate(lines, 1):
        answer = _code_line(number, line)
        failed |= "error" in answer
        write(json.dumps(answer))
    return int(failed)


def _code_line(number: int, line: str) -> dict[str, Any]:
    try:
        data = parse_json(line)
    except ValueError:
        return {"line": number, "error": "This line is not JSON. Write one object on each line."}
    if not isinstance(data, dict) or not isinstance(data.get("reply"), str) or "id" not in data:
        return {"line": number, "error": "This line needs an id, and a reply that is text."}
    prompt = data.get("prompt") or ""
    if not isinstance(prompt, str):
        return {"line": number, "error": "The prompt on this line is not text. Leave it out."}
    coding = code_reply(data["reply"], prompt)
    acts = [
        {
            "act": act.act,
            "start": act.start,
            "end": act.end,
            "evidence": act.evidence,
            "confidence": act.confidence,
        }
        for act in coding.acts
    ]
    return {"id": data["id"], "acts": acts, "unsure": coding.unsure}
