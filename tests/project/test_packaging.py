"""Tests of the package: what the wheel holds, and that every door asks for the same."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from helpers.keys_of_items import secrets_of
from helpers.paths import REPOSITORY
from helpers.servers import serving

from grader import __version__
from grader.trainer.release import modules_of


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", out]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_course_and_exercises(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "grader/_course/index.ipynb" in names
    assert "grader/_course/glossary.ipynb" in names
    own = {f"grader/_course/{name}.ipynb" for name in ("skills", "compass", "record")}
    assert own <= set(names)
    assert {"grader/_course/glossary.yaml", "grader/_course/modules.yaml"} <= set(names)
    assert "grader/_course/07-advice/items.yaml" in names
    assert "grader/_exercises/07-advice/exercise.ipynb" in names
    assert "grader/_exercises/07-advice/items.json" in names
    assert "grader/cards/static/cards.js" in names
    assert "grader/cards/static/page.js" in names
    pages = {f"grader/server/notebooks/lesson/{name}" for name in ("index.html.j2", "conf.json")}
    assert pages <= names
    letters = ("fraunces.woff2", "atkinson.woff2", "OFL-Fraunces.txt")
    assert {f"grader/cards/static/fonts/{name}" for name in letters} <= names
    assert "grader/_course/people/noor.svg" in names
    assert "grader/html/templates/scenes/park.svg.j2" in names
    assert "grader/coding/weights.json" in names
    assert "grader/coding/cues.json" in names
    assert not [name for name in names if "training" in name or "replies" in name]


def test_the_wheel_holds_the_whole_program(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    files = [path.relative_to(REPOSITORY) for path in (REPOSITORY / "grader").rglob("*.py")]
    assert {path.as_posix() for path in files if path.parts[1] != "training"} <= names


def test_the_wheel_holds_nothing_of_the_solutions(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if "solutions" in name]
        text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    # The same plain words may stand in practice, or in a reply that everybody can choose.
    open_to_all = [*REPOSITORY.glob("course/*/items.yaml"), *REPOSITORY.glob("exercises/*/*.json")]
    told = " ".join(word for path in open_to_all for word in path.read_text("utf-8").split())
    for module in modules_of(REPOSITORY):
        secrets = {secret for secret in secrets_of(REPOSITORY, module) if secret not in told}
        assert not {secret for secret in secrets if secret in text}


def test_an_installed_wheel_serves_the_course_outside_the_repository(wheel, tmp_path):
    place = tmp_path / "venv"
    venv.create(place)
    paths = {"base": str(place), "platbase": str(place)}
    site = Path(sysconfig.get_path("purelib", vars=paths))
    # The dependencies that the tests run with, but not the checkout: its own folder is no site.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    where = [python, "-c", "from grader import places; print(places.own_course().lessons)"]
    found = subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(found.stdout.strip()) == site / "grader" / "_course"
    with serving(tmp_path / "home", "learn", python=python, JUPYTER_PATH=_share()) as server:
        assert (server.home / "exercises" / "07-advice" / "exercise.ipynb").is_file()
        assert "Course map" in server.fetch("lessons/index.ipynb")


def _share() -> str:
    return str(Path(sysconfig.get_path("data")) / "share" / "jupyter")


def bounds(requirements: list[str]) -> dict[str, str]:
    pairs = (requirement.split(">=") for requirement in requirements)
    return {name.split("[")[0].lower(): bound.strip() for name, bound in pairs}


def bounds_in(requirements: list[str]) -> dict[str, str]:
    """Leave out extras that bring other extras."""
    return bounds([each for each in requirements if ">=" in each])


def test_environment_and_pyproject_name_the_same_packages_and_bounds():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    listed = yaml.safe_load((REPOSITORY / "environment.yml").read_text())["dependencies"]
    conda = bounds([entry for entry in listed if isinstance(entry, str) and ">=" in entry])
    python = project["requires-python"].removeprefix(">=")
    extras = project["optional-dependencies"]
    lists = [project["dependencies"], extras["lab"], extras["exchange"], extras["teach"]]
    ours = {name: bound for each in lists for name, bound in bounds_in(each).items()}
    building = bounds(
        tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["build-system"]["requires"]
    )
    assert conda == {**ours, **building, "python": python}


def pinned(name: str) -> dict[str, list[str]]:
    """Return what a file pins, with the hashes under each."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in (REPOSITORY / name).read_text().splitlines():
        text = line.strip().removesuffix("\\").strip()
        if text.startswith("--hash="):
            found[last].append(text)
        else:
            last = text
            found[last] = []
    return found


@pytest.mark.parametrize("name", ["constraints.txt", "pip.txt", "kit.txt"])
def test_every_constraint_is_a_plain_version_with_the_hashes_of_its_files(name):
    plain = re.compile(r"[\w.-]+==\d[\w.]*( ; [\w.=<>!'() -]+)?")
    for package, hashes in pinned(name).items():
        assert plain.fullmatch(package), package
        assert hashes, package
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), package
    assert ":/" not in (REPOSITORY / name).read_text()  # each takes them from where they get files


def test_the_constraints_hold_on_other_systems_too():
    found = pinned("constraints.txt")
    systems = " ".join(found)
    assert "sys_platform == 'win32'" in systems
    assert "sys_platform == 'darwin'" in systems
    numpy = next(hashes for name, hashes in found.items() if name.startswith("numpy=="))
    assert len(numpy) > 30  # a file for each Python and each system


def test_the_set_up_takes_no_file_that_it_does_not_know():
    """All of the network's files come by their hashes; our own build asks for none."""
    made = (REPOSITORY / "Makefile").read_text().partition(".venv/ready:")[2].partition("\n\n")[0]
    installs = [line for line in made.splitlines() if "pip install" in line]
    assert [line.split()[-1] for line in installs] == ["pip.txt", "constraints.txt", "."]
    assert all("--require-hashes" in line for line in installs[:2])
    assert {"--no-deps", "--no-build-isolation", "--no-index"} <= set(installs[2].split())
    assert next(iter(pinned("pip.txt"))).startswith("pip==")
    conda = yaml.safe_load((REPOSITORY / "environment.yml").read_text())["dependencies"]
    assert all(isinstance(entry, str) for entry in conda)  # pip would ask for no hash there
    built = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["build-system"]["requires"]
    assert set(built) <= set(conda)


def test_every_dependency_has_its_reason_beside_it():
    for name in ("pyproject.toml", "environment.yml"):
        for line in (REPOSITORY / name).read_text().splitlines():
            if ">=" in line and "requires" not in line and "python>=" not in line:
                assert "#" in line, f"{name}: {line}"


def test_the_readme_names_the_wheel_that_make_writes(wheel):
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"alongside-[\w.-]+\.whl", readme)) == {wheel.name}
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (line,) = (each for each in makefile.splitlines() if "hatchling build" in each)
    assert line.split("python ")[1] == "-m hatchling build --target wheel --directory dist"


def test_the_wheel_has_the_version_of_the_program(wheel):
    assert wheel.name == f"alongside-{__version__}-py3-none-any.whl"
