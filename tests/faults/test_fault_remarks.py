"""What is odd and harmless is remarked in one sentence, and stops nothing."""

from __future__ import annotations

import errno
import json
import time
import tracemalloc
from pathlib import Path

import pytest
from fault_page import COLLECT, GRADE, fault
from helpers.cohort import FULL, MODULE, WHEN, submit, write_bundle
from helpers.hand_ins import GOOD, WHO, bundle

from grader.cli import main
from grader.errors import GradingError
from grader.trainer.collect import collect as collecting
from grader.trainer.collect.collect import COLLECTED, REFUSED, collect
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import DAMAGED
from grader.trainer.roster.roster import read_roster


def err(course: Path, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main([*(words or ("grade", "--all")), f"--root={course}"]) == code
    return capsys.readouterr().err


# The roster -----------------------------------------------------------------------------

OPEN = {
    "to the end": b'id,name\ntrainee-001,"Ann\n' + b"trainee-002,Bo\n" * 200,
    "of millions of commas": b'id,name\ntrainee-001,"Ann\n' + b"x," * 3_000_000,
    "in one long cell": b'id,name\ntrainee-001,"Ann\n' + b"x" * 6_000_000,
}


@fault(
    GRADE,
    "A quotation mark in the roster opens and does not close",
    "The line where it opens is named, at once, however long the file is.",
)
@pytest.mark.parametrize("case", OPEN)
def test_a_quotation_mark_that_does_not_close_is_named(course: Path, case: str) -> None:
    (course / "roster.csv").write_bytes(OPEN[case])
    tracemalloc.start()
    with pytest.raises(GradingError, match=r"line [23]\b") as caught:
        read_roster(course)
    assert tracemalloc.get_traced_memory()[1] < 120 << 20
    tracemalloc.stop()
    assert "quotation mark" in str(caught.value) or "columns" in str(caught.value)


def test_a_line_of_millions_of_columns_is_refused(course: Path) -> None:
    (course / "roster.csv").write_bytes(b"id,name\n" + b"x," * 3_000_000)
    with pytest.raises(GradingError, match="line 2 has more than 200 columns"):
        read_roster(course)


LINES = {
    "of one letter": b"id\n" + b"a\n" * 4_000_000,
    "before the table": b"\n" * 8_000_000 + b"id\ntrainee-001\n",
    "within the table": b"id\ntrainee-001\n" + b",\r\n" * 2_000_000 + b"trainee-002\n",
}


@fault(
    GRADE,
    "A roster.csv has millions of lines",
    "Empty ones below the table are left out. With others it is refused in one line, at once.",
)
@pytest.mark.parametrize("case", LINES)
def test_millions_of_lines_are_refused_at_once(course: Path, case: str) -> None:
    (course / "roster.csv").write_bytes(LINES[case])
    begun = time.process_time()
    with pytest.raises(GradingError, match="more than 100000 lines"):
        read_roster(course)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b"\r", b";\r\n", b"\t\n", b" , \n"])
def test_empty_lines_below_a_table_take_no_time(course: Path, line: bytes) -> None:
    (course / "roster.csv").write_bytes(b"id\ntrainee-001\n" + line * (7_500_000 // len(line)))
    begun = time.process_time()
    assert read_roster(course) == {"trainee-001"}
    assert time.process_time() - begun < 3


def test_a_short_text_of_several_lines_is_no_open_mark(course: Path) -> None:
    (course / "roster.csv").write_text('id,note\ntrainee-001,"one\ntwo\nthree"\n')
    assert read_roster(course) == {"trainee-001"}


@fault(
    GRADE,
    "The roster has spaces around a code, or a line with a sum",
    "It is read, and one line says so.",
)
def test_spaces_and_sums_in_the_roster_are_remarked(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "roster.csv").write_text(f"id\n {WHO} \ntrainee-018\nSumme\n")
    said = err(course, capsys)
    assert f"roster.csv, line 2: the spaces around {WHO} are left out." in said
    assert "roster.csv, line 4: Summe is probably no person." in said
    assert "trainee-018" not in said
    assert read_roster(course) == {WHO, "trainee-018", "Summe"}


@fault(
    GRADE,
    "A line with a sum stands in the roster when marks are exported or a report is made",
    "It is in them as a code. Each command that reads the roster says that it may be nobody.",
)
@pytest.mark.parametrize("line", ["Total,2", "Summe,2"])
@pytest.mark.parametrize(
    "words", [["export"], ["report"], ["certify", "--new-key"], ["feedback", "--all"]]
)
def test_a_sum_in_the_roster_is_remarked_by_every_command(
    course: Path, words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, FULL)
    (course / "roster.csv").write_text(f"id,group\n{WHO},a\n{line}\n")
    grade(course, MODULE)
    capsys.readouterr()
    main([*words, f"--root={course}"])
    name = line.partition(",")[0]
    said = capsys.readouterr().err
    assert said.count(f"roster.csv, line 3: {name} is probably no person.") == 1


def test_a_sum_in_the_roster_is_remarked_when_collecting(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "roster.csv").write_text(f"id\n{WHO}\nTotal\n")
    path = bundle(course, "first", GOOD, WHEN)
    assert main(["collect", str(path), f"--root={course}"]) == 0
    assert "line 3: Total is probably no person." in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, b"\0\1" * 99])
