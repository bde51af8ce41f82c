"""What no talk offers is said, like an unknown choice, and never takes a good talk's place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, fault
from helpers.cohort import LATER, MODULE, WHEN, make_course
from helpers.every_kind import ITEMS, bank
from helpers.hand_ins import WHO, bundle

from grader.cli import main
from grader.kinds.scoring import model_response
from grader.kinds.views import public_view, strange_parts
from grader.trainer.collect.collect import collect
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import DAMAGED

TALK, CHOICE = ITEMS["conversation"], ITEMS["choice"]
GOOD: list[dict[str, str]] = model_response(TALK)
FIRST = GOOD[0]
KINDS = ("choice", "order", "match", "conversation")  # more than half of it stays whole
STRANGE = {
    "a turn that is not there": ([{**FIRST, "turn": "zz"}, *GOOD[1:]], "zz"),
    "a later turn that is not there": ([FIRST, {"turn": "zz", "text": "Go on."}], "zz"),
    "a reply that is not offered": ([{**FIRST, "pick": "zz"}, *GOOD[1:]], "zz"),
    "no reply": ([{"turn": FIRST["turn"]}], "None"),
    "the first step lost": (GOOD[1:], GOOD[1]["turn"]),
    "a step twice": ([FIRST, *GOOD], FIRST["turn"]),
    "a step that is none": ([FIRST, 17], "17"),
    "a turn that is a list": ([{"turn": ["zz"]}, *GOOD], "['zz']"),
    "words that are none": ([FIRST, {"turn": GOOD[1]["turn"], "text": 17}], GOOD[1]["turn"]),
    "blank words": ([FIRST, {"turn": GOOD[1]["turn"], "text": " "}], GOOD[1]["turn"]),
}
SAVED = {
    "the whole talk": GOOD,
    "one step": GOOD[:1],
    "another way": [FIRST, *GOOD[1:2] * 3, *GOOD[-1:]],  # where it leads depends on the words
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_no_talk_saves_is_strange(case: str) -> None:
    steps, name = STRANGE[case]
    assert strange_parts(public_view(TALK), steps) == (name,)


@pytest.mark.parametrize("case", SAVED)
def test_what_a_talk_saves_is_not(case: str) -> None:
    assert strange_parts(public_view(TALK), SAVED[case]) == ()


@pytest.fixture(scope="module", name="made")
def course_with_a_talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = make_course(tmp_path_factory.mktemp("talks") / "course", bank(*KINDS))
    collect(course, [sent(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    return course


@pytest.fixture(name="course")
def a_copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


def sent(course: Path, name: str, talk: Any, when: str) -> Path:
    given = {kind: model_response(ITEMS[kind]) for kind in KINDS} | {"conversation": talk}
    items = {
        ITEMS[kind].id: {"kind": kind, "response": response, "first_response": None, "tries": 1}
        for kind, response in given.items()
    }
    record = {"format": 1, "module": MODULE, "items": items}
    return bundle(course, name, json.dumps(record).encode(), when)


@fault(
    GRADE,
    "A talk in a later hand-in names turns or replies that it does not have, or lacks its start",
    "It counts as an answer that cannot be read, and is noted. A good one before it is named, and "
    "the feedback stays a draft until you decide.",
)
@pytest.mark.parametrize("case", STRANGE)
def test_no_good_talk_gives_way_to_one_that_is_none(
    course: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    steps, _ = STRANGE[case]
    (came,) = collect(course, [sent(course, "second", steps, LATER)])
    assert f"1 answer cannot be read: {TALK.id}. Number 1 has it." in came.reason
    (done,) = grade(course, MODULE)
    assert done.outcome != DAMAGED
    assert f"the answer to '{TALK.id}' names what its question does not offer" in done.problem
    text = (course / "autograded" / WHO / MODULE / "exercise.ipynb").read_text("utf-8")
    shown = ("This names what the question does not offer", "This cannot be read as an answer")
    assert any(words in text for words in shown)
    capsys.readouterr()
    main(["feedback", "--all", "--release", f"--root={course}"])
    assert "Number 1 has it. The feedback stays a draft." in capsys.readouterr().out


@pytest.mark.parametrize("case", SAVED)
def test_another_talk_that_was_saved_is_no_fault(course: Path, case: str) -> None:
    (came,) = collect(course, [sent(course, "second", SAVED[case], LATER)])
    assert "cannot be read" not in came.reason
    (done,) = grade(course, MODULE)
    assert "does not offer" not in done.problem
