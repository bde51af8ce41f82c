"""Get the wheels of a kit for systems other than this one, each known by its hash.

Apart from `build`, which puts them into the folder. `kit.txt` pins what a trainee needs, and
uv. pip looks at each hash and gets wheels alone: nothing of them is run here.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

from grader.errors import KitError, one_line, phrase

# What the pinned wheels are made for. Of 3.11 the first and the last: they need other packages.
PYTHONS = ("3.11.0", "3.11.99", "3.12.99", "3.13.99", "3.14.99")


@dataclass(frozen=True, slots=True)
class System:
    """A kind of computer.

    Parameters
    ----------
    name : str
        Its folder in a kit, such as ``mac-arm64``.
    tags : tuple of str
        pip's names for it. Older ones of the same kind have to be named for Linux.
    markers : dict
        What a Python on it says of itself, where packages ask.
    """

    name: str
    tags: tuple[str, ...]
    markers: dict[str, str]


def _markers(os_name: str, sys_platform: str, system: str, machine: str) -> dict[str, str]:
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def _linux(machine: str) -> System:
    tags = (f"manylinux_2_28_{machine}", f"manylinux_2_17_{machine}", f"manylinux2014_{machine}")
    return System(f"linux-{machine}", tags, _markers("posix", "linux", "Linux", machine))


# Macs with an Intel processor are left out: newer packages have no wheels for them.
SYSTEMS = {
    "win": (System("win", ("win_amd64",), _markers("nt", "win32", "Windows", "AMD64")),),
    "mac": (
        System("mac-arm64", ("macosx_11_0_arm64",), _markers("posix", "darwin", "Darwin", "arm64")),
    ),
    "linux": (_linux("x86_64"), _linux("aarch64")),
}


@dataclass(frozen=True, slots=True)
class Pin:
    """A package as it is pinned: name and version, where it is needed, the hashes of its files."""

    package: str
    marker: str
    hashes: tuple[str, ...]

    def is_for(self, system: System, python: str) -> bool:
        """Say whether this version of Python needs it on this system."""
        short = python.rpartition(".")[0]
        told = {**system.markers, "python_version": short, "python_full_version": python}
        return not self.marker or Marker(self.marker).evaluate(told)

    def line(self) -> str:
        """Return it as pip reads it; whether it is needed is decided already."""
        return " ".join((self.package, *self.hashes))


def read_pins(path: Path) -> list[Pin]:
    """Return what a file pins, in its order."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    return [_pin(line) for line in text.splitlines() if line.strip()]


def _pin(line: str) -> Pin:
    head, *hashes = re.split(r"\s+(?=--hash=)", line.strip())
    package, _, marker = (part.strip() for part in head.partition(";"))
    return Pin(package, marker, tuple(hashes))


def get_wheels(
    pins: Sequence[Pin],
    systems: Sequence[System],
    out: Path,
    *,
    source: Path | None = None,
    tell: Callable[[str], None],
) -> None:
    """Put the wheels that systems need for every Python into a folder.

    Parameters
    ----------
    source : Path or None
        A folder that holds all of them; without one they come from where pip gets packages.
    tell : callable
        Hears which system is looked after.

    Raises
    ------
    KitError
        Where a wheel cannot be had, or is not the one that is pinned.
    """
    for system in systems:
        tell(f"Packages for {system.name} …")
        for python in PYTHONS:
            due = [pin for pin in pins if pin.is_for(system, python)]
            there = _for_all(out)
            lines = [pin.line() for pin in due if pin.package not in there]
            if lines:
                _download(lines, system, python, out, source)


def _for_all(folder: Path) -> set[str]:
    """Return the packages, as name and version, whose wheels suit every system and Python."""
    names = (path.name for path in folder.glob("*-none-any.whl"))
    return {f"{name}=={version}" for name, version, *_ in map(parse_wheel_filename, names)}


def _download(
    lines: Sequence[str], system: System, python: str, out: Path, source: Path | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text("\n".join(lines), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(wanted)),
            *("--implementation", "cp", "--python-version", python, "--dest", str(out)),
            *(word for tag in system.tags for word in ("--platform", tag)),
        ]
        if source:
            command += ["--no-index", "--find-links", str(source.resolve())]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        short = python.rpartition(".")[0]
        where = f"The wheels for {system.name} and Python {short} cannot be had"
        todo = "see what the folder lacks" if source else "see to the network and try again"
        raise KitError(f"{where}: {phrase(_reason(done.stderr))}; {todo}")


def _reason(said: str) -> str:
    """Return the last of pip's errors, which names the package; of another hash, in plain words."""
    if "DO NOT MATCH THE HASHES" in said:
        return "a file is not the one that is pinned"
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")]
    return one_line(errors[-1].removeprefix("ERROR: ") if errors else "pip did not say why")
