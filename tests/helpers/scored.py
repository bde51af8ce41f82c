"""What items have in common, and responses of any shape, to be scored."""

from __future__ import annotations

from hypothesis import strategies as st

from grader.content.items import Stem


def common(kind: str, points: float) -> dict:
    return {
        "id": f"late-{kind}",
        "kind": kind,
        "skills": ("empathy",),
        "facts": ("F1",),
        "stem": Stem("A kitchen.", "Ana", "It is late."),
        "question": "What do you say?",
        "points": points,
        "content_note": "",
        "gentle": None,
        "advice_asked": False,
        "peer_has_ideas": False,
        "safety_concern": False,
    }


POINTS = st.floats(0.5, 10, allow_nan=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
