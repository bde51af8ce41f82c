"""Write the folder of a site: every page made once, and what a browser needs to be its host.

Apart from `grader.cli`, which asks for it. The pages are made as all hosts make them, for
somebody who begins. The browser's Python puts the learner's own pieces in their place.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from grader import places
from grader.cards.script import script
from grader.errors import PagesError
from grader.files.parsing import read_json
from grader.html import help_card
from grader.html.styles import style_files
from grader.places import Course, Home, Learner
from grader.site.around import around
from grader.site.pack import compressed, course_pack, python_pack, words_pack
from grader.site.pages import pages

STATIC = Path(__file__).parent / "static"
MARK = "site.json"  # by which a folder of ours is known
PYODIDE_FILES = (
    *("package.json", "pyodide-lock.json", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"),
    "python_stdlib.zip",
)
WORKER_FILES = (
    *("worker.js", "start.js", "remember.js", "memory.js"),
    *("store.js", "files.js", "signed.js"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a site is to be made of.

    Parameters
    ----------
    course : Course
        Lessons, exercises, and keys where they are to go with it.
    pyodide : Path
        The folder of the npm package ``pyodide``.
    region : Path or None
        An organisation's helplines.
    exercises : bool
        Whether the exercises go with it.
    keys : bool
        Whether their keys do, for people learning alone.
    """

    course: Course
    pyodide: Path
    region: Path | None = None
    exercises: bool = True
    keys: bool = False


def build(plan: Plan, out: Path) -> int:
    """Write a site into a folder that is new, empty, or an earlier site; return its bytes.

    Raises
    ------
    PagesError
        Where the folder holds something else, or what is needed is not there.
    """
    _check_pyodide(plan.pyodide)
    _check_free(out)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        _write(replace(plan, course=_staged(plan, Path(folder))), site, Path(folder) / "home")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(site, out)
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def _check_pyodide(folder: Path) -> None:
    if not all((folder / name).is_file() for name in PYODIDE_FILES):
        what = f"{folder} is not the npm package 'pyodide', which brings Python for browsers"
        raise PagesError(f"{what}; run 'npm ci' here, or name its folder with --pyodide")


def _check_free(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise PagesError(f"{out} is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise PagesError(f"{out} holds other files; name a new or an empty folder")


def _staged(plan: Plan, folder: Path) -> Course:
    """Return the course with the region's file beside its lessons, and no exercise unasked."""
    lessons = shutil.copytree(plan.course.lessons, folder / "course")
    exercises = folder / "exercises"
    exercises.mkdir()
    if plan.exercises:
        shutil.copytree(plan.course.exercises, exercises, dirs_exist_ok=True)
    if plan.region:
        help_card.load_region(plan.region)  # a mistake is said now, not hidden from a page
        shutil.copyfile(plan.region, lessons / places.REGION)
    return Course(lessons, exercises, plan.course.solutions if plan.keys else None)


def _write(plan: Plan, site: Path, home: Path) -> None:
    own = _own_files(plan)
    version = sha256(b"".join(own[name] for name in sorted(own))).hexdigest()[:16]
    python = read_json(plan.pyodide / "package.json")["version"]
    own["settings.js"] = _settings(plan.pyodide, f"../../pyodide/{python}/")
    files = {f"own/{version}/{name}": content for name, content in own.items()}
    for name, content in _python_files(plan.pyodide).items():
        files[f"pyodide/{python}/{name}"] = content
    learner = Learner(Home(home, hidden=True), plan.course, self_study=plan.keys)
    files |= {name: html.encode() for name, html in pages(learner, version)}
    files |= around(python) | {MARK: json.dumps({"version": version}).encode()}
    files["sw.js"] = _service_worker(version, files)
    for name, content in files.items():
        _put(site / name, content)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _own_files(plan: Plan) -> dict[str, bytes]:
    """Return our scripts, styles and pack; their address changes whenever one of them does."""
    return {
        "site.js": script("site").encode(),
        **style_files(plan.course.lessons),
        "course.bin": course_pack(plan.course, exercises=plan.exercises, keys=plan.keys),
        "words.bin": words_pack(plan.course),
        **{name: (STATIC / name).read_bytes() for name in WORKER_FILES},
    }


def _python_files(pyodide: Path) -> dict[str, bytes]:
    """Return Python for browsers under names whose types every host knows."""
    code = (pyodide / "pyodide.asm.mjs").read_bytes()
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    loader = re.sub(r"\n?//# sourceMappingURL=.*", "", loader)
    return {
        "pyodide.js": loader.replace("pyodide.asm.mjs", "pyodide.asm.js").encode(),
        "pyodide.asm.js": code,
        "pyodide.asm.js.bin": compressed(code),
        "pyodide.asm.wasm.bin": compressed((pyodide / "pyodide.asm.wasm").read_bytes()),
        "python_stdlib.zip.bin": python_pack(pyodide),
    }


def _settings(pyodide: Path, address: str) -> bytes:
    """Return what the worker has to know; of Pyodide's packages it needs none."""
    lock = read_json(pyodide / "pyodide-lock.json")
    lock["packages"] = {}
    said = {"pyodide": address, "course": "course.bin", "words": "words.bin", "lock": lock}
    return f"export const SETTINGS = {json.dumps(said)};\n".encode()


def _service_worker(version: str, files: Iterable[str]) -> bytes:
    """Return the service worker with what it keeps at once.

    Large files are kept by the worker, faces and letters when a page first shows them.
    """
    small = (name for name in files if not name.endswith("pyodide.asm.js"))
    kept = sorted(name for name in small if name.endswith((".html", ".js", ".css", "icon.svg")))
    code = (STATIC / "sw.js").read_text(encoding="utf-8")
    site = json.dumps({"version": version, "files": kept})
    return code.replace(
        'const SITE = { version: "", files: [] };', f"const SITE = {site};"
    ).encode()
