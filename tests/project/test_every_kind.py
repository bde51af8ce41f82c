"""Every kind on its whole way: card, hand-in, marks, trainer's notebook and feedback page."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from helpers.cohort import MODULE, make_course
from helpers.content import course_facts, course_skills, items_of
from helpers.every_kind import ITEMS, SCORED, UNSCORED, bank, best, submit
from helpers.wire import Wire

from grader import places
from grader.cards import desk
from grader.cards.question import QuestionCard
from grader.cards.talk import Talk
from grader.demo.answers import ATTACK, EARLY, EMPTY, HOSTILE, MIXED, STRONG, answer
from grader.errors import GradingError
from grader.formats import answers
from grader.kinds.registry import KINDS
from grader.kinds.scoring import is_automatic, model_response, score_response
from grader.kinds.views import public_view
from grader.places import Course, Learner, own_course, own_home, this_learner
from grader.server import pages
from grader.trainee import hand_in
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.grading import grade
from grader.trainer.marking.sheet import fill, load_sheet, mark_submission
from grader.trainer.report.exports import rows_of

TYPED = {"reply", "conversation"}
HURT = "I can't go on like this."


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_course(tmp_path_factory.mktemp("every-kind") / "course", bank(*SCORED))
    submit(root, "trainee-001", best())
    hostile = {ITEMS[kind].id: answer(HOSTILE, 1, ITEMS[kind]) for kind in SCORED}
    submit(root, "trainee-002", hostile)
    submit(root, "trainee-003", {})
    grade(root, MODULE)
    make_feedback(root, MODULE)
    return root


# --- a trainer's mark


def change_step(steps: list[dict[str, str]], place: int, **new: str) -> list[dict[str, str]]:
    return [step | new if at == place else step for at, step in enumerate(steps)]


WHOLE_TALK = model_response(ITEMS["conversation"])
LINE = WHOLE_TALK[1]["text"]


LONGER = pytest.mark.full


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        pytest.param(
            change_step(WHOLE_TALK, 1, text=f" {LINE.replace(' ', chr(10))} "), True, id="spaces"
        ),
        pytest.param(change_step(WHOLE_TALK, 1, text=f"{LINE} Really?"), False, id="typed"),
        pytest.param(change_step(WHOLE_TALK, 0, at="12:30"), True, id="other facts", marks=LONGER),
        pytest.param(change_step(WHOLE_TALK, 0, pick="a"), False, id="picked", marks=LONGER),
        pytest.param(WHOLE_TALK[:-1], False, id="shorter", marks=LONGER),
        pytest.param([], False, id="empty", marks=LONGER),
    ],
)
def test_a_mark_on_a_talk_belongs_to_all_that_was_said_in_it(
    tmp_path: Path, steps: list[dict[str, str]], kept: bool
) -> None:
    from nbgrader.api import Gradebook

    root, name = make_course(tmp_path / "course", bank("conversation")), ITEMS["conversation"].id
    url = default_db_url(root)
    folder = submit(root, "trainee-001", {name: WHOLE_TALK})
    grade(root, MODULE)
    with Gradebook(url, "alongside") as nbgrader:
        mark = nbgrader.find_grade(f"{name}-mark", "exercise", MODULE, "trainee-001")
        mark.manual_score, mark.needs_manual_grade = 4.0, False
        nbgrader.db.commit()
    shutil.rmtree(folder)
    folder = submit(root, "trainee-001", {name: steps})
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
    (done,) = grade(root, MODULE)
    assert (done.points, done.waiting) == ((4.0, 0) if kept else (0.0, 1))


def page(course: Path, trainee: str) -> str:
    path = course / "feedback" / trainee / MODULE / "exercise.html"
    return path.read_text(encoding="utf-8")


# --- marks


def test_model_answers_earn_all_and_only_what_is_typed_waits(course):
    marks = mark_submission(load_sheet(course, MODULE), course / "submitted/trainee-001" / MODULE)
    found = {mark.place.item.kind: mark for mark in marks.marks}
    assert {kind for kind, mark in found.items() if mark.waits} == TYPED
    for kind in set(SCORED) - TYPED:
        assert found[kind].auto_score == ITEMS[kind].points


def test_who_answered_nothing_gets_nothing_and_waits_for_nobody(course):
    marks = mark_submission(load_sheet(course, MODULE), course / "submitted/trainee-003" / MODULE)
    assert {mark.auto_score for mark in marks.marks} == {0.0}


@pytest.mark.parametrize("odd", [7, "zz", ["zz"], {"zz": "zz"}, [{"zz": 1}], [[[[[[]]]]]]])
def test_answers_of_any_other_shape_earn_nothing_and_stop_nobody(course, tmp_path, odd):
    folder = submit(tmp_path, "trainee-009", dict.fromkeys(best(), odd))
    sheet = load_sheet(course, MODULE)
    marks = mark_submission(sheet, folder)
    automatic = [mark for mark in marks.marks if is_automatic(mark.place.item)]
    assert {mark.auto_score for mark in automatic} == {0.0}
    assert fill(sheet, marks)["cells"]


@pytest.mark.parametrize("kind", UNSCORED)
def test_what_is_never_scored_is_refused_among_graded_items(tmp_path, kind):
    root = make_course(tmp_path, bank("choice"))
    path = root / "solutions" / MODULE / "items.yaml"
    text = bank(kind).replace("SKILL", next(iter(course_skills())))
    path.write_text(text.replace("FACT", next(iter(course_facts()))), encoding="utf-8")
    with pytest.raises(GradingError, match=f"{kind!r} is for practice only; move it to course"):
        load_sheet(root, MODULE)


def test_the_table_of_marks_has_a_column_for_every_item(course):
    rows = {row["trainee"]: row for row in rows_of(course, default_db_url(course))}
    for kind in SCORED:
        waits = kind in TYPED
        assert rows["trainee-001"][ITEMS[kind].id] == ("" if waits else ITEMS[kind].points)
    assert rows["trainee-001"]["waiting_for_trainer"] == 2


# --- what trainers and trainees read


def test_the_trainer_reads_every_answer_and_the_acts_of_a_talk(course):
    sheet = load_sheet(course, MODULE)
    marks = mark_submission(sheet, course / "submitted/trainee-001" / MODULE)
    text = json.dumps(fill(sheet, marks), ensure_ascii=False)
    for words in ("1. Say hello.", "→ A nurse", "A question → How was it?", "Ben: I never sleep"):
        assert words in text
    assert "reflecting back, open question" in text
    assert "That sounds painful. What was it like before?" in text


def test_a_feedback_page_explains_every_part(course):
    text = page(course, "trainee-001")
    assert not re.findall("KEY-[a-z-]*early|KEY-[a-z]*-tell", text)
    for key in (
        *("choice-best", "choices-awake", "order-start", "order-better", "sort-both"),
        *("match-order", "spot-best", "reply-wanted", "talk-worry-best", "talk-end-warm"),
    ):
        assert f"KEY-{key}" in text
    assert "Looking back at this talk" in text
    assert "What opened the talk" in text
    assert "reflecting back, open question" in text


def test_a_feedback_page_keeps_the_suggested_points_of_a_talk_to_itself(course):
    talk = page(course, "trainee-001").split("Keep Noor company.")[1]
    assert "Your trainer has not read this yet." in talk
    assert "of 6 points" not in talk.split("</section>")[0]


def test_nothing_that_was_typed_in_a_talk_runs(course):
    sheet = load_sheet(course, MODULE)
    marks = mark_submission(sheet, course / "submitted/trainee-002" / MODULE)
    for text in (page(course, "trainee-002"), json.dumps(fill(sheet, marks))):
        assert "&lt;script&gt;" in text
        assert ATTACK not in text
        assert "<script" not in text


@pytest.fixture
def learner(course: Path) -> Learner:
    """Take the exercise of every kind."""
    return Learner(own_home(), Course(own_course().lessons, course / "exercises"))


@pytest.fixture
def at_home(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Open the exercise of every kind as a trainee."""
    pages.prepare_home(learner)
    folder = places.own_home().exercise_folder(MODULE)
    monkeypatch.chdir(folder)
    return folder


