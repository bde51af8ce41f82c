"""What else lies in the folder of a hand-in is kept when another hand-in takes its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import BEST, MODULE, WHEN, answers_json
from helpers.formgrader import press_autograde
from helpers.hand_ins import GOOD, WHO, bundle, in_use, placed

from grader.cli import main
from grader.trainer.collect.collect import collect
from grader.trainer.grading.grading import Listener, grade, grade_modules

NEWER = answers_json(BEST)
PLACE = f"aside/other-files/{WHO}/{MODULE}"
SAID = f"What else lay in submitted/{WHO}/{MODULE} is kept in {PLACE}."
# A zip that nobody collected, two computers' copies, a name that a browser gave, a deep one.
BESIDE = (
    "07-advice-trainee-017.zip",
    "answers (1).json",
    "answers.json.txt",
    "answers.sync-conflict-20260601-120000-ABCDEFG.json",
    f"{MODULE}/answers.json",
)


def lay_beside(folder: Path) -> None:
    for name in BESIDE:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(NEWER)
    (folder / ".DS_Store").write_bytes(b"x")


def kept(course: Path, place: str = PLACE) -> dict[str, bytes]:
    home = course / place
    files = [path for path in home.rglob("*") if path.is_file()]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def command(course: Path, *words: str) -> None:
    assert main([*words, f"--root={course}"]) == 0


def by_grade(course: Path) -> None:
    (placed(course) / "answers.json").unlink()
    command(course, "grade", MODULE)


def by_collecting(course: Path) -> None:
    later = bundle(course, "later", NEWER, "2026-05-30T12:00:00+00:00")
    command(course, "collect", str(later))


def by_choosing(course: Path) -> None:
    (placed(course) / "answers.json").write_bytes(NEWER)
    command(course, "collect", "--use", WHO, MODULE, "1")


@pytest.fixture(name="marked")
def collected_and_marked(course: Path) -> Path:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    return course


@fault(
    GRADE,
    "Other work lies in the folder of a hand-in, such as a zip file or a folder too deep, when "
    "that hand-in is put back or replaced",
    "It is kept in `aside/other-files/`. You are told the place, and nothing there is replaced.",
)
@pytest.mark.parametrize("door", [by_grade, by_collecting, by_choosing])
def test_what_lies_beside_a_hand_in_is_kept_and_named(
    marked: Path, door: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    lay_beside(placed(marked))
    capsys.readouterr()
    door(marked)
    said = " ".join("".join(capsys.readouterr()).split())
    assert SAID in said
    assert kept(marked) == dict.fromkeys(BESIDE, NEWER)
    assert not (placed(marked) / BESIDE[0]).exists()
    assert (marked / "aside" / "other-files").stat().st_mode & 0o077 == 0


def test_what_lies_beside_a_hand_in_is_kept_under_the_button(marked: Path) -> None:
    lay_beside(placed(marked))
    (placed(marked) / "answers.json").write_bytes(b"")
    done = press_autograde(marked, WHO)
    assert done["success"], done
    assert SAID in done["log"]
    assert kept(marked) == dict.fromkeys(BESIDE, NEWER)
    assert in_use(marked) == GOOD


def test_what_is_kept_is_never_replaced(marked: Path) -> None:
    for content in (b"one", b"two"):
        (placed(marked) / "answers (1).json").write_bytes(content)
        (placed(marked) / "answers.json").unlink()
        grade(marked, MODULE)
    assert kept(marked) == {"answers (1).json": b"one"}
    assert kept(marked, f"{PLACE}-2") == {"answers (1).json": b"two"}


def test_answers_that_cannot_be_kept_among_the_hand_ins_are_kept_here(marked: Path) -> None:
    answers = placed(marked) / "answers.json"
    answers.unlink()
    answers.mkdir()
    (answers / "answers.json").write_bytes(NEWER)
    grade(marked, MODULE)
    assert in_use(marked) == GOOD
    assert kept(marked) == {"answers.json/answers.json": NEWER}


def test_nothing_is_kept_or_said_of_what_belongs_there(marked: Path) -> None:
    (placed(marked) / ".DS_Store").write_bytes(b"x")
    (placed(marked) / "answers.json").unlink()
    said: list[str] = []
    grade_modules(marked, [MODULE], told=Listener(message=said.append))
    assert not any("else lay" in one for one in said)
    assert not (marked / "aside").exists()


def test_the_advice_leads_to_where_misplaced_work_lies_after_grading(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = placed(marked) / MODULE
    shutil.copytree(placed(marked), inner)
    (placed(marked) / "answers.json").unlink()
    capsys.readouterr()
    main(["grade", MODULE, f"--root={marked}"])
    err = capsys.readouterr().err
    assert not inner.exists()
    assert "too deep" not in err
    look = "Look whether newer work is in it, then remove it."
    assert f"{PLACE} holds what lay beside a hand-in. {look}" in err


def test_a_replacing_that_cannot_keep_them_changes_nothing(marked: Path) -> None:
    lay_beside(placed(marked))
    (marked / "aside").write_bytes(b"a file is in the way")
    (placed(marked) / "answers.json").unlink()
    grade(marked, MODULE)
    assert all((placed(marked) / name).read_bytes() == NEWER for name in BESIDE)
