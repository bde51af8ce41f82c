"""Odd computers: what cannot work is one plain sentence, and the rest works."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fault_page import COLLECT, GRADE, HOME, fault
from helpers import own_world
from helpers.aftermath import all_without_rights, without_rights
from helpers.cohort import BEST, FULL, LATER, MODULE, answers_json, submit, write_bundle
from helpers.paths import TESTS
from helpers.tools import missing

from grader import places
from grader.cli import main
from grader.files import safe
from grader.formats import answers
from grader.places import this_learner
from grader.trainee.home import prepare_home
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook

ODD = "Größe ş 日本"  # no cp1252, and no ASCII
ALONGSIDE = f"{sys.executable} -m grader.cli"
PORTS = ["99999", "0", "-1", "abc", "65536", "8o80", "", "1e3", "9" * 30, "٨٠٨٠"]


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in a folder; its streams are pipes, and nobody types."""
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(own_world.REPOSITORY), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def is_plain(said: str) -> bool:
    return "Traceback" not in said and "Exception ignored" not in said and "Error" not in said


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    folder = tmp_path / ODD
    folder.mkdir()
    return folder


# Ports ----------------------------------------------------------------------------------


@fault(
    HOME,
    "Somebody asks for a port that there is not",
    "One line names the numbers that can be used.",
)
@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("command", [["learn"], ["teach"], ["show", "any-item"]])
def test_a_port_that_there_is_not_is_said(
    command: list[str], port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command, f"--port={port}", "--no-browser"])
    assert stopped.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert "is no port; give a number from 1 to 65535, or leave it out" in last


def test_a_port_that_needs_other_rights_is_said_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer may let everybody use port 80, so the refusal itself is made."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.socket.bind", refuse)
    assert main(["learn", "--home", str(tmp_path / "home"), "--port", "80", "--no-browser"]) == 1
    assert "Port 80 cannot be used (Permission denied); choose another" in capsys.readouterr().err


# What is printed ------------------------------------------------------------------------


