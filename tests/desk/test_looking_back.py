"""Look back at one trainee: what was handed in, marked, shared and decided, and nobody else's."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fault_page import TEXT, fault
from helpers.cohort import BEST, FULL, MODULE, answers_json, submit, write_bundle
from helpers.desks import TYPED, desk_with, reading_of
from helpers.payloads import payloads

from grader.desk.deciding import MARK, Wish, decide
from grader.desk.looking_back import HELD, UNREAD_SHARE, LookBack, OneModule, look_back
from grader.desk.pages import Frame, trainee_page
from grader.desk.place import Desk
from grader.errors import GradingError
from grader.formats.shared import PARTS, write_shared
from grader.trainer.collect.collect import collect
from grader.trainer.feedback.feedback import make_feedback, mark_released
from grader.trainer.feedback.states import CHANGED, DRAFT, READ, RELEASED
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade

WHO = "trainee-001"
FRAME = Frame("/", "Ana", "x")
ARABIC = "\u0645\u0631\u062d\u0628\u0627 \u202e\u0643\u064a\u0641"


def only(found: LookBack) -> OneModule:
    assert [one.name for one in found.modules] == [MODULE]
    return found.modules[0]


def page_of(desk: Desk, trainee: str = WHO) -> str:
    return str(trainee_page(desk, look_back(desk, trainee), FRAME))


def send(course: Path, folder: Path, day: int, answers: dict[str, Any], trainee: str = WHO) -> None:
    when = f"2026-03-{day:02}T09:00:00+00:00"
    collect(course, [write_bundle(folder / str(day), trainee, answers_json(answers), when)])


def mark(desk: Desk, points: float, comment: str = "", who: str = "Ana") -> None:
    shown = reading_of(desk, WHO)
    where = shown.notebook, shown.queue.cell
    decide(desk, who, MARK, [Wish(*where, shown.state.seen, points, comment)])


def test_all_hand_ins_stand_with_when_and_how_they_came_and_which_counts(
    course: Path, tmp_path: Path
) -> None:
    send(course, tmp_path, 1, {"first-move": "tell"})
    send(course, tmp_path, 2, BEST)
    desk = desk_with(course, {})
    one = only(look_back(desk, WHO))
    assert [(each.number, each.in_use) for each in one.hand_ins] == [(1, False), (2, True)]
    assert [each.handed_in[:10] for each in one.hand_ins] == ["2026-03-01", "2026-03-02"]
    assert all(each.source.endswith(".zip") for each in one.hand_ins)
    earned = {number: (each.points, each.most) for number, each in one.choices.items()}
    assert earned == {1: (1.0, 6.0), 2: (6.0, 6.0)}
    page = page_of(desk)
    assert "<td>1 of 6</td>" in page
    assert "<td>6 of 6</td><td><strong>in use</strong>" in page


def test_twenty_kept_hand_ins_all_stand_there(course: Path, tmp_path: Path) -> None:
    for day in range(1, 21):
        send(course, tmp_path, day, BEST | {"own-words": f"What helps, {day}?"})
    desk = desk_with(course, {})
    one = only(look_back(desk, WHO))
    assert [each.number for each in one.hand_ins] == list(range(1, 21))
    assert one.used is one.hand_ins[-1]
    assert page_of(desk).count(">6 of 6</td>") == 20


def test_what_waits_is_a_link_and_what_was_given_stands_with_its_comment(course: Path) -> None:
    desk = desk_with(course)
    link = f"desk/mark/{MODULE}/{TYPED}/{reading_of(desk, WHO).notebook}"
    page = page_of(desk)
    assert page.index("Waiting for you") < page.index(link)
    assert page.count(link) == 2
    mark(desk, 2.5, "Warm & plain.")
    page = page_of(desk)
    assert "Waiting for you" not in page
    assert page.count(link) == 1
    assert ": 2.5 of 4." in page
    assert "Warm &amp; plain.</blockquote>" in page
    assert re.search(r"UTC, <bdi>Ana</bdi>, Jon: .*no points yet before, 2.5 points then", page)


def test_a_mark_for_earlier_words_stands_beside_the_new_ones(course: Path) -> None:
    desk = desk_with(course)
    mark(desk, 3.0, "Open.")
    submit(course, WHO, FULL | {"own-words": "Quite other words."})
    grade(course, MODULE)
    page = page_of(desk)
    assert "For earlier words: 3 of 4." in page
    assert "Open.</blockquote>" in page
    assert ": waits." in page


def test_feedback_is_a_draft_then_read_then_released_then_changed(course: Path) -> None:
    desk = desk_with(course)

    def state() -> str:
        return only(look_back(desk, WHO)).feedback

    assert state() == DRAFT
    mark(desk, 3.0)
    assert state() == READ
    mark_released(desk.db_url, make_feedback(course, MODULE, desk.db_url))
    assert state() == RELEASED
    mark(desk, 1.0)
    assert state() == CHANGED


def test_what_was_handed_in_since_grading_is_said(course: Path, tmp_path: Path) -> None:
    desk = desk_with(course)
    send(course, tmp_path, 9, FULL)
    one = only(look_back(desk, WHO))
    assert one.feedback == HELD
    assert "handed in again after grading" in page_of(desk)


def test_what_is_not_graded_yet_stands_there_without_marks(course: Path, tmp_path: Path) -> None:
    send(course, tmp_path, 1, FULL)
    desk = Desk(course, local_db_url(course))
    assert only(look_back(desk, WHO)).entry is None
    assert "not graded" in page_of(desk)


def test_who_handed_in_nothing_is_somebody_where_the_roster_says_so(course: Path) -> None:
    (course / "roster.csv").write_text("id\ntrainee-001\ntrainee-099\n")
    desk = desk_with(course, {})
    assert look_back(desk, "trainee-099").modules == ()
    assert "Nothing is handed in yet." in page_of(desk, "trainee-099")


@pytest.mark.parametrize("code", ["trainee-77", "x" * 64])
def test_a_code_that_nobody_has_is_said_with_the_nearest(course: Path, code: str) -> None:
    (course / "roster.csv").write_text("id\ntrainee-077\n")
    with pytest.raises(GradingError, match="Nobody has the code") as told:
        look_back(Desk(course, f"sqlite:///{course}/gradebook.db"), code)
    assert ("trainee-077" in str(told.value)) is (code == "trainee-77")


@pytest.mark.parametrize("code", ["", "..", "../exercises", "a/b", "<b>x</b>", "*", "y" * 500])
def test_what_can_be_no_code_reaches_no_folder(course: Path, code: str) -> None:
    with pytest.raises(GradingError, match="is not a trainee’s code"):
        look_back(Desk(course, f"sqlite:///{course}/gradebook.db"), code)


def test_a_long_code_has_its_page(course: Path) -> None:
    code = "w" * 64
    desk = desk_with(course, {code: "What helps?"})
    assert f"<bdi>{code}</bdi>" in page_of(desk, code)


def test_a_damaged_hand_in_is_told_and_its_page_stands(course: Path) -> None:
    submit(course, WHO, b"{broken")
    desk = desk_with(course, {})
    one = only(look_back(desk, WHO))
    assert one.feedback == DRAFT
    assert one.choices == {}
    assert one.why
    assert unescape(page_of(desk)).count(one.why) >= 1


def test_a_kept_file_that_is_damaged_leaves_the_others(course: Path, tmp_path: Path) -> None:
    for day in (1, 2):
        send(course, tmp_path, day, BEST | {"own-words": str(day)})
    (course / "history" / WHO / MODULE / "1.zip").write_bytes(b"no zip")
    one = only(look_back(desk_with(course, {}), WHO))
    assert len(one.hand_ins) == 2
    assert list(one.choices) == [2]


def share(course: Path, *texts: str) -> None:
    """Share texts in every part, each as a question and as what was written."""
    lines = [{"question": text, "answer": text} for text in texts]
    parts = dict.fromkeys(PARTS, lines)
    path = course / "submitted" / WHO / MODULE / "shared.json"
    path.write_bytes(write_shared(MODULE, parts))


def test_what_was_shared_stands_as_text_whichever_way_it_runs(course: Path) -> None:
    desk = desk_with(course)
    share(course, ARABIC)
    page = page_of(desk)
    for heading in ("My self-ratings", "My next steps", "What I wrote for myself"):
        assert heading in page
    assert page.count(f'<dd class="dk-words" dir="auto">{ARABIC}</dd>') == 3


def test_what_was_shared_and_cannot_be_read_is_said(course: Path) -> None:
    desk = desk_with(course)
    path = course / "submitted" / WHO / MODULE / "shared.json"
    path.write_text(json.dumps({"format": 1, "module": MODULE, "parts": {"marks": []}}))
    assert only(look_back(desk, WHO)).trouble == UNREAD_SHARE
    assert UNREAD_SHARE in page_of(desk)


@fault(
    TEXT,
    "One of these texts stands where you look back at a trainee: shared, as a comment or a name",
    "It is shown as plain text, in whichever direction it runs.",
)
def test_hostile_texts_are_escaped_wherever_they_stand(course: Path) -> None:
    desk = desk_with(course)
    share(course, *payloads())
    mark(desk, 1.0, "<b>&", who="<i>Ana</i>")
    page = page_of(desk)
    found = re.findall(r"<(?:dt|dd)[^>]*>(.*?)</(?:dt|dd)>", page, re.DOTALL)
    shared = only(look_back(desk, WHO)).shared
    written = [part for one in shared for line in one.lines for part in line]
    assert len(written) == 2 * len(PARTS) * len(payloads())
    assert [unescape(one) for one in found] == written
    assert not any("<" in one for one in found)
    assert "<b>" not in page
    assert "<i>" not in page
    assert page.count("&lt;b&gt;&amp;") == 2


def test_nobody_else_s_folders_are_opened(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, opened, scandir = desk_with(course), [], os.scandir

    def watched(path: Any = ".") -> Any:
        opened.append(str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", watched)
    look_back(desk, WHO)
    assert [one for one in opened if "trainee-00" in one and WHO not in one] == []
    assert any(WHO in one for one in opened)
