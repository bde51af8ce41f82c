"""One process serves two people, each with their own home and course: nothing is mixed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from helpers.exercise import MODULE, NOON, answer
from helpers.feedback_file import NUMBERS, feedback_zip

from grader.cards import desk
from grader.cards.question import Question
from grader.content.syllabus import load_syllabus
from grader.formats import answers
from grader.html.help_card import find_region, help_html
from grader.kinds.keys import load_key
from grader.kinds.views import public_view
from grader.places import Course, Home, Learner, own_course, own_home
from grader.skills.bank import practice_bank
from grader.trainee import (
    certificate,
    compass,
    course_map,
    glossary,
    hand_in,
    inbox,
    map_page,
    order,
    plan,
    record,
    released,
    sharing,
)
from grader.trainee.home import prepare_home
from grader.trainee.ratings import asked, read_ratings

LEAVE = shutil.ignore_patterns("pictures", "*.ipynb", "*-kit.md")


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def other_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Copy the course, and change a little of everything that is read from it."""
    ours, root = own_course(), tmp_path_factory.mktemp("other")
    shutil.copytree(ours.lessons, root / "course", ignore=LEAVE)
    shutil.copytree(ours.lessons / MODULE, root / "course" / MODULE, dirs_exist_ok=True)
    shutil.copytree(ours.exercises, root / "exercises")
    shutil.copytree(ours.solutions, root / "solutions", ignore=LEAVE)
    modules = root / "course" / "modules.yaml"
    replaced(modules, "title: Listening, responding and advice", "title: Counsel")
    replaced(modules, "share: 50", "share: 90")
    replaced(root / "course" / "skills.yaml", "name: Communication", "name: Talking")
    replaced(root / "course" / "glossary.yaml", "When peers give each other support", "OTHER WORDS")
    for name in ("course", "solutions"):
        replaced(root / name / MODULE / "items.yaml", "  question: ", "  question: Other, ")
    return Course(root / "course", root / "exercises", root / "solutions")


@pytest.fixture
def two(tmp_path: Path, other_course: Course) -> tuple[Learner, Learner]:
    """Give two learners their homes; the environment names a third, which nobody uses."""
    first = Learner(Home(tmp_path / "first"), own_course())
    second = Learner(Home(tmp_path / "second"), other_course, self_study=True)
    for number, learner in enumerate((first, second), 1):
        prepare_home(learner)
        hand_in.save_trainee(learner.home, f"trainee-00{number}")
    return first, second


@pytest.fixture(autouse=True)
def _nothing_strays():
    """See that nothing is kept in the home that the environment names."""
    yield
    assert not own_home().folder.exists()


def item_of(learner: Learner, kind: str):
    items = practice_bank(learner.course).modules[MODULE].values()
    return next(item for item in items if item.kind == kind)


def question(learner: Learner, kind: str) -> Question:
    item = item_of(learner, kind)
    here = desk.this_desk(learner, learner.course.lessons / MODULE)
    return Question(here, public_view(item), item)


def test_answers_and_what_is_private_stay_apart(two):
    for learner, words in zip(two, ("FIRST", "SECOND"), strict=True):
        for kind in ("reply", "reflection"):
            question(learner, kind).answer({"type": "save", "response": words})
    for learner, words in zip(two, ("FIRST", "SECOND"), strict=True):
        assert question(learner, "reply").response == words
        assert [each.answer for each in record.all_answers(learner)] == [words] * 2
        assert [line for _, line in sharing.reflections(learner, MODULE)] == [words]
        assert words in record.journal_text(learner)
        assert len(course_map.answered(learner.home, MODULE)) == 2


def test_each_sees_the_course_they_take(two):
    for learner, title, skill, words in (
        (
            two[0],
            "Listening, responding and advice",
            "Communication",
            "When peers give each other support",
        ),
        (two[1], "Counsel", "Talking", "OTHER WORDS"),
    ) * 2:
        assert load_syllabus(learner.course).titles[MODULE] == title
        assert f"Module 7: {title}" in map_page.map_html(learner)
        assert compass.look(learner).skills["communication"].name == skill
        assert words in glossary.glossary_html(learner.course)
        is_other = item_of(learner, "choice").question.startswith("Other,")
        assert is_other is (title == "Counsel")


