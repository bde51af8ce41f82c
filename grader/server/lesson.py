"""A notebook as a page: its prose made into HTML once, its calls made anew for each learner.

Apart from `addresses`: it knows no server.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.cards.calls import CALLS, Context, parts
from grader.content.steps import has_steps, steps_of
from grader.errors import AlongsideError, PagesError
from grader.files.parsing import checked, parse_python, read_text
from grader.html import header
from grader.html.help_card import care_for
from grader.html.templating import render_template, trusted
from grader.places import Learner
from grader.server import beside
from grader.server.ending import LEARNED, TO_TRY, body_of, fold_sources
from grader.server.own_code import NOT_RUN, courses_own
from grader.skills.bank import practice_bank
from grader.surroundings import LOG, tell
from grader.trainee.course_map import place_of
from grader.trainee.glossary import words_of
from grader.trainee.settings import Settings

OURS = "grader.cards"  # what cells import from
# What a kernel says of itself is not for the terminal of who takes the course.
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
TEMPLATES = Path(__file__).parent / "notebooks"
SHOWN = {"include_code": True, "include_markdown": True}
_MARK = re.compile(r"<!--alongside (\d+)-->")


@dataclass(frozen=True, slots=True)
class Call:
    """One plain call of a cell, such as ``card("advice-first-move")``."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A notebook's title, and the parts of each of its steps in order: HTML, or a call.

    ``learned`` and ``to_try`` stand at its end once more, as HTML; empty where it has none.
    """

    title: str
    steps: tuple[tuple[str | Call, ...], ...]
    learned: str = ""
    to_try: str = ""


def read_lesson(path: Path, *, is_ours: bool = False) -> Lesson:
    """Read a notebook; what was read stays until the file changes.

    Its code runs only where it ``is_ours``: of an author's own course.

    Raises
    ------
    PagesError
        Where it cannot be read, or has code of its own that may not run.
    """
    try:
        return _read(path, path.stat().st_mtime_ns, is_ours=is_ours)
    except OSError as error:
        raise PagesError(f"{path.name} cannot be read ({error.strerror})") from error


def read_lesson_for(learner: Learner, path: Path) -> Lesson:
    """Read a notebook of the course, or one in the learner's home; no code of the latter runs."""
    ours = courses_own(learner, path)
    return read_lesson(ours or path, is_ours=ours is not None)


@lru_cache(maxsize=128)
def _read(path: Path, _changed: int, *, is_ours: bool) -> Lesson:
    try:
        return _made_of(path, is_ours=is_ours)
    except (AlongsideError, OSError):
        raise
    except Exception as error:  # whatever a file from elsewhere holds
        LOG.exception("%s could not be read", path.name)
        raise PagesError(f"{path.name} is no notebook that can be read") from error


def _made_of(path: Path, *, is_ours: bool) -> Lesson:
    import nbformat

    # Without nbformat's schemas: they would hold 10 MB for as long as the course is open.
    notebook = nbformat.reader.reads(checked(read_text(path)))
    notebook = nbformat.convert(notebook, 4)
    title = notebook.metadata.get("title", "Alongside")
    if any(_calls_of(cell) is None for cell in notebook.cells):
        if not is_ours:
            raise PagesError(NOT_RUN.format(path.name))
        _run_once(notebook, path)
    steps = steps_of(notebook.cells) if has_steps(notebook) else [notebook.cells]
    once_more = (_html_of(notebook, body_of(steps, heading)) for heading in (LEARNED, TO_TRY))
    fold_sources(steps)
    return Lesson(str(title), tuple(tuple(_parts(notebook, step)) for step in steps), *once_more)


def _html_of(notebook: Any, text: str) -> str:
    from nbformat.v4 import new_markdown_cell

    return str(_rendered(notebook, [new_markdown_cell(text)])) if text else ""


def _calls_of(cell: Any) -> tuple[Call, ...] | None:
    """Return the calls a cell is made of, none for prose, None where it holds other code."""
    if cell.cell_type != "code":
        return ()
    try:
        lines = parse_python(cell.source).body
    except SyntaxError:
        return None
    found = [_call(line) for line in lines if not _is_import(line)]
    return None if None in found else tuple(call for call in found if call)


def _is_import(line: ast.stmt) -> bool:
    return isinstance(line, ast.ImportFrom) and line.module == OURS


def _call(line: ast.stmt) -> Call | None:
    match line:
        case ast.Expr(ast.Call(ast.Name(name), arguments, [])) if name in CALLS:
            texts = [each.value for each in arguments if isinstance(each, ast.Constant)]
            if len(texts) == len(arguments) and all(isinstance(text, str) for text in texts):
                return Call(name, tuple(map(str, texts)))
    return None


def _run_once(notebook: Any, path: Path) -> None:
    """Run other code of an author's own course once; it is not live on a page."""
    tell(f"{path.name} has code of its own: it is run once, and not live on the page")
    kept = [cell.source for cell in notebook.cells]
    for cell in notebook.cells:
        if cell.cell_type == "code" and _calls_of(cell) is not None:
            cell.source = ""  # ours is made anew each time
    _run(notebook, path)
    for cell, source in zip(notebook.cells, kept, strict=True):
        cell.source = source


