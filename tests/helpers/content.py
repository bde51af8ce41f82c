"""What the course of this checkout holds: skills, facts, words and items."""

from __future__ import annotations

from pathlib import Path

from grader.content.glossary import Term, load_glossary
from grader.content.items import Fact, Item, Skill, load_facts, load_skills
from grader.content.syllabus import load_syllabus
from grader.kinds.reading import load_course_items
from grader.places import FACTS, GLOSSARY, SKILLS, own_course


def course_skills() -> dict[str, Skill]:
    return load_skills(own_course().lessons / SKILLS)


def course_facts() -> dict[str, Fact]:
    return load_facts(own_course().lessons / FACTS)


def course_words() -> dict[str, Term]:
    modules = load_syllabus(own_course()).titles
    return load_glossary(own_course().lessons / GLOSSARY, course_facts(), modules)


def items_of(path: Path, *, graded: bool = False) -> dict[str, Item]:
    """Load items by the skills and facts of the course."""
    return load_course_items(own_course(), path, graded=graded)
