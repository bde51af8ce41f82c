"""Tests of grader.author.new: an author begins an item, and it loads as it stands."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY

from grader.author.new import find_file, ids_in, new_item, template
from grader.cli import main
from grader.errors import AuthoringError
from grader.html.sketch import graph_lines, graph_svg, layers, sketch_html
from grader.kinds.registry import KINDS
from grader.kinds.scoring import model_response, score_response


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    (folder / "07-advice").mkdir(parents=True)
    shutil.copy(REPOSITORY / "course" / "07-advice" / "items.yaml", folder / "07-advice")
    shutil.copy(REPOSITORY / "course" / "modules.yaml", folder)
    return folder


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    folder = tmp_path / "solutions"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_loads_and_its_model_answer_earns_all(course, solutions, kind):
    new = new_item(kind, "08-groups/late-bus", course, solutions, graded=False)
    item = items_of(new.path)["late-bus"]
    assert item.kind == kind
    if KINDS[kind].scored:
        assert score_response(item, model_response(item)).points == item.points


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_explains_itself(kind):
    notes = [line for line in template(kind).splitlines() if line.strip().startswith("#")]
    assert len(notes) >= 3


def test_a_new_item_stands_after_the_others(course, solutions):
    before = (course / "07-advice" / "items.yaml").read_text()
    new = new_item("choice", "07-advice/late-bus", course, solutions, graded=False)
    after = new.path.read_text()
    assert after.startswith(before.rstrip("\n"))
    assert after.splitlines()[new.line - 1] == "- id: late-bus"
    assert list(items_of(new.path))[-1] == "late-bus"


def test_a_graded_item_goes_to_the_solutions(course, solutions):
    new = new_item("spot", "07-advice/late-bus", course, solutions, graded=True)
    assert new.path == solutions / "07-advice" / "items.yaml"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("choise 07-advice/late-bus", "did you mean 'choice'"),
        ("choice 7-advice/late-bus", "did you mean '07-advice'"),
        ("choice 07-advice", "07-advice/late-bus"),
        ("choice 07-advice/../x", "small letters"),
        ("choice 07-advice/LateBus", "small letters"),
        ("choice 08-groups/advice-drawer-june", "choose another id"),
        ("reflection 07-advice/late-bus", "leave out --graded"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(course, solutions, asked, words):
    before = {path: path.read_bytes() for path in course.rglob("*.yaml")}
    with pytest.raises(AuthoringError, match=words):
        new_item(*asked.split(), course, solutions, graded=asked.startswith("reflection"))
    assert {path: path.read_bytes() for path in course.rglob("*.yaml")} == before
    assert not list(solutions.rglob("*.yaml"))


def test_an_installed_course_is_left_alone(course):
    with pytest.raises(AuthoringError, match="clone"):
        new_item("choice", "07-advice/late-bus", course, None, graded=False)


def test_an_item_is_found_in_a_file_with_mistakes(course, solutions):
    path = course / "07-advice" / "items.yaml"
    path.write_text(path.read_text().replace("kind: choice\n", "kind: choise\n", 1))
    assert find_file("advice-drawer-june", course, solutions) == path
    assert ids_in(path)["advice-drawer-june"] > 1
    with pytest.raises(AuthoringError, match="did you mean 'advice-drawer-june'"):
        find_file("advice-drawer-jun", course, solutions)


def test_show_prints_an_item_with_its_key(capsys):
    assert main(["show", "advice-drawer-june", "--text"]) == 0
    shown = capsys.readouterr().out
    assert "Sunil" in shown
    assert "points: 3" in shown


def test_showing_an_unknown_item_names_the_nearest(capsys):
    assert main(["show", "advice-drawer-jne", "--text"]) == 1
    assert "did you mean 'advice-drawer-june'?" in capsys.readouterr().err


def test_a_conversation_is_drawn_with_all_its_turns(course, solutions, capsys):
    new = new_item("conversation", "08-groups/late-bus", course, solutions, graded=False)
    graph = items_of(new.path)["late-bus"].graph
    text = "\n".join(graph_lines(graph))
    drawing = graph_svg(graph)
    for part in (*graph.turns, *graph.endings):
        assert f"[{part.id}]" in text
        assert f">{part.id}</text>" in drawing
    assert "→ sunday" in text


@pytest.fixture
def talk(course, solutions):
    new = new_item("conversation", "08-groups/late-bus", course, solutions, graded=False)
    return items_of(new.path)["late-bus"]


def words_at(drawing: str) -> list[tuple[str, float, float]]:
    """Return all words of a drawing with their places."""
    words = ElementTree.fromstring(drawing).iter("text")  # noqa: S314 - our own
    return [(each.text, float(each.get("x")), float(each.get("y"))) for each in words]


def test_points_stand_right_of_the_turn_that_gives_them(talk):
    graph = talk.graph
    words = words_at(graph_svg(graph))
    places = {name: (x, y) for name, x, y in words}
    boxes = len(graph.turns) + len(graph.endings)
    points = words[2 * boxes :]  # each box has two lines
    for turn in graph.turns:
        to = {outcome.goes_to for outcome in turn.outcomes} - {turn.id}
        ahead = [name for name in to if places[name][0] > places[turn.id][0]]
        x, y = places[turn.id]
        beside = [at for _, left, at in points if x < left < x + 100 and abs(at - y - 9) < 30]
        assert len(beside) == len(ahead)
        assert len(set(beside)) == len(beside)


def test_names_in_a_drawing_stay_words(talk):
    hostile = '"></svg><script>alert(1)</script>'
    graph = dataclasses.replace(talk.graph, peer=hostile)
    turn = dataclasses.replace(graph.turns[0], asks=hostile)
    graph = dataclasses.replace(graph, turns=(turn, *graph.turns[1:]))
    html = sketch_html(dataclasses.replace(talk, graph=graph))
    assert "<script" not in html
    assert html.count("</svg>") == 1
    assert "&lt;script&gt;" in html


def test_a_turn_that_nothing_leads_to_is_drawn_too(course, solutions):
    new = new_item("conversation", "08-groups/late-bus", course, solutions, graded=False)
    graph = items_of(new.path)["late-bus"].graph
    cut_off = dataclasses.replace(graph, start="week")
    assert [part.id for part in layers(cut_off)[-1] if not isinstance(part, str)] == [
        "hello",
        "sunday",
    ]
