"""One course with an item of each kind, its best answers, and their hand-in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers import samples
from helpers.cohort import MODULE

from grader.kinds.registry import KINDS
from grader.kinds.scoring import model_response

REAL = {"[empathy]": "[SKILL]", "skill: empathy": "skill: SKILL", "[F1]": "[FACT]"}
ITEMS = samples.items()
UNSCORED = sorted(name for name, kind in KINDS.items() if not kind.scored)
SCORED = [kind for kind in ITEMS if kind not in UNSCORED]


def bank(*kinds: str) -> str:
    """Return samples with ids that the real course has."""
    text = "\n".join(f"- id: {samples.text_of(kind)}" for kind in kinds)
    for made_up, placeholder in REAL.items():
        text = text.replace(made_up, placeholder)
    return text


def best() -> dict[str, Any]:
    return {ITEMS[kind].id: model_response(ITEMS[kind]) for kind in SCORED}


def submit(root: Path, trainee: str, responses: dict[str, Any]) -> Path:
    kinds = {item.id: item.kind for item in ITEMS.values()}
    folder = root / "submitted" / trainee / MODULE
    folder.mkdir(parents=True)
    items = {
        name: {"kind": kinds[name], "response": response, "first_response": None, "tries": 0}
        for name, response in responses.items()
    }
    record = {"format": 1, "module": MODULE, "items": items}
    (folder / "answers.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-03-01 09:00:00.000000 UTC")
    return folder
