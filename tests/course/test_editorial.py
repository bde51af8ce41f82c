"""The course reads easily, speaks with care, and is in its own words.

`ALONGSIDE_SOURCES` names the folder with the source texts; without it the comparison with
them is skipped. Reading level: Flesch–Kincaid grade (Kincaid et al. 1975).
"""

from __future__ import annotations

import os
import re
import statistics
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY
from helpers.wording import EASY, HARDEST, grade, hits

from grader.author.own_words import copied_problems, prose, sentences, source_runs, written_files

COURSE = REPOSITORY / "course"
LESSONS = sorted(COURSE.glob("[0-9][0-9]-*/*.ipynb"))
WRITTEN = written_files(COURSE, REPOSITORY / "solutions")
LONG, LONGEST = 20, 30  # words of a sentence that is long, and of the longest
NUMBERED = re.compile(r"\bsources? 00\d", re.IGNORECASE)  # a text, as authors know it
READ = [path for path in WRITTEN if path.name != "facts.yaml"]  # by others than authors
MAX_LONG, MAX_LONG_IN_GUIDES = 0.02, 0.06  # share of long sentences; trainers read on at their desk


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_lesson_is_easy_to_read(path):
    assert grade(path) <= HARDEST


def test_most_lessons_are_very_easy_to_read():
    assert statistics.median(grade(path) for path in LESSONS) <= EASY


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sentences_are_short(path):
    long = [part for part in sentences(prose(path)) if len(part.split()) > LONG]
    assert [part for part in long if len(part.split()) > LONGEST] == []
    share = MAX_LONG_IN_GUIDES if path.suffix == ".md" else MAX_LONG
    assert len(long) <= max(1, share * len(sentences(prose(path)))), "\n".join(long)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_words_are_chosen_with_care(path):
    assert list(hits(prose(path))) == []


@pytest.mark.parametrize("path", READ, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_texts_have_names_and_no_numbers(path):
    words = path.read_text(encoding="utf-8") if path.suffix == ".ipynb" else prose(path)
    assert NUMBERED.findall(words) == []


def test_an_unkind_word_is_found():
    assert [instead for _, instead in hits("He was wheelchair-bound.")] == ["uses a wheelchair"]


def test_a_hard_text_is_found(tmp_path):
    hard = tmp_path / "hard.md"
    hard.write_text("Interprofessional supervision facilitates organisational accountability.")
    assert grade(hard) > HARDEST


def sources() -> Path:
    folder = os.environ.get("ALONGSIDE_SOURCES")
    if not folder or not list(Path(folder).glob("*.txt")):
        pytest.skip("the source texts are not here; name their folder in ALONGSIDE_SOURCES")
    return Path(folder)


def test_nothing_is_copied_from_a_source():
    assert [str(problem) for problem in copied_problems(WRITTEN, sources())] == []


def test_a_copied_sentence_is_found(tmp_path):
    copied = next(iter(source_runs(sources())))
    # a word that no source has comes first: "say" would go on from "to say" in a source
    (tmp_path / "a.md").write_text("Kakapo: " + " ".join(copied))
    (problem,) = copied_problems([tmp_path / "a.md"], sources())
    assert " ".join(copied) in problem.what


def test_no_address_is_asked_for(monkeypatch):
    """The reading level is computed without a network: a download would fail here."""
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("asked for a network address")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert grade(LESSONS[0]) > 0
