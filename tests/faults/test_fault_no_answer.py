"""What no card could have saved is no answer, and never takes the place of a good one unsaid."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, fault
from helpers.cohort import LATER, MODULE, WHEN, make_course
from helpers.every_kind import ITEMS, bank
from helpers.hand_ins import bundle

from grader.cli import main
from grader.formats.answers import Answer, Record, record_bytes
from grader.formats.kept import kept_words
from grader.kinds.scoring import is_automatic, model_response
from grader.kinds.views import public_view, strange_parts
from grader.trainer.collect.collect import collect
from grader.trainer.grading.grading import grade

KINDS = ("choice", "choices", "order", "sort", "match", "spot")
GOOD = {kind: model_response(ITEMS[kind]) for kind in KINDS}


def no_answers() -> Iterator[tuple[str, Any]]:
    """Yield by kind what is of the right type and no possible answer."""
    for kind, good in GOOD.items():
        if isinstance(good, str):
            yield kind, "zz"
        elif isinstance(good, list):
            yield kind, ["zz", *good]
            yield kind, [*good[:-1], "zz"]
        else:
            first = next(iter(good))
            yield kind, good | {first: "zz"}
            yield kind, good | {"zz": good[first]}
            yield kind, good | {first: "c"}  # an id of the other side
    yield "order", [*GOOD["order"], GOOD["order"][0]]
    yield "order", GOOD["order"][:-1]


def as_saved() -> Iterator[tuple[str, Any]]:
    """Yield by kind what its card saves: whole, and where it can be so, not finished."""
    yield from GOOD.items()
    for kind in ("sort", "match"):
        first = next(iter(GOOD[kind]))
        yield kind, {first: GOOD[kind][first]}
        yield kind, GOOD[kind] | {first: ""}
    yield "choices", []


@pytest.mark.parametrize(("kind", "response"), [*no_answers()])
def test_what_no_card_saves_is_strange(kind: str, response: Any) -> None:
    assert strange_parts(public_view(ITEMS[kind]), response)


@pytest.mark.parametrize(("kind", "response"), [*as_saved()])
def test_what_a_card_saves_is_not(kind: str, response: Any) -> None:
    assert strange_parts(public_view(ITEMS[kind]), response) == ()


def test_all_kinds_that_are_marked_at_once_are_tried() -> None:
    marked = {name for name, item in ITEMS.items() if item.points and is_automatic(item)}
    assert set(KINDS) == marked - {"conversation"}


@pytest.fixture(scope="module", name="made")
def course_of_all_kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = make_course(tmp_path_factory.mktemp("kinds") / "course", bank(*KINDS))
    collect(course, [sent(course, "first", {}, WHEN)])
    grade(course, MODULE)
    return course


@pytest.fixture(name="course")
def a_copy(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


def sent(
    course: Path, name: str, other: dict[str, Any], when: str, ids: dict[str, str] | None = None
) -> Path:
    """Hand in what the cards save, with other values in the place of some, or other ids."""
    answers = {}
    for kind, good in GOOD.items():
        item = ITEMS[kind]
        words = kept_words(public_view(item), good)  # of the good answer: only the value was hit
        name_of = (ids or {}).get(kind, item.id)
        answers[name_of] = Answer(kind, other.get(kind, good), **words)
    return bundle(course, name, record_bytes(Record(MODULE, answers, seed="0" * 16)), when)


def feedback(course: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["feedback", "--all", "--release", f"--root={course}"])
    return capsys.readouterr().out


@fault(
    GRADE,
    "A later hand-in names choices, places or piles that its question does not have, names a part "
    "twice or leaves one out, where an earlier one has the answer",
    "It counts as an answer that cannot be read. The feedback stays a draft until you decide.",
)
@pytest.mark.parametrize(("kind", "response"), [*no_answers()])
def test_no_good_answer_gives_way_to_one_that_is_none(
    course: Path, kind: str, response: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (came,) = collect(course, [sent(course, "second", {kind: response}, LATER)])
    assert f"1 answer cannot be read: {ITEMS[kind].id}. Number 1 has it." in came.reason
    (done,) = grade(course, MODULE)
    assert f"the answer to '{ITEMS[kind].id}' names what its question does not" in done.problem
    said = feedback(course, capsys)
    assert "Number 1 has it. The feedback stays a draft." in said


def test_what_is_not_finished_is_no_fault(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = next(iter(GOOD["sort"]))
    (came,) = collect(
        course, [sent(course, "second", {"sort": {first: GOOD["sort"][first]}}, LATER)]
    )
    assert "cannot be read" not in came.reason
    grade(course, MODULE)
    assert "draft" not in feedback(course, capsys)


@fault(
    GRADE,
    "An answer stands under a name that no question has, where an earlier hand-in has it right",
    "You are told when it is collected. The feedback stays a draft until you decide.",
)
@pytest.mark.parametrize("kind", ["choice", "order"])
def test_an_answer_under_another_name_is_said_and_held(
    course: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {kind: f"{ITEMS[kind].id}-x"}
    (came,) = collect(course, [sent(course, "second", {}, LATER, ids)])
    assert f"1 answer cannot be read: {ITEMS[kind].id}. Number 1 has it." in came.reason
    (done,) = grade(course, MODULE)
    assert f"{ITEMS[kind].id}-x' is to no question of this exercise" in done.problem
    assert "Number 1 has it. The feedback stays a draft." in feedback(course, capsys)


def test_an_old_answer_to_a_question_that_is_gone_takes_no_other_ones_place(course: Path) -> None:
    old = Answer("choice", "a", asked="Quite another thing was asked here.", words="Long ago.")
    answers = {ITEMS["order"].id: Answer("order", GOOD["order"]), "gone": old}
    path = bundle(course, "second", record_bytes(Record(MODULE, answers)), LATER)
    (came,) = collect(course, [path])
    assert "cannot be read" not in came.reason
