"""The cards' script: how its files are put together, their style, and their pure parts."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY
from helpers.tools import missing

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
    order = script.order("cards", folder)
    assert sorted(order) == ["a", "b", "c", "cards"]
    assert (order[0], order[-1]) == ("c", "cards")
    lines = script.script("cards", folder).split("\n")
    assert sorted(line for line in lines if line) == [
        "const a = c;",
        "const b = c;",
        "const c = 1;",
        "export default a;",
    ]


def test_a_missing_file_is_named_with_the_one_that_imports_it(scripts):
    folder = scripts(cards='import { gone } from "./gone.js";\n')
    with pytest.raises(script.ScriptError, match=r"cards\.js imports gone\.js"):
        script.script("cards", folder)


def test_a_circle_names_its_files(scripts):
    folder = scripts(
        cards='import { a } from "./a.js";\n',
        a='import { b } from "./b.js";\n',
        b='import { a } from "./a.js";\n',
    )
    with pytest.raises(script.ScriptError, match=r"circle: (a\.js, b\.js|b\.js, a\.js)"):
        script.script("cards", folder)


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
        script.script("cards", folder)


def test_a_name_of_two_files_names_both(scripts):
    folder = scripts(
        cards='import { a } from "./a.js";\nfunction letter() {}\n',
        a="const letter = 1;\nexport const a = letter;\n",
    )
    with pytest.raises(script.ScriptError, match=r"a\.js and cards\.js both have a letter"):
        script.script("cards", folder)


def test_every_file_of_the_script_is_used():
    used = {name for entry in script.ENTRIES for name in script.order(entry)}
    assert sorted(used) == sorted(path.stem for path in script.STATIC.glob("*.js"))


@pytest.fixture(scope="module")
def node() -> str:
    """Return the program that runs JavaScript outside a browser."""
    return shutil.which("node") or missing("node is not here, which runs JavaScript")


def run(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("entry", script.ENTRIES)
def test_the_script_is_one_whole_module(node, tmp_path, entry):
    bundle = tmp_path / "bundle.mjs"
    bundle.write_text(script.script(entry), encoding="utf-8")
    run(node, "--check", bundle)


def test_the_pure_parts_of_the_script(node):
    files = sorted((REPOSITORY / "tests" / "js").glob("*.test.mjs"))
    assert files
    run(node, "--test", *files)


def test_the_style_of_the_script(node):
    biome = REPOSITORY / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    if not biome.is_file():
        missing("biome is not here, which reads JavaScript's style; npm ci installs it")
    run(node, biome, "lint", "--error-on-warnings")


def test_the_lock_file_names_no_registry():
    lock = (REPOSITORY / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
