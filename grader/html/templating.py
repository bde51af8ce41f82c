"""Fill the templates of all pages: every word is escaped, and none may be missing.

The templates stand beside this module, by the room that fills them. Only the records in
`grader.html.render` are put together by hand. jinja2 is imported when a template is filled
first, so that this room loads with nothing but Python.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.kinds.scores import inner

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def render_template(name: str, /, **facts: Any) -> Markup:
    """Return a template with its facts filled in.

    Parameters
    ----------
    name : str
        Its path below `TEMPLATES`.
    **facts : object
        What it shows. All of it is escaped but what `trusted` or this function gave.

    Returns
    -------
    Markup
        Text that another template takes as it is.
    """
    return trusted(_template(name).render(facts))


def trusted(html: str) -> Markup:
    """Return HTML, made here or in `grader.html.render`, as what a template need not escape."""
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 - its words were escaped where it was made


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def escaped(value: Any) -> Markup:
        """Escape as Python does: a certificate is checked by its bytes; jinja2 writes others."""
        if isinstance(value, Markup):
            return value
        return Markup(escape(str(value)))  # noqa: S704 - escaped in this line

    made = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        auto_reload=False,
        finalize=escaped,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["svg_address"] = _svg_address
    made.filters["inner"] = inner
    return made


def _svg_address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