def test_keys_and_items_in_memory_are_told_apart(two):
    for learner in two * 2:
        folder = learner.course.lessons / MODULE
        is_other = learner is two[1]
        for items in (
            desk.practice_items(learner.course, folder),
            load_key(learner.course.solutions.parent, MODULE),
            practice_bank(learner.course).modules[MODULE],
        ):
            assert next(iter(items.values())).question.startswith("Other,") is is_other
        assert (
            bool(desk.this_desk(learner, learner.home.exercise_folder(MODULE)).key())
            is learner.self_study
        )


def test_one_folder_read_for_two_courses_is_read_for_each(two, tmp_path):
    folder = tmp_path / MODULE
    folder.mkdir()
    text = (own_course().lessons / MODULE / "items.yaml").read_text(encoding="utf-8")
    (folder / "items.yaml").write_text(text, encoding="utf-8")
    first, second = (desk.practice_items(learner.course, folder) for learner in two)
    assert first is not second


def test_each_hands_in_their_own(two):
    for learner, response in zip(two, "ab", strict=True):
        answer(learner.home.exercise_folder(MODULE), response)
    sent = [hand_in.hand_in(learner, MODULE, NOON).bundle for learner in two]
    assert [path.parents[1] for path in sent] == [learner.home.folder for learner in two]
    told = [hand_in.contents(learner, MODULE, "trainee-017", NOON) for learner in two]
    assert told[0]["answers.json"] != told[1]["answers.json"]
    marks = {json.loads(files["handin.json"])["device"] for files in told}
    assert len(marks) == len({order.home_seed(learner.home) for learner in two}) == 2
    shown = [hand_in.overview(learner, MODULE) for learner in two]
    assert [each["trainee"] for each in shown] == ["trainee-001", "trainee-002"]
    hand_in.hand_in(two[0], "08-groups", NOON)
    assert not hand_in.last_hand_in(two[1].home, "08-groups")


def test_ratings_next_steps_and_compass_stay_apart(two):
    first, second = two
    skills = compass.look(first).skills
    for learner, level in zip(two, "ac", strict=True):
        ratings = asked(skills, practice_bank(learner.course))
        one = next(each for each in ratings if each.skill.id == "communication")
        here = desk.private_desk(learner, one.module)
        Question(here, one.view).answer({"type": "save", "response": level})
    assert [
        read_ratings(learner.home, asked(skills, practice_bank(learner.course)))["before"]
        for learner in two
    ] == [{"communication": 0}, {"communication": 2}]
    plan.choose(first.home, "communication", "Try it.", "", NOON.date())
    assert plan.current(second.home) is None
    item = item_of(first, "choice")
    place = first.home.practice_record(MODULE)
    answers.save_response(place, MODULE, item.id, "choice", item.options[0].id, tried=True)
    assert [len(compass.look(learner).evidence) for learner in two] == [1, 0]


def test_feedback_and_certificates_stay_apart(two):
    first, second = two
    content = feedback_zip(trainee="trainee-001", waiting=0)
    assert inbox.keep_feedback(first, content) == [MODULE]
    with pytest.raises(hand_in.HandInError, match="is for trainee-001, and your code"):
        inbox.keep_feedback(second, content)
    assert released.released(second.home, MODULE) is None
    for learner in two:
        for module in load_syllabus(learner.course).titles:
            numbers = {**NUMBERS, "module": module, "waiting": 0, "points": 6}
            released.keep(learner.home, module, json.dumps(numbers).encode())
    assert certificate.missing(first) == ()
    assert "Module 7: Counsel: 6 of 10 points, 9 are needed." in certificate.missing(second)
    page = certificate.certificate_html(first.course, certificate.own_statements(first), "Kim")
    first.home.certificate_page.write_text(page, encoding="utf-8")
    assert certificate.is_outdated(first.home, []) is False
    assert not second.home.certificate_page.exists()


def test_each_sees_the_helplines_of_their_own(two):
    text = "lines:\n  - {name: Evening line, number: '000 000'}\n"
    (two[0].home.folder / "region.yaml").write_text(f"organisation: First\n{text}")
    cards = [help_html(find_region(learner)) for learner in two]
    assert ["Evening line" in card for card in cards] == [True, False]


def test_a_copy_holds_one_s_own_and_deleting_leaves_the_other_s(two):
    first, second = two
    for learner in two:
        question(learner, "reply").answer({"type": "save", "response": "Words."})
    kept = {path: path.read_bytes() for path in record.own_files(second.home)}
    assert record.export(first) != record.export(second)
    assert record.delete_everything(first) == []
    assert {path: path.read_bytes() for path in record.own_files(second.home)} == kept
    assert not first.home.practice_record(MODULE).exists()
