"""Tests of grader.trainee.compass: ratings beside evidence, named only where the margin allows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from helpers.content import items_of
from helpers.feedback_file import NUMBERS
from helpers.ratings import framework, practise, rate
from helpers.wire import Wire

from grader import places
from grader.cards import compass as cards_compass
from grader.formats import answers
from grader.kinds.registry import is_scored
from grader.places import own_course, own_home, this_learner
from grader.skills import bank
from grader.skills.intervals import wilson
from grader.skills.profile import SkillProfile
from grader.trainee import compass, course_map, released
from grader.trainee.home import prepare_home

SKILL = "communication"


def profile_of(skill: str) -> SkillProfile:
    return next(one for one in compass.look(this_learner()).profiles if one.skill == skill)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_empty_folder_gives_a_calm_page():
    page = words(compass.skills_html(compass.look(this_learner())))
    assert "There is not enough practice yet to say anything." in page
    assert "strongest" not in page
    assert "How your own view has changed" not in page


def first_of(page: str) -> str:
    """Return what is shown before anything is opened."""
    return page.partition("<details")[0]


def test_three_sentences_come_first_and_each_names_a_skill():
    found = with_profiles(
        compass.look(this_learner()), communication=(1.0, 60), demeanour=(0.2, 60), teamwork=(1, 1)
    )
    first = first_of(compass.skills_html(found))
    titles = re.findall(r"<h2>(.*?)</h2>", first)
    assert titles == ["What goes well", "What to meet next", "What is not known yet"]
    _, well, later, unknown = (words(part) for part in first.split("<h2>"))
    assert "“Communication”" in well
    assert "“Manner”" in later
    assert "Working as a team : 2 answers more." in unknown
    assert first.count('<a href="') >= 2
    assert "%" not in words(first)


def test_figures_are_folded_and_drawn_once():
    found = with_profiles(compass.look(this_learner()), communication=(1.0, 60))
    page = compass.skills_html(found)
    assert "<svg" not in first_of(page)
    assert page.count("<svg") == 1
    assert page.count(compass.NOBODY) == 1


def test_practice_counts_and_two_answers_are_not_enough():
    practise(SKILL, 2, well=True)
    assert (profile_of(SKILL).n, profile_of(SKILL).enough) == (2, False)
    page = compass.skills_html(compass.look(this_learner()))
    assert "1 answer more." in page
    assert re.search(r'Communication</strong>: 1 answer more\. Try <a href="\d\d-', page)


def test_lessons_that_would_give_practice_are_there():
    page = compass.skills_html(compass.look(this_learner()))
    links = re.findall(r'<a href="([^"]+)"', page)
    assert links
    assert [link for link in links if not (places.own_course().lessons / link).is_file()] == []


def with_profiles(found: compass.Compass, **shares: tuple[float, int]) -> compass.Compass:
    made = []
    for of in found.profiles:
        share, n = shares.get(of.skill.replace("-", "_"), (0.5, 60))
        made.append(SkillProfile(of.skill, n, 0, share, *wilson(share * n, n)))
    return replace(found, profiles=tuple(made))


def test_the_strongest_is_named_where_the_margin_allows_and_only_there():
    found = with_profiles(
        compass.look(this_learner()), communication=(1.0, 60), demeanour=(0.2, 60)
    )
    page = words(compass.skills_html(found))
    assert "So far you are strongest in “Communication”." in page
    assert "There is most room to grow in “Manner”." in page
    close = words(
        compass.skills_html(with_profiles(found, communication=(0.6, 60), demeanour=(0.45, 60)))
    )
    assert "No skill stands out so far." in close
    assert "you are strongest" not in close


@pytest.mark.parametrize(
    ("response", "share", "said"),
    [
        ("c", 0.1, "rate yourself higher than your answers show so far in “Communication”"),
        ("a", 0.95, "rate yourself lower than your answers show so far in “Communication”"),
        ("c", 0.95, "In “Communication”, your own view and your answers go well together."),
    ],
)
def test_where_rating_and_answers_differ_it_is_said_kindly(response, share, said):
    rate("before", SKILL, response)
    found = with_profiles(compass.look(this_learner()), communication=(share, 40))
    page = words(compass.skills_html(found))
    assert said in page
    assert "Both can be right." in page


def test_a_change_is_shown_with_thinking_back_beside_it():
    for moment, response in (("before", "c"), ("after", "b"), ("then", "a")):
        rate(moment, SKILL, response)
    rate("before", "demeanour", "b")
    page = words(compass.skills_html(compass.look(this_learner())))
    assert (
        "Communication could show it sometimes not tried yet You see that you have grown." in page
    )
    assert "Manner sometimes not rated not rated" in page


def test_marks_that_came_back_count_for_what_was_answered():
    prepare_home(this_learner())
    module = "07-advice"
    views = json.loads((places.own_home().exercise_folder(module) / "items.json").read_text())[
        "items"
    ]
    done, left = views[0], views[1]
    record = places.own_home().exercise_folder(module) / places.ANSWERS
    answers.save_response(record, module, done["id"], done["kind"], "a")
    mark = {"points": 3, "max_points": 3, "skills": [SKILL]}
    numbers = {**NUMBERS, "items": {done["id"]: mark, left["id"]: mark | {"points": 0}}}
    released.keep(own_home(), module, json.dumps(numbers).encode())
    found = profile_of(SKILL)
    assert (found.n_practice, found.n_graded, found.estimate) == (0, 1, 1.0)


def test_every_word_of_a_skill_is_escaped(tmp_path, monkeypatch):
    framework(tmp_path, 3)
    text = (tmp_path / "skills.yaml").read_text().replace("Own 1", "'<b>Own</b>'")
    (tmp_path / "skills.yaml").write_text(text)
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    page = compass.skills_html(compass.look(this_learner()))
    assert "&lt;b&gt;Own&lt;/b&gt;" in page
    assert "<b>" not in page


def test_a_framework_of_five_works_on_every_page(tmp_path, monkeypatch):
    framework(tmp_path, 5)
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    rate("before", "own-0", "c")
    found = compass.look(this_learner())
    assert len(found.profiles) == 5
    assert words(compass.skills_html(found)).count("Own 4") >= 2
    assert Wire(cards_compass.NextStepCard(found)).ask(type="open")["suggestions"] == []
    assert "you see here how your style changes" in compass.style_html(found)


def test_the_style_counts_first_tries_of_typed_replies():
    typed = [
        (module, item.id)
        for module, items in bank.practice_bank(own_course()).modules.items()
        for item in items.values()
        if item.kind == "reply"
    ]
    for module, name in typed[:3]:
        place = places.own_home().practice_record(module)
        text = "What have you thought of so far?"
        answers.save_response(place, module, name, "reply", text, tried=True)
    page = compass.style_html(compass.look(this_learner()))
    assert "<svg " in page
    assert "not enough typed yet" in page


def test_the_two_questions_are_kept_in_the_journal_and_nowhere_else():
    wire = Wire(cards_compass.CompassQuestionCard(this_learner(), "strongest"))
    wire.ask(type="save", response="I listen.", seen=None)
    kept = [path for path in places.own_home().folder.rglob("*") if path.is_file()]
    assert kept == [places.own_home().journal_record("compass")]
    again = Wire(cards_compass.CompassQuestionCard(this_learner(), "strongest"))
    assert again.ask(type="open")["response"] == "I listen."


def test_steps_lead_to_lessons_of_the_course():
    for step in compass.next_steps(compass.look(this_learner())):
        assert step.practice.address in {
            lesson.address
            for module in course_map.modules(own_course())
            for lesson in course_map.lessons(own_course(), module)
        }


def test_lessons_without_pictures_never_load_what_draws_them():
    code = (
        "import grader.cards, grader.coding, sys; grader.coding.code_reply('ready?'); "
        "heavy = {'matplotlib', 'numpy', 'pandas', 'cryptography', 'nbgrader'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_package_that_draws_would_be_noticed():
    code = (
        "import sys; from grader.trainer.report import drawing; "
        "before = 'matplotlib' in sys.modules; drawing.new_figure(9); "
        "print(before, 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False True"


def test_a_rating_s_moment_is_checked_when_the_course_is_loaded(tmp_path):
    from grader.errors import ContentError

    path = tmp_path / "items.yaml"
    path.write_text(
        "- id: a\n  kind: rating\n  skills: [communication]\n  facts: [F118]\n  question: Q?\n"
        "  skill: communication\n  moment: befor\n  because: B.\n"
        "- id: b\n  kind: rating\n  skills: [communication]\n  facts: [F118]\n  question: Q?\n"
        "  levels: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]\n"
        "  moment: after\n  because: B.\n"
    )
    with pytest.raises(ContentError) as caught:
        items_of(path)
    first, second = (str(problem) for problem in caught.value.problems)
    assert "did you mean 'before'" in first
    assert "belongs to a rating of a skill" in second
    assert is_scored("rating") is False
