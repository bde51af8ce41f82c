"""The gradebook is copied before it changes, and a damaged one is put back in words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fault_page import BOOK, fault

from grader.errors import GradebookDamagedError, GradingError
from grader.trainer.gradebook import backups
from grader.trainer.gradebook.backups import (
    KEPT,
    back_up,
    backups_of,
    is_whole,
    sqlite_path,
)
from grader.trainer.gradebook.restoring import restore
from grader.trainer.gradebook.whole import TABLES


@pytest.fixture
def gradebook(tmp_path: Path) -> Path:
    path = tmp_path / "gradebook.db"
    with closing(sqlite3.connect(path)) as opened:
        for table in TABLES:  # without them it would be no gradebook
            opened.execute(f"CREATE TABLE {table} (id TEXT)")
        opened.execute("CREATE TABLE mark (trainee TEXT, points REAL)")
        opened.executemany("INSERT INTO mark VALUES (?, 1)", [(f"t-{n:05}",) for n in range(2000)])
        opened.commit()
    return path


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute("SELECT count(*) FROM mark").fetchone()[0]


def add(path: Path, trainee: str) -> None:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("INSERT INTO mark VALUES (?, 1)", (trainee,))
        opened.commit()


def at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)

    monkeypatch.setattr(backups, "datetime", Clock)


def test_a_copy_holds_everything_and_is_private(gradebook: Path) -> None:
    copy = back_up(gradebook)
    assert copy is not None
    assert count(copy) == 2000
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_copy_holds_what_still_lies_in_a_log_beside_the_file(gradebook: Path) -> None:
    with closing(sqlite3.connect(gradebook)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("INSERT INTO mark VALUES ('late', 1)")
        opened.commit()
        alone = gradebook.with_name("alone.db")
        shutil.copyfile(gradebook, alone)
        copy = back_up(gradebook)
        assert copy is not None
        shutil.copyfile(copy, gradebook.with_name("moved.db"))
    assert count(gradebook.with_name("moved.db")) == 2001
    assert count(alone) == 2000  # what a plain copy of the file would have had


def test_the_last_five_copies_are_kept(gradebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for second in range(8):
        at(monkeypatch, f"2026-03-01 09:00:0{second}")
        back_up(gradebook)
    names = [path.name for path in backups_of(gradebook)]
    assert names == [f"gradebook-20260301T09000{second}Z.db" for second in range(3, 8)]


def test_copies_of_the_same_second_do_not_take_each_others_place(
    gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2026-03-01 09:00:00")
    for trainee in "abc":
        add(gradebook, trainee)
        back_up(gradebook)
    assert [count(path) for path in backups_of(gradebook)] == [2001, 2002, 2003]


@fault(
    BOOK,
    "The clock is set back between two copies of the gradebook",
    "The names of the copies keep their order, so no newer copy is lost.",
)
def test_a_clock_that_goes_back_loses_no_newer_copy(
    gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in (12, 9, 8, 7, 6, 5, 11):
        at(monkeypatch, f"2026-03-01 {hour:02}:00:00")
        add(gradebook, str(hour))
        back_up(gradebook)
    assert [count(path) for path in backups_of(gradebook)] == [2003, 2004, 2005, 2006, 2007]
    at(monkeypatch, "2026-03-02 08:00:00")
    newest = back_up(gradebook)
    assert newest == backups_of(gradebook)[-1]


def test_more_than_nine_copies_of_one_second_stay_in_order(
    gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2026-03-01 09:00:00")
    made = [back_up(gradebook) for _ in range(12)]
    assert backups_of(gradebook) == made[-KEPT:]


def test_other_files_among_the_copies_are_left_alone(gradebook: Path) -> None:
    folder = gradebook.parent / "backups"
    folder.mkdir()
    (folder / "gradebook-before-term.db").write_text("mine")
    for _ in range(7):
        back_up(gradebook)
    assert (folder / "gradebook-before-term.db").read_text() == "mine"
    assert len(backups_of(gradebook)) == KEPT


def test_what_a_cut_off_copy_left_is_swept_up(gradebook: Path) -> None:
    folder = gradebook.parent / "backups"
    folder.mkdir()
    (folder / ".draft-1.db").write_bytes(b"half")
    back_up(gradebook)
    assert not (folder / ".draft-1.db").exists()


def test_nothing_is_copied_where_nothing_is(tmp_path: Path) -> None:
    assert back_up(tmp_path / "gradebook.db") is None
    (tmp_path / "gradebook.db").touch()
    assert back_up(tmp_path / "gradebook.db") is None
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]


def overwritten(path: Path) -> None:
    path.write_bytes(b"not a gradebook" * 1000)


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scrambled(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 20_000)


@pytest.mark.parametrize("damage", [overwritten, cut_off, scrambled])
def test_a_damaged_gradebook_never_pushes_out_a_good_copy(
    gradebook: Path, damage: Callable[[Path], None]
) -> None:
    good = back_up(gradebook)
    damage(gradebook)
    for _ in range(KEPT + 1):
        with pytest.raises(GradebookDamagedError, match="is damaged; run 'alongside grade'"):
            back_up(gradebook)
    assert backups_of(gradebook) == [good]


@pytest.mark.parametrize("damage", [overwritten, cut_off, scrambled])
def test_a_damaged_gradebook_is_put_back_and_kept(
    gradebook: Path, damage: Callable[[Path], None]
) -> None:
    copy = back_up(gradebook)
    assert copy is not None
    damage(gradebook)
    broken = gradebook.read_bytes()
    aside, said = restore(gradebook)
    assert is_whole(gradebook)
    assert count(gradebook) == 2000
    assert stat.S_IMODE(gradebook.stat().st_mode) == 0o600
    assert aside == gradebook.with_name("gradebook.db.damaged-1")
    assert aside.read_bytes() == broken
    assert f"backups/{copy.name}" in said
    assert "gradebook.db.damaged-1" in said
    assert "set after that are not in it" in said


def test_a_damaged_copy_is_passed_over(gradebook: Path) -> None:
    add(gradebook, "one")
    back_up(gradebook)
    newest = back_up(gradebook)
    assert newest is not None
    scrambled(newest)
    overwritten(gradebook)
    restore(gradebook)
    assert count(gradebook) == 2001


def test_a_log_of_the_damaged_gradebook_is_not_applied_to_the_copy(gradebook: Path) -> None:
    back_up(gradebook)
    overwritten(gradebook)
    log = Path(f"{gradebook}-wal")
    log.write_bytes(b"old log")
    restore(gradebook)
    assert not log.exists()
    assert Path(f"{gradebook}.damaged-1-wal").read_bytes() == b"old log"


def test_every_damaged_gradebook_is_kept(gradebook: Path) -> None:
    back_up(gradebook)
    for number in (1, 2):
        gradebook.write_bytes(b"broken %d" % number)
        restore(gradebook)
    kept = [gradebook.with_name(f"gradebook.db.damaged-{n}").read_bytes() for n in (1, 2)]
    assert kept == [b"broken 1", b"broken 2"]


@fault(
    BOOK,
    "A power cut while a copy is put back",
    "Either the damaged file or the copy is in place, never none.",
)
def test_putting_back_that_is_cut_off_leaves_a_gradebook_in_place(
    gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(gradebook)
    overwritten(gradebook)

    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", breaks)
    with pytest.raises(KeyboardInterrupt):
        restore(gradebook)
    monkeypatch.undo()
    assert gradebook.exists()
    restore(gradebook)
    assert count(gradebook) == 2000


def test_without_a_good_copy_the_damage_is_said_and_nothing_changes(gradebook: Path) -> None:
    overwritten(gradebook)
    before = gradebook.read_bytes()
    with pytest.raises(GradingError, match="has no good copy"):
        restore(gradebook)
    assert gradebook.read_bytes() == before
    assert [path.name for path in gradebook.parent.iterdir()] == ["gradebook.db"]


def test_a_folder_that_cannot_be_written_is_said(gradebook: Path) -> None:
    (gradebook.parent / "backups").write_text("a file")
    with pytest.raises(GradingError, match="cannot be copied into backups/"):
        back_up(gradebook)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:////course/gradebook.db", Path("/course/gradebook.db")),
        ("sqlite://", None),
        ("postgresql+psycopg://me@there/marks", None),
        ("nonsense", None),
    ],
)
def test_only_sqlite_files_are_ours_to_copy(address: str, path: Path | None) -> None:
    assert sqlite_path(address) == path
