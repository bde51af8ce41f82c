"""Show questions, answers and scores as static HTML, every word of it escaped.

The same pieces serve the card before it is live, formgrader, and feedback pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from grader.kinds.public import StemView, View
from grader.kinds.registry import is_typed
from grader.kinds.scores import CHANGED, Reason, Score, inner
from grader.kinds.scoring import is_answered
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import Said, Walk, walk
from grader.kinds.views import answer_lines, to_read
from grader.places import PACKAGE

MAX_SHOWN = 5_000  # characters of one typed reply on a page


def card_style() -> str:
    """Return the styles of cards, wherever they are shown."""
    return _styles("cards.css", "chat.css")


def page_style() -> str:
    """Return the styles that all pages of ours share."""
    return card_style() + _styles("page.css")


def _styles(*names: str) -> str:
    folder = PACKAGE / "cards" / "static"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def question_html(view: View) -> str:
    """Return the situation and the question of a public item view; a hard story stays folded."""
    story = _stem_html(view["stem"])
    if view["content_note"]:
        note = f'<p class="al-note">Before you read: {escape(view["content_note"])}</p>'
        story = f"{note}<details><summary>Show the story</summary>{story}</details>"
    return f'<div class="al-question">{story}<p class="al-ask">{escape(view["question"])}</p></div>'


def _stem_html(stem: StemView) -> str:
    html = f'<p class="al-setting">{escape(stem["setting"])}</p>' if stem["setting"] else ""
    if stem["says"]:
        html += (
            f'<figure class="al-says"><figcaption>{escape(stem["speaker"])} says</figcaption>'
            f"<blockquote>{escape(stem['says'])}</blockquote></figure>"
        )
    return html


def answer_html(view: View, response: Any) -> str:
    """Return the answer to an item: the chosen texts, or the typed reply as plain text."""
    if not is_answered(view["kind"], response):
        return '<p class="al-answer">No answer.</p>'
    if view["kind"] == "conversation":
        return _talk_html(walk(graph_of(view), response))
    lines = answer_lines(view, response)
    if not lines:
        return f'<p class="al-answer">{CHANGED}</p>'
    return _typed_html(lines[0]) if is_typed(view["kind"]) else _lines_html(lines)


def _typed_html(text: str) -> str:
    cut = "<p>The reply goes on; only its beginning is shown.</p>" * (len(text) > MAX_SHOWN)
    start = '<blockquote class="al-answer" dir="auto" style="white-space:pre-wrap">'
    return f"{start}{escape(text[:MAX_SHOWN])}</blockquote>{cut}"


def _lines_html(lines: Iterable[str]) -> str:
    return (
        '<ul class="al-answer">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
    )


def _talk_html(walked: Walk) -> str:
    """Return a conversation with the acts of each of the trainee's lines in words."""
    if not walked.taken:
        return f'<p class="al-answer">{CHANGED}</p>'
    stopped = f"<p>{escape(walked.stopped)}</p>" if walked.stopped else ""
    lines = "".join(_said_html(line) for line in walked.lines)
    return f'<ul class="al-answer al-talk">{lines}</ul>{stopped}'


def _said_html(line: Said) -> str:
    name = f"<strong>{escape(line.name)}:</strong> " if line.name else ""
    acts = f"<p>{escape(', '.join(line.labels))}</p>" if line.acts else ""
    return f'<li class="al-{line.who}" dir="auto">{name}{escape(line.text)}{acts}</li>'


def score_html(score: Score) -> str:
    """Return points, reasons and a better wording."""
    points = f"{round(score.points, 2):g} of {score.max_points:g} points"
    if score.suggested:
        points = f"Suggested: {points}. A trainer decides."
    if score.unsure:
        points = "No points are suggested. A trainer decides."
    first = '<p class="al-problem"><strong>Read first.</strong></p>' if score.read_first else ""
    better = f"<p><strong>Another way to say it:</strong> {escape(score.better)}</p>"
    return (
        f'<div class="al-score">{first}<p><strong>{escape(score.headline)}.</strong> {points}</p>'
        f"<ul>{''.join(_reason_html(reason) for reason in score.reasons)}</ul>"
        f"{better if score.better else ''}</div>"
    )


def _reason_html(reason: Reason) -> str:
    quote = f'<q dir="auto">{escape(inner(reason.quote))}</q> ' if reason.quote else ""
    return f"<li>{quote}{escape(reason.text)}</li>"


def static_card_html(view: View) -> str:
    """Return a card before it is live: the question and its options, to read.

    A hard story stays closed behind its note.
    """
    shown = () if view["content_note"] else to_read(view)  # replies to a hard story wait
    options = "".join(f"<li>{escape(text)}</li>" for text in shown)
    return (
        f'<div class="al-static">{question_html(view)}'
        f"{f'<ul>{options}</ul>' if options else ''}</div>"
    )


def record_html(view: View, response: Any, score: Score | None, problem: str = "") -> str:
    """Return one answered item for a trainer: question, answer, and score where there is a key.

    Parameters
    ----------
    view : dict
        Public view of the item.
    response : object
        As found in the answer record.
    score : Score or None
        None on the trainee's side, where no key is.
    problem : str
        A plain sentence where the record could not be read.

    Returns
    -------
    str
        HTML without scripts, links or pictures; safe to place in any page.
    """
    shown = f'<p class="al-problem">{escape(problem)}</p>' if problem else ""
    scored = score_html(score) if score and score.answered else ""
    return (
        f'<div class="al-record">{question_html(view)}<p><strong>Answer</strong></p>'
        f"{shown}{answer_html(view, response)}{scored}</div>"
    )
