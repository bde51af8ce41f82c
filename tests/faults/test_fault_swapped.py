"""A folder that is swapped for another while it is collected shows nobody's work to anybody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import MODULE, write_bundle
from helpers.hand_ins import GOOD, ONE, WHO, sent
from helpers.tools import missing

from grader.errors import RecordError, SubmissionError
from grader.files.foreign import ForeignFolder
from grader.trainer.collect.downloads import Source, bundle_files
from grader.trainer.collect.inbound import inbound_folders, read_folder
from grader.trainer.collect.owners import owners_of

TIME = "2026-03-01 09:00:00.000000 UTC"
STRANGER = 54_321


def of_another(course: Path) -> Path:
    """Make what another trainee handed in; only trainers may read it."""
    folder = course / "submitted" / "trainee-002" / MODULE
    folder.mkdir(parents=True)
    (folder / "answers.json").write_bytes(GOOD)
    (folder / "shared.json").write_text("{}")
    return folder


def by_link(folder: Path, other: Path) -> None:
    """Put a link to another folder where one was asked about already."""
    folder.rename(folder.with_name("away"))
    folder.symlink_to(other)


def by_folder(folder: Path, other: Path) -> None:
    """Put a folder of another account there."""
    if os.geteuid() != 0:
        missing("only root can give a folder to another account")
    folder.rename(folder.with_name("away"))
    other.rename(folder)
    os.chown(folder, STRANGER, -1)


@fault(
    COLLECT,
    "A folder in the exchange is swapped for a link while it is collected",
    "Nothing is read through the link. The hand-in counts as damaged, and the line says so.",
)
@pytest.mark.parametrize("swap", [by_link, by_folder])
def test_what_was_swapped_in_the_exchange_is_not_read(
    course: Path, inbound: Path, swap: Callable[[Path, Path], None]
) -> None:
    folder = sent(inbound, TIME, ONE)
    exchange = inbound.parent.parent
    [[found]], _ = inbound_folders(exchange, "alongside", owners_of(course, asks=False))
    swap(folder, of_another(course))
    hand_in = read_folder(found, course, [MODULE])
    assert (hand_in.answers, hand_in.shared, hand_in.secret) == (None, None, "")
    assert "folder" in hand_in.problem


def unzipped(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "handin.json").write_text("{}")
    (folder / "answers.json").write_bytes(ONE)


def zipped(folder: Path) -> None:
    write_bundle(folder, WHO, ONE, "2026-03-01T09:00:00+00:00")


@fault(
    COLLECT,
    "A folder of downloads is swapped for a link while it is collected",
    "What lies behind the link is not read. One line names the folder.",
)
@pytest.mark.parametrize("fill", [unzipped, zipped])
@pytest.mark.parametrize("level", ["outer", "outer/inner"])
def test_what_was_swapped_among_downloads_is_not_read(
    tmp_path: Path, fill: Callable[[Path], None], level: str
) -> None:
    mine, others = tmp_path / "downloads", tmp_path / "private"
    for top in (mine, others):
        fill(top / "outer" / "inner")
    [source] = bundle_files([mine])
    by_link(mine / level, others / level)
    assert not is_read(source)


def is_read(source: Source) -> bool:
    try:
        return bool(source.parts())
    except (RecordError, SubmissionError):
        return False


def test_a_named_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    unzipped(tmp_path / "real" / "one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    [source] = bundle_files([tmp_path / "link"])
    assert is_read(source)


def test_where_no_folder_can_be_held_links_are_still_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unzipped(tmp_path / "real")
    monkeypatch.setattr("grader.files.foreign._CAN_HOLD", False)  # as on Windows
    top = ForeignFolder(tmp_path)
    assert top.inside("real").read("answers.json", 10_000) == ONE
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(RecordError, match="is a link"):
        top.inside("link").read("answers.json", 10_000)
