"""YAML composed beforehand: the same nodes as JSON, for a browser that is to start at once.

A course on a static host brings these texts under the names of its YAML files. Apart from
`strict_yaml`, which reads both alike: only the slow composing was done when they were made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.files.parsing import MAX_YAML, compose_yaml, parse_json, read_text

BEGINNING = '{"alongside-prepared":1,"node":'
SCALAR, SEQUENCE, MAPPING = "scalar", "sequence", "mapping"  # as PyYAML calls its nodes
_TAGS = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Node:
    """A node as PyYAML gives it: scalar, sequence or mapping, its value, and its line from 0."""

    id: str
    tag: str
    value: Any
    line: int

    @property
    def start_mark(self) -> Node:
        """What knows the line, as in PyYAML."""
        return self


def prepare(path: Path) -> str:
    """Return a YAML file as text that `nodes_of` reads; what is empty stays as it is."""
    text = read_text(path, MAX_YAML)
    node = compose_yaml(text)
    if node is None:
        return text
    packed = json.dumps(_packed(node), ensure_ascii=False, separators=(",", ":"))
    return f"{BEGINNING}{packed}}}"


def _packed(node: Any) -> list[Any]:
    value = node.value
    if node.id == SEQUENCE:
        value = [_packed(part) for part in value]
    elif node.id == MAPPING:
        value = [[str(key.value), _packed(part)] for key, part in value]
    return [node.id, node.tag.removeprefix(_TAGS), value, node.start_mark.line]


def nodes_of(text: str) -> Node | None:
    """Return the nodes in a text that `prepare` made, None for any other text.

    Raises
    ------
    ValueError
        Where it begins like one, and is damaged.
    """
    if not text.startswith(BEGINNING):
        return None
    try:
        return _unpacked(parse_json(text)["node"])
    except (TypeError, KeyError) as error:
        raise ValueError("prepared") from error


def _unpacked(packed: list[Any]) -> Node:
    kind, tag, value, line = packed
    if kind == SEQUENCE:
        value = [_unpacked(part) for part in value]
    elif kind == MAPPING:
        parts = [(name, _unpacked(part)) for name, part in value]
        value = [(Node(SCALAR, f"{_TAGS}str", name, part.line), part) for name, part in parts]
    return Node(kind, tag if ":" in tag else f"{_TAGS}{tag}", value, int(line))
