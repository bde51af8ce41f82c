"""The page of words: one list that lessons link into."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from grader.content.glossary import Term, load_glossary, slug
from grader.trainee.course_map import module_title


def glossary_html(terms: Iterable[Term] | None = None) -> str:
    """Return the words as a definition list, in the order of the alphabet.

    Parameters
    ----------
    terms : iterable of Term, optional
        The course's own by default.

    Returns
    -------
    str
        HTML with every text escaped and one place to link to per word.
    """
    found = load_glossary().values() if terms is None else terms
    rows = "".join(_term_html(term) for term in sorted(found, key=lambda term: slug(term.term)))
    return f'<dl class="al-words">{rows}</dl>'


def _term_html(term: Term) -> str:
    hint = f"First taught in {escape(module_title(term.module))}."
    if term.see:
        hint += f" See also: {', '.join(_link_html(other) for other in term.see)}."
    return (
        f'<div id="term-{slug(term.term)}"><dt>{escape(term.term)}</dt>'
        f'<dd>{escape(term.meaning)}</dd><dd class="al-hint">{hint}</dd></div>'
    )


def _link_html(term: str) -> str:
    return f'<a href="#term-{slug(term)}">{escape(term)}</a>'
