"""Learn, hand in and grade as an account without a name, and as one without a home; prints JSON.

Called by test_fault_computer.py in a world of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # a script finds the others as tests do
# ruff: noqa: E402

from helpers.cohort import FULL, MODULE, make_course, submit
from helpers.own_world import mount

NUMBER = "4242"  # nobody has it
PASSING = [Path(name) for name in ("/tmp", "/var/tmp", "/dev/shm", "/srv/spare")]  # noqa: S108
WORK, SPARE = Path("/srv/work"), Path("/srv/spare")
COMMAND = [sys.executable, "-m", "grader.cli"]
AS_NOBODY = ["setpriv", "--reuid", NUMBER, "--regid", NUMBER, "--clear-groups", "--"]
PATIENCE = 60  # seconds


@contextmanager
def no_room_elsewhere() -> Iterator[None]:
    """Let nobody write to any folder for what passes."""
    shut = [folder for folder in PASSING if folder.is_dir()]
    for folder in shut:
        mount("--bind", folder, folder)
        mount("-o", "remount,ro,bind", folder)
    try:
        yield
    finally:
        for folder in shut:
            subprocess.run(["umount", "--lazy", folder], check=True)


def surroundings(home: str | None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"TMPDIR": str(SPARE)} | ({"HOME": home} if home else {})


def run(home: str | None, *arguments: str) -> list[Any]:
    done = subprocess.run(
        [*AS_NOBODY, *COMMAND, *arguments],
        env=surroundings(home),
        cwd="/srv",
        capture_output=True,
        text=True,
        check=False,
    )
    return [done.returncode, done.stdout, done.stderr]


def opens(home: str | None, folder: Path) -> bool:
    """Tell whether a page of an exercise is served, with its cards."""
    command = [*AS_NOBODY, *COMMAND, "learn", "--no-browser", "--home", str(folder)]
    process = subprocess.Popen(
        command, env=surroundings(home), cwd="/srv", stdout=subprocess.PIPE, text=True
    )
    found, deadline = None, time.monotonic() + PATIENCE
    while found is None and process.poll() is None and time.monotonic() < deadline:
        found = re.search(r"(http://\S+?)lessons/\S+(\?token=\w+)", process.stdout.readline())
    try:
        address = f"{found[1]}lessons/exercises/{MODULE}/exercise.ipynb{found[2]}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as page:
            return b"al-live" in page.read()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def try_out(name: str, home: str | None) -> dict[str, Any]:
    folder = WORK / name
    folder.mkdir()
    course = make_course(folder / "course")
    submit(course, "trainee-017", FULL)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, int(NUMBER), int(NUMBER))
    own = folder / "own"
    told: dict[str, Any] = {"page": opens(home, own)}
    code = ("--code", "trainee-017", "--home", str(own))
    told["handin"] = run(home, "handin", MODULE, *code)
    told["kept"] = sorted(path.name for path in own.iterdir() if path.is_dir())
    told["kept"] += [path.name for path in own.iterdir() if path.name == "order-seed"]
    told["kept"].sort()
    told["grade"] = run(home, "grade", MODULE, "--root", str(course))
    told["nowhere"] = run(home, "learn", "--no-browser")
    return told


def main() -> None:
    WORK.mkdir()
    SPARE.mkdir()
    SPARE.chmod(0o1777)
    told: dict[str, Any] = {"nameless": try_out("nameless", None)}
    with no_room_elsewhere():
        told["homeless"] = try_out("homeless", "/usr/nobody/home")
    told["left"] = sorted(path.name for path in SPARE.iterdir())
    print(json.dumps(told))


if __name__ == "__main__":
    main()
