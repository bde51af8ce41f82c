"""Another account that swaps two names in a folder, over and over, as fast as the system can.

Both names are always there: the system exchanges them in one step, so no moment is missed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.tools import missing

SCRIPT = Path(__file__).resolve()
STRANGER = 65534  # an account that every such system has
SWAPS = "swaps"
_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


@contextlib.contextmanager
def swapping(one: Path, other: Path) -> Iterator[None]:
    """Let another account swap two names in a folder; skip aloud where there can be none.

    It works from within that folder: the ones above it may be closed to it.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("setpriv") is None:
        missing("only root on Linux can let another account swap names")
    who = ("setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups", "--")
    command = [*who, sys._base_executable, "-I", "-", one.name, other.name]
    # Through the standard input: another account may not be allowed to read a file of ours.
    text = SCRIPT.read_text(encoding="utf-8").replace("from helpers.tools import missing", "")
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=one.parent, text=True
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(text)
    process.stdin.close()
    try:
        assert process.stdout.readline().strip() == SWAPS
        yield
        assert process.poll() is None, "it could not go on swapping"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def swap(library: ctypes.CDLL, one: bytes, other: bytes) -> None:
    if library.renameat2(_HERE, one, _HERE, other, _EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    found = ctypes.CDLL(None, use_errno=True)
    names = [os.fsencode(name) for name in sys.argv[1:3]]
    swap(found, *names)
    print(SWAPS, flush=True)
    while True:
        swap(found, *names)
