"""The labelled replies that the coder learns from: read, compared, and varied as people type."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding.features import by_sentence, parts
from grader.coding.text import fold
from grader.content.items import ACTS
from grader.errors import AlongsideError

REPLIES = Path(__file__).with_name("replies")


HELD_BACK, APART = "heldback", "apart"  # the files that nothing is learned from


SEED = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled reply and the file it came from."""

    file: str
    acts: frozenset[str]
    reply: str
    prompt: str


def read_rows(folder: Path = REPLIES) -> list[Row]:
    """Read every training file of a folder.

    Raises
    ------
    AlongsideError
        Where a line is not ``acts TAB reply TAB prompt`` or an act is unknown.
    """
    files = sorted(path for path in folder.glob("*.tsv") if path.stem not in {HELD_BACK, APART})
    return [row for path in files for row in read_file(path)]


def read_file(path: Path) -> Iterator[Row]:
    """Read one file of labelled replies."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3 or not cells[1].strip():
            raise AlongsideError(
                f"{path.name}, line {number}: write the acts, a tab, the reply, a tab, the prompt."
            )
        acts = read_acts(cells[0], f"{path.name}, line {number}")
        yield Row(path.stem, acts, cells[1], cells[2])


def read_acts(text: str, where: str) -> frozenset[str]:
    """Read acts joined by ``+``; ``other`` stands alone."""
    acts = frozenset(text.split("+"))
    if unknown := acts - set(ACTS):
        raise AlongsideError(f"{where}: there is no act named {min(unknown)!r}.")
    if "other" in acts and len(acts) > 1:
        raise AlongsideError(f"{where}: 'other' stands alone.")
    return acts


def plain(reply: str) -> str:
    """Write a reply without marks and capitals."""
    return " ".join(re.sub(r"[^\w\s]", "", re.sub(r"[-–—/…]", " ", reply.lower())).split())


def refuse_overlap(rows: Sequence[Row], learned: Sequence[Row]) -> None:
    """Refuse to measure on a reply that is learned.

    Raises
    ------
    AlongsideError
        Where a row stands among the learned ones.
    """
    known = {plain(row.reply) for row in learned}
    for row in rows:
        if plain(row.reply) in known:
            raise AlongsideError(
                f"{row.file}.tsv: {row.reply!r} is learned too; take it out there."
            )


def mistyped(reply: str, chance: random.Random, rate: float = 0.05) -> str:
    """Write a reply with slips of the finger: letters lost, doubled or swapped."""
    letters = list(reply)
    for at, letter in enumerate(letters):
        if letter.isalpha() and chance.random() < rate:
            slip = chance.randrange(3)
            if slip == 0:
                letters[at] = ""
            elif slip == 1 or at + 1 == len(letters):
                letters[at] = letter * 2
            else:
                letters[at], letters[at + 1] = letters[at + 1], letter
    return "".join(letters)


def variants(rows: Sequence[Row]) -> list[Row]:
    """Give each reply once more, as it is typed in a hurry."""
    chance = random.Random(SEED)  # noqa: S311 (typing slips, not secrets)
    hurried = []
    for at, row in enumerate(rows):
        reply = mistyped(row.reply, chance) if at % 3 == 0 else plain(row.reply)
        if at % 3 == 2:
            reply = mistyped(reply, chance)
        hurried.append(Row(row.file, row.acts, reply, row.prompt))
    return hurried


def joined(rows: Sequence[Row]) -> list[Row]:
    """Follow each reply by another of its file, so that acts are learned side by side."""
    chance = random.Random(SEED + 2)  # noqa: S311 (which two, not secrets)
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    longer = []
    for row in rows:
        other = chance.choice(by_file[row.file])
        acts = row.acts | other.acts
        acts = acts - {"other"} or acts
        ended = row.reply.rstrip()
        mark = " " if ended[-1:] in {".", "!", "?"} else ". "
        longer.append(Row(row.file, acts, ended + mark + other.reply, row.prompt))
    return longer


def named(reply: str) -> list[frozenset[str]]:
    """Return the features of a whole reply and, of several sentences, those of each."""
    own = [frozenset().union(*found) for found in by_sentence(parts(fold(reply)))]
    return [frozenset().union(*own), *(own if len(own) > 1 else [])]


def table_of(acts: Iterable[frozenset[str]]) -> Any:
    """Return one row of yes and no per reply, in the order of the acts."""
    import numpy as np

    return np.array([[act in found for act in ACTS] for found in acts])


def progress(items: Sequence[Any], label: str) -> Iterable[Any]:
    """Show a progress bar on stderr where a person is watching."""
    from tqdm import tqdm

    bar: Iterable[Any] = tqdm(items, desc=label, disable=None, file=sys.stderr)
    return bar
