"""Feedback is one safe page with reasons, and one file to email."""

from __future__ import annotations

import json
import re
import shutil
import stat
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.cohort import BEST, FULL, MODULE, make_course, submit
from helpers.content import course_skills

from grader.errors import GradingError
from grader.places import this_learner
from grader.trainer.feedback.exchange import release_to_exchange
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.grading import grade

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1)"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade one trainee of each sort."""
    root = make_course(tmp_path_factory.mktemp("prepared") / "course")
    submit(root, "trainee-001", FULL)
    submit(root, "trainee-002", {"first-move": "tell", "own-words": HOSTILE})
    submit(root, "trainee-003", b"{")
    submit(root, "trainee-004", BEST)
    grade(root, MODULE)
    return root


def page(course: Path, trainee: str = "trainee-001") -> str:
    make_feedback(course, MODULE)
    path = course / "feedback" / trainee / MODULE / "exercise.html"
    return path.read_text(encoding="utf-8")


def by_trainer(course: Path, score: float, comment: str) -> None:
    from nbgrader.api import Gradebook

    where = ("own-words-mark", "exercise", MODULE, "trainee-001")
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        mark = nbgrader.find_grade(*where)
        mark.manual_score, mark.needs_manual_grade = score, False
        nbgrader.find_comment(*where).manual_comment = comment
        nbgrader.db.commit()


def test_a_page_gives_reasons_and_a_better_wording(course: Path) -> None:
    text = page(course, "trainee-002")
    assert "1 of 3 points" in text
    assert "KEYWORD-FEEDBACK-EARLY" in text
    assert "KEYWORD-BETTER" in text


def test_a_reply_that_waits_says_so_and_shows_no_points(course: Path) -> None:
    text = page(course)
    assert "Your trainer has not read this yet." in text
    assert "What the course noticed" in text
    assert "of 4 points" not in text
    assert "uggested" not in text
    # What nobody has read yet counts neither for nor against anybody.
    assert "2 of 3 answers are read so far." in text
    assert "They have 6 of 6 points." in text
    assert "of 10 points" not in text


def test_the_trainers_mark_and_words_are_shown_escaped(course: Path) -> None:
    by_trainer(course, 2.5, "Well asked & <b>kind</b>.")
    text = page(course)
    assert "2.5 of 4 points." in text
    assert "Well asked &amp; &lt;b&gt;kind&lt;/b&gt;." in text
    assert "You have 8.5 of 10 points." in text
    assert "has not read" not in text


def test_a_weak_answer_names_the_lesson_that_helps_and_no_other_does(course: Path) -> None:
    named = '<span data-lesson="01-definitions/1-what-it-is.ipynb">1.1 What peer support is</span>'
    assert page(course, "trainee-002").count(f"This lesson helps: {named}.") == 1
    assert "This lesson helps" not in page(course)
    assert "This lesson helps" not in page(course, "trainee-004")  # left open


def test_an_open_question_is_met_calmly(course: Path) -> None:
    text = page(course, "trainee-004")
    assert "0 of 4 points. You left this question open." in text


def test_a_damaged_hand_in_is_said_without_blame(course: Path) -> None:
    text = page(course, "trainee-003")
    assert "This is not your fault." in text
    assert "answers.json" not in text


def test_nothing_that_was_typed_runs(course: Path) -> None:
    text = page(course, "trainee-002")
    assert not re.search(r"<(script|img|iframe|a|link)\b", text)
    assert not re.search(r"<[^>]*\son\w+=", text)
    assert "&lt;script&gt;" in text


def test_a_page_stands_alone(course: Path) -> None:
    text = page(course)
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text
    assert '<html lang="en">' in text
    assert not re.search(r"(src|href)=|url\(|@import|https?://", text)
    assert text.count("<h1>") == 1
    assert "local emergency number" in text


@pytest.mark.parametrize("word", ["wrong", "fail", "incorrect", "mistake"])
def test_the_words_are_kind(course: Path, word: str) -> None:
    assert word not in page(course, "trainee-002").lower()


