"""Tests of grader.cards.face: the widgets without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.content import items_of
from helpers.wire import Wire

from grader import places
from grader.cards import desk, face, script
from grader.cards.question import QuestionCard
from grader.cards.sending import HandInCard
from grader.cards.widget import CardWidget
from grader.content import items as content
from grader.errors import GradingError, UnknownItemError
from grader.files import safe
from grader.formats import answers
from grader.kinds import scoring
from grader.kinds.registry import is_drawn
from grader.places import this_learner

MODULE = "07-advice"


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = places.own_course().lessons / MODULE
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def exercise(monkeypatch: pytest.MonkeyPatch) -> Path:
    from grader.server.pages import prepare_home

    prepare_home(this_learner())
    folder = places.own_home().exercise_folder(MODULE)
    monkeypatch.chdir(folder)
    return folder


def make_card(item_id: str) -> Wire:
    here = desk.this_desk(this_learner(), Path.cwd())
    item, view = desk.find(here, item_id)
    return Wire(QuestionCard(here, view, item))


def practice_item(kind: str) -> content.Item:
    bank = items_of(places.own_course().lessons / MODULE / "items.yaml")
    return next(item for item in bank.values() if item.kind == kind)


def test_a_save_is_on_disk_before_its_receipt(lesson):
    item = practice_item("choice")
    receipt = make_card(item.id).ask(type="save", response="b")
    saved = answers.read_record(places.own_home().practice_record(MODULE), MODULE)
    assert receipt["type"] == "saved"
    assert saved.response(item.id, "choice") == "b"


@pytest.mark.parametrize("kind", ["choice", "choices", "reply"])
def test_checking_explains_the_score(lesson, kind):
    item = practice_item(kind)
    receipt = make_card(item.id).ask(type="check", response=scoring.model_response(item))
    result = receipt["result"]
    assert result["points"] == result["max_points"]
    assert all(reason["text"] for reason in result["reasons"])


def test_a_new_kernel_restores_answer_and_feedback(lesson):
    item = practice_item("choice")
    make_card(item.id).ask(type="check", response="a")
    state = make_card(item.id).ask(type="open")
    assert state["response"] == "a"
    assert state["result"]["headline"]


def test_a_card_reads_the_record_again_when_a_page_connects(lesson):
    item = practice_item("choice")
    first, second = make_card(item.id), make_card(item.id)
    first.ask(type="save", response="c")
    assert second.ask(type="open")["response"] == "c"


def test_a_damaged_record_is_moved_aside_and_said(exercise):
    (exercise / "answers.json").write_text("{ cut")
    view = json.loads((exercise / "items.json").read_text())["items"][0]
    state = make_card(view["id"]).ask(type="open")
    assert "answers.json.damaged-1" in state["notice"]
    assert (exercise / "answers.json.damaged-1").read_text() == "{ cut"


def test_an_exercise_card_knows_no_key(exercise):
    view = json.loads((exercise / "items.json").read_text())["items"][0]
    wire = make_card(view["id"])
    assert wire.card.item is None
    assert not wire.card.facts()["feedback_now"]
    assert wire.ask(type="save", response="a")["result"] is None


def test_a_page_gets_an_item_exactly_as_the_file_has_it(exercise):
    views = json.loads((exercise / "items.json").read_text())["items"]
    view = next(view for view in views if not is_drawn(view["kind"]))
    sent = CardWidget(make_card(view["id"]).card).get_state("facts")["facts"]["view"]
    assert json.dumps(sent) == json.dumps(view)


def test_self_study_gives_feedback_in_an_exercise(exercise, monkeypatch):
    monkeypatch.setenv(places.SELF_STUDY_VARIABLE, "1")
    view = json.loads((exercise / "items.json").read_text())["items"][0]
    assert make_card(view["id"]).ask(type="check", response="a")["result"]["reasons"]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the HTML that a cell displays."""
    pieces: list[str] = []
    monkeypatch.setattr("IPython.display.display", lambda thing: pieces.append(thing.data))
    return pieces


def test_an_unknown_item_is_one_plain_sentence(lesson, shown):
    assert face.card("advice-no-such-item") is None
    assert len(shown) == 1
    assert "This module has no item &#x27;advice-no-such-item&#x27;" in shown[0]


def test_a_notebook_outside_our_pages_opens_with_the_help_card(shown):
    face.begin()
    assert "If you need help now" in shown[0]
    assert "local emergency number" in shown[0]


def test_an_unknown_item_names_the_nearest(lesson):
    item = practice_item("choice")
    with pytest.raises(UnknownItemError, match=f"did you mean '{item.id}'"):
        desk.find(desk.this_desk(this_learner(), Path.cwd()), item.id + "x")


def test_a_folder_that_cannot_be_written_is_refused_with_the_reason(lesson):
    places.own_home().practice_record(MODULE).parent.parent.mkdir(parents=True)
    places.own_home().practice_record(MODULE).parent.write_text("a file where a folder should be")
    receipt = make_card(practice_item("choice").id).ask(type="save", response="a")
    assert receipt["type"] == "refused"
    assert "could not be saved" in receipt["why"]


def test_record_says_on_the_trainees_side_that_a_trainer_marks(exercise, shown):
    view = json.loads((exercise / "items.json").read_text())["items"][0]
    assert face.record(view["id"]) is None
    assert "Your trainer marks this after you hand in." in shown[0]


