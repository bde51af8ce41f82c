"""Find words in lessons, in the words of the course, and in one's own notes.

The index is made of the prose alone: a hard story keeps its note, as it is found in its lesson
and not here. A site brings the index as a file, since its lessons come without their prose.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache

from grader.content.glossary import slug
from grader.content.steps import Cell, has_steps, source_of, steps_of
from grader.files.parsing import read_json
from grader.places import FIND_INDEX, GLOSSARY, GLOSSARY_PAGE, Course, Home
from grader.trainee import notes
from grader.trainee.course_map import Lesson, lessons, modules
from grader.trainee.glossary import words_of

MOST = 20  # shown
AROUND = 70  # characters shown on each side of what was found
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"<[^>]+>|[*_`#>|]+|^\s*[-+]\s", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be found: what it is called, where it stands, and its words."""

    title: str
    link: str  # of its page, from the course map
    place: str  # on that page
    words: str


@dataclass(frozen=True, slots=True)
class Found:
    """A place where all words that were asked for stand, with some of what is around."""

    title: str
    link: str
    place: str
    around: str


# --- the index


def index(course: Course) -> tuple[Text, ...]:
    """Return all texts of a course; what was made stays until a lesson changes.

    Raises
    ------
    ContentError
        Where the words of the course cannot be read.
    """
    made = course.lessons / FIND_INDEX
    if made.is_file():
        return tuple(Text(**each) for each in read_json(made))
    paths = (*course.lessons.glob("*.yaml"), *course.lessons.glob("[0-9]*/*.ipynb"))
    return _index(course, max((path.stat().st_mtime_ns for path in paths), default=0))


def index_bytes(course: Course) -> bytes:
    """Return the index as a file, for a host without the lessons' prose."""
    return json.dumps([asdict(each) for each in index(course)]).encode()


@lru_cache(maxsize=4)
def _index(course: Course, _changed: int) -> tuple[Text, ...]:
    terms = (
        Text(term.term, GLOSSARY_PAGE, f"term-{slug(term.term)}", term.meaning)
        for term in (words_of(course) if (course.lessons / GLOSSARY).is_file() else ())
    )
    return (*terms, *_steps(course))


def _steps(course: Course) -> Iterator[Text]:
    for module in modules(course):
        for lesson in lessons(course, module):
            notebook = read_json(course.lessons / lesson.address)
            steps = steps_of(notebook["cells"]) if has_steps(notebook) else []
            texts = (_step(lesson, number, step) for number, step in enumerate(steps, 1))
            yield from (text for text in texts if text.words)  # else it is a card alone


def _step(lesson: Lesson, number: int, step: Iterable[Cell]) -> Text:
    prose = "\n".join(source_of(cell) for cell in step if cell.get("cell_type") == "markdown")
    heading = _HEADING.search(prose)
    title = f"{lesson.number} {lesson.title}"
    if number > 1:
        title = f"{title}: {plain(heading[1]) if heading else f'step {number}'}"
    return Text(title, lesson.address, f"step-{number}", plain(prose))


def plain(prose: str) -> str:
    """Return prose without its marks."""
    return " ".join(_MARKS.sub(" ", _LINK.sub(r"\1", prose)).split())


# --- what is found


def find(course: Course, home: Home, asked: str) -> tuple[Found, ...]:
    """Return every place where all words stand that begin as those asked for, titles first.

    Parameters
    ----------
    course, home
        Whose lessons, and whose notes.
    asked : str
        As somebody typed it; capitals and accents make no difference.
    """
    wanted = [re.compile(rf"\b{re.escape(word)}") for word in re.findall(r"\w+", folded(asked))]
    if not wanted:
        return ()
    own = (Text(each.title, each.link, each.place, each.text) for each in notes.kept(home))
    return tuple(_found((*own, *index(course)), wanted))


def _found(texts: Iterable[Text], wanted: list[re.Pattern[str]]) -> list[Found]:
    hits = []
    for text in texts:
        # What stands first in the title of a later step is the lesson's: its first step has it.
        title, words = folded(text.title.partition(": ")[2] or text.title), folded(text.words)
        if all(one.search(title) or one.search(words) for one in wanted):
            is_titled = all(one.search(title) for one in wanted)
            first = next((hit.start() for one in wanted if (hit := one.search(words))), 0)
            found = Found(text.title, text.link, text.place, _around(text.words, first))
            hits.append((not is_titled, found))
    return [found for _, found in sorted(hits, key=lambda hit: hit[0])]


@lru_cache(maxsize=4096)  # all steps of the course
def folded(text: str) -> str:
    """Return a text without capitals and accents, as long as it was."""
    return "".join(_folded(letter) for letter in text)


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    plainer = unicodedata.normalize("NFKD", letter)[0].lower()
    return plainer if len(plainer) == 1 else letter


def _around(words: str, at: int) -> str:
    begin, end = max(0, at - AROUND), at + AROUND
    cut = words[begin:end]
    if begin:
        cut = f"… {cut.partition(' ')[2] or cut}"
    if end < len(words):
        cut = f"{cut.rpartition(' ')[0] or cut} …"
    return cut
