"""What a trainee may share with their trainer besides the answers: each part only if ticked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.content.items import load_skills
from grader.errors import HandInError
from grader.formats import answers
from grader.formats.kept import in_words
from grader.formats.shared import MAX_BYTES, PARTS, write_shared
from grader.kinds.public import View
from grader.kinds.rating import MOMENTS
from grader.kinds.scoring import is_answered
from grader.kinds.views import public_view
from grader.places import SKILLS, Course, Home, Learner
from grader.skills.bank import practice_bank
from grader.trainee import compass_questions, plan
from grader.trainee.ratings import MODULE, asked, read_ratings

WHEN = dict(zip(MOMENTS, ("Before the course", "After the course", "Thinking back"), strict=True))
NOT_SEEN = "I have not been in this situation yet"


def shareable(learner: Learner, module: str) -> list[dict[str, Any]]:
    """Return each part with exactly the lines that would go, and a digest of them.

    Returns
    -------
    list of dict
        JSON-ready: ``part``, ``label``, ``lines`` of ``{"question", "answer"}``, and
        ``seen``, by which `shared_bytes` knows that nothing has changed since.
    """
    found = {
        "ratings": rated(learner),
        "plan": planned(learner.home),
        "reflections": reflections(learner, module),
    }
    shown = []
    for part, label in PARTS.items():
        lines = [{"question": question, "answer": answer} for question, answer in found[part]]
        shown.append({"part": part, "label": label, "lines": lines, "seen": _digest(lines)})
    return shown


def shared_bytes(learner: Learner, module: str, ticked: Mapping[str, str]) -> bytes | None:
    """Return the file of the ticked parts, None where none is ticked.

    Parameters
    ----------
    learner : Learner
        Who shares.
    module : str
        Whose reflections may go.
    ticked : mapping of str to str
        Part to the ``seen`` that the trainee was shown with it.

    Raises
    ------
    HandInError
        Where a part has changed since it was shown, or all is too long.
    """
    if not ticked:
        return None
    parts = {part["part"]: part for part in shareable(learner, module)}
    for name, seen in ticked.items():
        if name not in parts or parts[name]["seen"] != seen:
            message = "What you wanted to share has changed since you looked"
            raise HandInError(f"{message}. Please look once more")
    chosen = {name: part["lines"] for name, part in parts.items() if name in ticked}
    content = write_shared(module, chosen)
    if len(content) > MAX_BYTES:
        raise HandInError("What you want to share is too long for one file. Please tick less")
    return content


def _digest(lines: list[dict[str, str]]) -> str:
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def rated(learner: Learner) -> Iterator[tuple[str, str]]:
    """Yield each self-rating of a skill: when and of what, and the sentence chosen."""
    skills = load_skills(learner.course.lessons / SKILLS)
    ratings = asked(skills, practice_bank(learner.course))
    for moment, said in read_ratings(learner.home, ratings).items():
        for skill, level in said.items():
            words = NOT_SEEN if level is None else skills[skill].anchors[level]
            yield f"{WHEN[moment]}: {skills[skill].name}", words


def planned(home: Home) -> Iterator[tuple[str, str]]:
    """Yield each next step: when it was chosen, and what it is."""
    for step in plan.read_plan(home):
        told = f" ({plan.OUTCOMES[step.outcome]})" if step.outcome else ""
        yield f"Chosen on {plan.day_words(step.chosen)}", f"{step.text}{told}"


def reflections(learner: Learner, module: str) -> Iterator[tuple[str, str]]:
    """Yield question and answer of all that was written or rated in a module's journal.

    Ratings of the skills are left out: they are a part of their own.
    """
    items = practice_bank(learner.course).modules.get(module, {})
    rated_skills = {name for name, item in items.items() if getattr(item, "moment", "")}
    place, views = learner.home.journal_record(module), own_views(learner.course, module)
    for name, written in written_in(place, module, views):
        if name not in rated_skills:
            yield written


def own_views(course: Course, module: str) -> Mapping[str, View]:
    """Return what is asked outside the exercise of a module, or on a page of one's own."""
    if module == compass_questions.MODULE:
        return compass_questions.views()
    if module == MODULE:
        every = asked(load_skills(course.lessons / SKILLS), practice_bank(course))
        return {each.item_id: each.view for each in every if each.module == module}
    items = practice_bank(course).modules.get(module, {})
    return {name: public_view(item) for name, item in items.items()}


def written_in(
    path: Path, module: str, views: Mapping[str, View]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the name of each answer in a record, with its question and itself in words."""
    for name, answer in answers.read_record_or_empty(path, module).answers.items():
        if is_answered(answer.kind, answer.response):
            yield name, in_words(views.get(name), answer)
