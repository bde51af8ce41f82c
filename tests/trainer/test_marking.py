"""Many submissions are marked by several processes as one process would mark them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from helpers.cohort import FULL, MODULE, make_course, submit
from helpers.varied import hand_in_varied, real_course

from grader.errors import GradingError
from grader.trainer.gradebook.backups import is_whole
from grader.trainer.gradebook.gradebook import local_db_url, read_gradebook
from grader.trainer.grading.grading import grade
from grader.trainer.marking import marking
from grader.trainer.marking.graded_text import GradedText, notebook_text
from grader.trainer.marking.marking import Marker, mark_all, read_handed_in
from grader.trainer.marking.sheet import Sheet, fill, load_sheet, mark_submission

REAL = "06-conversation"  # nearly every kind of question


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sheet]:
    root = real_course(tmp_path_factory.mktemp("varied") / "course", REAL)
    hand_in_varied(root, REAL, range(1, 61))
    return root, load_sheet(root, REAL)


def trainees(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "submitted").iterdir())


def test_the_quick_text_is_the_text_of_the_filled_notebook(varied: tuple[Path, Sheet]) -> None:
    root, sheet = varied
    text = GradedText(sheet)
    for trainee in trainees(root):
        marks = mark_submission(sheet, root / "submitted" / trainee / REAL)
        assert text.of(marks) == notebook_text(fill(sheet, marks)).encode()


def test_several_processes_do_what_one_does(
    varied: tuple[Path, Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, sheet = varied
    alone = list(mark_all(Marker(root, sheet, writes=True), trainees(root)))
    notebooks = (root / "autograded").glob(f"*/{REAL}/exercise.ipynb")
    written = {path: path.read_bytes() for path in notebooks}
    for path in written:
        path.unlink()
    monkeypatch.setattr(marking, "ALONE", 0)
    monkeypatch.setattr(marking, "_processors", lambda: 2)
    assert list(mark_all(Marker(root, sheet, writes=True), trainees(root))) == alone
    assert {path: path.read_bytes() for path in written} == written
    assert len(written) == len(alone) == 60
    assert [
        len(written[root / "autograded" / one.trainee / REAL / "exercise.ipynb"]) for one in alone
    ] == [one.size for one in alone]


def test_marking_without_writing_writes_nothing(varied: tuple[Path, Sheet]) -> None:
    root, sheet = varied
    before = sorted(root.rglob("*"))
    looked = list(mark_all(Marker(root, sheet, writes=False), trainees(root)))
    assert sorted(root.rglob("*")) == before
    assert {one.size for one in looked} == {0}


def test_a_process_that_is_killed_is_one_plain_sentence(
    varied: tuple[Path, Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, sheet = varied
    monkeypatch.setattr(marking, "ALONE", 0)
    monkeypatch.setattr(marking, "_processors", lambda: 2)
    monkeypatch.setattr(marking, "SHARE", 1)
    real = marking.ProcessPoolExecutor.map

    def map_and_kill(self: marking.ProcessPoolExecutor, *rest: object, **how: object) -> object:
        results = real(self, *rest, **how)
        os.kill(next(iter(self._processes)), signal.SIGKILL)
        return results

    monkeypatch.setattr(marking.ProcessPoolExecutor, "map", map_and_kill)
    with pytest.raises(GradingError, match="run it again"):
        list(mark_all(Marker(root, sheet, writes=False), trainees(root)))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


def digest(course: Path) -> str:
    return read_handed_in(course, MODULE, "trainee-017").digest


def test_the_digest_changes_with_each_thing_that_was_handed_in(course: Path) -> None:
    folder = submit(course, "trainee-017", FULL)
    seen = [digest(course)]
    assert digest(course) == seen[0]
    for name, text in (
        ("timestamp.txt", "2026-03-02 09:00:00.000000 UTC"),
        ("answers.json", ""),
        ("problem.txt", "It is a link."),
    ):
        (folder / name).write_text(text)
        seen.append(digest(course))
    (folder / "problem.txt").unlink()
    (folder / "answers.json").unlink()
    seen.append(digest(course))
    assert len(set(seen)) == 5


def test_a_notebook_that_cannot_be_written_is_said_and_stops_nobody(course: Path) -> None:
    for trainee in ("trainee-001", "trainee-017"):
        submit(course, trainee, FULL)
    (course / "autograded" / "trainee-001").mkdir(parents=True)
    (course / "autograded" / "trainee-001" / MODULE).write_text("in the way")
    marker = Marker(course, load_sheet(course, MODULE), writes=True)
    refused, fine = mark_all(marker, ["trainee-001", "trainee-017"])
    assert refused.refused.startswith("Not graded: ")
    assert fine.scores == (3.0, 3.0, None)


GRADE = """
import sys
from pathlib import Path
from grader.trainer.marking import marking
marking.ALONE, marking._processors = 0, lambda: 2
if __name__ == "__main__":
    from grader.trainer.grading.grading import grade
    grade(Path(sys.argv[1]), sys.argv[2])
"""


def test_a_killed_run_leaves_no_process_and_no_mark_and_the_next_one_finishes(
    varied: tuple[Path, Sheet], tmp_path: Path
) -> None:
    root = Path(shutil.copytree(varied[0], tmp_path / "course"))
    shutil.rmtree(root / "autograded", ignore_errors=True)
    (tmp_path / "run.py").write_text(GRADE)
    run = subprocess.Popen([sys.executable, tmp_path / "run.py", root, REAL])
    deadline = time.monotonic() + 60
    while not list(root.glob("autograded/trainee-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    helpers = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.wait()
    assert helpers
    assert psutil.wait_procs(helpers, timeout=20)[1] == []
    assert len(read_gradebook(local_db_url(root), REAL)) in (0, 60)  # never some of them
    done = grade(root, REAL)
    assert len(done) == len(read_gradebook(local_db_url(root), REAL)) == 60
    assert is_whole(root / "gradebook.db")