def test_the_hand_in_shows_every_answer_in_words(at_home, learner):
    for kind in SCORED:
        item = ITEMS[kind]
        path = at_home / places.ANSWERS
        answers.save_response(path, MODULE, item.id, kind, model_response(item))
    seen = hand_in.overview(learner, MODULE)
    assert seen["answered"] == seen["total"] == len(SCORED)
    text = "\n".join(line["answer"] for line in seen["lines"])
    for words in ("1. Say hello.", "→ A nurse", "You: What would you write?", "Ben: I never sleep"):
        assert words in text
    assert all(line["question"] for line in seen["lines"])


def test_what_is_never_scored_is_not_sent_even_where_a_file_was_changed(at_home, learner):
    path = at_home / "items.json"
    data = json.loads(path.read_text())
    data["items"].append(public_view(ITEMS["reflection"]))
    path.write_text(json.dumps(data))
    answers.save_response(
        at_home / places.ANSWERS, MODULE, "sample-reflection", "reflection", "Mine"
    )
    seen = hand_in.overview(learner, MODULE)
    assert seen["total"] == len(SCORED)
    sent = hand_in.contents(learner, MODULE, "trainee-001", hand_in.datetime.now(hand_in.UTC))
    assert b"Mine" not in b"".join(sent.values())


