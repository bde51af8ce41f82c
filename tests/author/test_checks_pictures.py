"""Tests of grader.author.check_pictures: pictures travel with their notebook and speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.author.check_pictures import picture_problems

ATTACHED = {"door.png": {"image/png": "iVBORw0KGgo="}}


def problems(text: str, attachments: dict | None = None) -> list[str]:
    cell = {"cell_type": "markdown", "source": text, "attachments": attachments or {}}
    other = {"cell_type": "code", "source": "![](not text)"}
    found = picture_problems(Path("course/01-x/1-y.ipynb"), {"cells": [other, cell]})
    return [str(problem) for problem in found]


def test_an_attached_picture_that_says_what_it_shows_is_fine():
    assert problems("See ![An open door](attachment:door.png).", ATTACHED) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![](attachment:door.png)", "has no words"),
        ("![A door](pictures/door.png)", "drag the file into the cell"),
        ("![A door](https://example.org/door.png)", "drag the file into the cell"),
        ("![A door][door]", "drag the file into the cell"),
        ("![A gate](attachment:gate.png)", "'gate.png' is not attached"),
        ('<IMG src="door.png">', "holds an <img>"),
    ],
)
def test_a_picture_that_a_reader_could_miss_is_named(text, expected):
    (found,) = problems(text, ATTACHED)
    assert found.startswith("course/01-x/1-y.ipynb:1: cell 2:")
    assert expected in found
