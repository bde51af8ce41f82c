"""The order in which replies are offered: drawn once for each person, and kept.

It hangs on a seed in the person's home and on the item alone, so it never reshuffles, needs
no code, and is the same on every page. Records keep the ids of options, not their places.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from grader.errors import RecordError
from grader.files import safe
from grader.formats import answers
from grader.kinds.kind import PartT
from grader.kinds.public import View
from grader.kinds.registry import KINDS, is_drawn
from grader.places import Home


def home_seed(home: Home) -> str:
    """Return the seed of a home, drawn where there is none; empty where none can be kept."""
    return kept_at_random(home.order_seed)


def kept_at_random(path: Path) -> str:
    """Return what is drawn once and kept in a file of the home; empty where none can be kept."""
    try:
        kept = _read(path)
        if kept is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with safe.locked(path):  # two pages opened at once draw the same
                kept = _read(path)
                if kept is None:
                    kept = secrets.token_hex(8)
                    safe.write_safely(path, kept.encode())
    except (OSError, RecordError):
        return ""
    return kept


def seed_for(home: Home, kind: str) -> str:
    """Return the home's seed for the kinds whose replies are drawn, nothing for the others."""
    return home_seed(home) if is_drawn(kind) else ""


def _read(path: Path) -> str | None:
    raw = safe.read_regular_file(path, 1024)
    text = (raw or b"").decode("ascii", "replace").strip()
    return text if answers.is_seed(text) else None


def drawn(view: View, seed: str) -> View:
    """Return a public view with its replies in the order drawn for a person.

    Parameters
    ----------
    view : View
        Public view of an item; left as it is.
    seed : str
        The person's; where it is empty, the order is the author's.

    Returns
    -------
    View
        Only choices and the turns of talks are drawn: in the other kinds the order is part
        of the question, or tells nothing.
    """
    kind = KINDS.get(view["kind"])
    if not seed or kind is None or kind.drawn is None:
        return view

    def shuffled(parts: list[PartT], name: str) -> list[PartT]:
        def place(part: PartT) -> bytes:
            return hashlib.sha256(f"{seed} {name} {part['id']}".encode()).digest()

        return sorted(parts, key=place)

    drawn_view: View = kind.drawn(view, shuffled)
    return drawn_view
