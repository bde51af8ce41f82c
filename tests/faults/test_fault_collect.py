"""Hand-ins with odd names, links, pipes and devices stop no other, and each is told in one line."""

from __future__ import annotations

import json
import os
import socket
import stat
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from fault_page import COLLECT, GRADE, fault
from helpers.aftermath import book, is_whole, without_rights
from helpers.cohort import FULL, LATER, MODULE, WHEN, answers_json, write_bundle
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import main
from grader.errors import GradingError, one_line
from grader.formats.times import parse_time, time_text
from grader.trainer.collect import collect as collecting
from grader.trainer.collect.collect import COLLECTED, REFUSED, collect
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import DAMAGED, WAITING

GOOD = answers_json(FULL)
ODD_NAMES = (
    "two\nlines", "=cmd()|' C'!A0", "-rf", "\u202egnp.exe", "\x1b[2J\x1b[31m", "a\rb", "..",
    "\u200b", "..%2f..%2fetc", "CON", "\u2028", "x" * 255, "ä" * 127, "\udcff\udcfe",
    "$(reboot)", "`id`", "'", '"; DROP TABLE grade; --', "{{7*7}}", "%s%n",
    "<img src=x onerror=alert(1)>",
)  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def inbound(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange" / "alongside" / "inbound"
    folder.mkdir(parents=True)
    return folder


def sent(inbound: Path, trainee: str) -> Path:
    folder = inbound / f"{trainee}+{MODULE}+2026-03-01 09:00:00.123456 UTC+QmFzZTY0"
    folder.mkdir()
    (folder / "answers.json").write_bytes(GOOD)
    return folder


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines a trainer sees, each fit for a terminal."""
    lines = capsys.readouterr().out.split("\n")[:-1]
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 500
    return lines


# Names ----------------------------------------------------------------------------------


@fault(
    COLLECT,
    "Files with odd names: line breaks, `=`, `../`, 255 letters, marks that turn text around",
    "The name of a file decides nothing. The hand-in inside is taken or refused like any other.",
)
def test_the_name_of_a_bundle_decides_nothing(
    course: Path, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name for name in ODD_NAMES if not name.startswith(".")]  # such files are hidden
    for number, name in enumerate(names):
        good = write_bundle(inbox, f"trainee-{number:03}", GOOD)
        good.rename(inbox / name)
        (inbox / f"{name[:100]}!").write_bytes(b"no zip file")
    assert main(["collect", str(inbox), "--root", str(course)]) == 1
    lines = told(capsys)
    assert lines[-1] == f"{len(names)} collected, {len(names)} refused"
    assert len(lines) == 2 * len(names) + 1


@fault(
    COLLECT,
    "Folders with odd names in the shared folder",
    "Each is refused by name, in one line. The others are taken.",
)
def test_an_odd_folder_in_the_exchange_is_refused_in_one_line(
    course: Path, inbound: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name[:180] for name in ODD_NAMES if name not in {"..", "-rf"}]
    for name in names:
        folder = f"{name}+{MODULE}+2026-03-01 09:00:00 UTC+x"
        if len(os.fsencode(folder)) < 255:
            (inbound / folder).mkdir()
        (inbound / f"{name}!").mkdir()
    sent(inbound, "trainee-017")
    exchange = str(inbound.parent.parent)
    assert main(["collect", "--exchange", exchange, "--root", str(course)]) == 1
    lines = told(capsys)
    assert len(lines) == len(list(inbound.iterdir())) + 1
    assert f"trainee-017 {MODULE}: collected" in lines
    assert [path.name for path in (course / "submitted").iterdir()] == ["trainee-017"]


@pytest.mark.parametrize("place", ["inside", "code", "module"])
def test_odd_names_in_a_bundle_are_refused_in_one_line(
    course: Path, inbox: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    for number, name in enumerate(ODD_NAMES):
        path = write_bundle(inbox, f"trainee-{number:03}", GOOD)
        odd = name.encode("utf-8", "replace").decode()
        usual = {"format": 1, "trainee": "trainee-017", "module": MODULE, "handed_in": WHEN}
        if place == "inside":
            with zipfile.ZipFile(path, "a") as bundle:
                bundle.writestr(odd, b"x")
            continue
        changed = usual | ({"trainee": name} if place == "code" else {"module": name})
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr("handin.json", json.dumps(changed))
            bundle.writestr("answers.json", GOOD)
    assert main(["collect", str(inbox), "--root", str(course)]) == 1
    lines = told(capsys)
    assert lines[-1] == f"{len(ODD_NAMES)} refused"
    assert not (course / "submitted").exists()


@fault(
    GRADE,
    "A folder with an odd name in `submitted/`",
    "It is not graded, and the line about it says what to do. The others are graded.",
)
def test_an_odd_folder_in_submitted_is_told_in_one_line(
    course: Path, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [name for name in ODD_NAMES if not name.startswith(".")]
    for name in names:
        (course / "submitted" / name / MODULE).mkdir(parents=True)
    collect(course, [write_bundle(inbox, "trainee-017", GOOD)])
    assert main(["grade", MODULE, "--root", str(course)]) == 1
    out = capsys.readouterr().out.split("\n")[:-1]
    assert all(line.isprintable() for line in out)
    assert len(out) == len(names) + 3
    # A name such as CON is no trainee's code on any system.
    assert out[-1].startswith(f"{len(names)} not graded, 1 waiting")
    assert list(book(course)) == ["trainee-017"]
    for command in (["export", "csv"], ["report"]):
        assert main([*command, "--root", str(course)]) == 0
    table = (course / "exports" / "marks.csv").read_text("utf-8-sig")
    assert table.count(",not graded,") == len(names)
    page = (course / "reports" / "cohort.html").read_text("utf-8")
    assert [name for name in names if escape(one_line(name)) not in page] == []


@fault(
    GRADE,
    "A roster with odd names, or one that is no table",
    "Nothing is graded yet, and one line names what to mend.",
)
@pytest.mark.parametrize(
    "content",
    [
        *(f'id\n"{name}"\n'.encode("utf-8", "replace") for name in ODD_NAMES[:5]),
        b"id\ntrainee-\x00\n",
        b"id\n" + b"x" * 200_000 + b"\n",
        b'id\n"trainee',
        b"\xff\xfei\x00d\x00\n",  # UTF-16, cut off
    ],
)
def test_a_roster_of_odd_names_is_told_in_one_line(course: Path, content: bytes) -> None:
    (course / "roster.csv").write_bytes(content)
    try:
        grade(course, MODULE)
    except GradingError as error:
        said = str(error)
        assert said.startswith("roster.csv")
        assert said.isprintable()
        assert len(said) < 300
    else:
        assert content == b'id\n"trainee'  # a quote too few harms nobody


# Links, pipes, devices ------------------------------------------------------------------


def hard_link(path: Path) -> None:
    other = path.parents[2] / "another file"
    other.write_bytes(GOOD)
    path.hardlink_to(other)


def device(path: Path) -> None:
    if os.geteuid() == 0:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero never ends
    else:
        path.symlink_to("/dev/zero")


def plug(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as there:
        home = Path.cwd()
        os.chdir(path.parent)  # the name of a socket is short
        try:
            there.bind(path.name)
        finally:
            os.chdir(home)


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 << 20)


STRANGE: dict[str, Callable[[Path], None]] = {
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "link-to-zeros": lambda path: path.symlink_to("/dev/zero"),
    "link-to-itself": lambda path: path.symlink_to(path),
    "link-to-nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
    "hard-link": hard_link,
    "pipe": os.mkfifo,
    "device": device,
    "socket": plug,
    "folder": Path.mkdir,
    "large": large,
}


@fault(
    COLLECT,
    "Links, pipes, devices, folders or 200 MB where the answers should be",
    "Nothing of it is read. The trainee’s hand-in counts as damaged, so that nobody is forgotten.",
)
def test_only_a_plain_file_is_taken_and_nobody_is_forgotten(course: Path, inbound: Path) -> None:
    for name, put in STRANGE.items():
        path = sent(inbound, f"trainee-{name}") / "answers.json"
        path.unlink()
        put(path)
    sent(inbound, "trainee-fine")
    found = collect(course, exchange=inbound.parent.parent)
    assert [one.outcome for one in found] == [COLLECTED] * (len(STRANGE) + 1)
    outcomes = {one.trainee: one.outcome for one in grade(course, MODULE)}
    assert outcomes.pop("trainee-fine") == WAITING
    assert outcomes == {f"trainee-{name}": DAMAGED for name in STRANGE}
    assert is_whole(course)
    kept = b"".join(path.read_bytes() for path in course.rglob("*") if path.is_file())
    assert b"root:" not in kept


@fault(
    GRADE,
    "Links, pipes, devices, folders or 200 MB put into `submitted/` by hand",
    "The same: damaged, told in one line, and the others are graded.",
)
def test_grading_reads_only_plain_files(course: Path, inbox: Path) -> None:
    for name, put in STRANGE.items():
        if name == "hard-link":
            continue  # some backups make them; grading shows it as it shows a copy
        folder = course / "submitted" / f"trainee-{name}" / MODULE
        folder.mkdir(parents=True)
        put(folder / "answers.json")
    collect(course, [write_bundle(inbox, "trainee-fine", GOOD)])
    outcomes = {one.trainee: one.outcome for one in grade(course, MODULE)}
    assert outcomes.pop("trainee-fine") == WAITING
    assert set(outcomes.values()) == {DAMAGED}
    assert is_whole(course)


@fault(
    COLLECT,
    "Files and folders that may not be read",
    "A file that may not be read is refused by name, or counts as damaged. The others are taken.",
)
def test_what_may_not_be_read_is_told_and_the_rest_collected(
    course: Path, inbox: Path, inbound: Path
) -> None:
    (sent(inbound, "trainee-001") / "answers.json").chmod(0)
    closed = sent(inbound, "trainee-002")
    closed.chmod(0)
    sent(inbound, "trainee-003")
    write_bundle(inbox, "trainee-004", GOOD).chmod(0)
    write_bundle(inbox, "trainee-005", GOOD)
    arguments = ["collect", inbox, "--exchange", inbound.parent.parent, "--root", course, "--json"]
    try:
        found = json.loads(without_rights(*map(str, arguments)).stdout)
    finally:
        closed.chmod(0o700)
    outcomes = {one["trainee"] or one["source"]: one["outcome"] for one in found}
    fine = dict.fromkeys(("trainee-001", "trainee-002", "trainee-003", "trainee-005"), COLLECTED)
    assert outcomes == fine | {f"{MODULE}-trainee-004-2026-03-01.zip": REFUSED}
    reason = next(one["reason"] for one in found if one["outcome"] == REFUSED)
    assert "Permission denied" in reason
    assert "/" not in reason
    results = {one.trainee: one.outcome for one in grade(course, MODULE)}
    assert results["trainee-001"] == results["trainee-002"] == DAMAGED
    assert results["trainee-003"] == results["trainee-005"] == WAITING


@fault(
    GRADE,
    "A trainee’s folder in `submitted/` that may not be read",
    "The trainee is named as not graded. The others are graded.",
)
def test_a_folder_that_may_not_be_read_is_never_passed_over(course: Path, inbox: Path) -> None:
    for trainee in ("trainee-001", "trainee-017"):
        collect(course, [write_bundle(inbox, trainee, GOOD)])
    closed = course / "submitted" / "trainee-001"
    closed.chmod(0)
    try:
        done = without_rights("grade", MODULE, "--root", str(course), "--json")
        exported = without_rights("export", "csv", "--root", str(course))
    finally:
        closed.chmod(0o700)
    assert exported.returncode == 0, exported.stderr
    table = (course / "exports" / "marks.csv").read_text("utf-8-sig")
    assert f"trainee-001,{MODULE},not graded," in table
    refused, fine = json.loads(done.stdout)
    assert (refused["trainee"], refused["outcome"]) == ("trainee-001", "not graded")
    assert "Permission denied" in refused["problem"]
    assert fine["outcome"] == WAITING
    outcomes = [one.outcome for one in grade(course, MODULE)]
    assert outcomes == [WAITING, WAITING]


# Clocks ---------------------------------------------------------------------------------


@given(st.text("0123456789:+. TZ-UCMayPMeE/,", min_size=8, max_size=64))
def test_any_text_for_a_time_is_a_time_or_refused(text: str) -> None:
    try:
        when = parse_time(text)
    except ValueError:
        return
    assert when.tzinfo is not None
    assert parse_time(time_text(when)) == when


@fault(
    COLLECT,
    "Your computer’s clock was set back",
    "A newer hand-in is still newer than the one before it, and is taken.",
)
def test_a_clock_set_back_keeps_nobodys_newer_hand_in_out(
    course: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime

    collect(course, [write_bundle(inbox, "trainee-017", answers_json({}), WHEN)])
    monkeypatch.setattr(
        collecting, "_now", lambda: datetime.fromisoformat("2001-01-01T00:00+00:00")
    )
    (newer,) = collect(course, [write_bundle(inbox, "trainee-017", GOOD, LATER)])
    assert newer.outcome == COLLECTED
    placed = course / "submitted" / "trainee-017" / MODULE
    assert (placed / "answers.json").read_bytes() == GOOD
    assert (placed / "timestamp.txt").read_text().startswith("2026-03-02")
