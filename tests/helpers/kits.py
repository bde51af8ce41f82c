"""A kit with stand-ins for uv and Python, and what its start files say and do with them.

Everything else of it is real: pip looks at the hashes, and a shell runs the start files. A
stand-in writes down how it was called, and fails where the environment tells it to.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.kit import build
from grader.kit.wheels import SYSTEMS

SH_UV = """#!/bin/sh
echo "uv $*" >>"$SAID"
mkdir -p "${UV_CACHE_DIR:-$HOME/.cache/uv}"
case "$*" in
  venv*--offline*) [ -z "$NO_PYTHON" ] || exit 2 ;;
  venv*) [ -z "$NO_NETWORK" ] || exit 1 ;;
  *) [ -z "$NO_ROOM" ] || exit 1; exit 0 ;;
esac
for place; do :; done
mkdir -p "$place/bin"
cat >"$place/bin/python" <<'END'
#!/bin/sh
echo "python $*" >>"$SAID"
case "$*" in
  *grader.cli*) exit "${STOPPED:-0}" ;;
  *) exit "${DAMAGED:-0}" ;;
esac
END
chmod +x "$place/bin/python"
"""
CMD_UV = r"""@echo off
>>"%SAID%" echo uv %*
if not defined UV_CACHE_DIR set "UV_CACHE_DIR=%LOCALAPPDATA%\uv\cache"
if not exist "%UV_CACHE_DIR%" mkdir "%UV_CACHE_DIR%"
if "%~2"=="pip" goto pip
if "%~5"=="--offline" goto find
if defined NO_NETWORK exit 1
goto make
:find
if defined NO_PYTHON exit 2
:make
if "%~2"=="" goto there
shift
goto make
:there
mkdir "%~1\Scripts"
copy "@PYTHON@" "%~1\Scripts\python.exe" >nul
exit 0
:pip
if defined NO_ROOM exit 1
exit 0
"""
CMD_PYTHON = r"""@echo off
>>"%SAID%" echo python %*
if "%~3"=="-m" if defined STOPPED exit %STOPPED%
if "%~3"=="-c" if defined DAMAGED exit %DAMAGED%
exit 0
"""
# Starts the kit and keeps its exit code. Wine sets the user's folder itself, so it is told here.
WRAPPER = """@echo off
set "LOCALAPPDATA=%OWN_DATA%"
call "{starter}"
exit %errorlevel%
"""


def on_windows(path: Path) -> str:
    """Return a path as wine's programs know it."""
    return "Z:" + str(path).replace("/", "\\")


def program(command: Path) -> bytes:
    """Return a Windows program that hands its words to a batch file: a launcher of pip's own."""
    # Asked of the path itself: setuptools' own finder warns wherever distutils was imported before.
    pip = importlib.machinery.PathFinder.find_spec("pip")
    launcher = Path(pip.origin).parent / "_vendor" / "distlib" / "t64.exe"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__main__.py", "")
    words = rf"#!C:\windows\system32\cmd.exe /c {on_windows(command)}"
    return launcher.read_bytes() + words.encode() + b"\r\n" + packed.getvalue()


def batch(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\r\n")
    return path


def _windows_uv(folder: Path) -> bytes:
    python = folder / "python.exe"
    python.write_bytes(program(batch(folder / "python.cmd", CMD_PYTHON)))
    return program(batch(folder / "uv.cmd", CMD_UV.replace("@PYTHON@", on_windows(python))))


def wheel(folder: Path, name: str, version: str, tag: str, **files: bytes) -> Path:
    """Write a small wheel that pip takes for one."""
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Name: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        archive.writestr(f"{info}/licenses/LICENSE-MIT", "MIT")
        for file, content in files.items():
            archive.writestr(f"{name}-{version}.data/scripts/{file.replace('_', '.')}", content)
    return path


def pin(wheels: list[Path], marker: str = "") -> str:
    """Return the line that pins the wheels of one version of a package."""
    name, version = wheels[0].name.split("-")[:2]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in wheels]
    said = " ".join(f"--hash=sha256:{one}" for one in hashes)
    return f"{name}=={version}{' ; ' if marker else ''}{marker} {said}"


