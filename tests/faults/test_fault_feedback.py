"""Feedback is a draft, then read, then released, and nobody takes one for the other."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, HOME, fault
from helpers.aftermath import by_trainer, without_rights
from helpers.cohort import BEST, FULL, MODULE, answers_json, submit
from helpers.formgrader import press_feedback

from grader import places
from grader.cli import main
from grader.errors import HandInError
from grader.formats import feedback
from grader.places import own_home, this_learner
from grader.trainee import released
from grader.trainee.inbox import keep_feedback
from grader.trainer.feedback.exchange import release_to_exchange
from grader.trainer.feedback.feedback import (
    NOT_WRITTEN,
    WRITTEN,
    Feedback,
    Wanted,
    make_feedback,
    mark_released,
)
from grader.trainer.feedback.states import CHANGED, DRAFT, READ, RELEASED
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.grading import grade

READ_BY_ALL, WAITS = "trainee-001", "trainee-017"


@pytest.fixture
def graded(course: Path) -> Path:
    """Grade somebody of whom nothing waits, and somebody whose reply does."""
    submit(course, READ_BY_ALL, BEST)
    submit(course, WAITS, FULL)
    grade(course, MODULE)
    return course


def states(course: Path, **wanted: Any) -> dict[str, str]:
    done = make_feedback(course, MODULE, wanted=Wanted(**wanted))
    return {one.trainee: one.state for one in done}


def release(course: Path, **wanted: Any) -> list[Feedback]:
    return mark_released(
        default_db_url(course), make_feedback(course, MODULE, wanted=Wanted(**wanted))
    )


def new(course: Path) -> list[str]:
    return [one.trainee for one in make_feedback(course, MODULE) if one.new]


def bundles(course: Path) -> set[str]:
    return {path.name for path in (course / "feedback-bundles").iterdir()}


def all_files(course: Path) -> dict[Path, tuple[bytes, int]]:
    found = [*(course / "feedback").rglob("*"), *(course / "feedback-bundles").iterdir()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in found if path.is_file()}


def page(course: Path, trainee: str = WAITS) -> str:
    return (course / "feedback" / trainee / MODULE / "exercise.html").read_text()


FINAL, DRAFTED = (
    f"{MODULE}-{READ_BY_ALL}-feedback.zip",
    f"{MODULE}-{WAITS}-feedback-DRAFT.zip",
)
BOTH_FINAL = {FINAL, f"{MODULE}-{WAITS}-feedback.zip"}


# Drafts ---------------------------------------------------------------------------------


@fault(
    GRADE,
    "Feedback is written before a person has read all replies",
    "It is a draft: its page says so, and the name of its file ends in DRAFT. The final one "
    "takes its place.",
)
def test_a_draft_says_so_in_its_page_and_in_its_name(graded: Path) -> None:
    assert states(graded) == {READ_BY_ALL: READ, WAITS: DRAFT}
    assert bundles(graded) == {FINAL, DRAFTED}
    assert "<strong>This is a draft.</strong> A person has still to read" in page(graded)
    assert "<title>Draft: " in page(graded)
    assert "draft" not in page(graded, READ_BY_ALL).lower()
    by_trainer(graded, WAITS, 3, "Well asked.")
    assert states(graded)[WAITS] == READ
    assert bundles(graded) == BOTH_FINAL
    assert "draft" not in page(graded).lower()


def test_a_final_file_does_not_lie_there_once_new_words_wait(graded: Path) -> None:
    by_trainer(graded, WAITS, 3, "Well asked.")
    make_feedback(graded, MODULE)
    folder = submit(graded, WAITS, FULL | {"own-words": "Call them."})
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
    grade(graded, MODULE)
    assert states(graded)[WAITS] == DRAFT
    assert bundles(graded) == {FINAL, DRAFTED}


def test_a_trainee_s_code_cannot_make_a_draft_look_final(course: Path) -> None:
    submit(course, f"{WAITS}-DRAFT", BEST)
    submit(course, f"{WAITS}-feedback", BEST)
    submit(course, WAITS, FULL)
    grade(course, MODULE)
    done = make_feedback(course, MODULE)
    assert len({one.bundle for one in done}) == len(bundles(course)) == 3
    assert [one.trainee for one in done if one.bundle.name.endswith("-DRAFT.zip")] == [WAITS]


# Whose ----------------------------------------------------------------------------------


def test_only_what_is_finished_leaves_no_draft_behind(graded: Path) -> None:
    make_feedback(graded, MODULE)
    done = {one.trainee: one for one in make_feedback(graded, MODULE, wanted=Wanted(finished=True))}
    assert bundles(graded) == {FINAL}
    assert not (graded / "feedback" / WAITS / MODULE / "exercise.html").exists()
    held = done[WAITS]
    assert (held.outcome, held.state, held.problem, held.waiting) == (NOT_WRITTEN, DRAFT, "", 1)


def test_one_trainee_s_alone(graded: Path) -> None:
    assert states(graded, trainees=frozenset({WAITS})) == {WAITS: DRAFT}
    assert bundles(graded) == {DRAFTED}


@fault(
    GRADE,
    "Feedback is asked for a code of whom nothing is graded",
    "Nothing is written. One line names the nearest code.",
)
def test_a_code_that_nobody_has_is_said(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["feedback", MODULE, "--root", str(graded)]
    assert main([*arguments, "--trainee", "trainee-071"]) == 1
    assert "did you mean 'trainee-017'" in capsys.readouterr().err
    assert not (graded / "feedback-bundles").exists()
    assert main([*arguments, "--trainee", WAITS, "--trainee", READ_BY_ALL]) == 0
    assert bundles(graded) == {FINAL, DRAFTED}


# Unwritten ------------------------------------------------------------------------------


@fault(
    GRADE,
    "Feedback cannot be written: a folder may not be written to, or the disk is full",
    "Each trainee without it is named, with the reason. The command says to run it again then.",
)
@pytest.mark.parametrize("shut", [(READ_BY_ALL, WAITS), (WAITS,)])
def test_feedback_that_could_not_be_written_is_said(graded: Path, shut: tuple[str, ...]) -> None:
    for trainee in shut:
        folder = graded / "feedback" / trainee
        folder.mkdir(parents=True)
        folder.chmod(0o500)
    done = without_rights("feedback", MODULE, "--root", str(graded))
    assert done.returncode == 1
    assert all(f"No feedback for {trainee}: " in done.stdout for trainee in shut)
    assert f"{len(shut)} could not be written. See to the reasons above" in done.stdout
    assert "Nobody has new feedback" not in done.stdout
    for trainee in shut:
        (graded / "feedback" / trainee).chmod(0o700)
    done = without_rights("feedback", MODULE, "--root", str(graded))
    assert (done.returncode, "could not be written" in done.stdout) == (0, False)


# Unchanged ------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_written_again(graded: Path) -> None:
    make_feedback(graded, MODULE)
    before = all_files(graded)
    done = make_feedback(graded, MODULE)
    assert all_files(graded) == before
    assert [(one.outcome, one.unchanged) for one in done] == [(WRITTEN, True)] * 2
    by_trainer(graded, WAITS, 3, "Well asked.")
    assert [one.unchanged for one in make_feedback(graded, MODULE)] == [True, False]


def test_nbgraders_way_leaves_an_unchanged_file_to_send(graded: Path) -> None:
    make_feedback(graded, MODULE)
    before = all_files(graded)
    assert press_feedback(graded, WAITS)["success"]
    after = all_files(graded)
    assert {path: content for path, (content, _) in after.items()} == {
        path: content for path, (content, _) in before.items()
    }
    sent = graded / "feedback-bundles" / DRAFTED
    assert after[sent] == before[sent]


def test_a_file_that_was_damaged_is_written_again(graded: Path) -> None:
    make_feedback(graded, MODULE)
    good = (graded / "feedback-bundles" / FINAL).read_bytes()
    (graded / "feedback-bundles" / FINAL).write_bytes(good[:-1])
    assert [one.unchanged for one in make_feedback(graded, MODULE)] == [False, True]
    assert (graded / "feedback-bundles" / FINAL).read_bytes() == good


# Released -------------------------------------------------------------------------------


def comment(course: Path, text: str) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        found = nbgrader.find_comment("own-words-mark", "exercise", MODULE, READ_BY_ALL)
        found.manual_comment = text
        nbgrader.db.commit()


def change_first_move(course: Path, score: float) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        found = nbgrader.find_grade("first-move", "exercise", MODULE, READ_BY_ALL)
        found.manual_score = score
        nbgrader.db.commit()


@fault(
    GRADE,
    "A mark or a comment is changed after the feedback was sent",
    "That feedback is named as changed since you sent it, until you send it again.",
)
def test_what_was_released_is_remembered_until_it_changes(graded: Path) -> None:
    assert new(graded) == [READ_BY_ALL]
    assert [one.state for one in release(graded)] == [RELEASED, DRAFT]
    assert states(graded) == {READ_BY_ALL: RELEASED, WAITS: DRAFT}
    assert new(graded) == []
    comment(graded, "Think of the second question again.")
    assert states(graded)[READ_BY_ALL] == CHANGED
    assert new(graded) == [READ_BY_ALL]
    comment(graded, "")
    assert states(graded)[READ_BY_ALL] == RELEASED
    change_first_move(graded, 2.0)
    assert states(graded)[READ_BY_ALL] == CHANGED
    release(graded)
    assert states(graded)[READ_BY_ALL] == RELEASED


def test_a_mended_word_of_the_course_is_no_news(graded: Path) -> None:
    release(graded)
    key = graded / "solutions" / MODULE / "items.yaml"
    key.write_text(key.read_text().replace("KEYWORD-FEEDBACK-BEST", "KEYWORD-FEEDBACK-MENDED"))
    grade(graded, MODULE)
    assert states(graded)[READ_BY_ALL] == RELEASED
    assert "KEYWORD-FEEDBACK-MENDED" in page(graded, READ_BY_ALL)


def test_other_answers_with_the_same_marks_are_news(course: Path) -> None:
    def hand_in(day: int, pick: list[str]) -> str:
        folder = submit(course, READ_BY_ALL, {"what-fits": pick})
        (folder / "timestamp.txt").write_text(f"2026-03-{day:02} 09:00:00.000000 UTC")
        grade(course, MODULE)
        return states(course)[READ_BY_ALL]

    hand_in(1, ["ask", "wait"])
    release(course)
    assert hand_in(2, ["wait", "ask"]) == RELEASED  # ticked in another order
    assert hand_in(3, ["ask"]) == CHANGED
    release(course)
    assert hand_in(4, ["wait"]) == CHANGED  # for the same points


def test_only_what_changed_is_listed(graded: Path) -> None:
    release(graded)
    assert states(graded, changed=True) == {}
    by_trainer(graded, WAITS, 3, "Well asked.")
    assert states(graded, changed=True) == {WAITS: READ}
    assert states(graded, changed=True) == {WAITS: READ}  # it is written, and not sent yet
    release(graded, changed=True)
    assert states(graded, changed=True) == {}


def test_grading_again_forgets_nothing(graded: Path) -> None:
    release(graded)
    from grader.trainer.grading.grading import grade_modules

    grade_modules(graded, [MODULE], force=True)
    assert states(graded)[READ_BY_ALL] == RELEASED


def test_a_gradebook_that_may_only_be_read_is_said(graded: Path) -> None:
    make_feedback(graded, MODULE)
    path = graded / "gradebook.db"
    path.chmod(0o400)
    done = without_rights("feedback", MODULE, "--release", "--root", str(graded))
    path.chmod(0o600)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "may only be read" in done.stderr
    assert states(graded)[READ_BY_ALL] == READ


# The exchange ---------------------------------------------------------------------------


@pytest.fixture
def exchange(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange"
    (folder / "alongside").mkdir(parents=True)
    return folder


def put_out(exchange: Path) -> list[str]:
    return [path.read_text() for path in (exchange / "alongside" / "feedback").glob("*.html")]


def test_only_what_is_finished_goes_into_the_exchange(
    graded: Path, exchange: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = graded / "submitted" / READ_BY_ALL / MODULE / "submission_secret.txt"
    secret.write_text("fedcba9876543210" * 2)
    arguments = ["feedback", MODULE, "--exchange", str(exchange), "--root", str(graded)]
    assert main(arguments) == 0
    assert put_out(exchange) == [page(graded, READ_BY_ALL)]
    out = capsys.readouterr().out
    assert "1 feedback page is in the shared folder" in out
    assert "1 finished one counts as sent" in out
    assert states(graded) == {READ_BY_ALL: RELEASED, WAITS: DRAFT}
    by_trainer(graded, WAITS, 3, "Well asked.")
    assert main([*arguments, "--changed"]) == 0
    assert len(put_out(exchange)) == 2
    assert not any("This is a draft" in text for text in put_out(exchange))


def test_what_nbgrader_releases_is_remembered_and_a_draft_is_not(
    graded: Path, exchange: Path
) -> None:
    make_feedback(graded, MODULE)
    release_to_exchange(graded, MODULE, exchange)
    assert any("This is a draft" in text for text in put_out(exchange))
    assert states(graded) == {READ_BY_ALL: RELEASED, WAITS: DRAFT}


# What a trainer reads -------------------------------------------------------------------


def told(course: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["feedback", MODULE, "--root", str(course), *more]) == 0
    return capsys.readouterr().out


def test_the_list_of_what_to_send(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(graded, capsys)
    assert f"feedback-bundles/{FINAL} (new)" in said
    assert DRAFTED not in said
    assert "1 has replies that no trainer has read yet. Theirs is a draft." in said
    assert "--release" in said
    said = told(graded, capsys, "--release")
    assert f"feedback-bundles/{FINAL} (new)" in said
    assert "1 finished file counts as sent now." in said
    assert "New to send: 0." in told(graded, capsys)
    change_first_move(graded, 2.0)
    assert f"feedback-bundles/{FINAL} (changed since you sent it)" in told(graded, capsys)


def test_the_list_for_a_program(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {one["trainee"]: one for one in json.loads(told(graded, capsys, "--json"))}
    assert [(one["state"], one["new"]) for one in found.values()] == [(READ, True), (DRAFT, False)]
    found = json.loads(told(graded, capsys, "--json", "--release", "--only-finished"))
    assert [(one["state"], one["new"]) for one in found] == [(RELEASED, True), (DRAFT, False)]
    assert json.loads(told(graded, capsys, "--json", "--changed")) != found


# The trainee's side ---------------------------------------------------------------------


def content(course: Path, trainee: str = WAITS) -> bytes:
    done = make_feedback(course, MODULE, wanted=Wanted(frozenset({trainee})))
    return done[0].bundle.read_bytes()


def numbers(course: Path) -> dict[str, Any]:
    make_feedback(course, MODULE)
    with zipfile.ZipFile(course / "feedback-bundles" / FINAL) as packed:
        return json.loads(packed.read("feedback.json"))


@fault(
    HOME,
    "An older draft is opened after the final feedback",
    "The final feedback stays, and one line says so.",
)
def test_a_final_one_takes_the_place_of_a_draft_and_never_the_other_way(graded: Path) -> None:
    draft = content(graded)
    by_trainer(graded, WAITS, 3, "Well asked.")
    final = content(graded)
    keep_feedback(this_learner(), draft)
    assert released.released(own_home(), MODULE).draft
    keep_feedback(this_learner(), final)
    assert not released.released(own_home(), MODULE).draft
    with pytest.raises(HandInError, match="you have the final feedback on this already"):
        keep_feedback(this_learner(), draft)
    kept = places.own_home().feedback_page(MODULE).read_text(encoding="utf-8")
    assert "Well asked." in kept
    keep_feedback(this_learner(), final)  # the same once more does no harm


def test_a_draft_on_a_later_hand_in_is_taken(graded: Path) -> None:
    by_trainer(graded, WAITS, 3, "Well asked.")
    keep_feedback(this_learner(), content(graded))
    folder = submit(graded, WAITS, answers_json(FULL | {"own-words": "Call them."}))
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
    grade(graded, MODULE)
    keep_feedback(this_learner(), content(graded))
    assert released.released(own_home(), MODULE).draft


@fault(
    HOME,
    "Feedback on an earlier hand-in is opened after feedback on a later one",
    "The later one stays, and one line says so, and what to do if the earlier one counts.",
)
def test_feedback_on_an_earlier_hand_in_never_replaces_a_later_one(graded: Path) -> None:
    by_trainer(graded, WAITS, 3, "Well asked.")
    earlier = content(graded)
    folder = submit(graded, WAITS, answers_json(FULL | {"own-words": "Call them."}))
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
    grade(graded, MODULE)
    by_trainer(graded, WAITS, 2, "Ask more.")
    later = content(graded)
    keep_feedback(this_learner(), earlier)
    keep_feedback(this_learner(), later)
    with pytest.raises(HandInError, match="feedback on a later hand-in here already") as said:
        keep_feedback(this_learner(), earlier)
    kept = places.own_home().feedback_page(MODULE)
    assert "Ask more." in kept.read_text(encoding="utf-8")
    assert str(places.own_home().feedback_numbers(MODULE)) in str(said.value)
    keep_feedback(this_learner(), later)  # the same once more does no harm
    places.own_home().feedback_numbers(MODULE).unlink()  # as the line says
    keep_feedback(this_learner(), earlier)
    assert "Well asked." in kept.read_text(encoding="utf-8")


def test_a_file_of_an_older_course_is_taken_still(graded: Path, tmp_path: Path) -> None:
    old, facts = tmp_path / "old-feedback.zip", numbers(graded)
    for name in ("handed_in", "edition"):
        del facts[name]
    with zipfile.ZipFile(old, "w") as packed:
        packed.writestr("feedback.html", page(graded, READ_BY_ALL))
        packed.writestr("feedback.json", json.dumps(facts))
    assert keep_feedback(this_learner(), old.read_bytes()) == [MODULE]
    assert (
        released.released(own_home(), MODULE).handed_in,
        released.released(own_home(), MODULE).edition,
    ) == ("", "")


@pytest.mark.parametrize("odd", [7, None, ["x"], "x" * 65])
def test_odd_facts_in_a_file_are_refused(graded: Path, odd: Any) -> None:
    for name in ("handed_in", "edition"):
        with pytest.raises(ValueError, match="no numbers"):
            feedback.parse(json.dumps(numbers(graded) | {name: odd}))


# Where there is nothing to send ---------------------------------------------------------


@fault(
    GRADE,
    "Only finished or changed feedback is asked for, and there is none",
    "It says so: all wait for a person, or nothing has changed. That is no failure.",
)
def test_why_there_is_nothing_to_send_is_said(
    graded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(graded, capsys, "--release")
    said = told(graded, capsys, "--changed")
    assert "Nothing has changed since it was written or sent." in said
    assert "alongside grade" not in said
    said = told(graded, capsys, "--only-finished", "--trainee", WAITS)
    assert "Theirs is not written yet." in said
    assert "None is finished yet: all wait for a person to read replies." in said
    assert "alongside grade" not in said
    said = told(graded, capsys, "--only-finished", "--changed")
    assert "Nothing that is finished has changed. The others wait for a person." in said
    assert "alongside grade" not in said


@fault(
    GRADE,
    "Feedback is asked for somebody whose hand-in is not graded, or not there",
    "One line says which of the two it is, and does not take the code for a slip.",
)
def test_a_code_that_is_known_is_no_slip(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (graded / "roster.csv").write_text("id\ntrainee-018\n")
    submit(graded, "trainee-019", BEST)
    for trainee, why in {
        "trainee-018": "nothing they handed in is here",
        "trainee-019": "it is handed in; run 'alongside grade' first",
    }.items():
        assert main(["feedback", MODULE, "--root", str(graded), "--trainee", trainee]) == 1
        said = capsys.readouterr().err
        assert f"nothing of '{trainee}' is graded yet" in said
        assert why in said
        assert "did you mean" not in said
