"""A trainee's way through modules 6 to 10: each page once, then the feedback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers import walk
from helpers.servers import Server

MODULES = walk.MODULES[5:]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with walk.one_home(tmp_path_factory.mktemp("walk")) as running:
        yield running


@pytest.mark.parametrize("path", walk.lessons_to_read(MODULES), ids=walk.title)
def test_a_lesson_is_read_and_a_card_answered(page, server, path):
    walk.read_lesson(page, server, path)


@pytest.mark.parametrize("module", MODULES)
def test_an_exercise_is_answered_and_handed_in(page, server, module):
    walk.do_exercise(page, server, module)


def test_feedback_comes_back_on_all_that_was_handed_in(page, server, root):
    if not (server.home / "hand-in").is_dir():  # this test was picked alone
        walk.do_exercise(page, server, MODULES[0])
    walk.bring_feedback_back(page, server, root)
