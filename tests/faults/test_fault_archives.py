"""Zip files are read alike at both doors: the trainee's feedback card and the trainer's folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fault_page import COLLECT, HOME, fault
from helpers.cohort import FULL, MODULE, WHEN, answers_json
from helpers.feedback_file import NUMBERS
from helpers.hostile_zips import bombs, shapes, zipped
from helpers.paths import REPOSITORY

from grader.cards.card import UNFORESEEN
from grader.cards.sending import FeedbackCard
from grader.errors import AlongsideError, SubmissionError
from grader.places import own_home, this_learner
from grader.trainer.collect.bundles import read_bundle
from grader.trainer.collect.collect import REFUSED, collect
from grader.trainer.collect.downloads import bundle_files
from grader.trainer.collect.history import History

MOST_MEMORY = 160 << 20  # bytes that reading any file may take, with the file itself
FEEDBACK = {"feedback.html": b"<h1>Hello</h1>", "feedback.json": json.dumps(NUMBERS).encode()}
HAND_IN = {
    "handin.json": json.dumps(
        {"format": 1, "trainee": "trainee-017", "module": MODULE, "handed_in": WHEN}
    ).encode(),
    "answers.json": answers_json(FULL),
}


def answer(content: bytes) -> dict[str, str]:
    """Return what the feedback card says to a file."""
    receipt, _ = FeedbackCard(this_learner()).receive({"type": "bundle", "seq": 1}, [content])
    return receipt


def read(path: Path) -> list[str]:
    """Read what lies in a folder as collecting does; return what is refused, in words."""
    said = []
    for source in bundle_files([path]):
        try:
            read_bundle(source, [MODULE])
        except (AlongsideError, OSError) as error:
            said.append(str(error))
    return said


def test_the_files_that_all_this_is_made_of_are_taken(course: Path, tmp_path: Path) -> None:
    assert answer(zipped(FEEDBACK))["type"] == "done"
    (tmp_path / "a.zip").write_bytes(zipped(HAND_IN))
    assert not read(tmp_path / "a.zip")


@fault(
    HOME,
    "A feedback file that is damaged, locked, a bomb, or packed in an odd way",
    "It is refused in plain words, and takes neither memory nor time.",
)
@pytest.mark.parametrize("case", shapes(FEEDBACK))
def test_the_feedback_card_refuses(case: str) -> None:
    said = answer(shapes(FEEDBACK)[case])
    assert said["type"] == "refused"
    assert said["why"].startswith("This is not a feedback file.")
    assert not own_home().feedback_page(MODULE).exists()


@fault(
    COLLECT,
    "A zip file says other sizes than it has, or lists one file under many names",
    "It is refused with its name. The others are collected.",
)
@pytest.mark.parametrize("case", shapes(HAND_IN))
def test_the_folder_refuses(case: str, course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "odd.zip").write_bytes(shapes(HAND_IN)[case])
    (folder / "plain.zip").write_bytes(zipped(HAND_IN))
    odd, plain = sorted(collect(course, [folder]), key=lambda one: one.source)
    assert (odd.outcome, odd.source.split("/")[0]) == (REFUSED, "odd.zip")
    assert plain.outcome != REFUSED
    assert odd.reason
    assert odd.reason.isprintable()


def spoilt(raw: bytes) -> Iterator[bytes]:
    """Give a file cut off at each byte, and with each byte changed in two ways."""
    for at in range(len(raw)):
        yield raw[:at]
        yield raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]
        yield raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@fault(
    HOME,
    "A feedback file was cut off or changed on its way, at any byte",
    "It is refused in plain words, or what came whole is kept.",
)
def test_no_damaged_byte_of_feedback_ends_in_silence() -> None:
    for content in spoilt(zipped(FEEDBACK)):
        said = answer(content)
        assert said["type"] == "done" or said["why"] != UNFORESEEN, content
    for content in spoilt(FEEDBACK["feedback.json"]):
        page = b"<meta name=\"alongside-feedback\" content='%s'><![x<h1>" % content
        said = answer(page)
        assert said["type"] == "done" or said["why"] != UNFORESEEN, content


def test_no_damaged_byte_of_a_hand_in_stops_collecting(course: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for content in spoilt(zipped(HAND_IN)):
        path.write_bytes(content)
        assert all(line.isprintable() for line in read(path))


@pytest.mark.parametrize(
    "page",
    [b"<![x<h1>", b"<!DOCTYPE [<![", b"<html><![if IE]>", b"\xff\xfe<\0!\0[\0x\0", b"<!-->" * 99],
)
def test_a_page_that_no_browser_made_is_refused_plainly(page: bytes) -> None:
    assert answer(page)["why"].startswith("This is not a feedback file.")


MEASURE = """
import resource, sys
from pathlib import Path
import test_fault_archives as doors
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
path = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content = path.read_bytes()
print(doors.answer(content)["why"] != doors.UNFORESEEN)
print(len(doors.read(path)) > 0)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in other units elsewhere")
@pytest.mark.parametrize("case", bombs(b""))
def test_a_bomb_takes_no_memory_at_either_door(case: str, tmp_path: Path) -> None:
    meta = json.dumps(NUMBERS).replace('"', "&quot;")
    page = f'<head><meta name="alongside-feedback" content="{meta}"></head><body>'.encode()
    path = tmp_path / "a.zip"
    path.write_bytes(bombs(page)[case]())
    here = (REPOSITORY / "tests", REPOSITORY / "tests" / "faults", REPOSITORY)
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, here))}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=surroundings,
    )
    card, folder, taken = done.stdout.split()
    assert (card, folder) == ("True", "True")
    assert int(taken) < MOST_MEMORY


@fault(
    COLLECT,
    "A kept hand-in was changed on the disk, at any byte",
    "One line names the file and asks for a new hand-in. Nothing else stops.",
)
def test_no_damaged_byte_of_a_kept_hand_in_ends_in_a_traceback(
    course: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(HAND_IN))
    collect(course, [tmp_path / "a.zip"])
    path = course / "history" / "trainee-017" / MODULE / "1.zip"
    kept = History(course, "trainee-017", MODULE)
    for content in spoilt(path.read_bytes()):
        path.write_bytes(content)
        with suppress(SubmissionError):
            kept.content(kept.row[0])
