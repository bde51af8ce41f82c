"""The modules of the package as text and as trees, for tests that look at the code itself."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import grader

PACKAGE = Path(grader.__file__).resolve().parent


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))
