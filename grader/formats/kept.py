"""Answers outlive their questions: tell whether a kept answer still is to this one.

Ids stay when an author rewrites or reorders replies, so an answer keeps the question and
itself in words. What no longer fits is kept and said, and never scored as something else.
"""

from __future__ import annotations

from typing import Any, TypedDict

from grader.content.items import Item
from grader.formats.answers import Answer, Record
from grader.kinds.public import View
from grader.kinds.registry import is_in_own_words
from grader.kinds.scores import Score, no_answer
from grader.kinds.scoring import score_response
from grader.kinds.views import answer_lines

OTHER_QUESTION = "A question that has changed since"
VERSION_WORDS = {"first": "first", "gentle": "gentler"}
SAME = 0.7  # share of words in common, from which on a text is only mended, not another


def asked_in_words(view: View) -> str:
    """Return what an item asks, in words: what was said, and the question."""
    stem = view["stem"]
    return f"{stem['says'] or stem['setting']}\n{view['question']}".strip()


def answered_version(view: View, record: Record) -> str:
    """Say to which version of a hard story an answer is; empty where that is not known."""
    version = record.versions.get(view["id"]) if view["gentle"] else None
    return f"The answer is to the {VERSION_WORDS[version]} version of the story." if version else ""


class KeptWords(TypedDict):
    """What is kept beside an answer."""

    asked: str
    words: str


def kept_words(view: View, response: Any) -> KeptWords:
    """Return what is kept beside an answer, so that its ids never come to mean another.

    Returns
    -------
    dict
        ``asked`` and ``words``; empty texts for what is typed, rated or talked through.
    """
    if is_in_own_words(view["kind"]):
        return {"asked": "", "words": ""}
    words = "\n".join(answer_lines(view, response))
    return {"asked": asked_in_words(view), "words": words}


def still_fits(view: View, answer: Answer) -> bool:
    """Tell whether an answer is to the question as it stands now.

    Ids stay the same when an author rewrites or reorders replies; words do not. A mended
    slip of the pen leaves at least `SAME` of the words. Answers of format 1 have no words:
    of them only the ids are compared.
    """
    if answer.kind != view["kind"]:
        return False
    now = kept_words(view, answer.response)
    return alike(answer.asked, now["asked"]) and alike(answer.words, now["words"])


def alike(before: str, now: str) -> bool:
    """Tell whether a text is the same but for a slip of the pen, or was never kept."""
    if not before or before == now:
        return True
    from difflib import SequenceMatcher  # here, so that cards are ready without it

    return SequenceMatcher(None, before.split(), now.split()).ratio() >= SAME


def in_words(view: View | None, answer: Answer) -> tuple[str, str]:
    """Return question and answer in words.

    Where the question is gone or has changed, both are given as they were kept.
    """
    if view is not None and still_fits(view, answer):
        question, lines = view["question"], "\n".join(answer_lines(view, answer.response))
    else:
        question, lines = answer.asked or OTHER_QUESTION, answer.words
    return question, lines or str(answer.response)


def score_answer(item: Item, view: View, answer: Answer | None) -> Score:
    """Score a kept answer; one to another question earns nothing and says why."""
    response = answer.response if answer and answer.kind == item.kind else None
    if answer and response is not None and not still_fits(view, answer):
        return no_answer(item, response)
    return score_response(item, response)
