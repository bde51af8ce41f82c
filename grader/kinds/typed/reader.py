"""Read what a typed reply is scored by, besides its acts: threads, and exemplars with points."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.content.items import BEST
from grader.content.strict_yaml import Entry
from grader.kinds.typed.scene import Exemplar, Thread, words_of
from grader.kinds.typed.stems import stem

FEWEST_THREADS = 2
MOST_CHARACTERS = 600  # of an exemplar: nobody types more to a peer in one go
_POINTS = re.compile(r"[0-3](?:\.[05])?")
_KEY = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def read_threads(entry: Entry, said: Iterable[str]) -> tuple[Thread, ...]:
    """Read ``threads``: words of what the peer says, each with other words for it.

    Parameters
    ----------
    entry : Entry
        A reply, or a typed turn.
    said : iterable of str
        What the peer says there, and the setting: each key stands in it.
    """
    group = entry.entry("threads", required=False)
    if group is None:
        return ()
    there = {word for text in said for word in words_of(text)}
    threads = []
    for key in group.fields():
        words = group.words(key)
        if not _KEY.fullmatch(key) or key.replace("’", "'") not in there:
            group.note(key, "stands in nothing that the peer says here; take a word of theirs")
        for word in words:
            if " " in word:
                group.note(key, f"has {word!r}, which is more than one word; give single words")
        threads.append(Thread(key, words))
    if len(threads) < FEWEST_THREADS:
        entry.note("threads", f"must be {FEWEST_THREADS} or more, so that one is easily taken up")
    stems = [stem(thread.key) for thread in threads]
    for thread in threads:
        if stems.count(stem(thread.key)) > 1:
            group.note(thread.key, "is the same word as another thread; join the two")
    return tuple(threads)


def read_exemplars(entry: Entry) -> tuple[Exemplar, ...]:
    """Read ``exemplars``: lists of replies under the points that each of them earns."""
    if not entry.may_have("exemplars"):
        return ()
    group = entry.entry("exemplars")
    if group is None:  # a list, say, in which nobody can see the points
        return ()
    exemplars = []
    for points in group.fields():
        texts = group.words(points)
        if not _POINTS.fullmatch(points) or float(points) > BEST:
            what = f"is no number of points; write 0 to {BEST} in halves, such as 1.5"
            group.note(points, what)
            continue
        for text in texts:
            if len(text) > MOST_CHARACTERS:
                group.note(points, f"has a reply of more than {MOST_CHARACTERS} characters")
            exemplars.append(Exemplar(float(points), text))
    if len({exemplar.points for exemplar in exemplars}) < 2:
        entry.note("exemplars", "have one level of points only; add replies that earn other points")
    return tuple(exemplars)
