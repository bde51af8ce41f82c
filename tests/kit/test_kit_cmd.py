"""The start file for Windows, run by wine's cmd; uv and Python are stand-ins here.

It has never been run on a real Windows. Wine reads `%` in a path twice, which Windows does not,
so such a folder is started as a double-click does it: from within. Wine is large and slow, so
this runs only when asked for: ``-m full``.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from helpers.kits import Computer, stand_in_kit
from helpers.tools import missing

from grader.kit.build import Kit

pytestmark = pytest.mark.full
AT = "Alongside"  # in the user's local data
FIRST = ["find", "install", "learn"]


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return stand_in_kit(tmp_path_factory.mktemp("kits"), "win")


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make a Windows of our own; give the settings that lead to it."""
    if not shutil.which("wine"):
        missing("wine is not here, which runs the start file for Windows")
    prefix = tmp_path_factory.mktemp("wine") / "prefix"
    own = {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8", "DISPLAY": ""}
    subprocess.run(
        ["wineboot", "--init"], env={**os.environ, **own}, check=True, capture_output=True
    )
    yield own
    subprocess.run(["wineserver", "--kill"], env={**os.environ, **own}, check=False)


@pytest.mark.parametrize("name", ["kit", "my kit (1)", "für & mit", "w!o^w", "it's a_kit, ok"])
def test_it_starts_from_a_folder_of_any_name(kit, wine, tmp_path, name):
    started = Computer(kit.folder, tmp_path, name).cmd(wine)
    assert started.code == 0, started.text
    assert started.programs == FIRST
    assert r"--find-links parts\wheels" in started.calls[1]
    assert 'python ">=3.11,<3.15"' in started.calls[0]


def test_it_starts_from_a_folder_with_a_percent_sign(kit, wine, tmp_path):
    started = Computer(kit.folder, tmp_path, "100% ours").cmd(wine)
    assert started.code == 0, started.text
    # The stand-ins' own notes lose what stands before such a sign in wine; the last one has none.
    assert [call.split()[0] for call in started.calls] == ["uv", "uv", "python"]
    assert started.programs[-1] == "learn"


def test_the_user_s_own_folder_may_have_any_name(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path, user="O'Neil & Söhne (x) !y! ^")
    assert computer.cmd(wine).programs == FIRST
    assert len(computer.environments(AT)) == 1
    assert computer.cmd(wine).programs == ["check", "learn"]


def test_it_finds_its_folder_when_started_from_elsewhere(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path, "my kit & more")
    started = computer.cmd(wine, elsewhere=True)
    assert started.programs == FIRST, started.text


def test_nothing_is_left_beside_the_folder_that_is_said_to_be_deleted(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    assert computer.cmd(wine).programs == FIRST
    assert [path.name for path in computer.own.iterdir()] == [AT]


def test_the_second_start_asks_uv_for_nothing_and_needs_no_kit(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    computer.cmd(wine)
    shutil.move(computer.folder / "parts", tmp_path / "gone")
    started = computer.cmd(wine)
    assert started.code == 0
    assert started.programs == ["check", "learn"]


def test_a_set_up_that_was_cut_short_is_made_again(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    computer.cmd(wine)
    (name,) = computer.environments(AT)
    (computer.own / AT / name / "ready.txt").unlink()
    assert computer.cmd(wine).programs == FIRST


def test_an_environment_that_no_longer_works_is_made_again(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    computer.cmd(wine)
    assert computer.cmd(wine, DAMAGED="1").programs == ["check", *FIRST]


def test_a_new_kit_takes_the_place_of_the_old_environment(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    old = computer.own / AT / "kit-0.0.1-12345678"
    old.mkdir(parents=True)
    (old / "ready.txt").touch()
    assert computer.cmd(wine).programs == FIRST
    assert not old.exists()
    assert len(computer.environments(AT)) == 1


def test_without_python_it_says_so_before_it_fetches_one(kit, wine, tmp_path):
    started = Computer(kit.folder, tmp_path).cmd(wine, NO_PYTHON="1")
    assert started.code == 0
    assert started.programs == ["find", "fetch", "install", "learn"]
    asked = started.text.index("This needs the internet, this one time.")
    assert asked < started.text.index("Python is being fetched.")


def test_without_python_and_network_it_says_what_to_do_and_waits(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    started = computer.cmd(wine, NO_PYTHON="1", NO_NETWORK="1")
    assert started.code == 1
    assert started.programs == ["find", "fetch"]
    assert "See whether this computer is on the internet, then start again." in started.text
    assert r"\of the user\Alongside\set-up.txt" in started.text
    assert started.text.rstrip().endswith("Press a key to close this window.")
    assert computer.cmd(wine).programs == FIRST  # and the next start begins anew


def test_where_nothing_can_be_installed_it_says_so(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    started = computer.cmd(wine, NO_ROOM="1")
    assert started.code == 1
    assert started.programs == ["find", "install", "fetch", "install"]
    assert "Alongside could not be set up. Your answers are safe." in started.text
    assert computer.cmd(wine).programs == FIRST


def test_inside_an_unopened_zip_it_asks_to_unpack_first(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    shutil.rmtree(computer.folder / "parts")
    started = computer.cmd(wine)
    assert started.code == 1
    assert started.calls == []
    assert 'Right-click the zip file and choose "Extract All".' in started.text


def test_a_folder_that_cannot_be_made_is_said(kit, wine, tmp_path):
    computer = Computer(kit.folder, tmp_path)
    (computer.own / AT).touch()
    started = computer.cmd(wine)
    assert started.code == 1
    assert "Alongside cannot make its folder on this computer." in started.text


def test_a_course_that_stops_keeps_its_window(kit, wine, tmp_path):
    started = Computer(kit.folder, tmp_path).cmd(wine, STOPPED="1")
    assert started.code == 1
    assert "The course has stopped. Your answers are safe." in started.text
