"""What the top of every page leads to: one list for lessons, exercises and all hosts.

Apart from the template that shows it: a new page is added here, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One link at the top of every page, or one button.

    A phone shows the first link there, and the others in the menu.

    Parameters
    ----------
    words : str
        What it says.
    page : str
        The page that a link leads to, by the name of its notebook among the lessons.
    opens : str
        What a button opens instead: a name in the list of ``top.js``.
    more : str
        Words after the others that a phone has no room for; they are heard all the same.
    """

    words: str
    page: str = ""
    opens: str = ""
    more: str = ""


IN_REACH = (
    Entry("Pause", opens="pause", more=", this is a lot"),
    Entry("Menu", opens="menu"),
)
ENTRIES = (
    Entry("Course map", "index"),
    Entry("Find", "find"),
    Entry("Your record", "record"),
    *IN_REACH,
)
# The page that was opened on its own; then the map is the way to more.
ALONE = {
    "skills": (
        Entry("Your skills", "skills"),
        Entry("Your compass", "compass"),
        Entry("The whole course", "index"),
        *IN_REACH,
    )
}


def entries(only: str = "") -> tuple[Entry, ...]:
    """Return what the top of a page leads to, in order.

    Parameters
    ----------
    only : str
        The page that was opened on its own, or nothing.
    """
    return ALONE.get(only, ENTRIES)
