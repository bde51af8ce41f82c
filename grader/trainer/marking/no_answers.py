"""Tell of a hand-in without answers whether it is the exercise as it was given, or damaged."""

from __future__ import annotations

from pathlib import Path

from grader.errors import RecordError
from grader.files.foreign import ForeignFolder
from grader.files.litter import is_litter
from grader.files.parsing import parse_json
from grader.files.safe import read_regular_file
from grader.formats.answers import MAX_BYTES
from grader.places import ANSWERS, NOTEBOOK, PUBLIC_ITEMS, SECRET, TIMESTAMP

LACKS_ANSWERS = f"It holds no {ANSWERS}."
# All that lies there where somebody handed in the exercise and answered nothing.
UNTOUCHED = {NOTEBOOK, PUBLIC_ITEMS, SECRET, TIMESTAMP}


def is_untouched(folder: ForeignFolder, released: Path) -> bool:
    """Tell whether a folder without answers holds the exercise as it was given, or nothing.

    Parameters
    ----------
    folder : ForeignFolder
        What was handed in.
    released : Path
        The notebook as it was given. Where it cannot be read, nothing proves that nobody wrote.

    Raises
    ------
    RecordError
        Where the folder, or a notebook, cannot be read.
    """
    try:
        names = {name for name in folder.list() if not is_litter(name)}
    except FileNotFoundError:
        return True
    except OSError as error:
        raise RecordError(f"the folder cannot be read ({error.strerror})") from None
    if not names:
        return True
    return NOTEBOOK in names and names <= UNTOUCHED and _is_same(folder, released)


def _is_same(folder: ForeignFolder, released: Path) -> bool:
    sent = folder.read(NOTEBOOK, MAX_BYTES, alone=False)
    given = read_regular_file(released, MAX_BYTES)
    if sent is None or given is None:
        return False
    return sent == given or (_cells(sent) is not None and _cells(sent) == _cells(given))


def _cells(notebook: bytes) -> list[tuple[str, str]] | None:
    """Return what stands in the cells: running them leaves no more than outputs and numbers."""
    try:
        cells = parse_json(notebook)["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None
