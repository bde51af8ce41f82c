"""The course check: clean for the real course, and red for each thing an author can break."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from helpers.small_course import (
    GRADED,
    RATING,
    RECORD,
    REPLY,
    TASK,
    TERM,
    Sample,
    choice,
    code,
    exercise_cells,
    lesson_cells,
    notebook,
    text,
)

from grader import places
from grader.author import check
from grader.author.check import check_course, read_course, summary
from grader.cli import main


def test_the_real_course_is_clean():
    solutions = places.own_course().solutions
    assert check_course(places.own_course().lessons, solutions) == []


def test_the_sample_is_clean_until_broken(sample):
    assert sample.told() == ""


def test_the_summary_counts_what_was_checked(sample):
    assert summary(read_course(sample.course, sample.solutions)) == (
        "1 module, 1 lesson, 2 practice and 2 graded items, 3 skills: no problems"
    )


def test_the_summary_counts_problems(sample):
    sample.lesson([text("# Tea"), code('card("late-tea")')])
    assert summary(read_course(sample.course, sample.solutions)).endswith(": 1 problem")


def test_a_course_without_solutions_can_be_checked(sample):
    assert check_course(sample.course, None) == []
    assert "2 practice and 0 graded items" in summary(read_course(sample.course, None))


def test_a_missing_course_is_one_plain_problem(tmp_path):
    (problem,) = check_course(tmp_path / "nowhere", None)
    assert "is not a folder" in problem.what


def test_problems_of_all_files_come_at_once(sample):
    sample.write("course/facts.yaml", "- {id: F1, statment: A, source: S}\n")
    sample.write("course/01-sample/items.yaml", choice("late-tea").replace("A kitchen.", "No"))
    sample.write("solutions/01-sample/items.yaml", choice("Graded Tea"))
    found = sample.told()
    assert "course/facts.yaml:1: statment: is not a field here" in found
    assert "course/01-sample/items.yaml:6: setting: must be text" in found
    assert "solutions/01-sample/items.yaml:1: id: 'Graded Tea' must be" in found


def test_a_broken_skills_file_is_said_once_not_for_every_item(sample):
    sample.write("course/skills.yaml", "- {id: empathy}\n")
    assert {problem.path.split("/")[-1] for problem in sample.problems()} == {"skills.yaml"}


def test_a_broken_skills_file_is_said_once_not_for_every_rating(sample):
    sample.write("course/skills.yaml", "- {id: empathy}\n")
    sample.write("course/01-sample/items.yaml", choice("late-tea") + RATING)
    assert {problem.path.split("/")[-1] for problem in sample.problems()} == {"skills.yaml"}


def test_what_else_is_wrong_with_skills_is_said_beside_a_broken_file(sample):
    sample.write("course/skills.yaml", "- {id: empathy}\n")
    items = sample.module / "items.yaml"
    sample.write(
        "course/01-sample/items.yaml",
        items.read_text().replace("[empathy]", "[a is not known, b, c, d]"),
    )
    assert "items.yaml:3: skills: must name one to three skills" in sample.told()


def test_a_check_reads_the_course_once(sample, monkeypatch, capsys):
    reads = []
    monkeypatch.setattr(check, "load_skills", lambda path: reads.append(path) or {})
    monkeypatch.setenv("ALONGSIDE_COURSE", str(sample.course))
    main(["check"])
    assert "Checked " in capsys.readouterr().out
    assert len(reads) == 1


def test_a_broken_facts_file_is_said_once_not_for_every_word(sample):
    sample.write("course/facts.yaml", "- {id: F1}\n")
    assert {problem.path.split("/")[-1] for problem in sample.problems()} == {"facts.yaml"}


def test_an_item_is_named_with_its_own_line(sample):
    sample.lesson([text("# Tea"), code('card("late-tea")')])
    line = sample.line_of("course/01-sample/items.yaml", "late-reply")
    assert line > 1
    assert f"items.yaml:{line}: id: 'late-reply' is shown by no lesson" in sample.told()


def test_an_id_used_twice_is_named_with_its_own_line(sample):
    sample.write("solutions/01-sample/items.yaml", choice("graded-tea") + choice("late-tea"))
    line = sample.line_of("solutions/01-sample/items.yaml", "late-tea")
    assert line > 1
    assert f"items.yaml:{line}: id: 'late-tea' is also among" in sample.told()


def test_a_model_answer_that_falls_short_is_named_with_its_own_line(sample):
    poor = REPLY.format(id="late-reply").replace("That sounds exhausting.", "Ring her now.")
    sample.write("course/01-sample/items.yaml", choice("late-tea") + poor)
    line = sample.line_of("course/01-sample/items.yaml", "late-reply")
    assert line > 1
    assert f"items.yaml:{line}: better: the model answer of 'late-reply'" in sample.told()


def test_a_kind_that_is_none_is_all_that_is_said_of_its_item(sample):
    """What follows belongs to the kind that was meant, and nobody knows which that is."""
    odd = choice("late-tea").replace("kind: choice", "kind: choise\n  points: 2")
    sample.write("course/01-sample/items.yaml", odd + REPLY.format(id="late-reply"))
    assert sample.told().splitlines() == [
        "course/01-sample/items.yaml:2: kind: 'choise' is not a kind of item; "
        "did you mean 'choice'?"
    ]


def test_problems_are_sorted_and_not_doubled(sample):
    sample.lesson([text("# Tea"), code("card(", execution_count=1)])
    found = sample.problems()
    assert found == sorted(set(found))


def swapped(**changes: dict[str, Any] | None) -> Callable[[Sample], None]:
    """Replace (or leave out, where None) cells of the exercise by their place."""

    def change(sample: Sample) -> None:
        cells = exercise_cells()
        for name, cell in changes.items():
            cells[int(name[1:])] = cell
        sample.exercise([cell for cell in cells if cell is not None])

    return change


def marked(
    place: int, source: str, base: dict[str, Any], **changes: Any
) -> Callable[[Sample], None]:
    make = text if base is TASK else code
    return swapped(**{f"c{place}": make(source, **(base | changes))})


def with_output(sample: Sample) -> None:
    sample.lesson(
        [
            code('card("late-tea")') | {"outputs": [{"output_type": "stream"}]},
            code('card("late-reply")'),
        ]
    )


def with_count(sample: Sample) -> None:
    notebook(sample.course / "index.ipynb", [code("1") | {"execution_count": 7}])


def shown_in_two_lessons(sample: Sample) -> None:
    sample.lesson([code('card("late-tea")')], name="2-more")


def same_id_in_both_banks(sample: Sample) -> None:
    sample.write(
        "course/01-sample/items.yaml", choice("graded-tea") + REPLY.format(id="late-reply")
    )
    sample.lesson([code('card("graded-tea")'), code('card("late-reply")')])


def model_reply_without_the_act(sample: Sample) -> None:
    bank = choice("graded-tea") + REPLY.format(id="graded-reply")
    sample.write(
        "solutions/01-sample/items.yaml", bank.replace("That sounds exhausting.", "Just go.")
    )


def no_notebook(sample: Sample) -> None:
    (sample.graded / "exercise.ipynb").write_text("{}")


def cut_off_lesson(sample: Sample) -> None:
    path = sample.module / "1-tea.ipynb"
    path.write_text(path.read_text()[:-10])


def without_exercise(sample: Sample) -> None:
    (sample.graded / "exercise.ipynb").unlink()


BREAKS: list[tuple[Callable[[Sample], None], str]] = [
    (
        lesson_cells(code('card("late-te")')),
        "1-tea.ipynb:1: cell 4: card 'late-te' has no item; did",
    ),
    (lesson_cells(code('card("late-tea")')), "'late-tea' is shown 2 times"),
    (lesson_cells(code("card(")), "1-tea.ipynb:1: cell 4: is not Python"),
    (
        lambda sample: sample.lesson([code('card("late-tea")')]),
        "'late-reply' is shown by no lesson",
    ),
    (shown_in_two_lessons, "'late-tea' is shown 2 times"),
    (with_output, "1-tea.ipynb:1: cell 1: holds output"),
    (with_count, "index.ipynb:1: cell 1: holds output"),
    (cut_off_lesson, "1-tea.ipynb:1: file: is not a notebook"),
    (
        lambda sample: sample.write("course/glossary.yaml", TERM.format(facts="[F2]")),
        "course/glossary.yaml:1: facts: 'F2' is not known; use one of: F1",
    ),
    (
        lambda sample: (sample.course / "glossary.yaml").unlink(),
        "course/glossary.yaml:1: file: cannot be read",
    ),
    (lambda sample: sample.lesson([], facts=["F2"]), "facts: 'F2' is not known; "),
    (lambda sample: sample.lesson([], facts=None), "must list the facts"),
    (same_id_in_both_banks, "'graded-tea' is also among the practice items of 01-sample"),
    (model_reply_without_the_act, "does not do what its key wants; change its wording or the key"),
    (no_notebook, "exercise.ipynb:1: file: is not a notebook"),
    (without_exercise, "exercise.ipynb:1: file: is missing"),
    (swapped(c1=None), "'graded-tea' has 0 cards and 1 record"),
    (swapped(c2=None), "'graded-tea' has 1 card and 0 records"),
    (swapped(c0=code('card("graded-tea")')), "'graded-tea' has 2 cards and 1 record"),
    (swapped(c0=code('record("graded-tee")')), "cell 1: card 'graded-tee' has no item"),
    (
        swapped(c1=code('record("graded-tea")', **GRADED), c2=code('card("graded-tea")')),
        "cell 3: must be followed by record('graded-tea')",
    ),
    (swapped(c5=None), "cell 5: must be followed by a task cell"),
    (swapped(c5=text("A trainer reads this.")), "'task' of 'graded-reply-mark' must be True"),
    (
        marked(2, 'record("graded-tea")', GRADED, points=2),
        "'points' of 'graded-tea' must be 3, not 2",
    ),
    (
        marked(2, 'record("graded-tea")', GRADED, locked=False),
        "'locked' of 'graded-tea' must be True",
    ),
    (
        marked(2, 'record("graded-tea")', GRADED, grade=False),
        "'grade' of 'graded-tea' must be True",
    ),
    (marked(2, 'record("graded-tea")', GRADED, solution=True), "'solution' of 'graded-tea'"),
    (
        marked(2, 'record("graded-tea")', GRADED, grade_id="tea"),
        "'grade_id' of 'graded-tea' must be",
    ),
    (
        marked(4, 'record("graded-reply")', RECORD, grade=True),
        "'grade' of 'graded-reply' must be False",
    ),
    (
        marked(4, 'record("graded-reply")', RECORD, points=2),
        "'points' of 'graded-reply' must not be",
    ),
    (marked(5, "A trainer.", TASK, points=3), "'points' of 'graded-reply-mark' must be 2, not 3"),
    (marked(5, "A trainer.", TASK, grade_id="x"), "'grade_id' of 'graded-reply-mark' must be"),
]


@pytest.mark.parametrize(("break_it", "what"), BREAKS, ids=[what for _, what in BREAKS])
def test_what_is_broken_is_named(sample, break_it, what):
    break_it(sample)
    assert what in sample.told()
