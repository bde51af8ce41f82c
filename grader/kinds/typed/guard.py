"""Look at a typed reply before anything is scored: danger first, then harm, judging, and form.

One place for all of it. `guard` tells what it found, the words that show it, and what
follows; pages and reports only show that. What is looked for stands in ``guard.json``,
which a trainer can extend; what the coder sees is weighed beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from grader.coding import danger
from grader.coding.coder import MAX_QUOTE, SURE, Coding, code_reply
from grader.coding.cues import words
from grader.content.items import ACTS
from grader.kinds.typed import second_look
from grader.kinds.typed.own_words import is_harmless, worded_own_danger
from grader.kinds.typed.scene import (
    Scene,
    borrowed,
    copied,
    is_near,
    is_same,
    is_sentence_of,
    strung,
    words_of,
)
from grader.kinds.typed.wordings import Flat, hits, ideas, patterns

# What follows from a finding.
NO_SCORE = "no score"  # a person reads this first
NEUTRAL = "neutral"  # never scored down, and said so
NEVER_LOW = "never low"  # full points or none are claimed
NOT_SURE = "not sure"  # a person reads this
NOTHING = "nothing"  # no points
THIRD = "a third"  # of the points, at most

LIKELY_DANGER = 0.35  # chance of a safety step from which nothing is scored down
NEARLY_SURE = 0.6  # chance from which danger is believed beside a word of the past, or a figure
HINTED = 0.2  # chance of judging from which a wording that judges is believed
FEW_COMMON = (
    0.4  # share of common words below which words are no sentence; 99 in 100 exemplars have more
)
MOST_COPIED = 0.45  # share of a reply; hardly any exemplar of any worth comes near it
MOST_BORROWED = 0.75  # share of its words, in whatever order; hardly any exemplar has as much
# Words of threads, and their share of a reply, from which they are strung together; 3 in 1,000
# learned replies of some worth hold as many.
MOST_STRUNG = 4, 0.35
SENTENCE_WORDS = 4  # fewer are no sentence anyway
MOST_QUESTIONS, MOST_WHY = 2, 1
_ACTS = tuple(ACTS)


@dataclass(frozen=True, slots=True)
class Found:
    """What the guard found: which kind, what follows, what it says, and the words for it."""

    kind: str
    follows: str
    says: str
    quote: str = ""


# Nobody reads what is practised, so no sentence here promises that somebody will.
OWN_DANGER = (
    "own danger",
    NO_SCORE,
    "These words may be about your own safety. Please do not wait until somebody reads them. "
    "The help card on this page says whom you can turn to now.",
)
ASKED = ("danger", NEUTRAL, "You asked about danger. That never costs a point.")
ACTED = ("danger", NEUTRAL, "You took a step about danger. That never costs a point.")
MAYBE_DANGER = ("maybe danger", NEVER_LOW, "")
FAINT_DANGER = ("faint danger", NEVER_LOW, "")  # what else is found is likelier
HARM = ("harm", NOT_SURE, "This idea needs the eyes of a person. Nothing is said about it here.")
JUDGING = ("judging", NOTHING, "This reads as judging. It can close somebody who has just opened.")
MAYBE_JUDGING = ("maybe judging", NOT_SURE, "")
REPEATED = ("repeated word", NOT_SURE, "")
NO_SENTENCE = ("no sentence", NOT_SURE, "")
NEARLY_KNOWN = ("nearly known", NOT_SURE, "")
UNREADABLE = frozenset({REPEATED[0], NO_SENTENCE[0]})
COPIED = ("copied", THIRD, "These are mostly the other person’s own words.")
TELLING = ("telling", THIRD, "This tells the other person what to do, and nobody asked for that.")
MANY_QUESTIONS = ("many questions", THIRD, "Three questions or more at once can feel like a form.")
NO_STEP = UNREADABLE | {COPIED[0], MANY_QUESTIONS[0]}
WHY = ("why twice", THIRD, "“Why” more than once can feel like having to defend oneself.")


def guard(scene: Scene, coding: Coding, text: str) -> Found | None:
    """Tell what must be known of a reply before it is scored.

    Parameters
    ----------
    scene : Scene
        What the reply answers; without its key, less is found.
    coding : Coding
        The acts of the reply.
    text : str
        The reply.

    Returns
    -------
    Found or None
        The first that holds, in this order: the writer's own danger, danger of the peer,
        harm, judging, words that cannot be read, form.
    """
    flat = Flat(text)
    finders = (_own_danger, _harm_or_danger, _judging, _unreadable, _form)
    found = [each for find in finders if (each := find(scene, coding, flat))]
    first = next(iter(found), None)
    # A step about danger may tell what to do; nonsense, copies and rows of questions are none.
    if first and first.kind == MAYBE_DANGER[0]:
        return next((each for each in found if each.kind in NO_STEP), first)
    if first and first.kind == FAINT_DANGER[0]:
        return next(iter(found[1:]), first)
    return first


def beside_danger(scene: Scene, coding: Coding, text: str) -> bool:
    """Tell whether something else speaks against a reply in which danger was found."""
    flat = Flat(text)
    return any((_harm(flat), _judging(scene, coding, flat), _unreadable(scene, coding, flat)))


def in_danger(text: str, *, is_reply: bool = True) -> bool:
    """Tell whether the writer of some words seems to be in danger.

    What was learned knows replies alone; in other words, such as a journal's, plain wordings
    of danger are looked for.
    """
    if not text.strip():
        return False
    flat = Flat(text)
    if not is_reply:
        return worded_own_danger(flat) is not None
    # The coder's weights take 10 MB, and most words need no second look.
    coding = code_reply(text) if second_look.asked_of(text) else Coding((), unsure=True)
    return _own_danger(Scene(""), coding, flat) is not None


def chance(coding: Coding, act: str) -> float:
    """Return how likely an act is, named or not."""
    if coding.likely:
        return coding.likely[_ACTS.index(act)]
    return max((each.confidence for each in coding.acts if each.act == act), default=0.0)


def _evidence(coding: Coding, act: str) -> str:
    return next((each.evidence for each in coding.acts if each.act == act), "")


# --- danger


def _own_danger(_scene: Scene, coding: Coding, flat: Flat) -> Found | None:
    """Find words about the writer's own danger."""
    seen, limits = second_look.look(flat.text, coding), second_look.model()
    own, peers = seen[danger.OWN], seen[danger.PEER]
    if own < limits.hint[danger.OWN]:
        return None
    worded = worded_own_danger(flat)
    least = NEARLY_SURE if is_harmless(flat.flat, "") else limits.sure[danger.OWN]
    asked = peers >= max(own, limits.sure[danger.PEER])
    if worded is None and (asked or own < least):
        return None
    start, end = danger.look(flat.text).place[danger.OWN]
    return Found(*OWN_DANGER, worded or flat.text[start:end][:MAX_QUOTE])


