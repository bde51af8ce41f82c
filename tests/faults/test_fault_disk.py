"""A disk that is full costs nobody anything, whether they learn, collect, grade or write."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fault_page import COLLECT, GRADE, HOME, fault
from helpers.cohort import FULL, LATER, answers_json, submit, write_bundle
from helpers.paths import TESTS
from helpers.tools import missing

TRAINEES = [f"trainee-{number:03}" for number in range(12)]
# A small disk in memory, in a world of its own: mounting it needs no rights there.
ALONE = ["unshare", "--user", "--map-root-user", "--mount"]
MOUNT = 'mount -t tmpfs -o size=4m small "$0" && exec "$@"'


def on_a_small_disk(disk: Path, script: str, *arguments: Path) -> dict[str, Any]:
    """Run a script with a small disk mounted on a folder; return what it tells."""
    if not shutil.which("unshare"):
        missing("a disk of our own needs unshare, which is not here")
    disk.mkdir()
    mounted = [*ALONE, "sh", "-c", MOUNT, str(disk)]
    if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode:
        missing("this system does not let us mount a disk of our own")
    command = [*mounted, sys.executable, str(TESTS / "helpers" / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the whole cycle on a disk that gets full again and again; return what was told."""
    home = tmp_path_factory.mktemp("disk")
    course = Path(shutil.copytree(prepared, home / "course"))
    for trainee in TRAINEES:
        submit(course, trainee, FULL)
        write_bundle(home / "newer", trainee, answers_json(FULL), LATER)
        write_bundle(home / "newer", trainee.replace("-0", "-9"), answers_json(FULL), LATER)
    disk = home / "disk"
    return on_a_small_disk(disk, "full_disk.py", course, home / "newer", disk)


@fault(
    GRADE,
    "The disk is full while grading",
    "Marks and comments stay as they were. You are told that the disk is full; with room again, "
    "the next run grades everybody.",
)
@pytest.mark.parametrize("room", ["none", "little", "some"])
def test_grading_on_a_full_disk_keeps_all_marks_and_is_finished_later(
    told: dict[str, Any], room: str
) -> None:
    step = told[f"grade-{room}"]
    assert step["before"] == step["after"] or step["refused"]
    assert step["kept"] == [2.5, "Well asked."]
    assert step["whole"]
    if room == "none":
        assert step["said"]
    for line in step["said"]:
        assert "full" in line or "No space left" in line
        assert "\n" not in line
        assert len(line) < 250
    assert told["graded"] == dict.fromkeys(TRAINEES[1:], 6.0) | {TRAINEES[0]: 8.5}
    assert told["kept"] == [2.5, "Well asked."]
    assert told["whole"]


def test_the_very_first_grading_on_a_full_disk_leaves_no_half_gradebook(
    told: dict[str, Any],
) -> None:
    first = told["first"]
    assert len(first["said"]) == 2
    assert all("full" in line or "No space left" in line for line in first["said"])
    assert first["left"] == []
    assert first["points"] == dict.fromkeys(TRAINEES, 6.0)


@fault(
    COLLECT,
    "The disk is full while collecting",
    "What was collected before stays whole. The rest is refused by name, "
    "and can be collected again.",
)
def test_collecting_on_a_full_disk_keeps_what_is_there(told: dict[str, Any]) -> None:
    step = told["collect"]
    assert 0 < step["outcomes"]["refused"] < 2 * len(TRAINEES)
    assert set(step["said"]) == {"room"}
    assert set(TRAINEES) < set(step["whole"])
    assert told["collected"]["collected"] == step["outcomes"]["refused"]
    assert "refused" not in told["collected"]


@fault(
    GRADE,
    "The disk is full while feedback is written",
    "Pages written before stay. Each trainee without a new page is named.",
)
def test_feedback_on_a_full_disk_names_who_has_none(told: dict[str, Any]) -> None:
    step = told["feedback"]
    assert step["outcomes"]["not written"] > 0
    assert all("No space left" in line for line in step["said"])
    assert told["written"] == {"written": 2 * len(TRAINEES)}


@fault(
    HOME,
    "The disk is full when the course is opened",
    "It opens with the exercises of last time, each whole. The trainee is told to make room.",
)
def test_the_course_opens_on_a_full_disk_with_what_is_there(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    told = on_a_small_disk(disk, "full_home.py", disk, tmp_path)
    assert told["nothing there"].startswith(f"refused: The folder {disk / 'home'} cannot be used")
    assert told["first"] == ""
    assert "No space left on device" in told["full"]
    assert "Make room" in told["full"]
    assert told["kept"]
    assert told["page"] == [True, True]
    assert "No space left on device" in told["saved"]
    assert (told["receipt"]["type"], told["receipt"]["seq"]) == ("refused", 7)
    assert "No space left on device" in told["receipt"]["why"]
    assert told["left"] == []
    assert (told["again"], told["newest"], told["untouched"]) == ("", True, True)
