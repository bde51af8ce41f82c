"""Replies that may help to teach the course: only where ticked, and nobody's code is in them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from helpers.cohort import FULL, LATER, MODULE, WHEN, answers_json
from helpers.desks import TYPED, reading_of

from grader.cli import main
from grader.desk.deciding import MARK, Wish, decide
from grader.desk.place import Desk
from grader.errors import AlongsideError
from grader.formats.archives import packed
from grader.formats.hand_in import write_facts
from grader.formats.times import parse_time
from grader.places import PACKAGE
from grader.trainer.collect.collect import COLLECTED, collect
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade
from grader.training.points import of_hands

SURE = "So you had an idea for the flat and nobody asks. I'd like to ask. What is your idea?"
WHO = "trainee-017"


@pytest.fixture
def desk(course: Path) -> Desk:
    return Desk(course, local_db_url(course))


def hand_in(
    desk: Desk,
    trainee: str = WHO,
    text: str = SURE,
    *,
    ticked: bool = True,
    when: str = WHEN,
    answers: bytes | None = None,
    old: bool = False,
) -> None:
    """Collect what a trainee sends; ``old`` is as a course from before the tick made it."""
    facts = write_facts(trainee, MODULE, parse_time(when), "", may_teach=ticked)
    if old:
        told = json.loads(facts)
        told.pop("may_teach", None)
        facts = json.dumps(told).encode()
    content = answers_json(FULL | {"own-words": text}) if answers is None else answers
    bundle = desk.root.parent / f"{trainee}-{when[:10]}.zip"
    bundle.write_bytes(packed([("handin.json", facts), ("answers.json", content)]))
    collect(desk.root, [bundle])


def mark(desk: Desk, trainee: str = WHO, points: float = 0.5) -> None:
    grade(desk.root, MODULE)
    desk.get_ready()
    shown = reading_of(desk, trainee)
    assert shown.answer.suggested is not None
    assert shown.answer.suggested > 2
    decide(desk, "Ana", MARK, [Wish(shown.notebook, shown.queue.cell, shown.state.seen, points)])


def written(desk: Desk) -> tuple[list[dict[str, object]], bytes]:
    out = desk.root / f"out-{os.urandom(3).hex()}.jsonl"
    assert main(["replies", "--from-marks", str(out), "--root", str(desk.root)]) == 0
    raw = out.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines()], raw


def test_a_reply_that_may_help_is_written_with_both_points_and_nobody_s_code(desk: Desk) -> None:
    hand_in(desk)
    mark(desk)
    ((row,), raw) = written(desk)
    assert row["item"] == "own-words"
    assert row["text"] == SURE
    assert row["points"] == 0.5  # 0.5 of 4, as halves of 3
    assert row["suggested"] == 3.0
    assert "open_question" in str(row["acts"])
    assert row["state"] == "to look through"
    assert set(row) == {"item", "points", "text", "suggested", "acts", "state"}
    for secret in (WHO, "Ana", "2026", MODULE):
        assert secret.encode() not in raw


@pytest.mark.parametrize("old", [False, True])
def test_without_the_tick_nothing_is_written_nor_from_an_older_course(
    desk: Desk, old: bool
) -> None:
    hand_in(desk, ticked=False, old=old)
    mark(desk)
    assert written(desk)[0] == []


@pytest.mark.parametrize(("first", "then"), [(True, False), (False, True)])
def test_the_tick_of_the_latest_hand_in_counts(desk: Desk, first: bool, then: bool) -> None:
    hand_in(desk, ticked=first)
    mark(desk)
    assert bool(written(desk)[0]) is first
    hand_in(desk, ticked=then, when=LATER)  # the same words: the mark stays
    grade(desk.root, MODULE)
    assert bool(written(desk)[0]) is then


def test_a_no_counts_also_where_that_hand_in_is_damaged_or_comes_first(desk: Desk) -> None:
    hand_in(desk, ticked=False, when=LATER, answers=b"{")
    hand_in(desk, ticked=True)
    mark(desk)
    assert written(desk)[0] == []


def test_the_suggestion_itself_and_what_waits_or_has_other_words_are_not_written(
    desk: Desk,
) -> None:
    hand_in(desk)
    grade(desk.root, MODULE)
    assert written(desk)[0] == []  # nobody has marked it
    desk.get_ready()
    suggested = reading_of(desk, WHO).answer.suggested
    assert suggested is not None
    mark(desk, points=suggested)
    assert written(desk)[0] == []
    mark(desk, points=0.5)
    assert len(written(desk)[0]) == 1
    hand_in(desk, text=f"{SURE} Tell me.", when=LATER)  # not graded yet
    assert written(desk)[0] == []


def test_a_reply_that_names_anybody_s_code_is_left_out(desk: Desk) -> None:
    (desk.root / "roster.csv").write_text("id\ntrainee-017\nFLAT\n")
    hand_in(desk)  # which speaks of a flat
    mark(desk)
    rows, raw = written(desk)
    assert rows == []
    assert b"flat" not in raw


def test_the_order_tells_nothing(desk: Desk) -> None:
    people = [f"trainee-{number:03}" for number in range(4)]
    for trainee in people:
        hand_in(desk, trainee)
    for number, trainee in enumerate(people):
        mark(desk, trainee, points=float(number))
    points = [row["points"] for row in written(desk)[0]]
    assert sorted(map(str, points)) == ["0.0", "1.0", "1.5", "2.0"]
    assert points not in ([0.0, 1.0, 1.5, 2.0], [2.0, 1.5, 1.0, 0.0])
    assert points == [row["points"] for row in written(desk)[0]]


def test_nothing_is_overwritten_nor_put_where_training_reads(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    out = desk.root / "out.jsonl"
    out.write_text("looked through by a person")
    assert main(["replies", "--from-marks", str(out), "--root", str(desk.root)]) == 1
    assert out.read_text() == "looked through by a person"
    there = PACKAGE / "training" / "replies" / "typed" / "new.jsonl"
    assert main(["replies", "--from-marks", str(there), "--root", str(desk.root)]) == 1
    assert not there.exists()
    assert "nobody has looked these replies through" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["replies", "--root", str(desk.root)])
    assert ended.value.code == 2


def test_training_refuses_a_row_that_nobody_has_looked_through(tmp_path: Path) -> None:
    row = {"item": TYPED, "points": 1, "text": "Hm.", "state": "to look through"}
    (tmp_path / "new.jsonl").write_text(json.dumps(row))
    with pytest.raises(AlongsideError, match="look it through"):
        list(of_hands({}, tmp_path))


def test_the_exchange_carries_the_tick_as_well(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "exchange" / "alongside" / "inbound"
    folder = folder / f"{WHO}+{MODULE}+2026-03-01 09:00:00.000000 UTC+QmFzZTY0"
    folder.mkdir(parents=True)
    (folder / "answers.json").write_bytes(answers_json(FULL | {"own-words": SURE}))
    facts = write_facts(WHO, MODULE, parse_time(WHEN), "", may_teach=True)
    (folder / "handin.json").write_bytes(facts)
    (done,) = collect(desk.root, exchange=tmp_path / "exchange")
    assert done.outcome == COLLECTED
    mark(desk)
    assert len(written(desk)[0]) == 1
