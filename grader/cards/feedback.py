"""What a card shows as feedback: the score with its reasons, and the look back at a talk.

Apart from `question`, which saves: nothing here touches a file.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grader.cards.talk import line_shown
from grader.content.items import ACTS, Item
from grader.kinds.scoring import score_response
from grader.kinds.talk.graph import ConversationItem
from grader.skills.mirror import Moment, look_back


def shown(item: Item, response: Any) -> dict[str, Any]:
    """Return the feedback on a response.

    Returns
    -------
    dict
        JSON-ready: points as text, headline, reasons, better, what is unsure or only
        suggested, a ``note``, and of a conversation what `look_back_shown` gives.
    """
    score = score_response(item, response)
    facts = {
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
    if isinstance(item, ConversationItem):
        facts |= look_back_shown(item, response)
    return facts


def look_back_shown(item: ConversationItem, steps: Any) -> dict[str, Any]:
    """Return the look back at a talk, for the page.

    Returns
    -------
    dict
        JSON-ready: ``counts`` (group, number), ``opened`` and ``closed`` (text, acts in
        words, why), ``next`` (what the ending has shown, what was said, a better way to
        say it; each may be empty) and ``transcript`` (lines as in `Talk.shown`). Empty
        where nothing was said yet.
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
    }


def _moment_shown(moment: Moment) -> dict[str, Any]:
    words = [ACTS[act] for act in moment.acts]
    return {"text": moment.text, "acts": words, "why": moment.why}
