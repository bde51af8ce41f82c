"""A hand-in of which answers cannot be read is never final until a trainer takes it as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import FULL, LATER, MODULE, WHEN, answers_json, submit
from helpers.hand_ins import GOOD, WHO, bundle, in_use

from grader.cli import main
from grader.trainer.collect.collect import COLLECTED, collect
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.states import DRAFT, READ
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import DAMAGED, GRADED, WAITING
from grader.trainer.report.exports import rows_of


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    data = json.loads(GOOD)
    change(data["items"])
    return json.dumps(data).encode()


def all_numbers(items: dict[str, Any]) -> None:
    items.update(dict.fromkeys(items, 17))


def all_of_no_form(items: dict[str, Any]) -> None:
    for one in items.values():
        one["response"] = {"x": 1}


def state(course: Path) -> str:
    (done,) = make_feedback(course, MODULE)
    return done.state


def status(course: Path) -> str:
    (row,) = rows_of(course, default_db_url(course))
    return row["status"]


@fault(
    GRADE,
    "None or few of the answers in a hand-in can be read, and you mark what is typed",
    "It stays damaged, and its feedback a draft. It is final once a whole one is there, or you "
    "take it as it is.",
)
@pytest.mark.parametrize("spoil", [all_numbers, all_of_no_form])
def test_what_nobody_can_read_is_not_final_when_it_is_marked(
    course: Path, spoil: Callable[[dict[str, Any]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, changed(spoil))
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.problem) == (DAMAGED, "3 of 3 answers cannot be read.")
    by_trainer(course, WHO, 2.5, "Told me in person.")
    assert book(course)[WHO].waiting == 0
    assert (state(course), status(course)) == (DRAFT, DAMAGED)
    capsys.readouterr()
    main(["feedback", "--all", "--release", f"--root={course}"])
    said = capsys.readouterr().out
    command = f"alongside collect --use {WHO} {MODULE} 1"
    assert "3 of 3 answers cannot be read. The feedback stays a draft." in said
    assert f"To accept it as it is: {command}" in said
    assert "feedback-DRAFT.zip" in " ".join(p.name for p in (course / "feedback-bundles").iterdir())
    assert main([*command.split()[1:], f"--root={course}"]) == 0
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Told me in person.")
    assert state(course) == READ


def test_a_whole_hand_in_takes_its_place(course: Path) -> None:
    collect(course, [bundle(course, "first", changed(all_numbers), WHEN)])
    assert grade(course, MODULE)[0].outcome == DAMAGED
    by_trainer(course, WHO, 2.5, "Told me in person.")
    collect(course, [bundle(course, "second", GOOD, LATER)])
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.points) == (WAITING, 6.0)
    by_trainer(course, WHO, 4, "Well asked.")
    assert state(course) == READ


@fault(
    GRADE,
    "A later hand-in has answers that cannot be read, and an earlier one has them",
    "Its feedback stays a draft, also when all is marked. You are told which number has them.",
)
def test_what_lost_an_answer_is_held_as_a_draft(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = changed(lambda items: items.update({"what-fits": 17}))
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    (second,) = collect(course, [bundle(course, "second", spoilt, LATER)])
    assert second.outcome == COLLECTED
    grade(course, MODULE)
    by_trainer(course, WHO, 4, "Well asked.")
    assert state(course) == DRAFT
    capsys.readouterr()
    main(["feedback", "--all", f"--root={course}"])
    said = capsys.readouterr().out
    assert "1 answer cannot be read: what-fits. Number 1 has it." in said
    assert main(["collect", "--use", WHO, MODULE, "1", f"--root={course}"]) == 0
    assert in_use(course) == GOOD
    grade(course, MODULE)
    assert state(course) == READ


def test_what_no_earlier_one_has_is_final_when_it_is_marked(course: Path) -> None:
    collect(course, [bundle(course, "first", changed(lambda i: i.update({"what-fits": 1})), WHEN)])
    grade(course, MODULE)
    by_trainer(course, WHO, 4, "Well asked.")
    assert state(course) == READ


STRANGE: dict[str, Any] = {"first-move": "fly", "what-fits": ["ask", "fly"]}


@fault(
    GRADE,
    "An answer names something that its question does not offer",
    "It is noted for you, as an answer that cannot be read.",
)
@pytest.mark.parametrize("name", STRANGE)
def test_what_the_question_does_not_offer_is_noted(course: Path, name: str) -> None:
    odd = answers_json(FULL | {name: STRANGE[name]})
    (came,) = collect(course, [bundle(course, "first", odd, WHEN)])
    assert f"1 answer cannot be read: {name}." in came.reason
    (done,) = grade(course, MODULE)
    assert f"the answer to {name!r} names what its question does not offer" in done.problem
    text = (course / "autograded" / WHO / MODULE / "exercise.ipynb").read_text("utf-8")
    assert "This names what the question does not offer: fly" in text


def test_most_of_what_is_not_offered_is_damage(course: Path) -> None:
    submit(course, WHO, answers_json(FULL | STRANGE))
    assert grade(course, MODULE)[0].outcome == DAMAGED


def test_an_answer_to_a_question_that_changed_is_none_of_them(course: Path) -> None:
    data = json.loads(GOOD) | {"format": 2, "seed": ""}
    for one in data["items"].values():
        one |= {"asked": "", "words": ""}
    data["items"]["first-move"] |= {"response": "gone", "words": "Tell me more."}
    submit(course, WHO, json.dumps(data).encode())
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.problem) == (WAITING, "")
    assert done.points == 3.0
    assert done.outcome != GRADED
