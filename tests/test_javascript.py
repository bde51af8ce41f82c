"""The cards' script: how its files are put together, their style, and their pure parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.cards import script


@pytest.fixture
def scripts(tmp_path: Path):
    """Write the files of a small script, and return their folder."""

    def write(**files: str) -> Path:
        for name, code in files.items():
            (tmp_path / f"{name}.js").write_text(code, encoding="utf-8")
        return tmp_path

    return write


def test_each_file_comes_once_and_after_what_it_imports(scripts):
    folder = scripts(
        cards='import { b } from "./b.js";\nimport { a } from "./a.js";\nexport default a;\n',
        a='import {\n  c,\n} from "./c.js";\nexport const a = c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export const c = 1;\n",
    )
    order = script.order(folder)
    assert sorted(order) == ["a", "b", "c", "cards"]
    assert (order[0], order[-1]) == ("c", "cards")
    lines = script.script(folder).split("\n")
    assert sorted(line for line in lines if line) == [
        "const a = c;",
        "const b = c;",
        "const c = 1;",
        "export default a;",
    ]


def test_a_missing_file_is_named_with_the_one_that_imports_it(scripts):
    folder = scripts(cards='import { gone } from "./gone.js";\n')
    with pytest.raises(script.ScriptError, match=r"cards\.js imports gone\.js"):
        script.script(folder)


def test_a_circle_names_its_files(scripts):
    folder = scripts(
        cards='import { a } from "./a.js";\n',
        a='import { b } from "./b.js";\n',
        b='import { a } from "./a.js";\n',
    )
    with pytest.raises(script.ScriptError, match=r"circle: (a\.js, b\.js|b\.js, a\.js)"):
        script.script(folder)


@pytest.mark.parametrize(
    "line",
    [
        'import { a as other } from "./a.js";',
        'import * as a from "./a.js";',
        'export * from "./a.js";',
        "export { a };",
    ],
)
def test_a_joint_that_one_scope_cannot_hold_is_an_error(scripts, line):
    folder = scripts(cards=f"{line}\n", a="export const a = 1;\n")
    with pytest.raises(script.ScriptError, match=r"cards\.js has a line .*" + re.escape(line)):
        script.script(folder)


def test_every_file_of_the_script_is_used():
    assert sorted(script.order()) == sorted(path.stem for path in script.STATIC.glob("*.js"))