def test_record_fails_closed_when_graded_without_a_key(exercise, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    view = json.loads((exercise / "items.json").read_text())["items"][0]
    with pytest.raises(GradingError):
        face.record(view["id"])


def test_cards_are_named_and_untouched_by_shortcuts_of_the_notebook():
    code = "".join(script.script(entry) for entry in script.ENTRIES)
    assert "data-lm-suppress-shortcuts" in code
    assert "innerHTML" not in code


def test_the_hand_in_card_tells_what_it_takes_before_anything_is_sent(exercise):
    state = Wire(HandInCard(this_learner(), MODULE)).ask(type="open")
    assert state["rule"] == "You pass this exercise with half of the points."


def test_a_card_is_heard_by_its_number_and_who_is_there(exercise):
    views = json.loads((exercise / "items.json").read_text())["items"]
    for number, view in enumerate(views, 1):
        who = view["stem"]["speaker"]
        heard = f"Exercise question {number}{f': {who}' if who else ''}"
        assert make_card(view["id"]).card.facts()["label"] == heard


def refused(receipt: dict) -> bool:
    return receipt["type"] == "refused" and receipt["why"].endswith((".", "?"))


@pytest.mark.parametrize(
    "message",
    [
        {"type": "sing"},
        {"type": None},
        {"type": ["open"]},
        {},
        {"type": "save"},  # of nothing
        {"type": "save", "response": object()},
    ],
)
def test_a_message_that_nobody_foresaw_is_refused_and_logged(lesson, caplog, message):
    receipt = make_card(practice_item("choice").id).ask(**message)
    assert refused(receipt)
    assert receipt["seq"] == 0
    assert caplog.records[-1].exc_info
    assert not places.own_home().practice_record(MODULE).exists()


def test_a_message_that_is_no_mapping_is_refused(lesson):
    receipt, files = make_card(practice_item("choice").id).card.receive("save")
    assert refused(receipt)
    assert not files


def test_a_receipt_that_cannot_be_sent_is_followed_by_a_refusal(lesson, caplog):
    widget, sent = CardWidget(make_card(practice_item("choice").id).card), []

    def send(message: dict, buffers: list | None = None) -> None:
        if message["type"] != "refused":
            raise TypeError("not JSON")
        sent.append(message)

    widget.send = send
    widget._receive(widget, {"type": "open", "seq": 7}, [])
    assert refused(sent[0])
    assert sent[0]["seq"] == 7
    assert caplog.records


def test_what_is_foreseen_is_refused_and_not_logged(exercise, caplog):
    receipt = Wire(HandInCard(this_learner(), MODULE)).ask(type="code", code="../x")
    assert refused(receipt)
    assert not caplog.records


@contextmanager
def just_before(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> Iterator[None]:
    """Let something happen between the moment a lock is asked for and the moment it is had."""
    locked, left = safe.locked, [act]

    @contextmanager
    def late(path: Path) -> Iterator[None]:
        if left:
            left.pop()()
        with locked(path):
            yield

    with monkeypatch.context() as patch:
        patch.setattr(safe, "locked", late)
        yield
    assert not left


def test_two_windows_that_save_one_answer_at_once_do_not_overwrite_each_other(lesson, monkeypatch):
    item = practice_item("choice")
    one, other = make_card(item.id), make_card(item.id)
    with just_before(monkeypatch, lambda: other.ask(type="save", response="a", seen=None)):
        receipt = one.ask(type="save", response="b", seen=None)
    assert (receipt["type"], receipt["response"]) == ("changed", "a")
    record = answers.read_record(places.own_home().practice_record(MODULE), MODULE)
    assert record.response(item.id, "choice") == "a"


def test_two_windows_that_check_one_answer_at_once_count_both_tries(lesson, monkeypatch):
    item = practice_item("choice")
    one, other = make_card(item.id), make_card(item.id)
    with just_before(monkeypatch, lambda: other.ask(type="check", response="a", seen=None)):
        one.ask(type="check", response="a", seen=None)
    record = answers.read_record(places.own_home().practice_record(MODULE), MODULE)
    assert record.answers[item.id].tries == 2


def test_many_windows_that_save_different_items_at_once_lose_nothing(lesson):
    bank = items_of(lesson / "items.yaml")
    names = [item.id for item in bank.values() if item.kind in ("choice", "reply")][:12]
    windows = {name: make_card(name) for name in names}
    said = {name: "b" if bank[name].kind == "choice" else f"Words on {name}" for name in names}
    with ThreadPoolExecutor(len(names)) as pool:
        receipts = pool.map(lambda n: windows[n].ask(type="save", response=said[n]), names)
        assert {receipt["type"] for receipt in receipts} == {"saved"}
    record = answers.read_record(places.own_home().practice_record(MODULE), MODULE)
    assert {name: record.response(name, bank[name].kind) for name in names} == said


def test_a_whole_record_that_another_window_wrote_is_not_moved_aside(lesson, monkeypatch):
    item = practice_item("choice")
    one, other = make_card(item.id), make_card(item.id)
    place = places.own_home().practice_record(MODULE)
    place.parent.mkdir(parents=True)
    place.write_text("{")
    with just_before(monkeypatch, lambda: other.ask(type="save", response="a")):
        assert one.ask(type="open")["response"] == "a"
    assert [path.name for path in place.parent.glob("*damaged*")] == [f"{place.name}.damaged-1"]
