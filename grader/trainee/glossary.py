"""The page of words: one list that lessons link into.

Apart from `grader.content.glossary`, which reads the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial

from grader.content.glossary import Term, load_glossary, slug
from grader.content.items import load_facts
from grader.content.syllabus import load_syllabus
from grader.html.templating import render_template
from grader.places import FACTS, GLOSSARY, Course
from grader.trainee.course_map import module_title


def glossary_html(course: Course, terms: Iterable[Term] | None = None) -> str:
    """Return the words as a definition list, in the order of the alphabet.

    Parameters
    ----------
    course : Course
        Whose words, and whose titles of modules.
    terms : iterable of Term, optional
        Other words than the course's.

    Returns
    -------
    str
        HTML with every text escaped and one place to link to per word.
    """
    found = _terms_of(course) if terms is None else terms
    return render_template(
        "trainee/glossary.html.j2",
        terms=sorted(found, key=lambda term: slug(term.term)),
        slug=slug,
        title=partial(module_title, course),
    )


def words_of(course: Course) -> tuple[Term, ...]:
    """Return the words of a course; what was read stays until their file changes.

    Raises
    ------
    ContentError
        With every mistake in the file.
    OSError
        Where there is none.
    """
    return _read(course, (course.lessons / GLOSSARY).stat().st_mtime_ns)


@lru_cache(maxsize=4)  # each lesson shows some beside its steps
def _read(course: Course, _changed: int) -> tuple[Term, ...]:
    return tuple(_terms_of(course))


def _terms_of(course: Course) -> Iterable[Term]:
    facts, modules = load_facts(course.lessons / FACTS), load_syllabus(course).titles
    return load_glossary(course.lessons / GLOSSARY, facts, modules).values()