def test_a_bundle_holds_the_page_and_the_numbers(course: Path) -> None:
    skill = next(iter(course_skills()))
    results = {result.trainee: result for result in make_feedback(course, MODULE)}
    bundle = results["trainee-001"].bundle
    assert bundle.name == f"{MODULE}-trainee-001-feedback-DRAFT.zip"
    with zipfile.ZipFile(bundle) as packed:
        assert packed.namelist() == ["feedback.html", "feedback.json"]
        facts = json.loads(packed.read("feedback.json"))
        assert re.fullmatch("[0-9a-f]{16}", facts.pop("edition"))
        assert packed.read("feedback.html").decode() == page(course)
    assert facts == {
        "format": 1,
        "trainee": "trainee-001",
        "module": MODULE,
        "points": 6.0,
        "max_points": 10.0,
        "waiting": 1,
        "handed_in": "2026-03-01T09:00:00.000000+00:00",
        # What a trainer has yet to read is not among them.
        "items": {
            name: {"points": 3.0, "max_points": 3, "skills": [skill]}
            for name in ("first-move", "what-fits")
        },
    }


def test_the_trainees_side_takes_the_bundle(course: Path) -> None:
    from grader import places
    from grader.trainee.inbox import keep_feedback

    bundle = make_feedback(course, MODULE)[0].bundle
    assert keep_feedback(this_learner(), bundle.read_bytes()) == [MODULE]
    assert places.own_home().feedback_page(MODULE).read_text(encoding="utf-8") == page(course)


def test_the_same_feedback_gives_the_same_bytes_on_another_day(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = [result.bundle.read_bytes() for result in make_feedback(course, MODULE)]
    shutil.rmtree(course / "feedback-bundles")
    monkeypatch.setattr(time, "time", lambda: datetime(2031, 5, 1, tzinfo=UTC).timestamp())
    later = [result.bundle.read_bytes() for result in make_feedback(course, MODULE)]
    assert later == today != []


def test_feedback_on_older_answers_is_held_back(course: Path) -> None:
    folder = course / "submitted" / "trainee-001" / MODULE
    (folder / "timestamp.txt").write_text("2026-03-05 09:00:00 UTC")
    results = {result.trainee: result for result in make_feedback(course, MODULE)}
    assert results["trainee-001"].outcome == "not written"
    assert "grade first" in results["trainee-001"].problem
    assert results["trainee-002"].outcome == "written"


def test_feedback_before_grading_is_nobodys(tmp_path: Path) -> None:
    assert make_feedback(make_course(tmp_path / "course"), MODULE) == []


def exchange_for(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange"
    (folder / "alongside").mkdir(parents=True)
    return folder


def test_nbgrader_puts_our_pages_into_the_exchange(course: Path, tmp_path: Path) -> None:
    from nbgrader.utils import notebook_hash

    text = page(course)
    exchange = exchange_for(tmp_path)
    release_to_exchange(course, MODULE, exchange)
    secret = (course / "submitted/trainee-001" / MODULE / "submission_secret.txt").read_text()
    name = notebook_hash(secret=secret, notebook_id="exercise")
    released = exchange / "alongside" / "feedback" / f"{name}.html"
    assert released.read_text(encoding="utf-8") == text
    assert released.stat().st_mode & 0o004  # another account has to read it


def test_nobody_lists_the_folder_of_pages_in_the_exchange_whoever_made_it(
    course: Path, tmp_path: Path
) -> None:
    page(course)
    folder = exchange_for(tmp_path) / "alongside" / "feedback"
    folder.mkdir()
    folder.chmod(0o755)
    release_to_exchange(course, MODULE, tmp_path / "exchange")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711  # as nbgrader makes it
    assert len([*folder.iterdir()]) == 1


def test_an_exchange_that_cannot_be_used_is_said(course: Path, tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="could not be put into the exchange"):
        release_to_exchange(course, MODULE, tmp_path / "nowhere")


def test_a_mark_that_a_trainer_changed_says_whose_it_is(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        mark: Any = nbgrader.find_grade("first-move", "exercise", MODULE, "trainee-001")
        mark.manual_score = 2.0
        nbgrader.db.commit()
    assert "2 of 3 points. Your trainer set this mark." in page(course)
