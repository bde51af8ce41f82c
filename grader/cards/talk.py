"""What the card of a conversation shows while the talk goes on."""

from __future__ import annotations

from typing import Any

from grader.html.help_card import care_for
from grader.html.own_way import own_way
from grader.kinds.public import View
from grader.kinds.talk.graph import REPLY, Turn
from grader.kinds.talk.mood import mood_of
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import Said, Walk, walk
from grader.kinds.typed.guard import in_danger


class Talk:
    """One conversation on a page.

    Parameters
    ----------
    view : View
        Public view of the item.

    Raises
    ------
    ContentError
        Where the view cannot be read.
    """

    def __init__(self, view: View) -> None:
        self._graph = graph_of(view)

    def shown(self, steps: Any, *, way: bool = False) -> dict[str, Any]:
        """Return where the steps lead, for the page.

        Parameters
        ----------
        steps : object
            As found in an answer record.
        way : bool
            Whether to add the map of an ended talk, for which there is no look back.

        Returns
        -------
        dict
            JSON-ready: ``lines`` so far (who, name, text, acts in words, phase), the
            ``phase``, the ``turn`` to take or None, the ``ending`` or None, the peer's
            ``state`` and its last ``changes``, the ``mood`` that their face shows,
            ``stopped``, a sentence or nothing, ``open_help``: something typed is about the
            trainee's own danger, and ``way``, the map of one's own turns with nothing beside
            it, or None.
        """
        walked = walk(self._graph, steps)
        return {
            "lines": _with_care(walked),
            "phase": walked.phase,
            "turn": _turn_shown(walked.turn) if walked.turn else None,
            "ending": {"says": walked.ending.says} if walked.ending else None,
            "state": dict(walked.state),
            "changes": walked.changes,
            "mood": mood_of(dict(walked.state)),
            "stopped": walked.stopped,
            "way": own_way(self._graph, steps, forks=False) if way else None,
            "open_help": any(in_danger(text) for text in typed_in(walked)),
        }


def typed_in(walked: Walk) -> list[str]:
    """Return what was typed in a talk."""
    return [step.said for step in walked.taken if step.turn.asks == REPLY]


def turns(steps: Any) -> list[str]:
    """Return the turns that steps are of."""
    found = steps if isinstance(steps, list) else []
    return [str(step.get("turn")) for step in found if isinstance(step, dict)]


def _turn_shown(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "asks": turn.asks,
        "says": turn.says,
        "question": turn.question,
        "options": [{"id": option.id, "text": option.text} for option in turn.options],
    }


def line_shown(line: Said) -> dict[str, Any]:
    """Return one line of a talk, for the page."""
    return {
        "who": line.who,
        "name": line.name,
        "text": line.text,
        "acts": list(line.labels),
        "phase": line.phase,
    }


def _with_care(walked: Walk) -> list[dict[str, Any]]:
    """Return the lines, with a careful word after something typed that asks for one."""
    lines, typed = [], typed_in(walked)
    for line in walked.lines:
        lines.append(line_shown(line))
        care = care_for(line.text) if line.who == "you" and line.text in typed else ""
        if care:
            lines.append(line_shown(Said("note", "", care, (), line.phase)))
    return lines
