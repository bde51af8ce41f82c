"""Comments that trainers use again: a file beside the gradebook that all of them share.

A module that the file does not name begins with what its guide says of common slips.
"""

from __future__ import annotations

from pathlib import Path

from grader.desk.place import Desk
from grader.desk.rubric import slips_of
from grader.errors import GradingError
from grader.files.parsing import UnsafeTextError, compose_yaml, read_text
from grader.files.privacy import write_private
from grader.files.safe import locked
from grader.places import COMMENTS

HEAD = """\
# Comments for typed replies, by module. The desk offers the first nine by key.
# Change, add or move lines as you like; all trainers of this folder share them.
"""
MOST = 200  # of a module
LONGEST = 500  # characters


def bank_of(desk: Desk, module: str) -> tuple[str, ...]:
    """Return the comments of a module, in order.

    Raises
    ------
    GradingError
        Where the file cannot be read.
    """
    known = _read(_path(desk))
    return known[module] if module in known else slips_of(desk, module)


def add_comment(desk: Desk, module: str, text: str) -> None:
    """Keep a comment for all trainers, at the end of its module's.

    Raises
    ------
    GradingError
        Where the file cannot be read or written.
    """
    path = _path(desk)
    text = " ".join(text.split())[:LONGEST]
    try:
        with locked(path):
            comments = bank_of(desk, module)
            if not text or text in comments:
                return
            known = _read(path) | {module: (*comments, text)[-MOST:]}
            write_private(path, _written(known))
    except OSError as error:
        raise GradingError(f"{COMMENTS} cannot be written ({error.strerror})") from error


def _path(desk: Desk) -> Path:
    return desk.root / COMMENTS


def _written(known: dict[str, tuple[str, ...]]) -> bytes:
    import yaml

    data = {module: list(comments) for module, comments in sorted(known.items())}
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
    return f"{HEAD}{text}".encode()


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    """Read the file: names of modules, each with a list of texts."""
    import yaml

    if not path.is_file():
        return {}
    try:
        node = compose_yaml(read_text(path))
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        return {str(name.value): _texts(comments) for name, comments in pairs}
    except (OSError, UnicodeError, UnsafeTextError, yaml.YAMLError) as error:
        what = "cannot be read; mend it, or rename it, and the desk makes a new one"
        raise GradingError(f"{COMMENTS} {what}") from error


def _texts(node: object) -> tuple[str, ...]:
    import yaml

    lines = node.value if isinstance(node, yaml.SequenceNode) else []
    texts = [line.value.strip() for line in lines if isinstance(line, yaml.ScalarNode)]
    return tuple(text[:LONGEST] for text in texts if text)
