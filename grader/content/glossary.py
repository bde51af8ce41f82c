"""The words of the course, loaded strictly: each with its meaning and where it is taught first.

On the page that lists them a word's place is ``#term-`` and its `slug`, such as
``#term-informed-consent``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader.content.items import check_known
from grader.content.strict_yaml import Entry, read_entries
from grader.errors import UNKNOWN_FACT, ContentError, Problem


@dataclass(frozen=True, slots=True)
class Term:
    """One word with its meaning, the facts it rests on, and the module that first teaches it."""

    term: str
    meaning: str
    facts: tuple[str, ...]
    module: str
    see: tuple[str, ...]


def slug(term: str) -> str:
    """Return a term as part of an address: small letters and digits, joined by '-'."""
    plain = unicodedata.normalize("NFKD", term).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def load_glossary(path: Path, facts: Collection[str], modules: Collection[str]) -> dict[str, Term]:
    """Load the words of the course, in their order.

    Parameters
    ----------
    path : Path
        A ``glossary.yaml``.
    facts, modules : collection of str
        Known ids.

    Returns
    -------
    dict of str to Term
        By their word.

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    entries = read_entries(path, problems)
    terms = [_read_term(entry) for entry in entries]
    known = [term.term for term in terms]
    for at, (entry, term) in enumerate(zip(entries, terms, strict=True)):
        if slug(term.term) in map(slug, known[:at]):
            entry.note("term", f"{term.term!r} stands here twice; keep one of them")
        check_known(entry, "facts", term.facts, facts, UNKNOWN_FACT)
        check_known(entry, "see", term.see, set(known) - {term.term})
        check_known(entry, "module", [term.module], modules)
    if problems:
        raise ContentError(problems)
    return {term.term: term for term in terms}


def _read_term(entry: Entry) -> Term:
    term = Term(
        term=entry.text("term"),
        meaning=entry.text("meaning"),
        facts=entry.words("facts", ()),
        module=entry.text("module"),
        see=entry.words("see", ()),
    )
    if term.term and not slug(term.term):
        entry.note("term", f"{term.term!r} needs a letter or digit, for its address")
    entry.close()
    return term
