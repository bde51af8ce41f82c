"""Write a kit: a folder, and a zip file of it, that trainees start with two clicks.

Apart from `grader.cli`, which asks for it. What is double-clicked lies at the top, all else in
`parts/`. The name of a kit changes with whatever is in it, so that a new one is noticed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from grader import __version__, places
from grader.errors import KitError
from grader.formats.archives import EARLIEST
from grader.kit.wheels import PYTHONS, SYSTEMS, System, get_wheels, read_pins

START = Path(__file__).parent / "start"
PINS = "kit.txt"
PARTS = "parts"
READ_ME = "READ ME FIRST.txt"
# What starts the course on each system: its name in a kit, and what it is made from.
STARTERS = {
    "win": {"Start Alongside.cmd": "start.cmd"},
    "mac": {"Start Alongside.command": "start.sh"},
    "linux": {"start-alongside.sh": "start.sh"},
}
READ_ON_WINDOWS = (".cmd", ".txt")  # their lines end as they do there
RUN = 0o755


@dataclass(frozen=True, slots=True)
class Kit:
    """What was written: the folder, the zip file, and their bytes."""

    folder: Path
    archive: Path
    size: int
    archive_size: int


def build(
    out: Path,
    platforms: Sequence[str] = tuple(SYSTEMS),
    *,
    wheels: Path | None = None,
    tell: Callable[[str], None] = print,
) -> Kit:
    """Write a kit into a folder that is new, empty, or an earlier kit, and a zip file beside it.

    Parameters
    ----------
    platforms : sequence of str
        Of ``win``, ``mac`` and ``linux``.
    wheels : Path or None
        A folder with all wheels, also uv's. Without it they come from the network.

    Raises
    ------
    KitError
        Where the folder holds something else, or what is needed cannot be had.
    """
    archive = out.with_name(f"{out.name}.zip")
    _check_free(out, archive)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "kit"
        _write(made, dict.fromkeys(platforms), wheels, tell)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    _zip(out, archive)
    return Kit(out, archive, sum(path.stat().st_size for path in _files(out)), _size(archive))


def _size(path: Path) -> int:
    return path.stat().st_size


def _check_free(out: Path, archive: Path) -> None:
    if out.exists() and not out.is_dir():
        raise KitError(f"{out} is a file; name a folder")
    ours = (out / PARTS).is_dir() and (out / READ_ME).is_file()
    if out.is_dir() and any(out.iterdir()) and not ours:
        raise KitError(f"{out} holds other files; name a new or an empty folder")
    if archive.exists() and not ours:
        raise KitError(f"{archive} is there already; move it, or name another folder")


def _write(
    kit: Path, platforms: Iterable[str], source: Path | None, tell: Callable[[str], None]
) -> None:
    platforms = list(platforms)
    systems = [system for name in platforms for system in SYSTEMS[name]]
    wheels = kit / PARTS / "wheels"
    wheels.mkdir(parents=True)
    _own_wheel(wheels)
    get_wheels(read_pins(_root() / PINS), systems, wheels, source=source, tell=tell)
    for system in systems:
        _put_uv(system, wheels, kit / PARTS / "uv")
    for path in wheels.glob("uv-*.whl"):  # what they hold is unpacked by now
        path.unlink()
    name = _name(wheels)
    (kit / PARTS / f"{name}.txt").write_text(f"{name}\n", encoding="utf-8")
    for platform in platforms:
        for starter, template in STARTERS[platform].items():
            _fill(kit / starter, template, name)
    _fill(kit / READ_ME, "read-me.txt", name)


def _root() -> Path:
    """Return the folder of the course: our wheel and the pins come from there."""
    root = places.PACKAGE.parent
    if not (root / PINS).is_file():
        raise KitError("A kit is made in the folder of the course; get the whole folder first")
    return root


def _own_wheel(out: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    done = subprocess.run(  # noqa: S603
        [*command, str(out.resolve())], cwd=_root(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise KitError(f"The wheel of the course cannot be built ({last}); try 'make wheel'")


def _put_uv(system: System, wheels: Path, out: Path) -> None:
    """Unpack a system's uv, and its licences, from the wheel that suits it."""
    folder = out / system.name
    folder.mkdir(parents=True)
    with zipfile.ZipFile(_uv_wheel(system, wheels)) as wheel:
        for entry in wheel.namelist():
            name = Path(entry).name
            if name in {"uv", "uv.exe"} and "/scripts/" in entry:
                (folder / name).write_bytes(wheel.read(entry))
                (folder / name).chmod(RUN)
            elif "/licenses/" in entry:
                (folder / name).write_bytes(wheel.read(entry))


def _uv_wheel(system: System, wheels: Path) -> Path:
    found = [
        path for path in wheels.glob("uv-*.whl") if any(tag in path.name for tag in system.tags)
    ]
    if not found:
        raise KitError(f"There is no uv for {system.name}; look at {PINS}")
    return found[0]


def _name(wheels: Path) -> str:
    """Return the name of a kit: our version, and a few letters that tell all that is in it."""
    whole = sha256()
    for path in (*sorted(wheels.iterdir()), *sorted(START.iterdir())):
        whole.update(path.name.encode() + path.read_bytes())
    return f"kit-{__version__}-{whole.hexdigest()[:8]}"


def _fill(path: Path, template: str, name: str) -> None:
    """Write what is double-clicked or read: lines end as its system has them."""
    shorts = list(dict.fromkeys(version.rpartition(".")[0] for version in PYTHONS))
    above = f"3.{int(shorts[-1].partition('.')[2]) + 1}"
    said = {
        "KIT": name,
        "VERSION": __version__,
        "PYTHONS": f">={shorts[0]},<{above}",
        "FETCHED": shorts[-2],  # well settled by now
        "OLDEST": shorts[0],
    }
    text = (START / template).read_text(encoding="utf-8")
    for word, value in said.items():
        text = text.replace(f"@{word}@", value)
    ending = "\r\n" if path.suffix in READ_ON_WINDOWS else "\n"
    path.write_text(text, encoding="ascii", newline=ending)
    if path.suffix not in READ_ON_WINDOWS:
        path.chmod(RUN)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _zip(folder: Path, archive: Path) -> None:
    """Pack a folder under its own name; what is run stays so where systems keep that."""
    runs = {name for starters in STARTERS.values() for name in starters} | {"uv", "uv.exe"}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in _files(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, date_time=EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # of Unix: else the right to be run is not kept
            entry.external_attr = (0o100000 | (RUN if path.name in runs else 0o644)) << 16
            packed.writestr(entry, path.read_bytes())