# --- cards


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / MODULE
    folder.mkdir()
    text = bank(*ITEMS).replace("SKILL", next(iter(course_skills())))
    text = text.replace("FACT", next(iter(course_facts())))
    (folder / "items.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def make_card(kind: str) -> Wire:
    here = desk.this_desk(this_learner(), Path.cwd())
    item, view = desk.find(here, ITEMS[kind].id)
    return Wire(QuestionCard(here, view, item))


def record_of(kind: str) -> Path:
    journal = KINDS[kind].private
    return (
        places.own_home().journal_record(MODULE)
        if journal
        else places.own_home().practice_record(MODULE)
    )


@pytest.mark.parametrize("kind", ITEMS)
def test_a_card_saves_explains_and_opens_again(lesson, kind):
    response = model_response(ITEMS[kind])
    receipt = make_card(kind).ask(type="check", response=response)
    assert receipt["type"] == "saved"
    assert receipt["result"]["reasons"]
    json.dumps(receipt)
    state = make_card(kind).ask(type="open")
    assert state["response"] == response
    assert state["result"] == receipt["result"]
    assert state["notice"] == ""


@pytest.mark.parametrize("kind", ITEMS)
def test_private_answers_go_to_the_journal_and_nowhere_else(lesson, kind):
    make_card(kind).ask(type="save", response=model_response(ITEMS[kind]))
    assert list(places.own_home().folder.rglob("*.json")) == [record_of(kind)]
    assert (record_of(kind).parent.name == "journal") is (kind in {"rating", "reflection"})


@pytest.mark.parametrize("kind", ITEMS)
@pytest.mark.parametrize("odd", [7, ["zz"], {"zz": "zz"}, [{"turn": "zz"}], "zz"])
def test_an_old_answer_that_no_longer_fits_is_kept_and_said(lesson, kind, odd):
    if kind in {"reply", "reflection"} and odd == "zz":
        return  # these are words, and always fit
    answers.save_response(record_of(kind), MODULE, ITEMS[kind].id, kind, odd)
    before = record_of(kind).read_bytes()
    card = make_card(kind)
    assert "has changed since you answered it" in card.ask(type="open")["notice"]
    assert record_of(kind).read_bytes() == before
    seen = card.receipts[-1]["response"]
    again = card.ask(type="save", response=model_response(ITEMS[kind]), seen=seen)
    assert again["type"] == "saved"


@pytest.mark.parametrize("kind", ITEMS)
def test_an_answer_to_another_kind_of_question_is_kept_and_said(lesson, kind):
    answers.save_response(record_of(kind), MODULE, ITEMS[kind].id, "older", ["a"])
    state = make_card(kind).ask(type="open")
    assert "has changed since you answered it" in state["notice"]
    assert state["response"] is None


def test_a_cleared_answer_is_no_changed_question(lesson):
    for kind, blank in {"choices": [], "sort": {}, "reply": " ", "conversation": []}.items():
        make_card(kind).ask(type="save", response=blank)
        assert make_card(kind).ask(type="open")["notice"] == ""


TALK = [{"turn": "hello", "pick": "b"}, {"turn": "worry", "text": f"That sounds painful. {HURT}"}]


def test_every_receipt_of_a_talk_says_where_it_stands(lesson):
    card = make_card("conversation")
    start = card.ask(type="open")["walk"]
    assert start["turn"]["id"] == "hello"
    assert [set(option) for option in start["turn"]["options"]] == [{"id", "text"}] * 3
    saved = card.ask(type="save", response=TALK[:1], seen=None)["walk"]
    assert saved["state"] == {"trust": 5, "feels_heard": 4, "pressure": 1, "own_ideas": 0}
    assert saved["changes"]["trust"] == 2
    assert saved["lines"][1] == {
        "who": "you",
        "name": "You",
        "text": "A long day. What made it so long?",
        "acts": ["reflecting back", "open question"],
        "phase": 1,
    }
    assert (saved["turn"]["asks"], saved["phase"], saved["ending"]) == ("reply", 2, None)


def test_going_back_is_saving_a_shorter_talk(lesson):
    card = make_card("conversation")
    card.ask(type="save", response=TALK)
    back = card.ask(type="save", response=TALK[:1], seen=TALK)
    assert back["type"] == "saved"
    assert back["walk"]["turn"]["id"] == "worry"


def test_another_window_s_talk_comes_with_where_it_stands(lesson):
    card = make_card("conversation")
    card.ask(type="save", response=TALK)
    other = card.ask(type="save", response=[{"turn": "hello", "pick": "a"}], seen=None)
    assert other["type"] == "changed"
    assert other["walk"]["turn"]["id"] == "idea"


def test_a_talk_in_an_exercise_runs_without_the_key(at_home):
    card = make_card("conversation")
    assert card.card.item is None
    receipt = card.ask(type="check", response=TALK)
    assert receipt["result"] is None
    assert receipt["walk"]["turn"]["id"] == "idea"


def test_the_end_of_a_talk_is_looked_back_at(lesson):
    steps = model_response(ITEMS["conversation"])
    result = make_card("conversation").ask(type="check", response=steps)["result"]
    assert dict(result["counts"])["asking"] == 4
    assert result["opened"][0]["why"] == "KEY-talk-hello-best"
    assert result["next"]["shown"] == "KEY-talk-end-warm"
    assert result["transcript"][-1]["text"] == "See you tomorrow."


def test_typed_despair_gets_a_careful_word(lesson):
    talk = make_card("conversation")
    lines = talk.ask(type="save", response=TALK)["walk"]["lines"]
    notes = [line["text"] for line in lines if line["who"] == "note"]
    assert any("help card" in note for note in notes)
    for kind in ("reflection", "reply"):
        card = make_card(kind)
        assert card.ask(type="open")["care"] == ""
        for message in ("save", "check"):
            assert "help card" in card.ask(type=message, response=HURT, seen=HURT)["care"]
        assert "help card" in make_card(kind).ask(type="open")["care"]


def test_chosen_words_bring_no_careful_word():
    view = public_view(ITEMS["conversation"])
    view["turns"][0]["options"][1]["text"] = HURT
    lines = Talk(view).shown(TALK[:1])["lines"]
    assert lines[1]["text"] == HURT
    assert not [line for line in lines if line["who"] == "note"]


def test_typed_replies_are_mirrored(lesson):
    make_card("conversation").ask(type="save", response=TALK)
    result = make_card("reply").ask(type="check", response="You should just go to bed.")["result"]
    counts = dict(result["mirror"])
    assert counts["fixing"] == 1
    assert counts["reflecting"] == 1
    assert "mirror" not in make_card("choice").ask(type="check", response="a")["result"]


# --- made-up trainees


@pytest.mark.parametrize("kind", SCORED)
@pytest.mark.parametrize("turn", range(6))
def test_made_up_trainees_answer_every_kind_by_their_profile(kind, turn):
    item = ITEMS[kind]
    earned = {
        profile: score_response(item, answer(profile, turn, item)).fraction
        for profile in (STRONG, MIXED, EARLY, EMPTY, HOSTILE)
    }
    if kind != "reply":  # their typed replies do not fit each scene
        assert earned[STRONG] == 1
    assert earned[EARLY] <= 0.5
    assert earned[EMPTY] == 0
    json.dumps(answer(HOSTILE, turn, item))


def test_the_samples_are_those_of_the_course_s_own_loader(lesson):
    assert list(items_of(lesson / "items.yaml")) == [item.id for item in ITEMS.values()]
