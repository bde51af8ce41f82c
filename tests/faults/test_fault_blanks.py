"""Blanks around a code are left out and told, wherever it is typed; they make no second person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.aftermath import book
from helpers.cohort import FULL, LATER, MODULE, answers_json, submit, write_bundle
from helpers.hand_ins import GOOD, WHO, sent

from grader.cli import main
from grader.cli.shared import new_code
from grader.trainee.code import check_code
from grader.trainer.collect.collect import COLLECTED, REFUSED, collect
from grader.trainer.grading.grading import grade
from grader.trainer.roster.trainees import second_copies, who_handed_in

BLANKS = [" {} ", "{}\n", "\t{}", "\u00a0{}", "{}\u200b", "\ufeff{}", "{}\u2007\r\n"]
TOLD = f"he spaces around {WHO} are left out."


def folders(course: Path) -> list[str]:
    return sorted(path.name for path in (course / "submitted").glob("[!.]*"))


@fault(
    COLLECT,
    "A code stands with spaces around it: in a hand-in, in the roster, or as you type it",
    "The spaces are left out, and one line says so. It is one trainee, never two.",
)
@pytest.mark.parametrize("around", BLANKS)
def test_blanks_around_a_code_make_no_second_trainee(
    course: Path, tmp_path: Path, around: str
) -> None:
    (course / "roster.csv").write_text(f'id\n" {WHO} "\n', "utf-8")
    collect(course, [write_bundle(tmp_path / "first", WHO, GOOD)])
    facts = {"format": 1, "trainee": around.format(WHO), "module": MODULE, "handed_in": LATER}
    odd = tmp_path / "unzipped"
    odd.mkdir()
    (odd / "handin.json").write_text(json.dumps(facts), "utf-8")
    (odd / "answers.json").write_bytes(answers_json({"first-move": "tell"}))
    (done,) = collect(course, [odd])
    assert (done.outcome, done.trainee) == (COLLECTED, WHO)
    assert TOLD in done.reason
    assert folders(course) == [WHO]
    assert [one.trainee for one in grade(course, MODULE)] == [WHO]
    assert set(book(course)) == {WHO}


def test_blanks_in_the_name_of_a_shared_folder_are_left_out_as_well(
    course: Path, inbound: Path
) -> None:
    folder = sent(inbound, f"{LATER[:10]} 09:00:00 UTC", GOOD)
    folder.rename(folder.with_name(f" {folder.name.replace('+', ' +', 1)}"))
    (done,) = collect(course, exchange=inbound.parents[1])
    assert (done.outcome, done.trainee) == (COLLECTED, WHO)
    assert TOLD in done.reason


@pytest.mark.parametrize("typed", ["trainee 017", "  ", "\u00a0", "trainee-\u200b017"])
def test_blanks_inside_are_still_no_code(course: Path, tmp_path: Path, typed: str) -> None:
    (done,) = collect(course, [write_bundle(tmp_path / "x", WHO, GOOD)])
    facts = {"format": 1, "trainee": typed, "module": MODULE, "handed_in": LATER}
    odd = tmp_path / "unzipped"
    odd.mkdir()
    (odd / "handin.json").write_text(json.dumps(facts), "utf-8")
    (done,) = collect(course, [odd])
    assert done.outcome == REFUSED


@pytest.mark.parametrize("around", BLANKS)
def test_a_typed_code_is_trimmed_and_told(
    course: Path, around: str, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, FULL)
    grade(course, MODULE)
    typed = around.format(WHO)
    lines = (
        ["feedback", MODULE, "--trainee", typed],
        ["certify", typed, "--new-key"],
        ["collect", "--list", typed],
        ["collect", "--use", typed, MODULE, "1"],
        ["whose", typed, "--undo"],
    )
    for words in lines:
        capsys.readouterr()
        main([*words, f"--root={course}"])
        both = capsys.readouterr()
        said = both.out + both.err
        assert TOLD in both.err, words
        assert "not a trainee's code" not in said
        assert "did you mean" not in said
    assert new_code(typed) == WHO
    assert check_code(typed) == WHO


def test_a_folder_with_a_blank_is_a_copy_of_the_one_beside_it(course: Path) -> None:
    submit(course, WHO, FULL)
    submit(course, f"{WHO} ", FULL)
    assert who_handed_in(course, MODULE) == [WHO]
    assert second_copies(course) == [f"{WHO} "]
    assert [one.trainee for one in grade(course, MODULE)] == [WHO]
