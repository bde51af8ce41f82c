"""A kit as a folder and as a zip file: what is in it, what may be run, and what is refused."""

from __future__ import annotations

import zipfile

import pytest
from helpers.command import run
from helpers.kits import SH_UV, stand_in_kit, stand_in_wheels
from helpers.paths import REPOSITORY

from grader import __version__
from grader.kit import build

STARTERS = {"Start Alongside.cmd", "Start Alongside.command", "start-alongside.sh"}


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> build.Kit:
    return stand_in_kit(tmp_path_factory.mktemp("kits"))


def test_at_the_top_lies_only_what_people_open(kit):
    names = {path.name for path in kit.folder.iterdir()}
    assert names == {*STARTERS, "READ ME FIRST.txt", "parts"}


def test_it_holds_our_wheel_and_a_uv_for_each_system_with_its_licence(kit):
    parts = kit.folder / "parts"
    wheels = {path.name for path in (parts / "wheels").iterdir()}
    assert wheels == {f"alongside-{__version__}-py3-none-any.whl", "helper-2.0-py3-none-any.whl"}
    systems = {path.name for path in (parts / "uv").iterdir()}
    assert systems == {"win", "mac-arm64", "linux-x86_64", "linux-aarch64"}
    assert (parts / "uv" / "win" / "uv.exe").is_file()
    assert (parts / "uv" / "mac-arm64" / "uv").read_text() == SH_UV
    assert all((parts / "uv" / name / "LICENSE-MIT").is_file() for name in systems)


def test_the_zip_file_holds_the_same_under_one_folder_and_keeps_what_is_run(kit):
    with zipfile.ZipFile(kit.archive) as packed:
        entries = {entry.filename: entry for entry in packed.infolist()}
        inside = {name: packed.read(name) for name in entries}
    files = [path for path in kit.folder.rglob("*") if path.is_file()]
    paths = {f"kit/{path.relative_to(kit.folder).as_posix()}": path for path in files}
    assert inside == {name: path.read_bytes() for name, path in paths.items()}
    runs = {name for name, entry in entries.items() if entry.external_attr >> 16 & 0o111}
    assert runs == {n for n in paths if n.rsplit("/", 1)[-1] in {*STARTERS, "uv", "uv.exe"}}
    assert all(entry.create_system == 3 for entry in entries.values())


def test_no_word_is_left_to_be_filled_in(kit):
    for name in (*STARTERS, "READ ME FIRST.txt"):
        text = (kit.folder / name).read_text(encoding="ascii")
        assert not [word for word in ("@KIT@", "@VERSION@", "@PYTHONS@") if word in text]


def test_its_lines_end_as_windows_wants_them(kit):
    for name in ("Start Alongside.cmd", "READ ME FIRST.txt"):
        content = (kit.folder / name).read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 50
        assert content.isascii()


def test_each_sentence_for_people_is_short(kit):
    text = (kit.folder / "READ ME FIRST.txt").read_text(encoding="ascii")
    assert max(len(line.split()) for line in text.splitlines()) <= 20


def test_it_says_that_the_cache_of_uv_goes_as_well(kit):
    text = (kit.folder / "READ ME FIRST.txt").read_text(encoding="ascii")
    assert "the cache of uv" in text.split("TO REMOVE IT")[1]


def test_a_kit_for_one_system_is_made_again_in_its_place(kit, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "PINS", str(stand_in_wheels(tmp_path)))
    out = tmp_path / "kit"
    words = ("kit", out, "--platform", "win", "--wheels", tmp_path)
    assert run(*words) == 0
    said = capsys.readouterr().out
    assert f"The kit is in {out} (" in said
    assert f"To hand out: {tmp_path / 'kit.zip'} (" in said
    first = (tmp_path / "kit.zip").read_bytes()
    (out / "left-over.txt").touch()
    assert run(*words) == 0
    assert (tmp_path / "kit.zip").read_bytes() == first  # the same on any day
    assert {path.name for path in out.iterdir()} == {
        *("Start Alongside.cmd", "READ ME FIRST.txt", "parts")
    }


@pytest.mark.parametrize("where", ["kit/mine.txt", "kit", "kit.zip"])
def test_what_is_there_already_is_left_alone(tmp_path, where, capsys):
    mine = tmp_path / where
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    assert run("kit", tmp_path / "kit", "--wheels", tmp_path) == 1
    assert "name" in capsys.readouterr().err
    assert mine.read_text() == "mine"


def test_a_kit_that_lacks_a_wheel_leaves_nothing_behind(tmp_path, capsys):
    assert run("kit", tmp_path / "kit", "--platform", "win", "--wheels", tmp_path) == 1
    assert "The wheels for win and Python 3.11 cannot be had" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_the_folder_of_the_course_it_says_what_to_get(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "PINS", str(tmp_path / "not-here.txt"))
    assert run("kit", tmp_path / "kit", "--wheels", tmp_path) == 1
    assert "A kit is made in the folder of the course" in capsys.readouterr().err


def test_the_pins_of_a_kit_are_those_of_the_tests():
    told = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8")
    blocks = (REPOSITORY / "kit.txt").read_text(encoding="utf-8").split("\n")
    hashes = [line.strip(" \\") for line in blocks if "--hash" in line]
    heads = [line.split(" ")[0] for line in blocks if "==" in line]
    assert not [line for line in (*hashes, *heads) if line not in told]
    assert len(heads) > 50
