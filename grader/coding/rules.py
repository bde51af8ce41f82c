"""Read a reply by its cues alone: which clause shows which act, and what the tie-breaks keep.

This reading is never the answer by itself. The model weighs it together with words and
letters; see `features`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from grader.coding.cues import cues, pattern, table, wording, words
from grader.coding.text import Clause

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
QUESTION_CUE = 0.9  # confidence of an option in the form of a question ("have you tried …")
SCHEDULED = 0.85  # confidence that a question only fixes a time or asks to resend


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a clause, from ``start`` in the reply."""

    act: str
    confidence: float
    start: int
    clause: Clause


def clause_hits(clause: Clause) -> dict[str, Hit]:
    """Return the best cue of each act in one clause."""
    hits: dict[str, Hit] = {}
    for cue in cues():
        shape = pattern(cue.words)
        found = (shape.match if cue.start else shape.search)(clause.text)
        if found and cue.confidence > getattr(hits.get(cue.act), "confidence", 0):
            place = clause.start + found.start("cue")
            hits[cue.act] = Hit(cue.act, cue.confidence, place, clause)
    if wording("first_person").match(clause.text) and not wording("acting").search(clause.text):
        hits.pop("safety_step", None)  # the speaker's own danger is a story, not a step
    _settle_advice_in_clause(hits, clause)
    _settle_question_in_clause(hits, clause)
    return hits


def settle_clause(hits: dict[str, Hit]) -> list[Hit]:
    """Keep the function of a clause where it could be read in two ways."""
    for winner, losers in table()["wins"].items():
        if winner in hits:
            for loser in losers:
                hits.pop(loser, None)
    return list(hits.values())


def _settle_advice_in_clause(hits: dict[str, Hit], clause: Clause) -> None:
    """Drop advice of others that is only told, or denied; a pushed option is a directive."""
    if wording("quoted").search(clause.text) and not wording("endorsed").search(clause.text):
        hits.pop("directive_advice", None)
    if wording("not_advice").search(clause.text):
        hits.pop("directive_advice", None)
    advice = hits.get("directive_advice")
    goes_on = clause.mark == "?" or clause.text.startswith(("and ", "or ", "to "))
    if advice and advice.confidence < QUESTION_CUE and goes_on and not clause.first:
        del hits["directive_advice"]  # "… to go there and get the forms" tells nobody
    if "tentative_suggestion" in hits:
        if _is_only_named(hits) or "directive_advice" in hits:
            del hits["tentative_suggestion"]
        elif wording("pushed").search(clause.text):
            hits["directive_advice"] = _as(hits.pop("tentative_suggestion"), "directive_advice")


def _is_only_named(hits: dict[str, Hit]) -> bool:
    """Tell whether 'you could …' stands inside a real question ("who could you ask?")."""
    asked = {"open_question", "closed_question"} & set(hits)
    return bool(asked) and hits["tentative_suggestion"].confidence < QUESTION_CUE


def _settle_question_in_clause(hits: dict[str, Hit], clause: Clause) -> None:
    """Drop fixing a time, which is no question; a clause that only leans on one asks nothing."""
    if clause.mark in {".", "!"} and not clause.first and wording("relative").match(clause.text):
        hits.pop("closed_question", None)
        hits.pop("open_question", None)
    if wording("scheduling").search(clause.text):
        for act in ("open_question", "closed_question", "tentative_suggestion", "directive_advice"):
            hits.pop(act, None)
        hits["other"] = Hit("other", SCHEDULED, clause.start, clause)


def _as(hit: Hit, act: str) -> Hit:
    return replace(hit, act=act)


def settle_reply(hits: list[Hit], clauses: list[Clause]) -> list[Hit]:
    """Apply the tie-breaks that look at the whole reply."""
    hits = _drop_tags(_plain_asking(hits, clauses))
    hits = _merge_advice(hits, clauses)
    names = {hit.act for hit in hits}
    if "safety_step" in names:  # the emergency number alone is no information
        hits = [hit for hit in hits if not _is_bare_emergency(hit)]
    if "own_story" in names:  # "I … too. It was hard" still tells the story
        hits = [hit for hit in hits if not (hit.act == "reflection" and _is_about_past(hit))]
        names = {hit.act for hit in hits}
    if names - {"other"}:
        return [hit for hit in hits if hit.act != "other"]
    seen = {hit.clause.start for hit in hits}
    if any(clause.start not in seen and " " in clause.text for clause in clauses):
        return []  # courtesy covers only part of the reply
    return hits


