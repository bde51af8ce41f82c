"""Learn the points of typed replies, and measure them on replies that nothing was learned from.

Rows are the exemplars and model replies of all typed items and turns, replies of further
hands (``replies/typed``), the course's own options with their points, and stock lines that
fit anything. The test files in
``tests/typed`` are never learned from: `learn` refuses rows that also stand there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from grader.coding.coder import code_reply
from grader.content.items import BEST, LADDER_FLAGS, Item
from grader.errors import AlongsideError
from grader.kinds.choice import ChoiceItem
from grader.kinds.reading import load_course_items
from grader.kinds.reply import ReplyItem
from grader.kinds.talk.graph import REPLY, ConversationItem
from grader.kinds.typed.points import WEIGHTS, Model, choose, features
from grader.kinds.typed.scene import Scene
from grader.places import own_course
from grader.training.labelled import REPLIES, plain, progress

TYPED = Path(__file__).resolve().parents[2] / "tests" / "typed"
STOCK = REPLIES / "stock.txt"
HANDS = REPLIES / "typed"
LEVELS = tuple(half / 2 for half in range(2 * BEST + 1))
STOCK_POINTS = 0.0
KEY, OPTION, FITS_ALL = "key", "option", "stock"  # where a row comes from
WEIGHT = {KEY: 1.0, OPTION: 0.3}
STOCK_SHARE = 0.3  # weight of all stock rows together, for each of all rows with a key
PENALTY = 0.08  # C of the logistic regression; with the weights, by cross-validation over items
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One reply with its points: where it comes from, and which question it answers."""

    source: str
    item: str
    scene: Scene
    text: str
    points: float


def course_items() -> list[Item]:
    """Return every item of the course, practice and graded."""
    course = own_course()
    folders = [course.lessons, course.solutions]
    paths = [path for folder in folders if folder for path in folder.glob("*/items.yaml")]
    return [item for path in sorted(paths) for item in load_course_items(course, path).values()]


def scenes(items: Sequence[Item]) -> dict[str, Scene]:
    """Return what is typed to, by item or ``talk/turn``."""
    found = {item.id: item.scene for item in items if isinstance(item, ReplyItem)}
    for item in items:
        if isinstance(item, ConversationItem):
            turns = (turn for turn in item.graph.turns if turn.asks == REPLY)
            found |= {f"{item.id}/{turn.id}": turn.scene for turn in turns}
    return found


def read_points(items: Sequence[Item]) -> list[Row]:
    """Return all rows to learn from."""
    known = scenes(items)
    stock = STOCK.read_text(encoding="utf-8").splitlines()
    hands = (row for _, row in of_hands(known))
    return [*_keyed(known), *hands, *_options(items), *_stock(known, stock)]


def _keyed(known: dict[str, Scene]) -> Iterator[Row]:
    for name, scene in known.items():
        for exemplar in scene.exemplars:
            yield Row(KEY, name, scene, exemplar.text, exemplar.points)
        yield Row(KEY, name, scene, scene.better, BEST)


def of_hands(known: dict[str, Scene], folder: Path = HANDS) -> Iterator[tuple[str, Row]]:
    """Read what further hands wrote, with their names; replies to an item that is gone are not.

    Raises
    ------
    AlongsideError
        Where a row holds more: nobody has looked it through yet.
    """
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            if set(told) != {"item", "points", "text"}:
                what = "look it through, then leave item, points and text alone in it"
                raise AlongsideError(f"{path.name}: {told.get('text')!r}: {what}.")
            if told["item"] in known:
                scene = known[told["item"]]
                yield path.stem, Row(KEY, told["item"], scene, told["text"], told["points"])


def _options(items: Sequence[Item]) -> Iterator[Row]:
    for item in items:
        if isinstance(item, ChoiceItem):
            flags = frozenset(flag for flag in LADDER_FLAGS if getattr(item, flag))
            scene = Scene(item.stem.says, flags=flags)
            for option in item.options:
                yield Row(OPTION, item.id, scene, option.text, option.points)
        if isinstance(item, ConversationItem):
            for turn in item.graph.turns:
                scene = Scene(turn.says, flags=turn.flags)
                for way in turn.options:
                    points = float(way.outcome.points or 0)
                    yield Row(OPTION, f"{item.id}/{turn.id}", scene, way.text, points)


