"""What a card shows as feedback: the score with its reasons, and the look back at a talk.

Apart from `question`, which saves: nothing here touches a file.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grader.cards.talk import line_shown
from grader.content.items import ACTS, Item
from grader.html.own_way import own_way
from grader.kinds.choice import ChoiceItem
from grader.kinds.reply import ReplyItem
from grader.kinds.scores import Score
from grader.kinds.scoring import score_response
from grader.kinds.talk.graph import ConversationItem
from grader.kinds.typed.suggestion import suggestion
from grader.skills.mirror import Moment, look_back

LOW = 0.5  # share of the points below which a first try is met with a nudge
COUNTED = {"choices", "match", "order", "sort"}  # kinds of which every part is found or not
NO_POINTS = "The course gives no points here."
GUESS = "This is a guess of the course. A person can tell better."


def shown(item: Item, response: Any, *, practice: bool, tries: int) -> dict[str, Any]:
    """Return the feedback on a response.

    Parameters
    ----------
    item : Item
        With its key.
    response : object
        As the page sent it.
    practice : bool
        Practice says what was found instead of points, and lets one try again.
    tries : int
        How often feedback was asked for, this time included.

    Returns
    -------
    dict
        JSON-ready: points as text, headline, reasons, better, what is unsure or only
        suggested, a ``note``, and of a conversation what `look_back_shown` gives. In practice
        also ``found``, how far it is found in words, and a ``nudge`` in place of reasons.
    """
    score = score_response(item, response)
    facts = _facts(score)
    if isinstance(item, ConversationItem):
        facts |= look_back_shown(item, response, forks=practice)
    if practice:
        facts["found"] = _found(item, score)
        if tries == 1 and _may_be_nudged(item, response, score):
            facts |= {"nudge": _nudge(item), "reasons": [], "better": ""}
    return facts


def _may_be_nudged(item: Item, response: Any, score: Score) -> bool:
    """Tell whether to send somebody back to the scene first: never where there is danger."""
    if not isinstance(item, (ChoiceItem, ReplyItem)) or item.safety_concern:
        return False
    if not score.answered or score.unsure or score.read_first or score.fraction >= LOW:
        return False
    return not (isinstance(item, ReplyItem) and suggestion(item.scene, response).found)


def _nudge(item: Item) -> str:
    stem = item.stem
    if stem.says:
        return f"Look again at what {stem.speaker} said last."
    return "Look again at what happened before."


def _found(item: Item, score: Score) -> str:
    """Say how much of an answer is found; points belong to graded work.

    Where all is found the headline says so, and once is enough.
    """
    if item.kind in COUNTED:
        fits = [reason.fits for reason in score.reasons if reason.fits is not None]
        return "" if all(fits) else f"{sum(fits)} of {len(fits)} fit so far"
    if score.unsure:
        return "" if score.read_first else NO_POINTS
    return GUESS if score.suggested else ""


def _facts(score: Score) -> dict[str, Any]:
    return {
        "points": f"{score.points:.3g}",
        "max_points": f"{score.max_points:g}",
        "headline": score.headline,
        "suggested": score.suggested,
        "unsure": score.unsure,
        "read_first": score.read_first,
        "better": score.better,
        "reasons": [asdict(reason) for reason in score.reasons],
        "note": score.note,
    }


def look_back_shown(item: ConversationItem, steps: Any, *, forks: bool) -> dict[str, Any]:
    """Return the look back at a talk, for the page.

    Returns
    -------
    dict
        JSON-ready: ``counts`` (group, number), ``opened`` and ``closed`` (text, acts in
        words, why), ``next`` (what the ending has shown, what was said, a better way to
        say it; each may be empty), ``transcript`` (lines as in `Talk.shown`) and ``way``
        (the map, with what else could be said only where it has ``forks``). Empty where
        nothing was said yet.
    """
    seen = look_back(item, steps)
    if seen is None:
        return {}
    return {
        "counts": [[group, count] for group, count in seen.counts],
        "opened": [_moment_shown(moment) for moment in seen.opened],
        "closed": [_moment_shown(moment) for moment in seen.closed],
        "next": {"shown": seen.shown, "said": seen.said, "better": seen.better},
        "transcript": [line_shown(line) for line in seen.transcript],
        "way": own_way(item.graph, steps, forks=forks),
    }


def _moment_shown(moment: Moment) -> dict[str, Any]:
    words = [ACTS[act] for act in moment.acts]
    return {"text": moment.text, "acts": words, "why": moment.why}
