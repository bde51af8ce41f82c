"""Second marks on the trainers' server: nothing tells of the first, until the second is given."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.cohort import MODULE
from helpers.desks import TYPED, desk_with, let_two_mark_all, mark_of, reading_of
from helpers.servers import Server, serving
from helpers.visitor import Visitor, visitor

from grader.desk.deciding import MARK, Wish, decide
from grader.desk.place import Desk

ADVICE = "You should just call the landlord."
REASON = "Too much advice for one line."
HEARD = "directive_advice"


@pytest.fixture(scope="module")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    course = tmp_path_factory.mktemp("second") / "course"
    shutil.copytree(prepared, course)
    desk = desk_with(course, {f"trainee-{number:03}": ADVICE for number in range(1, 7)})
    let_two_mark_all(desk)
    return desk


@pytest.fixture(scope="module")
def server(desk: Desk) -> Iterator[Server]:
    with serving(desk.root.parent / "home", "teach", "--root", str(desk.root)) as running:
        yield running


@pytest.fixture
def ben(server: Server) -> Visitor:
    ben = visitor(server)
    ben.send("desk/name", who="Ben <b>")
    return ben


@pytest.fixture
def ana(server: Server) -> Visitor:
    ana = visitor(server)
    ana.send("desk/name", who="Ana")
    return ana


def marked(desk: Desk, trainee: str) -> str:
    """Mark a reply as Ana, and return the end of its addresses."""
    shown = reading_of(desk, trainee)
    wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, 3.5, REASON, (HEARD,))
    assert decide(desk, "Ana", MARK, [wish]).done == 1
    return f"{MODULE}/{TYPED}/{shown.notebook}"


def give(ben: Visitor, path: str, points: str, **more: str) -> str:
    grade = ben.open(f"desk/second/{path}").value("grade")
    done = ben.send(f"desk/second/{path}", do="mark", grade=grade, points=points, **more)
    assert done.status == 303
    return ben.follow(done).text


def test_nothing_on_the_page_tells_of_the_first_mark_or_a_suggestion(
    ana: Visitor, ben: Visitor, desk: Desk
) -> None:
    path = marked(desk, "trainee-001")
    assert "Ana" in ana.open(f"desk/mark/{path}").text
    for address in (f"desk/second/{path}", f"desk/mark/{path}", f"desk/mark/{path}?who=1"):
        text = ben.open(address).text
        assert "Second mark: reply" in text, address
        assert ADVICE in text
        for told in ("Ana", "3.5", REASON, "Suggested", "telling what to do]", "Marked:"):
            assert told not in text, (address, told)
    overview = ben.open("desk").text
    assert "For a second mark" in overview
    assert f"desk/second/{MODULE}/{TYPED}" in overview
    assert "For a second mark" not in ana.open("desk").text


def test_two_who_differ_see_both_reasons_and_either_settles_it(
    ana: Visitor, ben: Visitor, desk: Desk
) -> None:
    path = marked(desk, "trainee-002")
    assert "You two see this differently" not in ben.open("desk").text
    give(ben, path, "1,5", comment="He asked <b>nothing</b>.", act="open_question")
    assert mark_of(desk, "trainee-002").points == 3.5
    for who in (ana, ben):
        assert f"desk/differ/{path}" in who.open("desk").text
        page = who.open(f"desk/differ/{path}")
        for told in ("Ana: 3.5 of 4", "Ben &lt;b&gt;: 1.5 of 4", REASON, "open question"):
            assert told in page.text
        assert "He asked &lt;b&gt;nothing&lt;/b&gt;." in page.text
    late = ana.send(f"desk/differ/{path}", seen=page.value("seen"), points="9", comment="Kept.")
    assert late.status == 422
    assert "Points here go from 0 to 4." in late.text
    assert "Kept.</textarea>" in late.text
    done = ana.send(f"desk/differ/{path}", seen=page.value("seen"), points="2", comment="Agreed.")
    assert "Settled: 2 of 4." in ana.follow(done).text
    assert (mark_of(desk, "trainee-002").points, mark_of(desk, "trainee-002").comment) == (
        2.0,
        "Agreed.",
    )
    assert f"desk/differ/{path}" not in ben.open("desk").text
    assert "for the two who marked it" in ana.open(f"desk/differ/{path}").text
    assert "Taken back: 1 decision." in ana.follow(ana.send("desk/undo")).text
    assert f"desk/differ/{path}" in ben.open("desk").text


def test_points_out_of_range_keep_what_was_typed_and_ticked(ben: Visitor, desk: Desk) -> None:
    path = marked(desk, "trainee-003")
    grade = ben.open(f"desk/second/{path}").value("grade")
    told = ben.send(
        f"desk/second/{path}", do="mark", grade=grade, points="7", comment="Mine.", act="boundary"
    )
    assert told.status == 422
    assert "Points here go from 0 to 4." in told.text
    assert "Mine.</textarea>" in told.text
    assert 'value="boundary" checked' in told.text
    assert "3.5" not in told.text


def test_undo_brings_the_reply_back_to_be_marked_anew(ben: Visitor, desk: Desk) -> None:
    path = marked(desk, "trainee-004")
    give(ben, path, "1")
    again = ben.follow(ben.send(f"desk/second/{path}", do="undo"))
    assert "Taken back: 1 decision." in again.text
    assert ben.open(f"desk/second/{path}").value("grade")
    give(ben, path, "3")


def test_who_saw_the_first_mark_is_not_asked_again(ben: Visitor, desk: Desk) -> None:
    path = marked(desk, "trainee-005")
    give(ben, path, "1")
    assert REASON in ben.open(f"desk/mark/{path}").text
    assert "Taken back: 1 decision." in ben.follow(ben.send("desk/undo")).text
    assert "Second mark: reply" not in ben.open(f"desk/mark/{path}").text


def test_acts_are_ticked_with_a_first_mark_too(ana: Visitor, ben: Visitor, desk: Desk) -> None:
    path = f"{MODULE}/{TYPED}/{reading_of(desk, 'trainee-006').notebook}"
    page = ana.open(f"desk/mark/{path}")
    fields = {"do": "mark", "seen": page.value("seen"), "points": "2", "act": [HEARD, "nonsense"]}
    assert ana.send(f"desk/mark/{path}", **fields).status == 303
    give(ben, path, "2", act="boundary")
    text = ana.open(f"desk/differ/{path}").text
    assert "Heard: telling what to do." in text
    assert "Heard: stating a limit." in text


def test_agreement_is_a_page_of_plain_sentences(ana: Visitor, desk: Desk) -> None:
    page = ana.open("desk/agreement")
    assert page.status == 200
    assert "first and second marker" in page.text
    assert "Too few to say. It takes 20 pairs." in page.text
    assert "Of 100 marked replies, 100 go" in page.text
    assert "desk/agreement" in ana.open("desk").text


@pytest.mark.parametrize("what", ["second", "differ"])
def test_a_forged_message_is_refused(ben: Visitor, desk: Desk, what: str) -> None:
    book = reading_of(desk, "trainee-001").notebook
    ben.cookies.pop("_xsrf", None)
    path = f"desk/{what}/{MODULE}/{TYPED}/{book}"
    assert ben.send(path, do="mark", points="4").status == 403
