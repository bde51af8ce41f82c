"""The pages of a site, each for somebody who begins: the browser puts the learner's own in later.

Apart from `build`, which writes them: lessons, exercises, and what shows feedback and certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader import places
from grader.cards.calls import Context
from grader.html import help_card
from grader.html.templating import render_template
from grader.places import CERTIFICATE, Learner
from grader.server.lesson import Frame, lesson_html
from grader.site.links import in_site, page_name
from grader.trainee.course_map import module_heading
from grader.trainee.home import prepare_home

RULES = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
# Feedback and certificate bring styles of their own; they stand in a frame that runs nothing.
KEPT_RULES = RULES.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
# A worker unpacks a script itself. Whatever runs there is ours: no page stands beside it.
WORKER_RULES = RULES.replace("script-src 'self'", "script-src 'self' blob:")
ORDER = "0" * 16  # of replies on these pages; each learner's own is drawn in the browser


def pages(learner: Learner, version: str) -> Iterator[tuple[str, str]]:
    """Yield name and HTML of every page.

    Parameters
    ----------
    learner : Learner
        Somebody new, with a home that is made for this and thrown away.
    version : str
        Of scripts, styles and pack.
    """
    prepare_home(learner)
    learner.home.order_seed.write_text(ORDER)
    for name, html in (*_lessons(learner, version), *_kept(learner, version)):
        yield name, in_site(html)
    first = render_template("site/first.html.j2", frame=_frame(learner, version, "index.html"))
    yield "index.html", str(first)


def _lessons(learner: Learner, version: str) -> Iterator[tuple[str, str]]:
    lessons, home = learner.course.lessons, learner.home.folder
    found = [(path, lessons) for path in sorted(lessons.glob("*.ipynb"))]
    found += [(path, lessons) for path in sorted(lessons.glob("[0-9]*/*.ipynb"))]
    found += [(path, home) for path in sorted(home.glob(f"exercises/*/{places.NOTEBOOK}"))]
    for path, root in found:
        page = path.relative_to(root).as_posix()
        name = f"lessons/{page_name(page)}"
        yield name, _lesson(learner, path, page, _frame(learner, version, name))


def _lesson(learner: Learner, path: Path, page: str, frame: Frame) -> str:
    return lesson_html(path, page, Context(learner, path.parent), frame)


def _kept(learner: Learner, version: str) -> Iterator[tuple[str, str]]:
    home = learner.home
    for path in sorted(learner.course.exercises.glob(f"*/{places.NOTEBOOK}")):
        module = path.parent.name
        title = f"Your feedback on {module_heading(learner.course, module)}"
        file = home.feedback_page(module).relative_to(home.folder).as_posix()
        yield _kept_page(learner, version, f"feedback/{module}.html", title, file)
    file = home.certificate_page.relative_to(home.folder).as_posix()
    yield _kept_page(learner, version, CERTIFICATE, "Your certificate", file)


def _kept_page(learner: Learner, version: str, name: str, title: str, file: str) -> tuple[str, str]:
    frame = _frame(learner, version, name, KEPT_RULES)
    return name, str(render_template("site/kept.html.j2", title=title, kept=file, frame=frame))


def _frame(learner: Learner, version: str, name: str, rules: str = RULES) -> Frame:
    return Frame(
        root="../" * name.count("/") or "./",
        help=help_card.help_html(region=help_card.find_region(learner)),
        scripts=version,
        script="site",
        rules=rules,
    )
