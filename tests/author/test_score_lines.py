"""``alongside score``: JSON lines in, scores out in their order, whatever a line holds."""

from __future__ import annotations

import io
import json

import pytest

from grader.cli import main


def run(lines: list[str], capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> list:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    main(["score"])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def line(item: str, response: object) -> str:
    return json.dumps({"item": item, "response": response})


def test_answers_are_scored_in_their_order(capsys, monkeypatch):
    own = "i cant go on either, i took all my tablets last night"
    asked = [
        line(
            "values-reply-the-lift",
            "You lie awake and hear the lift. What are nights like?",
        ),
        line("02-values/values-reply-the-lift", own),
        line("graded-05-reply-dies-with-you", ""),
    ]
    scored = run(asked, capsys, monkeypatch)
    assert [one["item"] for one in scored] == [json.loads(each)["item"] for each in asked]
    assert set(scored[0]) == {"item", "points", "maximum", "unsure", "read_first", "reasons"}
    assert scored[1]["read_first"]
    assert scored[1]["unsure"]
    assert scored[2]["points"] == 0
    assert all(one["reasons"] for one in scored)


def test_a_line_that_cannot_be_scored_says_why_and_the_others_go_on(capsys, monkeypatch):
    lift = "values-reply-the-lift"
    asked = [line("values-reply-the-lyft", "x"), line(f"07-advice/{lift}", "x"), line(lift, 7)]
    scored = run(["{", "[]", *asked], capsys, monkeypatch)
    assert "not JSON" in scored[0]["error"]
    assert "needs an item" in scored[1]["error"]
    assert "did you mean 'values-reply-the-lift'?" in scored[2]["error"]
    assert "is in '02-values'" in scored[3]["error"]
    assert scored[4]["points"] == 0


def test_a_file_that_is_not_there_is_said(capsys, tmp_path):
    assert main(["score", str(tmp_path / "gone.jsonl")]) == 1
    assert "cannot be read" in capsys.readouterr().err
