"""Answer records as text, whole or with something changed."""

from __future__ import annotations

import json

MODULE = "01-sample"
GOOD = {"kind": "reply", "response": "Hm.", "first_response": None, "tries": 0}


def record_text(items: object, **changes: object) -> str:
    return json.dumps({"format": 1, "module": MODULE, "items": items} | changes)
