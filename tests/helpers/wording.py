"""How hard a page is to read, and which of its words are not kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.author.own_words import prose, sentences

EASY, HARDEST = 7.0, 9.0  # median and highest grade of a lesson
# What is not said, as (pattern, what to say instead).
AVOIDED = (
    (r"commit\w* suicide|successful suicide|failed suicide", "died by suicide; tried to end …"),
    (r"suffer\w* from|afflicted|stricken", "lives with …, has …"),
    (r"wheelchair[- ]bound|confined to a wheelchair", "uses a wheelchair"),
    (r"\bthe (mentally ill|disabled|homeless|elderly|blind|deaf)\b(?! \w)", "people who …"),
    (r"\b(schizophrenics?|addicts?|alcoholics?|junkies?|lunatics?|psychos?)\b", "a person with …"),
    (r"\b(mankind|manpower|manned|chairman|policeman|fireman)\b", "people, staff, chair …"),
    (r"\bnormal (people|person|life|family|families)\b", "say what you mean: most people …"),
    (r"\b(crazy|insane|nuts)\b", "say what is meant"),
    (r"\b(real|opposite) (men|women|sex)\b", "say what is meant"),
    (r"\b(incorrect|wrong answer|well done|good job|correct answer)\b", "say what the reply does"),
    (r"\boverdos\w+|\bslit\w*|\bhang(ed|ing) (him|her|them|my)sel\w+", "leave the method out"),
    (r"\bjust (be )?positive\b", "honest hope"),
)
# A hit that is meant: (text around it, reason).
EXCUSED: tuple[tuple[str, str], ...] = (
    ("mix much in normal life", "a line of a talk, said with irony and meant to be noticed"),
    ("That’s real progress, well done.", "a reply to think about; its feedback says what it does"),
)


def grade(path: Path) -> float:
    import textstat

    # A line without a full stop, such as a heading or an entry of a list, ends there too.
    ended = (
        part if part.rstrip("”’)")[-1:] in ".!?…" else f"{part}." for part in sentences(prose(path))
    )
    return float(textstat.flesch_kincaid_grade(" ".join(ended).replace("’", "'")))


def hits(text: str) -> Iterator[tuple[str, str]]:
    for pattern, instead in AVOIDED:
        for found in re.finditer(pattern, text, re.IGNORECASE):
            around = text[max(0, found.start() - 60) : found.end() + 40]
            if not any(excused in around for excused, _ in EXCUSED):
                yield around, instead
