"""Read one reply as it lies there, with what the course makes of its words."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from grader.desk.place import Desk
from grader.errors import AlongsideError, GradingError
from grader.kinds.scores import Score
from grader.skills.earned import earned
from grader.trainer.marking.marks import unread_words, words_of
from grader.trainer.marking.sheet import Place, read_answers, read_sent

SHORT = 70  # characters of a question, where it only has to be recognised


@dataclass(frozen=True, slots=True)
class Answer:
    """What one trainee answered to one question; ``words`` names the words as grading does.

    ``problem`` says why they cannot be read, where that is so; ``version`` which version of a hard
    story is answered.
    """

    place: Place
    response: Any
    score: Score
    words: str
    problem: str = ""
    version: str = ""

    @property
    def suggested(self) -> float | None:
        """The points that may be accepted; None where the course is not sure."""
        score = self.score
        sure = score.answered and not (score.unsure or score.read_first or self.problem)
        return round(score.points, 2) if sure else None


def place_of(desk: Desk, module: str, grade_id: str) -> Place:
    """Return the question that a cell of the gradebook marks.

    Raises
    ------
    GradingError
        Where there is none of this name.
    """
    if module in desk.modules:
        for place in desk.sheet(module).places:
            if place.grade_id == grade_id:
                return place
    raise GradingError("This question is not in the course folder; go back to the desk")


def name_of(desk: Desk, module: str, grade_name: str) -> str:
    """Return what a trainer calls a question: who speaks, and what is asked."""
    try:
        item = place_of(desk, module, grade_name).item
    except AlongsideError:
        return grade_name
    words = shorten(item.question, SHORT, placeholder=" …")
    return f"{item.stem.speaker}: {words}" if item.stem.speaker else words


def read_answer(desk: Desk, module: str, grade_id: str, trainee: str) -> Answer:
    """Read what a trainee answered to one question.

    Raises
    ------
    GradingError
        Where the question is not in the course, or the folder cannot be read.
    """
    place = place_of(desk, module, grade_id)
    folder = desk.root / "submitted" / trainee / module
    try:
        record, problem = read_answers(desk.sheet(module), folder, had_answers=True)
        made = earned(place.item, place.view, record, damaged=bool(problem))
    except (AlongsideError, OSError) as error:
        raise GradingError(f"the hand-in of {trainee} cannot be read ({error})") from error
    words = words_of(place.item.kind, made.response)
    if problem:
        sent = read_sent(folder, had_answers=True)
        words = unread_words(sent.problem.encode() + (sent.answers or b""))
    elif made.odd:
        words = unread_words(made.odd.encode())
    version = record.versions.get(place.item.id, "")
    return Answer(place, made.response, made.score, words, problem or made.problem, version)