def _harm_or_danger(scene: Scene, coding: Coding, flat: Flat) -> Found | None:
    """Find a question or step about danger; a harmful idea beside it goes to a person."""
    found, harm = _danger(coding, flat), _harm(flat)
    sure = chance(coding, "safety_step") >= SURE
    return found if found and (sure or not harm) else harm


def _danger(coding: Coding, flat: Flat) -> Found | None:
    """Find a step about danger, or a question; weaker wordings need a hint."""
    step, quote = chance(coding, "safety_step"), _evidence(coding, "safety_step")
    peers, limits = second_look.look(flat.text, coding)[danger.PEER], second_look.model()
    hinted = peers >= limits.hint[danger.PEER]
    likely = step >= LIKELY_DANGER or peers >= limits.sure[danger.PEER]
    acted = [
        *patterns("danger_acted"),
        *patterns("danger_acted_more"),
        *(patterns("danger_stepped") if hinted else ()),
    ]
    for hit in hits(acted, flat.flat):
        return Found(*ACTED, quote or flat.quote(hit.start(), hit.end()))
    asked = [
        *patterns("danger_asked"),
        *patterns("danger_asked_more"),
        *(patterns("danger_hinted") if hinted else ()),
    ]
    for hit in hits(asked, flat.flat):
        if "?" in flat.sentence(hit.start()) or likely:
            return Found(*ASKED, quote or flat.quote(hit.start(), hit.end()))
    if likely:
        start, end = danger.look(flat.text).place[danger.PEER]
        words_ = quote or flat.text[start:end][:MAX_QUOTE]
        return Found(*(ASKED if "?" in words_ else ACTED), words_)
    if hinted:
        return Found(*MAYBE_DANGER)
    return Found(*FAINT_DANGER) if peers >= limits.maybe[danger.PEER] else None


_DENIED = re.compile(
    r"\b(?:dont|do not|not|never|nobody should|without|rather than|instead of|before you|isnt|"
    r"wont|cant|cannot|shouldnt|wouldnt|didnt|doesnt|stop short of)(?: \w+){0,2} ?$"
)
_OF_THE_PEER = re.compile(
    r"\b(?:you|youd|youve|he|she|they|i|did|have you|has)(?: \w+)? (?:said|say|want|wanted|wants|"
    r"thought|were|was|feel|felt|told|mentioned|have been|had|keep|kept|asked|wonder|wondered|"
    r"you|tried|hear you|heard you|hear|worry|afraid|scared|tempted)(?: \w+){0,4} ?$"
)


