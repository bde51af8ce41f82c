"""The drawing of each module's place: it belongs to the page's colours, and nothing in it runs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from grader.content.syllabus import SCENES, load_syllabus
from grader.errors import ContentError
from grader.html.templating import TEMPLATES, render_template
from grader.places import Course, own_course
from grader.trainee.course_map import place_of


def test_every_scene_is_drawn_and_no_drawing_is_left_over():
    assert {path.name.split(".")[0] for path in (TEMPLATES / "scenes").glob("*.j2")} == set(SCENES)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_decoration_in_the_page_s_own_colour(scene):
    drawn = str(render_template(f"scenes/{scene}.svg.j2"))
    whole = ElementTree.fromstring(drawn)  # noqa: S314 - our own file
    assert (whole.get("aria-hidden"), whole.get("focusable")) == ("true", "false")
    assert whole.get("fill") == "currentColor"
    assert {node.tag for node in whole.iter()} == {"svg", "g", "path"}
    names = {name for node in whole.iter() for name in node.attrib}
    assert names <= {"class", "viewBox", "width", "height", "fill", "aria-hidden", "focusable",
                     "d", "opacity", "transform"}  # fmt: skip
    assert len(drawn) <= 5_000


def test_each_module_of_the_course_has_a_place_of_its_own():
    found = load_syllabus(own_course())
    assert len(set(found.scenes.values())) == len(found.titles)
    assert "" not in found.scenes.values()
    assert [found.colour(module) for module in found.titles] == list(range(1, 11))
    assert found.colour("99-none") == 0


def test_the_first_page_of_a_module_opens_with_its_place_and_all_have_its_colour():
    course = own_course()
    first = place_of(course, "07-advice/1-four-principles.ipynb")
    later = place_of(course, "07-advice/2-watch-outs.ipynb")
    exercise = place_of(course, "exercises/07-advice/exercise.ipynb")
    assert (first.scene, later.scene, exercise.scene) == ("launderette", "", "")
    assert {first.colour, later.colour, exercise.colour} == {7}
    assert place_of(course, "glossary.ipynb").colour == 0


def test_a_scene_that_nobody_drew_is_said_with_its_line(tmp_path):
    lines = "modules:\n  - slug: 01-a\n    title: A\n    scene: bus-depo\n"
    (tmp_path / "modules.yaml").write_text(f"{lines}pass:\n  share: 50\n  must_hand_in: all\n")
    with pytest.raises(ContentError) as caught:
        load_syllabus(Course(tmp_path, tmp_path))
    assert "modules.yaml:4: scene: 'bus-depo' is not drawn; did you mean 'bus-depot'?" in str(
        caught.value
    )