@fault(
    HOME,
    "The screen cannot show the letters of a folder’s name",
    "The command does its work, and shows their codes instead.",
)
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=lambda environment: "-".join(environment.values()),
)
def test_letters_that_cannot_be_shown_stop_nothing(odd: Path, environment: dict[str, str]) -> None:
    line = f"{ALONGSIDE} handin {MODULE} --home '{odd}/home' --code trainee-017 | cat"
    done = shell(line, odd, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "It is in the folder" in done.stdout
    assert len(list((odd / "home" / "hand-in").glob("*.zip"))) == 1


def test_a_name_that_no_program_here_can_hold_is_said_with_what_helps(
    course: Path, odd: Path
) -> None:
    root = Path(shutil.move(course, odd / "course"))
    submit(root, "trainee-017", FULL)
    line = f"{ALONGSIDE} grade {MODULE}"
    done = shell(line, root, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "set PYTHONUTF8=1 and try again" in done.stderr
    done = shell(line, root, LC_ALL="C", PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["--help", "--version", "grade --help", "code none"])
@pytest.mark.parametrize("pipe", ["| true", "| head -1", ">&-", "2>&-", "<&- >&- 2>&-", "<&-"])
def test_output_that_nobody_reads_is_no_fault(odd: Path, command: str, pipe: str) -> None:
    done = shell(f"{ALONGSIDE} {command} {pipe}", odd)
    assert is_plain(done.stdout + done.stderr)


def test_output_that_cannot_be_written_is_said(odd: Path) -> None:
    (odd / "replies").write_text('{"id": 1, "reply": "Hm."}\n')
    done = shell(f"{ALONGSIDE} code replies > /dev/full", odd)
    assert done.returncode == 1
    assert done.stderr == (
        "alongside: the disk is full (No space left on device); make room, then run this again\n"
    )


@fault(
    GRADE,
    "The program that shows what a command says is closed before it is done",
    "The command does its work to the end.",
)
@pytest.mark.parametrize("pipe", ["| true", "> /dev/full"])
def test_marks_are_written_though_nobody_reads_what_changes(course: Path, pipe: str) -> None:
    submit(course, "trainee-017", FULL)
    assert main(["grade", MODULE, "--root", str(course)]) == 0
    submit(course, "trainee-017", {"first-move": "tell"})
    done = shell(f"{ALONGSIDE} grade {MODULE} {pipe}", course)
    assert is_plain(done.stderr)
    assert read_gradebook(default_db_url(course), MODULE)["trainee-017"].points == 1.0


# Folders --------------------------------------------------------------------------------


@fault(
    HOME,
    "The folder in which a command is typed has been removed",
    "One line says so, and to go to another.",
)
@pytest.mark.parametrize("command", ["learn --no-browser", "grade --all", "check", "export"])
def test_a_folder_that_is_gone_is_said(odd: Path, command: str) -> None:
    done = shell(f"mkdir gone && cd gone && rmdir ../gone && {ALONGSIDE} {command}", odd)
    assert done.returncode == 1
    assert done.stderr == (
        "alongside: The folder you are in is no longer there; go to another one and try again\n"
    )


@pytest.mark.parametrize("command", ["learn", f"handin {MODULE}"])
def test_a_home_of_nobody_is_said(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--home", "~nobody-of-that-name/x"]) == 1
    assert "is nobody's folder; give its whole path" in capsys.readouterr().err


def test_a_temporary_folder_that_is_missing_stops_nothing(odd: Path) -> None:
    done = shell(f"{ALONGSIDE} handin {MODULE} --home h --code trainee-017", odd, TMPDIR="/none")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_course_that_may_only_be_read_is_said(course: Path, tmp_path: Path) -> None:
    submit(course, "trainee-017", FULL)
    assert main(["grade", MODULE, "--root", str(course)]) == 0
    submit(course, "trainee-018", FULL)
    shutil.rmtree(course / "exercises")  # something for a release to make
    shut = [path for path in (course, *course.rglob("*")) if path.is_dir()]
    before = (course / "gradebook.db").read_bytes()
    bundle = str(write_bundle(tmp_path / "inbox", "trainee-019", answers_json(FULL)))
    lines = (["grade", MODULE], ["feedback", MODULE], ["export"], ["report"], ["release"])
    lines += (["collect", bundle], ["certify", "--new-key"])
    for folder in shut:
        folder.chmod(0o500)
    told = all_without_rights(*([*line, "--root", str(course)] for line in lines))
    for folder in shut:
        folder.chmod(0o700)
    for said in told:
        assert is_plain(said)
        assert "denied" in said or "is not released" in said
        assert said.count("\n") <= 3
    assert (course / "gradebook.db").read_bytes() == before


TRAINEES = [f"trainee-{number:03}" for number in range(3)]
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


@pytest.fixture
def graded(course: Path, tmp_path: Path) -> Path:
    """Return a course with hand-ins that are graded, new ones to grade, and files to collect."""
    for trainee in TRAINEES:
        submit(course, trainee, FULL)
    assert main(["grade", MODULE, "--root", str(course)]) == 0
    (course / "feedback").mkdir()
    for trainee in TRAINEES:
        submit(course, trainee.replace("-0", "-1"), FULL)
        write_bundle(tmp_path / "inbox", trainee.replace("-0", "-2"), answers_json(FULL))
    write_bundle(tmp_path / "inbox", TRAINEES[0], answers_json(BEST), LATER)
    return course


def steps(course: Path) -> list[list[str]]:
    lines = (["collect", str(course.parent / "inbox")], ["grade", MODULE], ["feedback", MODULE])
    return [[*line, "--root", str(course)] for line in lines]


def is_said_once(said: str, folder: Path, why: str, what: str) -> bool:
    line = f"{folder} may only be read ({why}): {what}"
    told = [one for one in said.splitlines() if "may only be read" in one]
    assert is_plain(said)
    assert len(told) == 1
    assert told[0].removeprefix("alongside: ").startswith(line)
    assert "Make sure that you can write there, then run this again" in told[0]
    return "trainee-" not in said


CONCERNED = {
    "submitted": "4 hand-ins are not taken.",
    "autograded": "3 hand-ins are not graded, and nothing is changed.",
    "feedback": "3 pages are not written.",
}


@fault(
    COLLECT,
    "The course folder may only be read, or a folder in it that all trainees share",
    "One line names the folder, how many hand-ins or pages it concerns, and what to do. The same "
    "holds for grading and feedback.",
)
@pytest.mark.parametrize("whole", [True, False])
def test_a_folder_that_may_only_be_read_is_said_once(graded: Path, whole: bool) -> None:
    tops = [graded] if whole else [graded / name for name in CONCERNED]
    shut = [path for top in tops for path in (top, *top.rglob("*")) if path.is_dir()]
    for folder in shut:
        folder.chmod(0o500)
    told = all_without_rights(*steps(graded))
    for folder in shut:
        folder.chmod(0o700)
    for said, (name, what) in zip(told, CONCERNED.items(), strict=True):
        folder = graded if whole else graded / name
        assert is_said_once(said, folder, "Permission denied", what)
    assert [main(step) for step in steps(graded)] == [0, 0, 0]


def test_no_hand_ins_are_counted_where_nothing_is_due(graded: Path) -> None:
    step = ["grade", "--all", f"--root={graded}"]
    assert main(step) == 0
    (graded / ".gradebook.lock").unlink()
    graded.chmod(0o500)
    (said,) = all_without_rights(step)
    graded.chmod(0o700)
    assert is_said_once(said, graded, "Permission denied", "nothing is changed.")


def test_so_is_a_disk_that_may_only_be_read(graded: Path) -> None:
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, str(graded)]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        missing("this system does not let us mount a folder so that it may only be read")
    for step, what in zip(steps(graded), CONCERNED.values(), strict=True):
        command = [*alone, sys.executable, "-m", "grader.cli", *step]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert is_said_once(done.stdout + done.stderr, graded, "Read-only file system", what)


def test_nobody_waits_for_a_lock_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("waited"))
    with pytest.raises(PermissionError), safe.locked(tmp_path / "submitted"):
        pass


@fault(
    GRADE,
    "The report is written by an account whose home cannot be written to",
    "It is written, and nothing is said of what Matplotlib then does.",
)
def test_a_report_says_nothing_of_a_home_that_is_shut(course: Path, tmp_path: Path) -> None:
    submit(course, "trainee-017", FULL)
    assert main(["grade", MODULE, "--root", str(course)]) == 0
    home = tmp_path / "shut"
    home.mkdir(mode=0o500)
    nowhere = {"XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "MPLCONFIGDIR": ""}
    done = without_rights("report", "--root", str(course), HOME=str(home), **nowhere)
    assert done.returncode == 0
    assert is_plain(done.stderr)
    assert str(home) not in done.stderr
    assert "temporary" not in done.stderr


# Exercises in the home ------------------------------------------------------------------


def items() -> Path:
    return places.own_home().exercise_folder(MODULE) / "items.json"


@pytest.mark.parametrize("content", [b"", b'{"format": 1, "mod', b"[]", b"\xff", b"[" * 100_000])
def test_an_exercise_that_was_cut_off_is_made_whole_at_the_next_start(content: bytes) -> None:
    prepare_home(this_learner())
    whole = items().read_bytes()
    items().write_bytes(content)
    assert prepare_home(this_learner()) == ""
    assert items().read_bytes() == whole


@pytest.mark.parametrize("content", [b"", b'{"format": 1, "mod', b"[]", b"\xff"])
def test_a_cut_exercise_that_cannot_be_renewed_is_said(
    content: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare_home(this_learner())
    items().write_bytes(content)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["learn", "--no-browser"]) == 1
    assert "cannot be used (No space left on device)" in capsys.readouterr().err
    assert items().read_bytes() == content


def test_what_is_as_it_should_be_is_not_written_again() -> None:
    prepare_home(this_learner())
    files = [path for path in places.own_home().folder.rglob("*") if path.is_file()]
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}
    assert len(before) >= 20
    prepare_home(this_learner())
    assert before == {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def test_a_home_that_may_only_be_read_says_so_when_an_answer_is_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is no other page that is saving."""
    monkeypatch.setattr(safe, "LOCK_PATIENCE", 0.05)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(answers.RecordError, match=r"could not be saved \(Permission denied\)"):
        answers.save_response(tmp_path / "answers.json", MODULE, "any", "reply", "words")


# Accounts -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    if why := own_world.why_not():
        missing(why)
    done = own_world.alone(sys.executable, str(TESTS / "helpers" / "odd_accounts.py"))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@fault(
    HOME,
    "The account has no name, or neither its home nor a temporary folder can be written to",
    "With --home elsewhere the course opens, and answers are handed in.",
)
@pytest.mark.parametrize("account", ["nameless", "homeless"])
def test_a_home_elsewhere_is_enough(told: dict[str, Any], account: str) -> None:
    one = told[account]
    assert one["page"]
    assert one["kept"] == ["exercises", "hand-in", "journal", "order-seed", "practice"]
    assert one["handin"][0] == 0
    assert is_plain(json.dumps(one))
    code, _, error = one["grade"]
    if account == "nameless":
        assert code == 0
    else:  # nbgrader needs room to pass things on
        assert code == 1
        assert error.startswith("alongside: No usable temporary directory found")
        assert error.count("\n") == 1


@fault(
    HOME,
    "An account without a home folder opens the course without saying where answers go",
    "One line asks for a folder. No answer is kept where it would be lost.",
)
def test_no_answer_is_kept_in_a_folder_that_ends_with_the_run(told: dict[str, Any]) -> None:
    code, _, error = told["nameless"]["nowhere"]
    assert code == 1
    assert error == (
        "alongside: This account has no home folder; say where answers go, with --home\n"
    )
    code, _, error = told["homeless"]["nowhere"]
    assert code == 1
    assert error.count("\n") == 1
    assert "cannot be used (Permission denied); choose another with --home" in error
    assert told["left"] == []