def _plain_asking(hits: list[Hit], clauses: list[Clause]) -> list[Hit]:
    """Take a statement with '?' as reflecting back where it is about the peer, else as asking."""
    found = {hit.clause.sentence for hit in hits if hit.act != "information" and not _is_aside(hit)}
    asking = [clause for clause in reversed(clauses) if clause.mark == "?"]
    asking.sort(key=lambda clause: bool(wording("opening").match(clause.text)))
    by_sentence = {clause.sentence: clause for clause in asking}
    weak = []
    for number, clause in by_sentence.items():
        if number not in found and not wording("filler").fullmatch(clause.text):
            act = "reflection" if wording("about_peer").match(clause.text) else "closed_question"
            act = "open_question" if wording("opening").match(clause.text) else act
            weak.append(Hit(act, 0.5 + 0.2 * (act == "open_question"), clause.start, clause))
    return hits + weak


def _is_aside(hit: Hit) -> bool:
    """Tell whether a courtesy only opens its sentence ("Hi, …?")."""
    return hit.act == "other" and hit.confidence < SCHEDULED and hit.clause.first


def is_tag(clause: Clause) -> bool:
    """Tell whether a clause only asks how the one before was taken."""
    names = ("part_of_option", "part_of_reflection")
    return any(wording(name).match(clause.text) for name in names)


def _drop_tags(hits: list[Hit]) -> list[Hit]:
    """Drop 'how does that sound?' after an option, 'is that right?' after a reflection."""
    names = {hit.act for hit in hits}
    advice = names & {"tentative_suggestion", "directive_advice", "information"}
    kept = []
    for hit in hits:
        if hit.act in {"open_question", "closed_question"}:
            if advice and wording("part_of_option").match(hit.clause.text):
                continue
            if "reflection" in names and wording("part_of_reflection").match(hit.clause.text):
                continue
        kept.append(hit)
    return kept


def _merge_advice(hits: list[Hit], clauses: list[Clause]) -> list[Hit]:
    """Settle an idea that is both offered and pushed; a hedged 'should' handed back is an offer."""
    tentative = [hit for hit in hits if hit.act == "tentative_suggestion"]
    pushed = [hit for hit in hits if hit.act == "directive_advice"]
    if pushed and any(wording("handed_back").search(clause.text) for clause in clauses):
        softened = [hit for hit in pushed if wording("hedged_should").search(hit.clause.text)]
        hits = [_as(hit, "tentative_suggestion") if hit in softened else hit for hit in hits]
        pushed = [hit for hit in pushed if hit not in softened]
    same = [
        soft for soft in tentative if any(is_same_idea(soft.clause, hard.clause) for hard in pushed)
    ]
    return [hit for hit in hits if hit not in same]


def is_same_idea(soft: Clause, hard: Clause) -> bool:
    """Tell whether two clauses speak of one idea: one sentence, or a rare word in common."""
    return soft.sentence == hard.sentence or bool(_topic(soft) & _topic(hard))


def _topic(clause: Clause) -> set[str]:
    rare = (word for word in _WORD.findall(clause.text) if word not in words("english"))
    plain = {"could", "should", "might", "maybe", "perhaps", "tried", "considered", "thought"}
    return {word[:5] for word in rare if len(word) > 3 and word not in plain}


def _is_about_past(hit: Hit) -> bool:
    return hit.clause.text.startswith(("it was", "that was", "it took"))


def _is_bare_emergency(hit: Hit) -> bool:
    return hit.act == "information" and not re.search(
        r"\d[\d ]{5,}|\d{3} \d{3}|www|open|free|day", hit.clause.text
    )