def _stock(known: dict[str, Scene], lines: Sequence[str]) -> Iterator[Row]:
    for name, scene in known.items():
        for line in lines:
            yield Row(FITS_ALL, name, scene, line, STOCK_POINTS)


def refuse_tests(rows: Sequence[Row], folder: Path = TYPED) -> None:
    """Refuse rows that also stand in a test file.

    Raises
    ------
    AlongsideError
        With the first such row: what was learned cannot be measured.
    """
    tested = {
        plain(json.loads(line)["text"])
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    for row in rows:
        if plain(row.text) in tested:
            what = f"is in {folder.name} as well; take it out of one of them"
            raise AlongsideError(f"{row.item}: {row.text!r} {what}")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as numbers: features, level of points, and weight of each row."""

    names: tuple[str, ...]
    values: Any
    levels: Any
    weights: Any


def table_of(rows: Sequence[Row]) -> Table:
    """Describe rows by their features."""
    import numpy as np

    found = [
        features(row.scene, code_reply(row.text, row.scene.says), row.text)
        for row in progress(rows, "Typed replies")
    ]
    names = tuple(sorted(found[0]))
    keyed = sum(row.source == KEY for row in rows)
    stock = sum(row.source == FITS_ALL for row in rows) or 1
    weight = WEIGHT | {FITS_ALL: STOCK_SHARE * keyed / stock}
    return Table(
        names,
        np.array([[one[name] for name in names] for one in found]),
        np.array([LEVELS.index(row.points) for row in rows]),
        np.array([weight[row.source] for row in rows]),
    )


def fit(table: Table, kept: Any) -> dict[str, Any]:
    """Learn from some rows; the weights are for features as they come."""
    from sklearn.linear_model import LogisticRegression

    values = table.values[kept]
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    learner = LogisticRegression(C=PENALTY, max_iter=500, tol=1e-3)
    learner.fit((values - mean) / spread, table.levels[kept], sample_weight=table.weights[kept])
    if list(learner.classes_) != list(range(len(LEVELS))):
        raise AlongsideError("The exemplars lack a level of points, from 0 to 3 in halves.")
    weights = learner.coef_ / spread
    return {
        "levels": list(LEVELS),
        "bias": [round(float(one), 4) for one in learner.intercept_ - weights @ mean],
        "weights": {
            name: [round(float(one), 4) for one in weights[:, at]]
            for at, name in enumerate(table.names)
        },
    }


def left_out(rows: Sequence[Row], table: Table) -> list[tuple[float, float]]:
    """Return points and risk of each row with a key, by a model that has not seen its item."""
    import numpy as np

    parts = np.array([crc32(row.item.encode()) % FOLDS for row in rows])
    found: list[tuple[float, float]] = [(0.0, 1.0)] * len(rows)
    for part in range(FOLDS):
        learned = as_model(fit(table, parts != part), 1.0)
        for at in np.flatnonzero(parts == part).tolist():
            if rows[at].source == KEY:
                named = dict(zip(table.names, table.values[at], strict=True))
                found[at] = choose(LEVELS, learned.chances(named))
    return found


def as_model(weights: dict[str, Any], limit: float) -> Model:
    """Return weights as the package reads them."""
    rows = {name: tuple(row) for name, row in weights["weights"].items()}
    return Model(tuple(weights["levels"]), tuple(weights["bias"]), rows, limit)


def write(weights: dict[str, Any], limit: float, path: Path = WEIGHTS) -> None:
    """Write the weights file, one feature a line."""
    lines = [f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in weights["weights"].items()]
    text = (
        f'{{\n "levels": {json.dumps(weights["levels"])},\n "limit": {limit},\n'
        f' "bias": {json.dumps(weights["bias"])},\n "weights": {{\n'
        + ",\n".join(lines)
        + "\n }\n}\n"
    )
    path.write_text(text, encoding="utf-8")
