"""Tests of course/facts.yaml: complete, countable, easy to read, and in our own words.

To compare the statements with the source texts as well, name the folder that holds them
(000_….txt to 004_….txt) in the environment variable ALONGSIDE_SOURCES.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from helpers.content import course_facts, course_skills

EVERYTHING = course_facts()
FACTS = {name: fact for name, fact in EVERYTHING.items() if not fact.is_ours}
# F001 to F372 are the inventory. It packed two counted lists into one fact each: the ways to
# meet again (F352; here also F373 to F376) and what may come up in a group (F303; F377 to F385).
# F386 to F389 are entries of the reasons for stopping that it had joined to their neighbours.
NUMBER = 372 + 4 + 9 + 4
SOURCES = {"000", "001", "002", "003", "004"}
COUNTS = {
    "activities": 10,
    "advice-rules": 4,
    "confidentiality-exceptions": 2,
    "core-values": 6,
    "eleven-skills": 11,
    "endings": 3,
    "essentials": 5,
    "ethical-behaviours": 10,
    "experience-benefits": 4,
    "formality-questions": 5,
    "ground-rules": 6,
    "group-benefits": 6,
    "group-challenges": 9,
    "group-etiquette": 7,
    "group-practices": 4,
    "helpful-principles": 4,
    "illness-person-pairs": 9,
    "is-not": 4,
    "may-come-up": 9,
    "meeting-again": 4,
    "outcome-benefits": 11,
    "participants-do": 6,
    "phase-1-topics": 4,
    "phase-2-questions": 4,
    "phases": 4,
    "risk-questions": 8,
    "risks": 5,
    "settings": 7,
    "warning-signs": 4,
    "watch-outs": 5,
    "witnessed": 5,
    "wordings": 3,
}
GROUPS = {
    "reasons-for-stopping": {
        "interpersonal": 4,
        "boundary-crossing": 1,
        "structural": 3,
        "need-is-over": 1,
        "participants-needs": 4,
        "external": 2,
    }
}
MAX_SENTENCES, MAX_WORDS = 2, 20
COPIED = 12  # words in a row that nobody shares by chance


def sentences(statement: str) -> list[str]:
    return re.split(r"(?<=[.!?])[”’]?\s+(?=[A-Z“])", statement)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("’", "'"))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[at : at + COPIED]) for at in range(len(found) - COPIED + 1))


def copied(statements: Iterable[str], sources: Iterable[str]) -> list[str]:
    """Return every run of words that a statement shares with a source."""
    taken = {run for source in sources for run in runs(source)}
    return [" ".join(run) for statement in statements for run in runs(statement) if run in taken]


def source_texts() -> list[str]:
    folder = os.environ.get("ALONGSIDE_SOURCES")
    if not folder:
        pytest.skip("ALONGSIDE_SOURCES does not name the folder with the source texts")
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("00?_*.txt"))]
    assert len(texts) == len(SOURCES), f"{folder} must hold the five source texts"
    return texts


def test_every_fact_is_there_once_with_its_number():
    assert sorted(FACTS) == [f"F{number:03}" for number in range(1, NUMBER + 1)]


def test_a_claim_of_our_own_is_numbered_by_its_lesson():
    ours = [fact for fact in EVERYTHING.values() if fact.is_ours]
    assert ours
    assert [f.id for f in ours if not re.fullmatch(rf"O{re.escape(f.lesson)}-[a-z]", f.id)] == []


def test_no_statement_stands_there_twice():
    statements = Counter(fact.statement for fact in FACTS.values())
    assert statements.most_common(1)[0][1] == 1


@pytest.mark.parametrize(("name", "count"), COUNTS.items(), ids=COUNTS)
def test_a_list_is_as_long_as_in_its_source(name, count):
    assert sum(fact.list == name for fact in FACTS.values()) == count


@pytest.mark.parametrize(("name", "groups"), GROUPS.items(), ids=GROUPS)
def test_a_list_of_groups_has_the_groups_of_its_source(name, groups):
    pairs = [fact.list.split("/") for fact in FACTS.values() if "/" in fact.list]
    assert Counter(group for start, group in pairs if start == name) == groups


def test_every_list_is_counted():
    assert {fact.list.split("/")[0] for fact in FACTS.values()} == {"", *COUNTS, *GROUPS}


def test_a_list_rests_on_one_source():
    pairs = {(fact.list, fact.source) for fact in FACTS.values() if fact.list}
    assert len(pairs) == len({name for name, _ in pairs})


def test_what_it_does_not_do_is_the_fifth_essential():
    assert FACTS["F041"].list == "essentials"


def test_there_are_as_many_skills_as_facts_about_them():
    assert len(course_skills()) == COUNTS["eleven-skills"]


def test_every_source_is_known_and_used():
    assert {fact.source for fact in FACTS.values()} == SOURCES


@pytest.mark.parametrize("fact", EVERYTHING.values(), ids=EVERYTHING)
def test_a_statement_is_short_enough_to_read_when_tired(fact):
    parts = sentences(fact.statement)
    assert len(parts) <= MAX_SENTENCES
    assert max(len(part.split()) for part in parts) <= MAX_WORDS
    assert fact.statement.endswith((".", "?", "”"))


def test_no_statement_is_copied_from_a_source():
    assert copied((fact.statement for fact in FACTS.values()), source_texts()) == []


def test_a_copied_sentence_is_noticed_whatever_its_capitals_and_quotes():
    source = "One may say: “We don't know what the night brings, but we can sit here together.”"
    planted = "We don’t know what the night brings but WE can sit here, together."
    assert copied([planted], [source])
    assert not copied(["We do not know what the night brings, yet we can sit here."], [source])


def test_a_sentence_planted_from_a_real_source_is_noticed():
    for text in source_texts():
        planted = " ".join(text.split()[200:230])
        assert copied([planted], [text])
