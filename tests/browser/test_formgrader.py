"""A trainer works in formgrader on a gradebook of ours; the next grading keeps all of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from helpers.cohort import BEST, FULL, MODULE, answers_json, make_course, submit
from helpers.servers import Server, serving

from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import GRADED, WAITING
from grader.trainer.marking.marks import Entry

COMMENT = "Warm and unhurried. <b>Keep</b> that question."


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_course(tmp_path_factory.mktemp("formgrader") / "course")
    for number in (17, 18):
        submit(root, f"trainee-0{number}", FULL)
    grade(root, MODULE)
    return root


@pytest.fixture(scope="module")
def server(graded: Path):
    with serving(graded.parent / "home", "teach", "--root", str(graded)) as running:
        yield running


def get(server: Server, path: str) -> list[dict]:
    return json.loads(server.fetch(f"formgrader/{path}"))


def put(server: Server, path: str, **values: object) -> dict:
    """Send what formgrader's page sends when a trainer has typed something."""
    headers = {"Authorization": f"token {server.token}", "Content-Type": "application/json"}
    body = json.dumps(values).encode()
    address = f"{server.base}/formgrader/{path}"
    request = urllib.request.Request(address, body, headers, method="PUT")
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.loads(reply.read())


def notebook_of(server: Server, trainee: str) -> str:
    found = get(server, f"api/submitted_notebooks/{MODULE}/exercise")
    return next(one["id"] for one in found if one["student"] == trainee)


def grade_of(server: Server, trainee: str, name: str) -> dict:
    grades = get(server, f"api/grades?submission_id={notebook_of(server, trainee)}")
    return next(one for one in grades if one["name"] == name)


def comment_of(server: Server, trainee: str, name: str) -> dict:
    comments = get(server, f"api/comments?submission_id={notebook_of(server, trainee)}")
    return next(one for one in comments if one["name"] == name)


def entry(root: Path, trainee: str = "trainee-017") -> Entry:
    return read_gradebook(default_db_url(root), MODULE)[trainee]


@pytest.mark.parametrize(
    "path",
    [
        "manage_assignments",
        f"manage_submissions/{MODULE}",
        "manage_students",
        "manage_students/trainee-017",
        "gradebook",
        f"gradebook/{MODULE}",
        f"gradebook/{MODULE}/exercise",
    ],
)
def test_every_page_opens(server: Server, path: str) -> None:
    assert "nbgrader" in server.fetch(f"formgrader/{path}").lower()


def test_a_submission_shows_the_answers(server: Server) -> None:
    page = server.fetch(f"formgrader/submissions/{notebook_of(server, 'trainee-017')}")
    assert "What have you thought of yourself so far?" in page


def test_a_session_is_kept_by_the_next_grading(server: Server, graded: Path) -> None:
    """One session, in a trainer's order: mark, comment, extra credit, grade, grade anew."""
    assert entry(graded).waiting == 1
    typed = grade_of(server, "trainee-017", "own-words-mark")
    assert typed["needs_manual_grade"]
    put(server, f"api/grade/{typed['id']}", manual_score=3.5, extra_credit=0.5)
    automatic = grade_of(server, "trainee-017", "first-move")
    put(server, f"api/grade/{automatic['id']}", manual_score=1, extra_credit=None)
    comment = comment_of(server, "trainee-017", "own-words-mark")
    put(server, f"api/comment/{comment['id']}", manual_comment=COMMENT)

    def check(waiting: int) -> None:
        marks = entry(graded).marks
        assert (marks["own-words-mark"].points, marks["own-words-mark"].comment) == (4.0, COMMENT)
        assert (marks["first-move"].points, marks["first-move"].by_trainer) == (1.0, True)
        assert (entry(graded).points, entry(graded).waiting) == (8.0, waiting)

    check(waiting=0)
    outcomes = {one.trainee: one for one in grade(graded, MODULE)}
    check(waiting=0)
    assert outcomes["trainee-017"].outcome == GRADED
    assert outcomes["trainee-017"].points == 8.0
    assert outcomes["trainee-018"].outcome == WAITING
    # The trainer's pages see what was graded meanwhile, without a restart.
    submit(graded, "trainee-019", {"first-move": "tell"})
    grade(graded, MODULE)
    assert grade_of(server, "trainee-019", "first-move")["auto_score"] == 1.0
    check(waiting=0)
    # Handed in again: the mark for the same answer stays, the one for other words is kept apart.
    folder = submit(graded, "trainee-017", answers_json(BEST))
    (folder / "timestamp.txt").write_text("2026-03-05 09:00:00.000000 UTC")
    grade(graded, MODULE)
    marks = entry(graded).marks
    assert (marks["own-words-mark"].waits, marks["own-words-mark"].comment) == (True, "")
    assert (marks["first-move"].points, marks["first-move"].waits) == (1.0, False)
    page = server.fetch(f"formgrader/submissions/{notebook_of(server, 'trainee-017')}")
    assert "Marked 4 of 4 for earlier words." in page
    assert grade_of(server, "trainee-017", "own-words-mark")["id"] != typed["id"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        put(server, f"api/grade/{typed['id']}", manual_score=2, extra_credit=None)
    make_feedback(graded, MODULE)
    page = (graded / "feedback" / "trainee-017" / MODULE / "exercise.html").read_text()
    assert "Keep&lt;/b&gt; that question." in page


def test_a_gradebook_that_is_open_elsewhere_is_graded_all_the_same(graded: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(graded), "alongside") as open_book:
        student = open_book.find_student("trainee-018")  # begins to read, and does not end
        submit(graded, "trainee-020", FULL)
        grade(graded, MODULE)
        assert student.id == "trainee-018"
    assert entry(graded, "trainee-020").points == 6.0


def test_formgraders_grade_button_keeps_the_session_too(server: Server, graded: Path) -> None:
    typed = grade_of(server, "trainee-018", "own-words-mark")
    put(server, f"api/grade/{typed['id']}", manual_score=2, extra_credit=1)
    comment = comment_of(server, "trainee-018", "own-words-mark")
    put(server, f"api/comment/{comment['id']}", manual_comment=COMMENT)
    path = f"formgrader/api/submission/{MODULE}/trainee-018/autograde"
    done = json.loads(server.fetch(path, method="POST"))
    assert done["success"], done
    mark = entry(graded, "trainee-018").marks["own-words-mark"]
    assert (mark.points, mark.waits, mark.comment) == (3.0, False, COMMENT)
