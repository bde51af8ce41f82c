"""Brackets by the thousand, in any file or message, are a mistake in it and end nothing."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
import urllib.error
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from fault_page import COLLECT, HOME, TEXT, fault
from helpers.cohort import MODULE, submit
from helpers.command import run
from helpers.hostile_zips import zipped
from helpers.servers import Server
from helpers.small_course import Sample

from grader.author.check import check_course
from grader.content.glossary import load_glossary
from grader.content.items import load_facts, load_skills
from grader.errors import AlongsideError, ContentError, RecordError
from grader.formats import feedback, shared, statement
from grader.formats.answers import parse_record
from grader.html.help_card import load_region
from grader.kinds.reading import load_items
from grader.kinds.views import load_public_items
from grader.places import HANDED_IN, TRAINEE, Home, own_home
from grader.server.lesson import read_lesson
from grader.trainee import hand_in, plan
from grader.trainee.home import _is_usable
from grader.trainer.collect.bundles import read_bundle
from grader.trainer.collect.collect import collect
from grader.trainer.collect.downloads import bundle_files
from grader.trainer.collect.senders import BOOK, read_senders
from grader.trainer.grading.grading import grade

OPEN = 40_000
SOME = "[" * 900 + "]" * 900  # which a parser still takes, and what reads it then does not
DEEP = {"brackets": "[" * OPEN, "braces": "{" * OPEN, "in a field": '{"a": ' * OPEN, "some": SOME}

YAML: dict[str, Callable[[Path], object]] = {
    "items.yaml": lambda path: load_items(path, {}, {}),
    "region.yaml": load_region,
    "facts.yaml": load_facts,
    "skills.yaml": load_skills,
    "glossary.yaml": lambda path: load_glossary(path, (), ()),
}


@fault(
    TEXT,
    "A file of the course or of an organisation’s numbers holds brackets by the thousand",
    "`alongside check` names the file and the line. The rest is checked all the same.",
)
@pytest.mark.parametrize("case", DEEP)
@pytest.mark.parametrize("name", YAML)
def test_a_course_file_that_goes_too_deep_is_a_mistake_with_a_line(
    name: str, case: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(f"# ours\na: {DEEP[case]}", encoding="utf-8")
    with pytest.raises(ContentError) as said:
        YAML[name](path)
    assert f"{name}:2: file: goes too deep" in str(said.value)


def test_the_check_goes_on_behind_such_a_file(tmp_path: Path) -> None:
    sample = Sample(tmp_path)
    (sample.course / "region.yaml").write_text("lines: " + "[" * OPEN, encoding="utf-8")
    told = check_course(sample.course, sample.solutions)
    assert [problem.path.split("/")[-1] for problem in told] == ["region.yaml"]


@fault(
    TEXT,
    "The day on which helplines were last tried is a day to come",
    "`alongside check` names it: the numbers would count as fresh for too long.",
)
def test_a_day_to_come_is_a_mistake_that_the_check_names(tmp_path: Path) -> None:
    sample = Sample(tmp_path)
    path, today = sample.course / "region.yaml", date.today()
    for days, count in {-400: 0, 0: 0, 2: 1, 400: 1}.items():
        day = today + timedelta(days=days)
        path.write_text(f'organisation: Us\nchecked_on: "{day}"\nlines: []\n', encoding="utf-8")
        told = check_course(sample.course, sample.solutions)
        assert len(told) == count
        assert all((one.line, one.field) == (2, "checked_on") for one in told)
        assert all(f"{day} is a day to come; write the day" in one.what for one in told)


# --- hand-ins

FACTS = '{{"format": 1, "trainee": {0}, "module": {0}, "handed_in": {0}}}'


@fault(
    COLLECT,
    "A hand-in whose facts or answers hold brackets by the thousand",
    "It is refused or called damaged, in one line. The others go on.",
)
@pytest.mark.parametrize("facts", ["[" * 4000, SOME, FACTS.format(SOME[:600] + SOME[-600:])])
def test_facts_of_a_hand_in_that_go_too_deep_are_refused(facts: str, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"handin.json": facts.encode(), "answers.json": b"{}"}))
    (source,) = bundle_files([tmp_path / "a.zip"])
    with pytest.raises(AlongsideError) as said:
        read_bundle(source, [MODULE])
    assert str(said.value).isprintable()


RECORD = '{{"format": 2, "module": "07-advice", "seed": "", "items": {{"first-move": {}}}}}'


@pytest.mark.parametrize("case", DEEP)
def test_answers_that_go_too_deep_are_damaged(case: str) -> None:
    with pytest.raises(RecordError, match="not an answer record"):
        parse_record(DEEP[case].encode(), "answers.json", MODULE)


def test_one_answer_that_goes_too_deep_costs_no_other() -> None:
    found = parse_record(RECORD.format(SOME).encode(), "answers.json", MODULE)
    assert found.problems == ("the answer to 'first-move' is not in the form of an answer",)


NUMBERED: dict[str, Callable[[str], object]] = {
    "feedback": feedback.parse,
    "shared": lambda text: shared.read_shared(text.encode(), MODULE),
}


@pytest.mark.parametrize("case", DEEP)
@pytest.mark.parametrize("name", NUMBERED)
def test_a_file_that_people_send_and_goes_too_deep_is_refused(name: str, case: str) -> None:
    with pytest.raises(ValueError, match="goes too deep"):
        NUMBERED[name](DEEP[case])


def test_statements_that_go_too_deep_are_refused() -> None:
    with pytest.raises(AlongsideError):
        statement.read_data(SOME)


# --- what is kept


@fault(
    HOME,
    "A file that the course keeps for itself was spoilt so that it goes too deep",
    "It counts as damaged, and the course goes on.",
)
@pytest.mark.parametrize("case", DEEP)
def test_what_is_kept_in_a_home_and_goes_too_deep_counts_as_damaged(
    case: str, tmp_path: Path
) -> None:
    home = own_home()
    home.folder.mkdir(parents=True, exist_ok=True)
    for name in (TRAINEE, HANDED_IN, plan._file(home).relative_to(home.folder)):
        path = home.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DEEP[case], encoding="utf-8")
    assert hand_in.read_trainee(home) == ""
    assert hand_in.last_hand_in(home, MODULE) == ""
    assert plan.read_plan(home) == ()
    assert not _is_usable(home.folder / TRAINEE)
    for read in (load_public_items, read_lesson):
        path = tmp_path / "a.ipynb"
        path.write_text(DEEP[case], encoding="utf-8")
        with pytest.raises(AlongsideError):
            read(path)


@pytest.mark.parametrize("case", DEEP)
def test_what_is_kept_in_a_course_and_goes_too_deep_counts_as_damaged(
    case: str, course: Path
) -> None:
    submit(course, "trainee-017", {"first-move": "tell"})
    grade(course, MODULE)
    (course / "autograded" / f".graded-{MODULE}.json").write_text(DEEP[case])
    assert [one.trainee for one in grade(course, MODULE)] == ["trainee-017"]
    (course / "submitted" / "trainee-017" / BOOK).write_text(DEEP[case])
    with pytest.raises(AlongsideError, match="cannot be read; remove it"):
        read_senders(course, "trainee-017")
    kept = course / "history" / "trainee-017" / MODULE
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "hand-ins.json").write_text(DEEP[case])
    assert collect(course) == []


# --- lines and messages


@pytest.mark.parametrize("command", ["code", "score"])
@pytest.mark.parametrize("case", DEEP)
def test_a_line_that_goes_too_deep_is_named_and_the_others_are_answered(
    command: str,
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = {"id": 1, "reply": "What helps?", "item": "none", "response": "x"}
    spoilt = f'{{"id": {DEEP[case]}, "item": "x", "response": 1, "reply": "x"}}'
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{spoilt}\n{json.dumps(good)}\n"))
    run(command)
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"line": 1, "error": "This line is not JSON. Write one object on each line."}
    assert second != first


@fault(
    TEXT,
    "A message to the course’s server that holds brackets by the thousand",
    "It is answered with one plain sentence, and the server goes on.",
)
@pytest.mark.parametrize("case", DEEP)
def test_a_message_that_goes_too_deep_is_refused(case: str, learn_server: Server) -> None:
    message = f'{{"page": "index.ipynb", "call": ["x"], "message": {DEEP[case]}}}'
    with pytest.raises(urllib.error.HTTPError) as said:
        learn_server.fetch("cards", "POST", message)
    assert said.value.code == 400
    assert json.loads(said.value.read())["receipt"]["type"] == "refused"
    assert learn_server.fetch("lessons/index.ipynb")


# --- size


@pytest.mark.parametrize("name", [*YAML, "items.json", "lesson.ipynb", TRAINEE, HANDED_IN])
def test_a_file_that_is_far_too_large_is_not_held_in_memory(name: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    readers: dict[str, Callable[[Path], object]] = {
        **YAML,
        "items.json": load_public_items,
        "lesson.ipynb": read_lesson,
        TRAINEE: lambda _: hand_in.read_trainee(home),
        HANDED_IN: lambda _: hand_in.last_hand_in(home, MODULE),
    }
    with (tmp_path / name).open("wb") as file:
        file.truncate(300 << 20)  # a hole: takes no room on the disk
    tracemalloc.start()
    with suppress(AlongsideError):
        assert not readers[name](tmp_path / name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 80 << 20
