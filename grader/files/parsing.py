"""Parse text that comes from anywhere: its size and its depth are looked at before it is parsed.

A parser that calls itself for each bracket ends the whole program where thousands are open,
and a reader of what it gave ends in the same way. So every JSON, YAML and Python text is
parsed here, and a test holds all other modules to it.
"""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import stat
from collections import Counter
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 16 << 20  # a gradebook's worth of notebooks is read one by one
MAX_DEPTH = 64  # lists in lists; a notebook with its outputs has a dozen
MAX_YAML = 1 << 20  # the items of the largest module are 0.1 MiB
MAX_PYTHON = 20_000  # characters of one cell; ours are calls of a line
_MERGE = "tag:yaml.org,2002:merge"
NOT_PLAIN = "it is not a plain file"
_TOO_DEEP = "goes too deep, with lists in lists; take some out"
# A text whose end is missing is taken up to the end of all: to try again at each of its quotes
# would take a time that grows with the square of its length.
_TEXT_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_NO_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[^"\[\]{}]+', re.DOTALL)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_MAY_STAND_IN = re.compile(r"\*\S|<<|!\S")


class UnsafeTextError(ValueError):
    """A text is too large or too deep to be parsed; ``line`` says where, from 1."""

    def __init__(self, what: str, line: int = 1) -> None:
        super().__init__(what)
        self.line = line


class TwiceError(ValueError):
    """A mapping in JSON says one thing twice, so that nobody knows which of them counts."""


def parse_json(
    raw: bytes | str, most: int = MAX_BYTES, deepest: int = MAX_DEPTH, *, once: bool = False
) -> Any:
    """Parse JSON as RFC 8259 has it: no NaN, and no more than `MAX_DEPTH` deep.

    Parameters
    ----------
    raw : bytes or str
        Bytes may be UTF-8, -16 or -32, with or without a mark (BOM): editors differ.
    most : int
        Bytes or characters.
    deepest : int
        Lists in lists, for a reader that cuts off itself what is too deep.
    once : bool
        Refuse a mapping that says one thing twice.

    Raises
    ------
    ValueError
        For anything else; nothing but that.
    """
    _check_size(raw, most)
    text = raw if isinstance(raw, str) else raw.decode(json.detect_encoding(raw))
    _check_depth(text, deepest)
    try:
        pairs = _each_once if once else None
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=pairs)
    except RecursionError as error:
        raise UnsafeTextError(_TOO_DEEP) from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise TwiceError(next(name for name, count in times.items() if count > 1)[:80])
    return found


def read_json(path: Path, most: int = MAX_BYTES) -> Any:
    """Read and parse a file of JSON; raise as `parse_json`, and OSError."""
    return parse_json(_raw(path, most), most)


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """Read a file of UTF-8; raise ValueError where it is none or too large, and OSError."""
    return _raw(path, most).decode("utf-8").replace("\r\n", "\n")


def _raw(path: Path, most: int) -> bytes:
    with open_plain(path) as file:
        raw = file.read(most + 1)
    _check_size(raw, most)
    return raw


def open_plain(path: Path) -> IO[bytes]:
    """Open a plain file to read, also through a link; never wait for a pipe or a device.

    Raises
    ------
    OSError
        Where it is anything else.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags)
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):  # asked before fdopen, which fails on a folder
        os.close(handle)
        wrong = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(wrong, os.strerror(wrong) if wrong == errno.EISDIR else NOT_PLAIN, path)
    return os.fdopen(handle, "rb")


def checked(text: str, most: int = MAX_BYTES) -> str:
    """Return a text of JSON that a parser from elsewhere may take; raise `UnsafeTextError`."""
    _check_size(text, most)
    _check_depth(text)
    return text


def _check_size(raw: bytes | str, most: int) -> None:
    if len(raw) > most:
        raise UnsafeTextError(f"is larger than {most // 1024} KiB; keep only what is needed")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _check_depth(text: str, deepest: int = MAX_DEPTH) -> None:
    if text.count("[") + text.count("{") <= deepest:
        return  # most texts: this is a hundred times as fast as to look at each
    if _is_shallow(text, deepest):
        return
    depth = 0
    for found in _TEXT_OR_BRACKET.finditer(text):
        sign = found[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > deepest:
            raise UnsafeTextError(_TOO_DEEP, text.count("\n", 0, found.start()) + 1)


def _is_shallow(text: str, deepest: int) -> bool:
    """Tell whether brackets go no deeper: all in one pass, sooner than by a look at each text."""
    steps = map(_STEPS.__getitem__, _NO_BRACKET.sub("", text))
    return max(accumulate(steps), default=0) <= deepest


def compose_yaml(text: str) -> yaml.Node | None:
    """Return the nodes of a YAML text, None where it is empty.

    Aliases and merges (``<<``) are refused: a few lines of them stand for more than any memory
    holds. So are directives (``%TAG``): each is compared with all before it.

    Raises
    ------
    UnsafeTextError
        Where it is too large, too deep, or has aliases, merges or directives.
    yaml.YAMLError
        Where it is no YAML.
    """
    import yaml  # here, so that scoring and coding load without it

    _check_size(text, MAX_YAML)
    if found := _DIRECTIVE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnsafeTextError("has a line that begins with '%'; take it out", line)
    if _MAY_STAND_IN.search(text):
        _check_stand_ins(text)
    node: yaml.Node | None = yaml.compose(text, Loader=_loader())
    return node


def _check_stand_ins(text: str) -> None:
    import yaml

    for event in yaml.parse(text, Loader=_loader()):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise UnsafeTextError("has an alias ('*name'); write out what it stands for", line)
        if isinstance(event, yaml.ScalarEvent) and _is_merge(event):
            raise UnsafeTextError("has a merge ('<<'); write out what it stands for", line)


def _is_merge(event: yaml.ScalarEvent) -> bool:
    # Pieces of YAML are told by their tag; without one, a bare sign tells it.
    return event.tag == _MERGE if event.tag else event.value == "<<" and event.implicit[0]


@cache
def _loader() -> Any:
    import yaml

    # PyYAML's parser in C, where there is one: a lesson waits until its items are read.
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        """Counts how deep it is, by the calls that PyYAML makes before and after each node."""

        depth = 0

        def descend_resolver(self, parent: yaml.Node | None, index: Any) -> None:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                line = parent.start_mark.line + 1 if parent else 1
                raise UnsafeTextError(_TOO_DEEP, line)

        def ascend_resolver(self) -> None:
            self.depth -= 1

    return Loader


def parse_python(source: str) -> ast.Module:
    """Parse the source of a notebook's cell; nothing of it is run.

    Raises
    ------
    SyntaxError
        Where it is no Python, or far more than calls of ours.
    """
    if len(source) > MAX_PYTHON:
        raise SyntaxError("too long")
    try:
        return ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:  # signs in a row, by thousands
        raise SyntaxError("too deep") from error
