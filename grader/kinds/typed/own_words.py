"""Find plain wordings of the writer's own danger; past, quoted and figurative ones are left out.

Wordings stand in ``guard.json``. What they miss or take wrongly, `second_look` weighs.
"""

from __future__ import annotations

import re

from grader.coding.coder import MAX_QUOTE
from grader.kinds.typed.wordings import Flat, hits, ideas, mended, patterns


def worded_own_danger(flat: Flat) -> str | None:
    """Return words about the writer's own danger; past, quoted and figurative ones are left out.

    Either a plain wording of it, or a sentence about oneself and now that holds a sign.
    """
    if not _ME.search(flat.flat):
        return None
    text = Flat(mended(flat.flat))
    for hit in hits(patterns("own_danger"), text.flat):
        if not is_harmless(text.sentence(hit.start()), text.clause(hit.start())):
            return text.quote(hit.start(), hit.end())
    if not any(hits(patterns("own_now"), text.flat)):
        return None
    signs = [pattern for _, _, wanted in ideas("own_signs") for pattern in wanted]
    for said in _BREAK.split(text.flat):
        if not _ME.search(said) or _YOU_SAID.search(said) or is_harmless(said, ""):
            continue
        found = sum(pattern.search(said) is not None for pattern in signs)
        # One sign beside "you" may be the other person's.
        if found > bool(_YOU.search(said)):
            return said.strip()[:MAX_QUOTE]
    return None


_BREAK = re.compile(r"(?<=[.!?;…])\s+|\bbut\b|, (?=i\b)")
_ME = re.compile(r"\b(?:i|im|ive|id|ill|me|my|myself|mine|we)\b")
_YOU = re.compile(r"\b(?:you|your|youre|youve|u)\b")
_YOU_SAID = re.compile(r"\byou(?:ve)? (?:\w+ )?(?:said|say|told|wrote)\b")


def is_harmless(sentence: str, before: str) -> bool:
    """Tell whether a sentence is past or figurative, or what stands before quotes somebody."""
    return (
        any(hits(patterns("figures_of_speech"), sentence))
        or any(hits(patterns("own_past"), sentence))
        or any(hits(patterns("quoted"), before))
    )