def _run(notebook: Any, path: Path) -> None:
    from nbclient import NotebookClient

    where = {"metadata": {"path": str(path.parent)}}
    # What a kernel is called differs from computer to computer; our calls are Python anyhow.
    client = NotebookClient(notebook, timeout=60, resources=where, kernel_name="python3", log=LOG)
    try:
        client.execute(**QUIET)
    except Exception as error:  # a kernel is missing, ends, or says no
        LOG.exception("the code of %s failed", path.name)
        what = f"The code of {path.name} could not be run"
        raise PagesError(f"{what}; it needs 'alongside[lab]', and has to run by itself") from error


def _parts(notebook: Any, cells: list[Any]) -> Iterator[str | Call]:
    calls = [_calls_of(cell) for cell in cells]
    for number, found in enumerate(calls):
        if found:
            cells[number].metadata["alongside"] = number
    before, *rest = _MARK.split(_rendered(notebook, cells))
    yield before
    for mark, after in zip(rest[::2], rest[1::2], strict=True):
        yield from calls[int(mark)] or ()
        yield after


def _rendered(notebook: Any, cells: list[Any]) -> str:
    notebook.cells = cells
    # Its template alone: the whole way would check the notebook by the schemas once more.
    html: str = _exporter().template.render(nb=notebook, resources={"global_content_filter": SHOWN})
    return html


def prepare(learner: Learner) -> None:
    """Load what the first page and the first typed reply would have to wait for."""
    with suppress(AlongsideError, OSError):  # said where it is needed
        read_lesson(learner.course.lessons / "index.ipynb")
        practice_bank(learner.course)
        words_of(learner.course)
        care_for("Tea is ready.")  # words that need no second look, and so not the coder


@lru_cache(maxsize=1)
def _exporter() -> Any:
    from nbconvert import HTMLExporter

    made = HTMLExporter(
        template_name="lesson",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
    )
    made.register_filter("harmless", harmless)
    return made


def harmless(html: str) -> str:
    """Return HTML of which nothing can run: a lesson may come from elsewhere."""
    import bleach  # nbconvert brings it; it says no types

    cleaned: str = bleach.clean(html, TAGS, _may_stay, protocols=PROTOCOLS)
    return cleaned


_TAGS = """
a abbr b blockquote br caption code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
img kbd li mark ol p pre q s small span strong sub summary details sup table tbody td tfoot th
thead tr u ul
"""
TAGS = frozenset(_TAGS.split())
PROTOCOLS = frozenset(("http", "https", "mailto", "data"))
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
_EVERYWHERE = {"class", "id", "lang", "dir", "role", "aria-label", "aria-hidden"}


def _may_stay(tag: str, name: str, value: str) -> bool:
    address = value.strip().lower()
    if name == "src":  # attached pictures alone: no page asks any other address
        return tag == "img" and address.startswith("data:image/")
    is_named = name in _EVERYWHERE or name in _ATTRIBUTES.get(tag, ())
    return is_named and not address.startswith("data:")


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page.

    Parameters
    ----------
    root : str
        The address of the pages' host, with a slash at its end.
    help : str
        The help card, as escaped HTML.
    scripts : str
        Version of scripts and styles, so that a browser may keep them.
    only : str
        The page that was opened on its own, or nothing.
    watch : str
        The version an author's page shows, or nothing.
    token : str
        What its messages carry to prove that they come from our own page.
    run : str
        What the host has to know to be sent anything; another program at its port does not.
    style : str
        The styles themselves, for who is not signed in: such a page leads nowhere else.
    script : str
        What the page begins with, one of `grader.cards.script.ENTRIES`.
    settings : Settings
        How its reader likes to read, and where they paused.
    rules : str
        What the page may do, where no server says it (a Content-Security-Policy).
    """

    root: str
    help: str
    scripts: str
    only: str = ""
    watch: str = ""
    token: str = ""
    run: str = ""
    style: str = ""
    script: str = "page"
    rules: str = ""
    settings: Settings = field(default_factory=Settings)

    @property
    def serves(self) -> bool:
        """Whether a server stands behind the page, and knows the learner when it is made."""
        return self.script == "page"

    @property
    def entries(self) -> tuple[header.Entry, ...]:
        """What the top of the page leads to."""
        return header.entries(self.only)


def lesson_html(path: Path, page: str, context: Context, frame: Frame) -> str:
    """Return the page of a notebook for one learner.

    Parameters
    ----------
    path : Path
        The notebook.
    page : str
        Its address among the lessons; cards say it with their messages.
    context : Context
        Who looks at it, and its folder.
    frame : Frame
        What surrounds it.
    """
    lesson = read_lesson_for(context.learner, path)
    steps = [
        [piece for part in step for piece in _shown(part, context, frame)] for step in lesson.steps
    ]
    course = context.learner.course
    return str(
        render_template(
            "server/lesson.html.j2",
            title=lesson.title,
            page=page,
            steps=steps,
            titles=beside.titles(steps, ends=bool(lesson.learned)),
            words=beside.words(course, lesson.steps),
            all_words=beside.all_words(course, lesson.steps),
            place=place_of(course, page),
            learned=trusted(lesson.learned),
            to_try=trusted(lesson.to_try),
            frame=frame,
        )
    )


def _shown(part: str | Call, context: Context, frame: Frame) -> Iterator[Any]:
    if isinstance(part, str):
        yield trusted(part)
    elif frame.serves:
        yield from parts(context, part.name, part.arguments)
    else:  # the browser puts the learner's own there later
        call = {"name": part.name, "arguments": part.arguments}
        yield {"place": call, "parts": tuple(parts(context, part.name, part.arguments))}