def _harm(flat: Flat) -> Found | None:
    for _, _, wanted in ideas("ideas"):
        for hit in hits(wanted, flat.flat):
            before = flat.clause(hit.start())
            if not _DENIED.search(before) and not _OF_THE_PEER.search(before):
                return Found(*HARM, flat.quote(hit.start(), hit.end()))
    return None


# --- judging


_SOFTENED = re.compile(  # a feeling or a name that is said back, or denied
    r"\b(?:i|feel|feels|felt|feeling|call|calls|called|calling|says?|said|not|nobody|isnt|arent|"
    r"wasnt|dont|never|nothing|make you|makes you|made you|as if|like|if)(?: \w+){0,4} ?$"
)

_FELT = re.compile(r"\b(?:feel|feels|felt|called?)\b")


def _judging(scene: Scene, coding: Coding, flat: Flat) -> Found | None:
    """Find judging: what the coder sees, or a wording of it; the peer's own words are left out."""
    likely = chance(coding, "judgement")
    if likely >= SURE:
        return Found(*JUDGING, _evidence(coding, "judgement"))
    said = Flat(scene.says).flat
    for _, _, wanted in ideas("judging"):
        for hit in hits(wanted, flat.flat):
            begins = hit.start() + len(hit.group()) - len(hit.group().lstrip(".!? "))
            softened = _SOFTENED.search(flat.clause(begins)) or _FELT.search(hit.group())
            if softened or hit.group() in said:
                continue
            kind = JUDGING if likely >= HINTED else MAYBE_JUDGING
            return Found(*kind, flat.quote(hit.start(), hit.end()))
    return None


# --- words that cannot be read, and form


def _unreadable(scene: Scene, _coding: Coding, flat: Flat) -> Found | None:
    typed = re.findall(r"\w+", flat.text.lower())  # as typed: reading drops what is stammered
    if any(
        one == two == three for one, two, three in zip(typed, typed[1:], typed[2:], strict=False)
    ):
        return Found(*REPEATED)
    said = words_of(flat.text)
    if len(said) >= SENTENCE_WORDS and (_is_no_sentence(said) or _is_strung(scene, flat.text)):
        return Found(*NO_SENTENCE)
    return Found(*NEARLY_KNOWN) if _is_nearly_known(scene, flat.text) else None


def _is_strung(scene: Scene, text: str) -> bool:
    """Tell whether a reply is hardly more than words of its threads."""
    number, share = strung(scene.threads, text)
    return number >= MOST_STRUNG[0] and share > MOST_STRUNG[1]


def _is_nearly_known(scene: Scene, text: str) -> bool:
    """Tell whether a known reply, or a sentence of it, comes with something put in or added."""
    known = [each for each in (*(one.text for one in scene.exemplars), scene.better) if each]
    if any(is_same(text, each) for each in known):
        return False
    return any(is_near(text, each) or is_sentence_of(text, each) for each in known)


_JOINTS = frozenset(["a", "an", "the", "my", "your", "our", "their"])  # a noun must follow
_NO_NOUN = frozenset(
    words_of(
        "a an the my your its our their i you he she we they is are was were am be to of and or "
        "but on at with for from what how who why when where do does did"
    )
)


def _is_no_sentence(said: tuple[str, ...]) -> bool:
    """Tell whether words stand beside each other without making a sentence."""
    common = sum(word.partition("'")[0] in words("english") for word in said)
    broken = sum(one in _JOINTS and two in _NO_NOUN for one, two in pairwise(said))
    return common < FEW_COMMON * len(said) or broken > 0 or said[-1] in _JOINTS


def _form(scene: Scene, coding: Coding, flat: Flat) -> Found | None:
    if _is_copied(scene, flat.text):
        return Found(*COPIED)
    if not called_for(scene) and any(
        act.act == "directive_advice" and act.confidence >= SURE for act in coding.acts
    ):
        return Found(*TELLING, _evidence(coding, "directive_advice"))
    if len(re.findall(r"\?[?!]*(?=\s|$)", flat.text)) > MOST_QUESTIONS:
        return Found(*MANY_QUESTIONS)
    if words_of(flat.text).count("why") > MOST_WHY:
        return Found(*WHY)
    return None


def _is_copied(scene: Scene, text: str) -> bool:
    """Tell whether a reply is mostly what the peer said, in their order or in another."""
    many = len(words_of(text)) >= SENTENCE_WORDS
    return copied(text, scene.says) >= MOST_COPIED or (
        many and borrowed(text, scene.says) >= MOST_BORROWED
    )


def called_for(scene: Scene) -> bool:
    """Tell whether the moment calls for advice: it was asked for, or there is danger."""
    wanted = frozenset().union(*scene.wanted)
    return "directive_advice" in wanted or bool(scene.flags & {"advice_asked", "safety_concern"})
