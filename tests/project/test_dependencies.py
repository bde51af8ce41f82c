"""Every package that the code imports is declared, and the version stands in one place."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from helpers.paths import REPOSITORY, TESTS

from grader import __version__, errors

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OF_PACKAGE = packages_distributions()
TRAINING = [*(REPOSITORY / "grader" / "training").rglob("*.py")]
PROGRAM = [path for path in (REPOSITORY / "grader").rglob("*.py") if path not in TRAINING]
WORKSHOP = [*TRAINING, *TESTS.rglob("*.py")]  # outside the wheel
OWN = {"grader", "helpers", "fault_page", "with_otter"}


EXTRAS = PROJECT["optional-dependencies"]
OURS = [
    requirement
    for name in ("lab", "exchange", "hub", "faces", "teach")
    for requirement in EXTRAS[name]
] + PROJECT["dependencies"]
OWN_EXTRAS = {"alongside"}  # extras that bring other extras


def declared(requirements: Iterable[str]) -> set[str]:
    return {plain(re.match(r"[\w.-]+", one).group()) for one in requirements}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(text: str) -> Iterator[str]:
    """Give the first word of everything imported, also inside functions."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def undeclared(paths: Iterable[Path], known: set[str]) -> set[str]:
    names = {name for path in paths for name in imported(path.read_text(encoding="utf-8"))}
    strange = names - sys.stdlib_module_names - OWN
    return {name for name in strange if not known & set(map(plain, OF_PACKAGE.get(name, ())))}


def test_the_program_imports_only_what_the_project_declares():
    assert undeclared(PROGRAM, declared(OURS)) == set()


def test_tests_and_training_import_only_what_developers_get():
    known = [*OURS, *EXTRAS["dev"]]
    assert undeclared(WORKSHOP, declared(known)) == set()


def test_an_undeclared_import_would_be_seen(tmp_path):
    path = tmp_path / "new.py"
    path.write_text("def f():\n    from scipy.sparse import x\n    import os, yaml\n")
    assert undeclared([path], {"pyyaml"}) == {"scipy"}
    assert undeclared([path], {"pyyaml", "scipy"}) == set()


def test_every_declared_package_has_its_tested_version():
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    known = [*OURS, *EXTRAS["dev"]]
    assert declared(known) - OWN_EXTRAS <= {plain(line.split("==")[0]) for line in lines}


def test_the_version_stands_in_one_place():
    assert PROJECT["dynamic"] == ["version"]
    # As a whole text of its own: sentences and made-up hand-ins of tests may hold one.
    said = re.compile(rf"(?m)^\W*(__)?version(__)?\W+{re.escape(__version__)}")
    files = [REPOSITORY / "pyproject.toml", REPOSITORY / "environment.yml", *PROGRAM]
    places = [path.name for path in files if said.search(path.read_text(encoding="utf-8"))]
    assert places == ["__init__.py"]


def test_what_is_missing_is_named_with_the_extra_that_brings_it():
    for extra, names in errors.EXTRAS.items():
        for name in names.split():
            said = str(errors.missing_extra(ModuleNotFoundError(name=f"{name}.part")))
            assert said.startswith(f"This needs {name}")
            assert said.endswith(f"install 'alongside[{extra}]'")
    assert errors.missing_extra(ModuleNotFoundError(name="yaml")) is None
    assert errors.missing_extra(ValueError("yaml")) is None


def test_every_package_of_an_extra_is_known_as_such():
    known = {plain(name) for names in errors.EXTRAS.values() for name in names.split()}
    extras = declared(OURS) - declared(PROJECT["dependencies"]) - OWN_EXTRAS
    assert extras <= known