def stand_in_wheels(folder: Path) -> Path:
    """Fill a folder with wheels of a uv that only writes down; return the file that pins it."""
    tags = {system.name: system.tags[0] for each in SYSTEMS.values() for system in each}
    uvs = [
        wheel(folder, "uv", "1.0", f"py3-none-{tags.pop('win')}", uv_exe=_windows_uv(folder)),
        *(
            wheel(folder, "uv", "1.0", f"py3-none-{tag}", uv=SH_UV.encode())
            for tag in tags.values()
        ),
    ]
    lines = [pin(uvs), pin([wheel(folder, "helper", "2.0", "py3-none-any")])]
    pins = folder / "pins.txt"
    pins.write_text("\n".join(lines), encoding="utf-8")
    return pins


def stand_in_kit(folder: Path, *platforms: str) -> build.Kit:
    """Build a kit of stand-ins."""
    source = folder / "source"
    source.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "PINS", str(stand_in_wheels(source)))
        return build.build(folder / "kit", platforms or tuple(SYSTEMS), wheels=source)


@dataclass
class Started:
    """What came of a start: its exit code, what it said, and how the stand-ins were called."""

    code: int
    text: str
    calls: list[str]

    @property
    def programs(self) -> list[str]:
        """What was called, in order, each by one word."""
        marks = {"learn": "learn", "--managed-python": "fetch", "--offline": "", "-c": "check"}
        found = []
        for call in self.calls:
            words = call.split()
            kind = "install" if "pip" in words else "find" if "venv" in words else ""
            found.append(next((marks[each] for each in marks if each in words), "") or kind)
        return found


@dataclass
class Computer:
    """A trainee's computer, with a kit in a folder of any name, and their own folders."""

    kit: Path  # the kit that is copied
    place: Path  # where this computer's files are
    name: str = "kit"
    user: str = "of the user"
    own: Path = field(init=False)
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.own = self.place / self.user
        self.own.mkdir(parents=True, exist_ok=True)
        self.folder = self.place / self.name
        if not self.folder.exists():
            shutil.copytree(self.kit, self.folder)

    def environments(self, at: str) -> list[str]:
        """Return the environments that were made."""
        return sorted(path.name for path in (self.own / at).glob("kit-*"))

    def sh(self, starter: str = "start-alongside.sh", **settings: str) -> Started:
        """Start with a shell, as a double-click on a Mac or a terminal does, from elsewhere."""
        said = self.place / "said.txt"
        said.write_text("")
        own = {"HOME": str(self.own), "XDG_DATA_HOME": str(self.own), "SAID": str(said)}
        done = subprocess.run(
            ["sh", str(self.folder / starter)],
            env={**os.environ, **own, **settings},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        text = done.stdout + done.stderr
        return Started(done.returncode, text, said.read_text().splitlines())

    def cmd(self, wine: dict[str, str], *, elsewhere: bool = False, **settings: str) -> Started:
        """Start with wine's cmd, in the folder of the kit as a double-click does, or elsewhere."""
        said = self.place / "said.txt"
        said.write_text("")
        own = {"OWN_DATA": on_windows(self.own), "SAID": on_windows(said)}
        starter = f"{self.name}\\Start Alongside.cmd" if elsewhere else "Start Alongside.cmd"
        wrapper = batch(self.place / "wrapper.cmd", WRAPPER.format(starter=starter))
        done = subprocess.run(
            ["wine", "cmd", "/c", on_windows(wrapper)],
            env={**os.environ, **wine, **own, **settings},
            cwd=self.place if elsewhere else self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        return Started(done.returncode, text, said.read_text("utf-8", "replace").splitlines())
