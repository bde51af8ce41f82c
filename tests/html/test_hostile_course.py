"""Words of a course are shown as text too: no item, word or helpline from elsewhere runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers import samples
from helpers.payloads import payloads

from grader.content.glossary import Term, load_glossary
from grader.html.help_card import help_html
from grader.html.render import question_html, record_html, score_html, static_card_html
from grader.kinds.registry import KINDS
from grader.kinds.scoring import model_response, score_response
from grader.kinds.views import public_view
from grader.places import own_course
from grader.trainee.glossary import glossary_html

HOSTILE = payloads()
ITEMS = samples.items()
SCORED = [kind for kind in ITEMS if KINDS[kind].scored]
RULES = {"when"}  # of a talk: which turn comes next; read strictly, and shown to nobody
RULES = {"if"}  # of a talk: which turn comes next; read strictly, and shown to nobody
Marks = set[tuple[str, frozenset[str]]]


class Elements(HTMLParser):
    """Notes each element with the names of its attributes, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Marks = set()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, frozenset(name for name, _ in attrs)))
        self.links |= {str(value) for name, value in attrs if name in ("href", "src", "style")}


def hostile(value: Any, text: str) -> Any:
    """Put a text in the place of everything that an author writes for people to read."""
    if isinstance(value, str):
        return text if " " in value else value
    if isinstance(value, dict):
        return {n: part if n in RULES else hostile(part, text) for n, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(hostile(part, text) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{n: hostile(getattr(value, n), text) for n in value.__slots__})
    return value


def pages_of(kind: str, text: str) -> Iterator[str]:
    item = ITEMS[kind]
    view = hostile(public_view(item), text)
    yield question_html(view)
    yield static_card_html(view)
    yield record_html(view, text, None, text)
    if kind in SCORED:
        response = model_response(item)
        score = hostile(score_response(item, response), text)
        yield score_html(score)
        yield record_html(view, response, score)


def test_what_makes_an_element_is_noticed() -> None:
    assert Elements("<b>x</b>").found != Elements("<b onclick=x>x</b>").found
    assert Elements(f"<p>{HOSTILE[0]}</p>").found != Elements("<p>x</p>").found


@pytest.mark.parametrize("kind", ITEMS)
def test_no_word_of_an_item_makes_an_element(kind: str) -> None:
    usual = [Elements(page) for page in pages_of(kind, "two words")]
    for text in HOSTILE:
        for page, plain in zip(pages_of(kind, text), usual, strict=True):
            now = Elements(page)
            assert now.found <= plain.found, text
            assert now.links <= plain.links, text


def test_no_word_of_the_glossary_makes_an_element(tmp_path: Path) -> None:
    module = "07-advice"
    entries = [
        {"term": f"word {at} {text}", "meaning": text, "module": module}
        for at, text in enumerate(HOSTILE)
        if text.isprintable()
    ]
    path = tmp_path / "glossary.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    terms = load_glossary(path, (), (module,))
    assert len(terms) > 60
    usual = Term("word", "two words", (), module, ("word",))
    linked = [replace(term, see=tuple(terms)[:2]) for term in terms.values()]
    now = Elements(glossary_html(own_course(), linked))
    plain = Elements(glossary_html(own_course(), [usual]))
    assert now.found <= plain.found
    assert all(link.startswith("#term-word-") and link.isascii() for link in now.links)
    assert not [link for link in now.links if set(link) & set("<>\"' :/")]


def test_no_word_of_a_helpline_makes_an_element(tmp_path: Path) -> None:
    def card(text: str) -> Elements:
        line = dict.fromkeys(("name", "number", "text", "hours", "languages"), text)
        facts = {"organisation": text, "checked_on": "2026-01-31", "lines": [line]}
        path = tmp_path / "region.yaml"
        path.write_text(json.dumps(facts), encoding="utf-8")
        return Elements(help_html(path))

    plain = card("two words")
    for text in HOSTILE:
        now = card(text)
        assert now.found <= plain.found, text
        assert not [
            link for link in now.links - plain.links if not link.startswith(("tel:", "sms:"))
        ]
