"""The card that finds words, and the one that keeps notes beside the steps of a lesson.

Apart from `calls`, which only shows them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from grader.cards.card import Card, Handler
from grader.places import Learner
from grader.trainee import finding, notes


class FindCard(Card):
    """Finds words in lessons, glossary and notes, and lists the steps that were kept."""

    name = "find"
    text = "Find words in the course"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"open": self._open, "find": self._find}

    def _open(self, *_: Any) -> dict[str, Any]:
        kept = [
            {"title": note.title, "link": note.link, "place": note.place, "around": note.text}
            for note in notes.kept(self.learner.home)
        ]
        return {"type": "state", "kept": kept}

    def _find(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        asked = str(message["words"])
        found = finding.find(self.learner.course, self.learner.home, asked[:100])
        shown, more = found[: finding.MOST], len(found) > finding.MOST
        return {"type": "state", "found": [asdict(each) for each in shown], "more": more}


class StepNotesCard(Card):
    """Keeps marks and notes of the steps of one lesson."""

    name = "step_notes"

    def __init__(self, learner: Learner, page: str) -> None:
        self.learner, self.page = learner, page

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"open": self._open, "keep": self._keep}

    def _open(self, *_: Any) -> dict[str, Any]:
        return {"type": "state", "notes": notes.of_page(self.learner.home, self.page)}

    def _keep(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        home, course = self.learner.home, self.learner.course
        name, title = f"{self.page}#{message['place']}", str(message["title"])
        notes.keep(home, course, name, message["said"], title)
        return {"type": "saved"}
