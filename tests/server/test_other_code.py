"""Notebooks of an author's own: with other code, with code that fails, and files that are none."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fault_page import HOME, fault
from helpers.kinds import MODULE, make_course
from helpers.servers import Server, serving

from grader.errors import PagesError
from grader.places import Course, Home, Learner
from grader.server.lesson import read_lesson_for

OWN = "3-own"
ODD_FILES = {
    "empty": b"",
    "words": b"this is my lesson",
    "list": b"[]",
    "number": b"7",
    "nothing": b"null",
    "bytes": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "no-cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 7}',
    "cell": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}',
    "kind": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": 1}]}',
    "metadata": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": 7, "cells": []}',
    "newer": b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
    "older": b'{"nbformat": 1, "cells": 7}',
}
FAILING = {
    "raises": "raise ValueError('of the author')",
    "no-python": "let x = 1;",
    "leaves": "import os; os._exit(1)",
    "asks": "input('name?')",
}


def notebook(*cells: tuple[str, str], **metadata: Any) -> bytes:
    """Return a notebook of cells, each a kind and its source."""
    made = [
        {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for number, (kind, source) in enumerate(cells)
    ]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made}
    return json.dumps(book).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("code")
    course = make_course(base / "course")
    with serving(base / "home", "learn", ALONGSIDE_COURSE=str(course)) as running:
        yield running


@pytest.fixture
def open_log(tmp_path: Path) -> Iterator[Server]:
    """Serve a course of an author who asks for what is logged."""
    course = str(make_course(tmp_path / "course"))
    with serving(tmp_path / "home", "learn", ALONGSIDE_COURSE=course, ALONGSIDE_DEBUG="1") as it:
        yield it


def put(server: Server, name: str, content: bytes) -> str:
    """Put a file among the lessons; return its address."""
    (server.home.parent / "course" / MODULE / f"{name}.ipynb").write_bytes(content)
    return f"lessons/{MODULE}/{name}.ipynb"


def refused(server: Server, address: str) -> str:
    """Return the page that stands where there is no lesson to show."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        server.fetch(address)
    assert caught.value.code == 500
    return caught.value.read().decode()


def is_calm(server: Server, page: str) -> bool:
    words = ("Traceback", "Error", "Exception", str(server.home.parent))
    return [word for word in words if word in page] == [] and "Course map" in page


def test_other_code_runs_once_and_its_output_stands_on_the_page(open_log):
    server = open_log
    ran = server.home.parent / "ran.txt"
    code = f"with open({str(ran)!r}, 'a') as file:\n    file.write('x')\nprint('aloud')\n6 * 7"
    drawn = "from IPython.display import HTML\nHTML('<b>drawn</b><script>alert(1)</script>')"
    calls = "from grader.cards import card\ncard('kinds-order-three')"
    cells = [("markdown", "# Mine"), ("code", code), ("code", drawn), ("code", calls)]
    address = put(server, OWN, notebook(*cells, title="Mine"))
    pages = [server.fetch(address) for _ in range(3)]
    for page in pages:
        assert "42" in page
        assert "<b>drawn</b>" in page
        assert "<script>alert" not in page
        assert "6 * 7" not in page
        assert page.count('class="al-live"') == 1
        assert "aloud" in page
    assert ran.read_text() == "x"
    told = f"{OWN}.ipynb has code of its own: it is run once, and not live on the page"
    assert server.log.read_text().count(told) == 1


@fault(
    HOME,
    "A notebook with code lies in the trainee’s own folder: a changed exercise, or one from a copy",
    "The code is never run. The page says so, and how the course’s own exercise comes back.",
)
@pytest.mark.parametrize("name", ["extra", "exercise"])
def test_no_code_in_the_home_is_ever_run(server, name):
    ran = server.home.parent / f"{name}.txt"
    code = f"open({str(ran)!r}, 'w').write('x')"
    folder = server.home / "exercises" / "07-advice"
    (folder / f"{name}.ipynb").write_bytes(notebook(("code", code)))
    page = refused(server, f"lessons/exercises/07-advice/{name}.ipynb")
    assert not ran.exists()
    assert f"{name}.ipynb has code in it that is not of the course" in page
    assert is_calm(server, page)


def learner_with_code(folder: Path, code: str) -> tuple[Learner, Path]:
    """Return a learner of a course that has an exercise with code, and the notebook at home."""
    course = Course(folder / "lessons", folder / "course-exercises")
    learner = Learner(Home(folder / "home"), course)
    released = course.exercises / "07-advice" / "exercise.ipynb"
    own = learner.home.exercise_folder("07-advice") / "exercise.ipynb"
    for path in (released, own):
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook(("code", code)))
    return learner, own


def test_the_courses_own_exercise_runs_where_the_course_has_it(tmp_path):
    learner, own = learner_with_code(tmp_path, "import beside_it\nbeside_it.where")
    (own.parent / "beside_it.py").write_text("where = 'in the home'")
    (tmp_path / "course-exercises/07-advice/beside_it.py").write_text("where = 'in the course'")
    [step] = read_lesson_for(learner, own).steps
    assert "in the course" in str(step)
    own.write_bytes(own.read_bytes() + b" ")
    with pytest.raises(PagesError, match="not of the course"):
        read_lesson_for(learner, own)


def test_a_home_inside_the_lessons_is_a_home_all_the_same(tmp_path):
    learner, own = learner_with_code(tmp_path, "6 * 7")
    learner = Learner(learner.home, Course(tmp_path, tmp_path / "none"))
    with pytest.raises(PagesError, match="not of the course"):
        read_lesson_for(learner, own)


def test_a_changed_notebook_is_run_again(server):
    address = put(server, "4-changed", notebook(("code", "'the first'")))
    assert "the first" in server.fetch(address)
    put(server, "4-changed", notebook(("code", "'the second time'")))
    assert "the second time" in server.fetch(address)


@pytest.mark.parametrize("name", FAILING)
def test_code_that_fails_is_said_calmly(server, name):
    page = refused(server, put(server, name, notebook(("code", FAILING[name]))))
    assert f"The code of {name}.ipynb could not be run" in page
    assert is_calm(server, page)
    assert "Traceback" not in server.log.read_text()


def test_a_notebook_from_a_computer_with_another_kernel_runs_all_the_same(server):
    content = notebook(("code", "6 * 7"), kernelspec={"name": "none-such", "display_name": "x"})
    assert "42" in server.fetch(put(server, "kernel", content))
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("name", ODD_FILES)
def test_a_file_that_is_no_notebook_is_said_calmly(server, name):
    page = refused(server, put(server, name, ODD_FILES[name]))
    assert f"{name}.ipynb is no notebook that can be read" in page
    assert is_calm(server, page)
    assert "Traceback" not in server.log.read_text()


def test_the_other_lessons_open_all_the_same(server):
    assert "al-live" in server.fetch(f"lessons/{MODULE}/1-cards.ipynb")
