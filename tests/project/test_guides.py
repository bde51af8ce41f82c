"""README and the pages for trainees, trainers and authors: links, commands and pictures hold."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY

from grader.cli.command_line import _parser
from grader.kinds.registry import KINDS

COURSE, SOLUTIONS = REPOSITORY / "course", REPOSITORY / "solutions"
AUTHORS = COURSE / "FOR-AUTHORS.md"
GUIDES = [
    REPOSITORY / "README.md",
    COURSE / "FOR-TRAINEES.md",
    SOLUTIONS / "FOR-TRAINERS.md",
    SOLUTIONS / "FAULTS.md",
    AUTHORS,
]
PICTURES = sorted((COURSE / "pictures").glob("*.png"))
BUTTONS = [
    "Keep this code",
    "See what will be sent",
    "Make my hand-in file",
    "Save a copy of the file",
]
WIDEST, LARGEST = 900, 150_000  # pixels, bytes: a repository carries them for good

every_guide = pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)


def commands(text: str, name: str) -> list[list[str]]:
    """Return the words after a command's name wherever it stands as code."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^(make .*?)(?:#|$)", text, re.MULTILINE)
    parts = (part.split() for line in code for part in line.split("&&"))
    return [part[1:] for part in parts if part and part[0] == name and part[1:]]


@every_guide
def test_every_link_leads_to_a_file(path):
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [one for one in targets if not (path.parent / one).is_file()] == []


@every_guide
def test_every_command_is_one(path):
    text = path.read_text(encoding="utf-8")
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {words[0] for words in commands(text, "make")} <= targets
    for words in commands(text, "alongside"):
        if words[-1] != "--help":
            _parser().parse_args(words)  # exits where there is no such command or option


def test_the_guides_name_many_commands():
    text = "\n".join(path.read_text(encoding="utf-8") for path in GUIDES)
    assert len(commands(text, "alongside")) > 15
    assert len(commands(text, "make")) > 8


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_it_says_first_where_alongside_is(name):
    """No system finds it by its name alone: a reader who types it is told that there is none."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    assert ".venv/bin/alongside" in text
    assert ".venv\\Scripts\\" in text
    assert "`python`" in text


def test_the_readme_shows_the_demo_on_the_desk():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert '`make teach ARGS="--root demo"`' in text
    assert re.search("^make teach +#", text, re.MULTILINE)
    assert "The first one fetches packages, once." in text


def test_trainees_hear_of_every_button_of_a_hand_in_in_its_order():
    script = REPOSITORY / "grader" / "cards" / "static"
    source = "".join((script / name).read_text("utf-8") for name in ("hand_in.js", "panel.js"))
    guide = (COURSE / "FOR-TRAINEES.md").read_text(encoding="utf-8").partition("## Hand in")[2]
    buttons = re.findall(r"Press \*\*([^*]+)\*\*", guide.partition("## ")[0])
    assert buttons == BUTTONS
    assert [one for one in buttons if f'"{one}"' not in source] == []


@pytest.mark.parametrize("folder", ["public", "demo", "dist"])
def test_git_leaves_out_what_the_guides_let_people_make(folder):
    lines = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{folder}/" in [line.lstrip("/") for line in lines]


def test_authors_hear_of_every_kind():
    rows = re.findall(r"^\| `([a-z_]+)` \|", AUTHORS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(KINDS)


def test_the_readme_shows_and_describes_every_picture():
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    shown = {Path(name).name: words for words, name in re.findall(r"!\[([^]]+)\]\(([^)]+)\)", text)}
    assert set(shown) == {path.name for path in PICTURES}
    assert min(len(words.split()) for words in shown.values()) >= 15


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_enough_to_carry(path):
    width, _ = struct.unpack(">II", path.read_bytes()[16:24])
    assert width <= WIDEST
    assert path.stat().st_size <= LARGEST
