"""A world of its own for tests that need several accounts: nothing of it stays on the machine.

`alone` runs a command there as root. ``/etc`` is a copy, so accounts can be made; ``/srv``
is empty and lies in memory; and everybody may run this Python and this code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

APART = ["unshare", "--mount"]
TOOLS = ("unshare", "mount", "groupadd", "useradd", "usermod", "runuser")
REPOSITORY = Path(__file__).resolve().parents[2]
HELD = Path("/srv/.held")  # where a folder lies while another takes its place


def why_not() -> str:
    """Say why there can be no such world here; empty where there can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root can make accounts"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"making accounts needs {', '.join(missing)}"
    if subprocess.run([*APART, "true"], capture_output=True, check=False).returncode:
        return "this system does not let us mount folders of our own"
    return ""


def alone(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in such a world."""
    world = [*APART, sys.executable, __file__, *command]
    return subprocess.run(world, capture_output=True, text=True, check=False)


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def open_way(path: Path) -> None:
    """Let everybody come as far as a folder."""
    for folder in [*reversed(path.parents), path]:
        if not folder.stat().st_mode & 0o001:
            _reopen(folder)


def _reopen(folder: Path) -> None:
    """Put an open folder in place of a shut one; what is in it keeps its own rights."""
    hold = HELD / str(len(list(HELD.iterdir())))
    hold.mkdir()
    mount("--rbind", folder, hold)
    mount("-t", "tmpfs", "-o", "mode=755", "none", folder)
    for held in hold.iterdir():
        again = folder / held.name
        if held.is_symlink():
            again.symlink_to(held.readlink())
            continue
        again.mkdir() if held.is_dir() else again.touch()
        mount("--rbind", held, again)


def main(command: list[str]) -> int:
    """Make the world and run a command in it; with the process it ends."""
    with tempfile.TemporaryDirectory() as etc:
        shutil.copytree("/etc", etc, symlinks=True, dirs_exist_ok=True)
        Path(etc).chmod(0o755)
        mount("-t", "tmpfs", "-o", "mode=755", "none", "/srv")
        mount("--bind", etc, "/etc")
        HELD.mkdir()
        for way in (sys.base_prefix, sys.prefix, REPOSITORY):
            open_way(Path(way).resolve())
        done = subprocess.run(command, check=False)
        subprocess.run(["umount", "--lazy", "/etc"], check=True)  # else the copy stays behind
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
