"""Agreement is said by question and act, claims nothing of few pairs, and names a doubtful key."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from helpers.cohort import MODULE
from helpers.desks import TYPED, desk_with

from grader.cli.command_line import main
from grader.desk.agreeing import (
    ALWAYS,
    BY_CHANCE,
    MARKERS,
    NO_SPREAD,
    SEEN,
    UNSEEN,
    Line,
    agreement_of,
)
from grader.desk.deciding import MARK, Wish, decide
from grader.desk.place import Desk
from grader.desk.queue import queue_of
from grader.desk.reading import read
from grader.desk.second import give_second
from grader.trainer.marking.agreement import Kappa

MANY = 24
SURE = "You must call the landlord now."  # the course suggests 0 points, and is sure
ADVICE, OWN = "directive_advice", "own_story"


@pytest.fixture(scope="module", autouse=True)
def everything() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.desk.second.is_chosen", lambda *_: True)
        yield


@pytest.fixture
def desk(course: Path) -> Desk:
    return desk_with(course, {f"trainee-{number:03}": SURE for number in range(1, MANY + 1)})


def mark_all(desk: Desk, count: int, *, apart: int = 0, second: bool = True) -> None:
    """Mark some replies: Ana as suggested but for some, and Ben like Ana but for one."""
    for at, book in enumerate(queue_of(desk, MODULE, TYPED).everybody[:count]):
        shown = read(desk, MODULE, TYPED, book)
        assert shown.suggested is not None
        points = 2.0 if at < apart else shown.suggested
        where = book, shown.queue.cell
        wish = Wish(*where, shown.state.seen, points, "", (ADVICE, OWN) if at % 2 else (ADVICE,))
        decide(desk, "Ana", MARK, [wish])
        if second:
            other = shown.suggested + 1 if at == count - 1 else points
            acts = (ADVICE, OWN) if at % 2 or not at else (ADVICE,)
            give_second(desk, "Ben", Wish(*where, "", other, "", acts), shown.state.grade_id)


def line_of(desk: Desk, who: str, about: str = "question", name: str = "") -> Line:
    found = [
        one
        for one in agreement_of(desk)
        if (one.who, one.about) == (who, about) and name in one.name
    ]
    assert len(found) == 1, found
    return found[0]


def test_nothing_is_said_before_anything_is_marked(desk: Desk) -> None:
    assert agreement_of(desk) == []


def test_few_pairs_are_counted_and_claim_nothing(desk: Desk) -> None:
    mark_all(desk, 19, apart=3)
    for line in agreement_of(desk):
        assert line.pairs == 19
        assert line.meaning == "Too few to say. It takes 20 pairs."
        assert line.shown is None


def test_questions_and_acts_are_compared_between_markers_and_with_the_suggestion(
    desk: Desk,
) -> None:
    mark_all(desk, MANY, apart=8)
    markers, seen, unseen = (line_of(desk, who) for who in (MARKERS, SEEN, UNSEEN))
    assert (markers.pairs, markers.apart) == (MANY, 1)
    assert markers.shown is not None
    assert 0.8 < markers.shown.value < 1
    assert markers.meaning == "They agree closely."
    assert (seen.pairs, seen.apart) == (MANY, 8)
    assert (unseen.pairs, unseen.apart) == (MANY, 9)
    assert markers.name == "Jon: What do you write to Jon?"
    own = line_of(desk, MARKERS, "act", "own story")
    assert (own.pairs, own.apart) == (MANY, 1)
    assert own.meaning == "They agree closely."
    assert line_of(desk, MARKERS, "act", "telling what to do").meaning == NO_SPREAD
    assert line_of(desk, SEEN, "act", "telling what to do").pairs == MANY


def test_a_question_whose_suggestion_is_often_overruled_is_named_with_its_act(desk: Desk) -> None:
    mark_all(desk, 10, apart=5, second=False)
    line = line_of(desk, SEEN)
    assert line.is_overruled
    assert line.look == "telling what to do"


@pytest.mark.parametrize(("count", "apart"), [(10, 4), (9, 9)])
def test_it_is_not_named_for_less(desk: Desk, count: int, apart: int) -> None:
    mark_all(desk, count, apart=apart, second=False)
    assert not line_of(desk, SEEN).is_overruled


@pytest.mark.parametrize(
    ("kappa", "meaning"),
    [
        (None, NO_SPREAD),
        (Kappa(0.3, -0.1, 0.7, 30), BY_CHANCE),
        (Kappa(0.3, 0.1, 0.5, 30), "They often differ. Please talk about what earns points here."),
        (Kappa(0.5, 0.3, 0.7, 30), "They agree in part. Talk about what earns points here."),
        (Kappa(0.7, 0.5, 0.9, 30), "They agree mostly."),
        (Kappa(0.9, 0.8, 1.04, 30), "They agree closely."),
    ],
)
def test_each_line_is_one_plain_sentence(kappa: Kappa | None, meaning: str) -> None:
    line = Line("question", MARKERS, "Jon", 30, 2, kappa)
    assert line.meaning == meaning
    assert line.shown is None or line.shown.high <= 1


def test_markers_who_never_differed_are_not_promised_to_do_so_for_ever() -> None:
    assert Line("act", MARKERS, "own story", 30, 0, Kappa(1, 1, 1, 30)).meaning == ALWAYS


def test_the_same_facts_are_exported(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    mark_all(desk, MANY, apart=8)
    assert main(["export", "--agreement", "--root", str(desk.root)]) == 0
    out = desk.root / "exports" / "agreement.csv"
    assert str(out) in capsys.readouterr().out
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    lines = agreement_of(desk)
    assert [(row["name"], row["who"], int(row["pairs"]), row["meaning"]) for row in rows] == [
        (line.name, line.who, line.pairs, line.meaning) for line in lines
    ]
    assert lines[0].shown is not None
    assert float(rows[0]["kappa"]) == pytest.approx(lines[0].shown.value, abs=1e-4)
    assert [row["act"] for row in rows if row["look_at_this_key"]] == ["telling what to do"] * 2


def test_a_course_without_a_gradebook_exports_a_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from helpers.cohort import make_course

    root = make_course(tmp_path / "course")
    assert main(["export", "--agreement", "--root", str(root)]) == 0
    assert "0 rows" in capsys.readouterr().out
