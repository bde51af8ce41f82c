"""What a running server has of the computer: to see that a page that is left leaves nothing."""

from __future__ import annotations

from pathlib import Path

from helpers.servers import Server
from helpers.tools import missing


def traces(server: Server) -> dict[str, object]:
    """Return a server's processes, threads, open files, and the files in its folders."""
    own = Path("/proc", str(server.process.pid))
    if not own.is_dir():
        missing("this system does not tell what a process has")
    children = [path.read_text().split() for path in own.glob("task/*/children")]
    return {
        "processes": sorted(number for some in children for number in some),
        "threads": len(list((own / "task").iterdir())),
        "open": sorted(_open_files(own / "fd")),
        "files": sorted(str(path) for path in server.home.parent.rglob("*")),
    }


def _open_files(folder: Path) -> list[str]:
    """Return open files; a browser keeps its connections for a while."""
    links = [str(path.readlink()) for path in folder.iterdir() if path.is_symlink()]
    return [link for link in links if not link.startswith("socket:")]