def test_a_roster_that_is_no_text_is_said_to_be_no_table(course: Path, content: bytes) -> None:
    (course / "roster.csv").write_bytes(content)
    with pytest.raises(GradingError, match="it is not a table"):
        read_roster(course)


# Hand-ins -------------------------------------------------------------------------------


@fault(
    COLLECT,
    "The time of a hand-in names no zone, or one that there is not",
    "It is taken, and one sentence says so.",
)
@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-03-01T09:00:00", "Its time names no zone. It is taken for UTC."),
        ("2026-03-01T09:00:00+99:00", "Its time names a zone that there is not: +99:00."),
        ("2026-03-01 09:00:00 EST5", "a zone by letters that several have, or none: EST5."),
        ("2026-03-01 09:00:00 IST", "a zone by letters that several have, or none: IST."),
        ("2001-01-01T09:00:00+00:00", "A clock was behind: it says 1 January 2001."),
        ("2026-03-01T09:00:00+05:30", ""),
    ],
)
def test_an_odd_time_is_remarked(course: Path, when: str, said: str) -> None:
    (done,) = collect(course, [bundle(course, "first", GOOD, when)])
    assert done.outcome == COLLECTED
    assert said in done.reason
    assert bool(said) == bool(done.reason)


@pytest.mark.parametrize(("device", "odd"), [("no mark", True), ("", False), ("0" * 16, False)])
def test_a_mark_of_a_computer_that_is_none_is_remarked(
    course: Path, device: str, odd: bool
) -> None:
    path = write_bundle(course.parent / "inbox", WHO, GOOD, WHEN, device=device)
    (done,) = collect(course, [path])
    assert ("The mark of its computer cannot be read" in done.reason) is odd


@fault(
    GRADE,
    "A record of answers says one thing twice",
    "It is damaged, as nobody can tell which of them counts, and says so.",
)
@pytest.mark.parametrize("name", ["items", "own-words"])
def test_what_is_said_twice_is_damage(course: Path, name: str) -> None:
    text = GOOD.decode()
    value = json.dumps(json.loads(text)["items"] if name == "items" else None)
    twice = text.replace(f'"{name}":', f'"{name}": {value}, "{name}":', 1)
    submit(course, WHO, twice.encode())
    (done,) = grade(course, MODULE)
    assert done.outcome == DAMAGED
    assert f"answers.json says '{name}' twice" in done.problem


# Keys -----------------------------------------------------------------------------------


@fault(
    GRADE,
    "The key of one module is missing or has mistakes, and you grade or export all",
    "The others are done. That one is named, and its marks stay.",
)
def test_a_missing_key_stops_no_other_module(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    other = "08-limits"
    for place in ("solutions", "exercises"):
        shutil.copytree(course / place / MODULE, course / place / other)
    (course / "solutions" / other / "items.yaml").unlink()
    submit(course, WHO, FULL)
    said = err(course, capsys, "grade", "--all", code=1)
    assert f"{other} is left out: " in said
    assert f"{other} is left out: " in err(course, capsys, "export", code=1)
    table = (course / "exports" / "marks.csv").read_text("utf-8-sig")
    assert f"{WHO},{MODULE},waiting for trainer,6," in table
    assert f"{WHO},{other},nothing handed in," in table
    assert main(["grade", other, f"--root={course}"]) == 1


# Disks ----------------------------------------------------------------------------------


def fails_with(monkeypatch: pytest.MonkeyPatch, number: int, path: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, "as it is", str(path))

    monkeypatch.setattr(collecting, "locked", fail)


def test_a_full_disk_is_said_by_name_when_collecting(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_with(monkeypatch, errno.ENOSPC, course / "submitted" / ".submitted.lock")
    (done,) = collect(course, [bundle(course, "first", GOOD, WHEN)])
    assert done.outcome == REFUSED
    assert done.reason == "the disk is full (as it is); make room, then run this again."


def test_a_disk_that_may_only_be_read_is_said_with_its_folder(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    fails_with(monkeypatch, errno.EROFS, course / ".submitted.lock")
    monkeypatch.setattr("grader.files.writable.os.access", lambda *_: False)
    said = err(course, capsys, "collect", "--use", WHO, MODULE, "1", code=1)
    assert f"{course} may only be read" in said
    assert ".lock" not in said
