"""Which wheels a kit needs for a system, and that pip takes none but those that are pinned."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from helpers.kits import pin, wheel
from helpers.paths import REPOSITORY

from grader.errors import KitError
from grader.kit.wheels import PYTHONS, SYSTEMS, get_wheels, read_pins

WIN = SYSTEMS["win"]
ALL = [system for each in SYSTEMS.values() for system in each]
OWN = read_pins(REPOSITORY / "kit.txt")


def needed(name: str, system: int = 0, python: str = "3.12.99") -> list[str]:
    return [
        one.package
        for one in OWN
        if one.package.startswith(f"{name}==") and one.is_for(ALL[system], python)
    ]


def test_a_package_of_one_system_goes_to_it_alone() -> None:
    assert [len(needed("pywinpty", number)) for number in range(len(ALL))] == [1, 0, 0, 0]
    assert [len(needed("ptyprocess", number)) for number in range(len(ALL))] == [0, 1, 1, 1]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("number", range(len(ALL)))
def test_no_python_gets_two_versions_of_one_package(number: int, python: str) -> None:
    names = [one.package.split("==")[0] for one in OWN if one.is_for(ALL[number], python)]
    assert len(names) == len(set(names)) > 50


def test_an_early_and_a_late_python_may_need_other_versions() -> None:
    assert needed("soupsieve", python="3.11.0") != needed("soupsieve", python="3.11.99")


def test_everything_that_a_trainee_s_side_asks_for_is_pinned() -> None:
    names = {one.package.split("==")[0].replace("-", "_") for one in OWN}
    asked = [line for line in requires("alongside") or () if "extra ==" not in line]
    found = {re.match(r"[\w.-]+", line)[0].lower().replace("-", "_") for line in asked}
    assert found <= names
    assert "uv" in names


def fetched(tmp_path: Path, *lines: str, systems=WIN) -> list[str]:
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    get_wheels(read_pins(pins), systems, out, source=tmp_path, tell=lambda _: None)
    return sorted(path.name for path in out.iterdir())


def test_wheels_of_every_python_come_for_a_system(tmp_path) -> None:
    tags = [f"cp3{minor}-cp3{minor}-win_amd64" for minor in (11, 12, 13, 14)]
    wheels = [wheel(tmp_path, "fast", "1.0", tag) for tag in tags]
    wheel(tmp_path, "fast", "1.0", "cp312-cp312-macosx_11_0_arm64")
    assert fetched(tmp_path, pin(wheels)) == [path.name for path in wheels]


def test_a_wheel_that_is_not_the_pinned_one_is_refused(tmp_path) -> None:
    line = pin([wheel(tmp_path, "helper", "2.0", "py3-none-any")])
    wheel(tmp_path, "helper", "2.0", "py3-none-any", evil=b"other")
    with pytest.raises(KitError, match=r"Python 3\.11 .*: a file is not the one that is pinned"):
        fetched(tmp_path, line)


def test_a_wheel_that_is_not_there_is_named(tmp_path) -> None:
    line = pin([wheel(tmp_path, "fast", "1.0", "cp312-cp312-macosx_11_0_arm64")])
    with pytest.raises(KitError, match=r"wheels for win.*fast==1\.0"):
        fetched(tmp_path, line)


def test_sources_are_never_built(tmp_path) -> None:
    source = tmp_path / "helper-2.0.tar.gz"
    source.write_bytes(b"would be run")
    with pytest.raises(KitError, match="helper"):
        fetched(tmp_path, pin([source]).replace("2.0.tar.gz", "2.0"))
