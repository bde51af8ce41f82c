"""The start file for Macs and Linux, run by a real shell; uv and Python are stand-ins here."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from helpers.kits import Computer, stand_in_kit

from grader.kit.build import Kit

AT = "alongside"  # in the user's data, on Linux
FIRST = ["find", "install", "learn"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no sh")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return stand_in_kit(tmp_path_factory.mktemp("kits"), "linux")


@pytest.mark.parametrize(
    "name", ["kit", "my kit", "für & mit 100% !o!", 'it\'s (1) $HOME `x` "q"', "-kit, the 2nd"]
)
def test_it_starts_from_a_folder_of_any_name(kit, tmp_path, name):
    started = Computer(kit.folder, tmp_path, name).sh()
    assert started.code == 0, started.text
    assert started.programs == FIRST
    assert "--find-links parts/wheels" in started.calls[1]


def test_nothing_is_left_beside_the_folder_that_is_said_to_be_deleted(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    assert computer.sh().programs == FIRST
    assert [path.name for path in computer.own.iterdir()] == [AT]


def test_the_second_start_asks_uv_for_nothing_and_needs_no_kit(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    computer.sh()
    shutil.move(computer.folder / "parts", tmp_path / "gone")
    started = computer.sh()
    assert started.code == 0
    assert started.programs == ["check", "learn"]


def test_a_set_up_that_was_cut_short_is_made_again(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    computer.sh()
    (name,) = computer.environments(AT)
    (computer.own / AT / name / "ready.txt").unlink()
    assert computer.sh().programs == FIRST


def test_an_environment_that_no_longer_works_is_made_again(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    computer.sh()
    assert computer.sh(DAMAGED="1").programs == ["check", *FIRST]


def test_a_new_kit_takes_the_place_of_the_old_environment_and_leaves_answers(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    old = computer.own / AT / "kit-0.0.1-12345678"
    old.mkdir(parents=True)
    (old / "ready.txt").touch()
    answers = computer.own / "Alongside" / "practice" / "07-advice.json"
    answers.parent.mkdir(parents=True)
    answers.touch()
    assert computer.sh().programs == FIRST
    assert not old.exists()
    assert len(computer.environments(AT)) == 1
    assert answers.is_file()


def test_without_python_it_says_so_before_it_fetches_one(kit, tmp_path):
    started = Computer(kit.folder, tmp_path).sh(NO_PYTHON="1")
    assert started.code == 0
    assert started.programs == ["find", "fetch", "install", "learn"]
    asked = started.text.index("This needs the internet, this one time.")
    assert asked < started.text.index("Python is being fetched.")


def test_without_python_and_network_it_says_what_to_do_and_waits(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    started = computer.sh(NO_PYTHON="1", NO_NETWORK="1")
    assert started.code == 1
    assert started.programs == ["find", "fetch"]
    assert "See whether this computer is on the internet, then start again." in started.text
    assert str(computer.own / AT / "set-up.txt") in started.text
    assert started.text.endswith("Press Enter to close this window. ")
    assert computer.sh().programs == FIRST  # and the next start begins anew


def test_where_nothing_can_be_installed_it_says_so_and_waits(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    started = computer.sh(NO_ROOM="1")
    assert started.code == 1
    assert started.programs == ["find", "install", "fetch", "install"]
    assert "Alongside could not be set up. Your answers are safe." in started.text
    assert computer.sh().programs == FIRST


def test_a_part_alone_asks_to_unpack_first(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    shutil.rmtree(computer.folder / "parts")
    started = computer.sh()
    assert started.code == 1
    assert started.calls == []
    assert "Unpack the whole zip file. Then start from the new folder." in started.text


def test_a_folder_that_cannot_be_made_is_said(kit, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    (computer.own / AT).touch()
    started = computer.sh()
    assert started.code == 1
    assert "Alongside cannot make its folder on this computer." in started.text


def test_a_course_that_stops_keeps_its_window(kit, tmp_path):
    started = Computer(kit.folder, tmp_path).sh(STOPPED="1")
    assert started.code == 1
    assert "The course has stopped. Your answers are safe." in started.text


def test_a_computer_that_no_kit_fits_is_told(kit, tmp_path):
    said = tmp_path / "tools" / "uname"
    said.parent.mkdir()
    said.write_text('#!/bin/sh\n[ "$1" = -s ] && echo Darwin || echo x86_64\n')
    said.chmod(0o755)
    started = Computer(kit.folder, tmp_path).sh(PATH=f"{said.parent}:{os.environ['PATH']}")
    assert started.code == 1
    assert "Ask your trainer for the course as a link." in started.text


def test_a_mac_takes_its_own_way(tmp_path):
    """What a Mac has under other names: only the way through the script is shown here."""
    made = stand_in_kit(tmp_path / "made", "mac")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {"uname": '[ "$1" = -s ] && echo Darwin || echo arm64', "xattr": ":"}.items():
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    computer = Computer(made.folder, tmp_path, "my kit")
    path = f"{tools}:{os.environ['PATH']}"
    started = computer.sh("Start Alongside.command", PATH=path)
    assert started.code == 0, started.text
    assert started.programs == FIRST
    assert len(computer.environments("Library/Application Support/Alongside")) == 1


def test_it_is_plain_sh_without_windows_line_ends(kit):
    content = (kit.folder / "start-alongside.sh").read_bytes()
    assert content.startswith(b"#!/bin/sh\n")
    assert b"\r" not in content
    assert Path(kit.folder / "start-alongside.sh").stat().st_mode & 0o111
