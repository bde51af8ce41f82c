"""The house of the tests: a folder for each package, and nothing taken from another test."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY, TESTS

# What belongs to no package of ours: the whole project, the content of the course, pages in a
# browser, and what goes wrong.
OWN_FOLDERS = {"project", "course", "browser", "faults", "journeys"}
FILES = sorted(TESTS.rglob("*.py"))
TEST_FILES = [path for path in FILES if path.name.startswith("test_")]


def taken_from_tests(code: ast.Module) -> Iterator[str]:
    """Give each test or conftest that the code imports, also inside functions."""
    for node in ast.walk(code):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(alias.name for alias in node.names)]
        yield from (name for name in names if is_a_test(name))


def is_a_test(name: str) -> bool:
    return any(part == "conftest" or part.startswith("test_") for part in name.split("."))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_nothing_is_taken_from_another_test(path: Path) -> None:
    assert list(taken_from_tests(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "source",
    [
        "from test_cards import Wire",
        "import test_cards",
        "from conftest import serving",
        "from cards.test_cards import Wire",
        "from cards import test_cards",
        "def f():\n    from test_cards import Wire",
    ],
)
def test_what_is_taken_from_another_test_is_noticed(source: str) -> None:
    assert list(taken_from_tests(ast.parse(source)))


def test_each_test_lies_with_its_package_or_in_a_folder_that_is_named() -> None:
    packages = {path.parent.name for path in (REPOSITORY / "grader").glob("*/*.py")}
    folders = {path.parent.relative_to(TESTS).as_posix() for path in TEST_FILES}
    assert folders - packages - OWN_FOLDERS == set()
    assert folders >= OWN_FOLDERS


def test_no_two_tests_have_one_name() -> None:
    times = Counter(path.name for path in TEST_FILES)  # pytest knows them by it
    assert [name for name, count in times.items() if count > 1] == []


def test_a_folder_of_tests_is_no_package() -> None:
    assert [path for path in FILES if path.name == "__init__.py"] == []
