"""The page of words: one list that lessons link into.

Apart from `grader.content.glossary`, which reads the words.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.glossary import Term, load_glossary, slug
from grader.html.templating import render_template
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
    return render_template(
        "trainee/glossary.html.j2",
        terms=sorted(found, key=lambda term: slug(term.term)),
        slug=slug,
        title=module_title,
    )
