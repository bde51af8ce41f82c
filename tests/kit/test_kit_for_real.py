"""The three ways without this folder, with the real uv and pipx, from the wheel of `make wheel`.

They get packages from the network, so they run only when asked for: ``-m full``.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY
from helpers.tools import missing

from grader import __version__
from grader.kit.build import Kit, build

pytestmark = pytest.mark.full
WHEEL = f"alongside-{__version__}-py3-none-any.whl"


def until_open(
    command: list[str], cwd: Path, *, fetch: bool = True, **settings: str
) -> tuple[float, str]:
    """Run what opens the course; return how long it took and the first page, and end it."""
    begin = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "BROWSER": "true", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        said = ""
        try:
            for line in process.stdout:
                said += line
                if found := re.search(r"http://127\S+", line):
                    took = time.monotonic() - begin
                    if not fetch:  # nobody reaches a program that is cut off
                        return took, ""
                    with urllib.request.urlopen(found[0], timeout=60) as page:
                        return took, page.read().decode()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    raise AssertionError(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the wheel alone, as somebody gets it by mail."""
    out = tmp_path_factory.mktemp("got by mail")
    build_it = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", out]
    subprocess.run(build_it, cwd=REPOSITORY, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return build(tmp_path_factory.mktemp("real") / "kit", ["linux"])


def test_the_kit_opens_the_course_without_a_network_and_again_without_its_folder(kit, tmp_path):
    place = tmp_path / "my kit & 100% für !mich"
    with zipfile.ZipFile(kit.archive) as packed:
        packed.extractall(place)
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode:
        missing("this account cannot cut a program off from the network")
    own = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "data")}
    own["ALONGSIDE_HOME"] = ""  # as for everybody who has set nothing
    start = f'exec sh "{place}/kit/start-alongside.sh"'
    alone = ["unshare", "-n", "sh", "-c", start]
    first = until_open(alone, tmp_path, fetch=False, **own)[0]
    (parts,) = place.glob("*/parts")
    shutil.rmtree(parts)
    second = until_open(alone, tmp_path, fetch=False, **own)[0]
    assert second < first
    assert (tmp_path / "home" / "Alongside" / "exercises" / "07-advice").is_dir()


@pytest.mark.parametrize(
    "words",
    [
        ["uvx", "--from", f"./{WHEEL}", "alongside", "learn"],
        ["pipx", "run", "--spec", f"./{WHEEL}", "alongside", "learn"],
    ],
    ids=lambda words: words[0],
)
def test_one_line_from_the_wheel_opens_the_course(folder, tmp_path, words):
    if not shutil.which(words[0]):
        missing(f"{words[0]} is not here")
    _, page = until_open([*words, "--no-browser"], folder, HOME=str(tmp_path))
    assert "Course map" in page
