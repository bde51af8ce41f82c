"""Make do with an odd computer: no home folder, closed output, letters it cannot show."""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader import places
from grader.errors import AlongsideError

# Where Jupyter and what it uses keep things of their own.
ROOMS = {
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_CONFIG_DIR": "config",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
}
_NO_HOME_NOTE = re.compile(
    r"^mkdir -p failed for path|is not a writable directory$"
    r"|^Matplotlib created a temporary (?:cache|config)"
)
DEBUG_VARIABLE = "ALONGSIDE_DEBUG"
PROBE = bytes(1 << 16)
MEMORY = Path("/dev/shm")  # noqa: S108 - on Linux there is room even where the disk is full


def make_do() -> None:
    """Prepare streams, folder and home for whatever a command does.

    Raises
    ------
    AlongsideError
        Where the folder that it runs in is gone.
    """
    _open_streams()
    logging.getLogger("matplotlib").addFilter(_is_news)
    try:
        Path.cwd()
    except OSError:
        what = "The folder you are in is no longer there"
        raise AlongsideError(f"{what}; go to another one and try again") from None
    with suppress(OSError):  # no room for it: said by whatever needs one
        _give_home()


def _is_news(record: logging.LogRecord) -> bool:
    """Drop what Matplotlib says of a home that cannot be written to: it makes do by itself."""
    return _NO_HOME_NOTE.search(record.getMessage()) is None


def _open_streams() -> None:
    """Let output show what it can, and let what is closed lead nowhere."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # else the next file that is opened would be taken for it
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - to the end
            setattr(sys, name, nowhere)
        elif hasattr(stream, "reconfigure"):
            errors = "replace" if mode == "r" else "backslashreplace"
            # By the line, so that an address is seen at once also through a pipe.
            stream.reconfigure(errors=errors, line_buffering=mode == "w")


def _give_home() -> None:
    """Give an account without a home a spare one: libraries ask for it and fail."""
    try:
        Path.home()
    except RuntimeError:
        spare = _spare_folder(MEMORY)
        os.environ[places.SPARE_HOME_VARIABLE] = str(spare)
        os.environ["USERPROFILE" if os.name == "nt" else "HOME"] = str(spare)


def _spare_folder(*others: Path) -> Path:
    """Make a folder that ends with this run, where there is room for one."""
    known = [Path(folder) for folder in (_temporary(), *map(str, others)) if folder]
    room = next((folder for folder in known if _takes_files(folder)), None)
    folder = Path(tempfile.mkdtemp(prefix="alongside-", dir=room))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _temporary() -> str:
    """Return the system's folder for what passes, nothing where none can be written to."""
    try:
        found = tempfile.gettempdir()
    except FileNotFoundError:
        return ""
    return "" if Path(found) == Path.cwd() else found  # Python's last resort litters it


def give_jupyter_room(home: Path) -> None:
    """Let Jupyter keep its own files elsewhere where the usual places cannot be written to.

    What a user or an organisation has set up there is still read.

    Parameters
    ----------
    home : Path
        A folder of the user's, for these files where there is no other.
    """
    from jupyter_core import paths

    usual = (paths.jupyter_runtime_dir(), paths.jupyter_config_dir())
    has_room = all(_takes_files(Path(folder)) for folder in usual)
    if has_room and _temporary():
        return
    try:
        spare = _spare_folder(MEMORY, home)
    except OSError:  # no room anywhere: said when Jupyter writes
        return
    if not _temporary():
        os.environ["TMPDIR"] = str(spare)
        tempfile.tempdir = None  # to be found anew
    if not has_room:
        _also_read("JUPYTER_CONFIG_PATH", paths.jupyter_config_dir())
        _also_read("JUPYTER_PATH", paths.jupyter_data_dir())
        os.environ.update({name: str(spare / folder) for name, folder in ROOMS.items()})


def _also_read(name: str, folder: str) -> None:
    parts = (folder, os.environ.get(name))
    os.environ[name] = os.pathsep.join(part for part in parts if part)


def _takes_files(folder: Path) -> bool:
    """Tell whether a few files could be written to a folder, or where it would be made."""
    try:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(PROBE)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def spare_imports() -> None:
    """Leave out what Jupyter would load for two seconds and never use here.

    jsonschema checks the form of foreign addresses with it, where it can be imported; no
    file or message of ours is checked for that.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # Python's own way


def tell(text: object) -> None:
    """Say something to whoever runs a command, if there is any way to."""
    with suppress(OSError):
        print(f"alongside: {text}", file=sys.stderr, flush=True)


class _ForWhoAsks(logging.Handler):
    """Shows what is logged to who set ``ALONGSIDE_DEBUG``; nobody else reads tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        """Show one entry."""
        if os.environ.get(DEBUG_VARIABLE):
            tell(self.format(record))


LOG = logging.getLogger("alongside")
LOG.addHandler(_ForWhoAsks())


@contextmanager
def unheard() -> Iterator[None]:
    """Let a command that has more to do go on where what it says cannot go anywhere."""
    try:
        yield
        sys.stdout.flush()
    except OSError:
        stop_telling()


def say(line: str) -> None:
    """Print a line of a command that goes on, whether anybody reads it or not."""
    with unheard():
        print(line)


def all_is_told(*, aloud: bool = True) -> bool:
    """Send what is printed on its way; where it cannot go there, say so ``aloud``, and False."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has gone, and wants no more
        pass
    except OSError as error:
        if aloud:
            tell(f"what this command says cannot be written ({error.strerror})")
    else:
        return True
    stop_telling()
    return False


def stop_telling() -> None:
    """Let all further output lead nowhere, also what Python sends when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
