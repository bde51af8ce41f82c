"""Errors are said as one sentence each, and their traceback is there for who asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from helpers.cohort import BEST, MODULE, make_course, submit

from grader import surroundings
from grader.errors import phrase, sentence
from grader.trainer.feedback.feedback import _Writer, make_feedback
from grader.trainer.grading.grading import grade
from grader.trainer.marking import marking


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("it is gone", "it is gone."),
        ("it is gone.", "it is gone."),
        ("did you mean '07-advice'?", "did you mean '07-advice'?"),
        ("stop!", "stop!"),
        ("and so on…", "and so on…"),
        ("and so on...", "and so on..."),
        ("it says 'no.'", "it says 'no.'"),
        ("it is called 'a.b'", "it is called 'a.b'."),
        ("../x is no code", "../x is no code."),
        ("it is gone (No space left)", "it is gone (No space left)."),
        ("it is gone. \n", "it is gone."),
        ("first line\nsecond line", "first line\nsecond line."),
        ("", ""),
        (ValueError("it is gone"), "it is gone."),
    ],
)
def test_a_sentence_has_one_end(said, written):
    assert sentence(said) == written
    assert sentence(sentence(said)) == written


def test_a_phrase_has_none():
    assert phrase("It is gone.") == phrase("It is gone") == "It is gone"
    assert phrase("Is it gone?") == "Is it gone?"


def fail(*_: object) -> None:
    raise ZeroDivisionError("on purpose")


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course")
    submit(root, "trainee-017", BEST)
    return root


def test_answers_that_cannot_be_scored_leave_a_traceback(course, monkeypatch, caplog, capsys):
    monkeypatch.setattr(marking, "mark_sent", fail)
    (done,) = grade(course, MODULE)
    assert "could not be scored (ZeroDivisionError)" in done.problem
    assert any("on purpose" in str(one.exc_info[1]) for one in caplog.records if one.exc_info)
    assert "Traceback" not in capsys.readouterr().err


def test_feedback_that_cannot_be_made_leaves_a_traceback(course, monkeypatch, caplog, capsys):
    grade(course, MODULE)
    monkeypatch.setattr(_Writer, "_write", fail)
    (done,) = make_feedback(course, MODULE)
    assert "the page could not be made (ZeroDivisionError)." in done.problem
    assert "on purpose" in str(caplog.records[-1].exc_info[1])
    assert "Traceback" not in capsys.readouterr().err


def test_who_asks_for_it_sees_the_traceback(course, monkeypatch, capsys):
    monkeypatch.setenv(surroundings.DEBUG_VARIABLE, "1")
    monkeypatch.setattr(marking, "mark_sent", fail)
    grade(course, MODULE)
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "ZeroDivisionError: on purpose" in said


@pytest.mark.parametrize(("asks", "shown"), [("1", True), ("", False)])
def test_a_command_that_ends_unforeseen_shows_its_traceback_to_who_asks(asks, shown):
    code = (
        "from grader import places\nfrom grader.cli import main\n"
        "def fail(*_): raise ZeroDivisionError('on purpose')\n"
        "places.own_course = fail\n"
        "raise SystemExit(main(['check']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin", surroundings.DEBUG_VARIABLE: asks},
        check=False,
    )
    assert done.returncode == 1
    assert ("Traceback" in done.stderr) is shown
    assert "this was not foreseen (ZeroDivisionError: on purpose)" in done.stderr
