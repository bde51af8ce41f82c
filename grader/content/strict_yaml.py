"""Read YAML strictly: every mistake is noted with its file and line, none stops the reading.

The reader keeps the line of each value, refuses doubled fields, and takes only
text for text: ``No`` or ``1:30`` would silently become something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.content.prepared import MAPPING, SEQUENCE, nodes_of
from grader.errors import Problem, suggestion
from grader.files.parsing import MAX_YAML, UnsafeTextError, compose_yaml, read_text

_TEXT = "tag:yaml.org,2002:str"
_FLAG = "tag:yaml.org,2002:bool"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_REQUIRED: Any = object()
Node = Any  # of PyYAML, or of `grader.content.prepared`


class Entry:
    """One mapping of a file; asking for a field reads it, and `close` reports the rest.

    Parameters
    ----------
    node : Node
        The mapping as composed.
    path : str
        Name of the file for messages.
    problems : list of Problem
        Where mistakes are noted.
    """

    def __init__(self, node: Node, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.line = node.start_mark.line + 1
        self.problems = problems
        self._nodes: dict[str, Node] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            field = str(key.value)
            if field in self._nodes:
                self._note(field, "stands here twice; keep one of them", key)
            self._nodes[field] = value

    def note(self, field: str, what: str, code: str = "") -> None:
        """Note a mistake at the line of ``field``, or of the whole entry where it is absent."""
        self._note(field, what, self._nodes.get(field), code)

    def _note(self, field: str, what: str, node: Node | None, code: str = "") -> None:
        line = node.start_mark.line + 1 if node is not None else self.line
        self.problems.append(Problem(self.path, line, field, what, code))

    def has(self, field: str) -> bool:
        """Tell whether the field is there."""
        return field in self._nodes

    def fields(self) -> tuple[str, ...]:
        """Return the names of all fields, for a group whose names the author chooses."""
        return tuple(self._nodes)

    def may_have(self, field: str) -> bool:
        """Tell whether the field is there, and that it may be: `close` then offers its name."""
        self._asked.add(field)
        return field in self._nodes

    def _node(self, field: str, default: Any) -> Node | None:
        self._asked.add(field)
        node = self._nodes.get(field)
        if node is None and default is _REQUIRED:
            self.note(field, "is missing; add it")
        return node

    def text(self, field: str, default: str = _REQUIRED) -> str:
        """Return a non-empty text."""
        node = self._node(field, default)
        if node is None:
            return "" if default is _REQUIRED else default
        return self._as_text(field, node)

    def _as_text(self, field: str, node: Node) -> str:
        if node.tag != _TEXT or not isinstance(node.value, str):
            self._note(field, "must be text; write it in a block after '>-'", node)
            return ""
        if not node.value.strip():
            self._note(field, "is empty; write something or remove it", node)
        return " ".join(node.value.split())

    def number(self, field: str, default: float = _REQUIRED, *, low: float, high: float) -> float:
        """Return a number from ``low`` to ``high``."""
        node = self._node(field, default)
        if node is None:
            return low if default is _REQUIRED else default
        try:
            value = float(node.value) if node.tag in _NUMBERS else float("nan")
        except (TypeError, ValueError):
            value = float("nan")
        if not low <= value <= high:
            self._note(field, f"must be a number from {low:g} to {high:g}", node)
            return low
        return value

    def whole(self, field: str, default: int = _REQUIRED, *, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``."""
        value = self.number(field, default, low=low, high=high)
        if value != int(value):
            self.note(field, f"must be a whole number from {low} to {high}")
        return int(value)

    def flag(self, field: str, default: bool | None = _REQUIRED) -> bool | None:
        """Return true or false."""
        node = self._node(field, default)
        if node is None:
            return None if default is _REQUIRED else default
        if node.tag != _FLAG:
            self._note(field, "must be true or false", node)
            return None
        return node.value.lower() in {"true", "yes", "on"}

    def words(self, field: str, default: Sequence[str] = _REQUIRED) -> tuple[str, ...]:
        """Return a list of short texts."""
        node = self._node(field, default)
        if node is None:
            return () if default is _REQUIRED else tuple(default)
        if not _is_list(node):
            self._note(field, "must be a list, such as [one, two]", node)
            return ()
        return tuple(self._as_text(field, part) for part in node.value)

    def one_or_more(self, field: str) -> tuple[str, ...]:
        """Return one short text, or a list of them."""
        node = self._node(field, _REQUIRED)
        if node is None or _is_list(node):
            return self.words(field) if node is not None else ()
        return (self._as_text(field, node),)

    def word_lists(self, field: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of lists of short texts; none where the field is absent."""
        node = self._node(field, None)
        if node is None:
            return ()
        if not _is_list(node) or not all(_is_list(part) for part in node.value):
            self._note(field, "must be a list of lists, such as [[a, b]]", node)
            return ()
        return tuple(tuple(self._as_text(field, w) for w in part.value) for part in node.value)

    def refuse(self, field: str, why: str) -> None:
        """Note a field that must not stand here."""
        self._asked.add(field)
        if field in self._nodes:
            self.note(field, f"{why}; take the field out")

    def entry(self, field: str, *, required: bool = True) -> Entry | None:
        """Return the mapping under ``field``."""
        node = self._node(field, _REQUIRED if required else None)
        if node is None:
            return None
        if not _is_mapping(node):
            self._note(field, "must be a group of fields, indented below it", node)
            return None
        return Entry(node, self.path, self.problems)

    def entries(self, field: str, *, required: bool = True) -> tuple[Entry, ...]:
        """Return the mappings listed under ``field``."""
        node = self._node(field, _REQUIRED if required else None)
        if node is None:
            return ()
        parts = _mappings(node)
        if parts is None:
            self._note(field, "must be a list; start each part with '- '", node)
            return ()
        return tuple(Entry(part, self.path, self.problems) for part in parts)

    def close(self) -> None:
        """Note every field that nothing asked for."""
        for field, node in self._nodes.items():
            if field not in self._asked:
                self._note(field, f"is not a field here; {suggestion(field, self._asked)}", node)


def _is_list(node: Node) -> bool:
    return bool(node.id == SEQUENCE)


def _is_mapping(node: Node) -> bool:
    return bool(node.id == MAPPING)


def _mappings(node: Node) -> list[Node] | None:
    """Return the parts of a list of mappings; None where it is anything else."""
    if not _is_list(node):
        return None
    parts: list[Node] = node.value
    found = [part for part in parts if _is_mapping(part)]
    return found if len(found) == len(parts) else None


def read_entries(path: Path, problems: list[Problem]) -> tuple[Entry, ...]:
    """Read a file that holds one list of mappings.

    Parameters
    ----------
    path : Path
        The YAML file.
    problems : list of Problem
        Where mistakes are noted; a file that cannot be read at all gives one.

    Returns
    -------
    tuple of Entry
        In file order; empty where the file cannot be read.
    """
    name = short_name(path)
    node = _compose(path, name, problems)
    if node is None:
        return ()
    parts = _mappings(node)
    if parts is None:
        problems.append(Problem(name, 1, "file", "must be one list; start each part with '- '"))
        return ()
    return tuple(Entry(part, name, problems) for part in parts)


def read_entry(path: Path, problems: list[Problem]) -> Entry | None:
    """Read a file that holds one mapping; None where it cannot be read."""
    name = short_name(path)
    node = _compose(path, name, problems)
    if node is None:
        return None
    if not _is_mapping(node):
        problems.append(Problem(name, 1, "file", "must be a group of fields, such as 'name: …'"))
        return None
    return Entry(node, name, problems)


def _compose(path: Path, name: str, problems: list[Problem]) -> Node | None:
    try:
        text = read_text(path, MAX_YAML)
        return nodes_of(text) or _composed(text, name, problems)
    except OSError as error:
        problems.append(Problem(name, 1, "file", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        problems.append(Problem(name, 1, "file", "is not UTF-8 text; save it as UTF-8"))
    except UnsafeTextError as error:
        problems.append(Problem(name, error.line, "file", str(error)))
    except ValueError:
        problems.append(Problem(name, 1, "file", "is damaged; make the site again"))
    return None


def _composed(text: str, name: str, problems: list[Problem]) -> Node | None:
    import yaml  # here, so that scoring and coding load without it

    try:
        node = compose_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or "is not YAML"
        problems.append(
            Problem(name, line, "file", f"{what}; put longer texts in a block after '>-'")
        )
    else:
        if node is None:
            problems.append(Problem(name, 1, "file", "is empty; add something or remove the file"))
        return node
    return None


def short_name(path: Path) -> str:
    """Return the last three parts of a path: enough to find it, nothing of the machine."""
    return "/".join(path.parts[-3:])
