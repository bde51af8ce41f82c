"""The syllabus: read strictly, compared with the folders, and not needed by an older course."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY

from grader.author.check import check_course
from grader.content.passing import PassRule
from grader.content.syllabus import FILE, folder_problems, load_syllabus, syllabus_of
from grader.errors import ContentError
from grader.places import Course, own_course

GOOD = """\
modules:
  - slug: 01-hello
    title: "Hello: again"
  - slug: 02-listen
    title: Listening
pass:
  share: 60
  must_hand_in: all
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the folders of a small course, with two exercises."""
    for name in ("01-hello", "02-listen"):
        (tmp_path / "course" / name).mkdir(parents=True)
        for folder in ("exercises", "solutions"):
            (tmp_path / folder / name).mkdir(parents=True)
            (tmp_path / folder / name / "exercise.ipynb").write_text("{}")
    return tmp_path


def write(root: Path, text: str) -> Path:
    path = root / "course" / FILE
    path.write_text(text, encoding="utf-8")
    return path


def problems(root: Path) -> list[tuple[int, str, str]]:
    try:
        found = list(folder_problems(root / "course", root / "solutions"))
    except ContentError as error:
        found = error.problems
    return [(each.line, each.field, each.what) for each in found]


def test_the_real_course_lists_its_folders_and_asks_for_half_of_each():
    found = load_syllabus(Course(REPOSITORY / "course", REPOSITORY / "exercises"))
    folders = sorted(path.name for path in (REPOSITORY / "course").glob("[0-9][0-9]-*/"))
    assert list(found.titles) == folders
    assert found.rule == PassRule(50, tuple(folders))
    assert not found.is_usual


def test_titles_order_and_rule_come_from_the_file(root):
    write(root, GOOD)
    found = syllabus_of(root)
    assert found.titles == {"01-hello": "Hello: again", "02-listen": "Listening"}
    assert found.rule == PassRule(60, ("01-hello", "02-listen"))
    first, second = GOOD.index("  - slug: 01"), GOOD.index("  - slug: 02")
    end = GOOD.index("pass:")
    write(root, GOOD[:first] + GOOD[second:end] + GOOD[first:second] + GOOD[end:])
    assert list(syllabus_of(root).titles) == ["02-listen", "01-hello"]
    assert problems(root) == []


def test_only_some_modules_may_be_asked_for(root):
    write(root, GOOD.replace("all", "[02-listen]"))
    assert syllabus_of(root).rule == PassRule(60, ("02-listen",))
    write(root, GOOD.replace("all", "02-listen"))
    assert syllabus_of(root).rule == PassRule(60, ("02-listen",))


def test_the_part_that_two_trainers_mark_is_a_tenth_or_what_the_course_says(root):
    assert syllabus_of(root).second_marks == 10
    write(root, GOOD)
    assert syllabus_of(root).second_marks == 10
    for percent in (0, 25, 100):
        write(root, f"{GOOD}second_marks: {percent}\n")
        assert syllabus_of(root).second_marks == percent


def test_a_module_of_lessons_alone_is_not_asked_for(root):
    (root / "exercises" / "02-listen" / "exercise.ipynb").unlink()
    write(root, GOOD)
    assert syllabus_of(root).rule == PassRule(60, ("01-hello",))
    (root / "solutions" / "02-listen" / "exercise.ipynb").unlink()
    write(root, GOOD.replace("all", "[01-hello, 02-listen]"))
    assert [(line, field) for line, field, _ in problems(root)] == [(4, "slug")]


def test_a_course_without_the_file_has_its_folders_and_the_usual_rule(root):
    found = syllabus_of(root)
    assert found.titles == {"01-hello": "Hello", "02-listen": "Listen"}
    assert found.rule == PassRule(50, ("01-hello", "02-listen"))
    assert found.is_usual
    assert problems(root) == []


def test_a_folder_without_a_course_of_its_own_has_the_one_trainees_read(tmp_path):
    assert syllabus_of(tmp_path) == load_syllabus(own_course())


MISTAKES = [
    ("  share: 60", "  share: 0", 7, "share", "from 1 to 100"),
    ("  share: 60", "  share: 101", 7, "share", "from 1 to 100"),
    ("  share: 60", "  share: 0.5", 7, "share", "from 1 to 100"),
    ("  share: 60", "  share: 33.3", 7, "share", "whole number"),
    ("  share: 60", "  share: half", 7, "share", "number"),
    ("  share: 60", "  share: 60 %", 7, "share", "number"),
    ("  share: 60", "  share: -60", 7, "share", "number"),
    ("  share: 60", "  share: true", 7, "share", "number"),
    ("pass:", "second_marks: 101\npass:", 6, "second_marks", "from 0 to 100"),
    ("pass:", "second_marks: 2.5\npass:", 6, "second_marks", "whole number"),
    ("pass:", "second_marks: few\npass:", 6, "second_marks", "number"),
    ("  share: 60\n", "", 7, "share", "missing"),
    ("  share: 60", "  share: 60\n  share: 50", 8, "share", "twice"),
    ("  share: 60", "  shares: 60", 7, "shares", "did you mean 'share'"),
    ("must_hand_in: all", "must_hand_in: []", 8, "must_hand_in", "names no module"),
    (
        "must_hand_in: all",
        "must_hand_in: [2-listen]",
        8,
        "must_hand_in",
        "did you mean '02-listen'",
    ),
    ("must_hand_in: all", "must_hand_in: [all, 01-hello]", 8, "must_hand_in", "'all' is not"),
    ("must_hand_in: all", "must_hand_in: [02-listen, 02-listen]", 8, "must_hand_in", "twice"),
    ("must_hand_in: all", "must_hand_in: true", 8, "must_hand_in", "text"),
    ("must_hand_in: all", "must_hand_in: every", 8, "must_hand_in", "not a module"),
    ("  must_hand_in: all\n", "", 7, "must_hand_in", "missing"),
    (GOOD[GOOD.index("pass:") :], "", 1, "pass", "missing"),
    ("pass:", "passes:", 7, "passes", "did you mean 'pass'"),
    ("02-listen\n", "01-hello\n", 4, "slug", "twice"),
    ("02-listen\n", "01-listen\n", 4, "slug", "has the number 01"),
    ("02-listen\n", "2-listen\n", 4, "slug", "two digits"),
    ("02-listen\n", "02-Listen\n", 4, "slug", "two digits"),
    ("02-listen\n", "../02-listen\n", 4, "slug", "two digits"),
    ("02-listen\n", "02-lisen\n", 4, "slug", "did you mean '02-listen'"),
    ("02-listen\n", "02-lisen\n", 1, "modules", "does not name the folder 02-listen"),
    ("title: Listening", "titel: Listening", 5, "titel", "did you mean 'title'"),
    ("02-listen\n", "02\n", 4, "slug", "must be text"),
    ("title: Listening", "title: ''", 5, "title", "is empty"),
    ("title: Listening", "title: No", 5, "title", "must be text"),
    ("title: Listening", f"title: {'x' * 81}", 5, "title", "80 characters"),
    ("title: Listening", 'title: "Listen\\u200bing"', 5, "title", "can be seen"),
    (GOOD[: GOOD.index("pass:")], "modules: []\n", 1, "modules", "names no module"),
    (GOOD[: GOOD.index("pass:")], "modules: all\n", 1, "modules", "must be a list"),
    (GOOD, "", 1, "file", "is empty"),
    (GOOD, "- slug: 01-hello\n", 1, "file", "must be a group"),
    (GOOD, "modules: [\n", 2, "file", ""),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: repr(mistake[1])[:40])
def test_every_mistake_is_told_with_its_line(root, mistake):
    old, new, line, field, what = mistake
    assert old in GOOD
    write(root, GOOD.replace(old, new))
    found = problems(root)
    assert [said for *where, said in found if where == [line, field] and what in said], found
    assert len(found) == len(set(found))


def test_the_check_of_a_course_tells_them_as_well(root):
    write(root, GOOD.replace("02-listen", "02-lisen"))
    found = [each for each in check_course(root / "course", None) if each.path.endswith(FILE)]
    assert [(each.line, each.field) for each in found] == [(1, "modules"), (4, "slug")]
    assert str(found[1]).endswith("'02-lisen' has no folder; did you mean '02-listen'?")


@pytest.mark.parametrize("name", ["modules.yml", "Modules.yaml", "module.yaml", "MODULES.YML"])
def test_a_file_under_a_near_name_is_not_silently_left_out(root, name):
    (root / "course" / name).write_text(GOOD)
    assert problems(root) == [(1, "file", "is not read; name it modules.yaml")]


def test_a_link_to_nowhere_is_no_course_without_the_file(root):
    (root / "course" / FILE).symlink_to("nowhere")
    with pytest.raises(ContentError, match="cannot be read"):
        syllabus_of(root)


def test_a_change_of_the_file_is_seen_at_once(root):
    path = write(root, GOOD)
    assert syllabus_of(root).rule.share == 60
    before = path.stat().st_mtime_ns
    write(root, GOOD.replace("60", "70"))
    os.utime(path, ns=(before + 1, before + 1))
    assert syllabus_of(root).rule.share == 70
