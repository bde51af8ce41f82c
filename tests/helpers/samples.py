"""One item of each kind, loaded from every-kind.yaml, for tests of everything that shows items."""

from __future__ import annotations

from pathlib import Path

from grader.content.items import Item, Skill
from grader.kinds.reading import load_items

FOLDER = Path(__file__).parent
ANCHORS = ("Not tried yet.", "Sometimes.", "Could show it.")
SKILLS = {
    name: Skill(name, name.title(), "What it is.", ANCHORS, "001")
    for name in ("empathy", "listening")
}
FACTS = {"F1", "F2"}


def items() -> dict[str, Item]:
    """Load the samples, by kind."""
    found = load_items(FOLDER / "every-kind.yaml", SKILLS, FACTS)
    return {item.kind: item for item in found.values()}


def text_of(kind: str) -> str:
    """Return the YAML of one sample."""
    parts = (FOLDER / "every-kind.yaml").read_text(encoding="utf-8").split("\n- id: ")
    return next(part for part in parts if f"kind: {kind}\n" in part)
