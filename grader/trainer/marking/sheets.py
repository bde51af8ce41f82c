"""Load the graded notebooks of several modules: one that cannot be loaded stops no other."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from grader.errors import AlongsideError, sentence
from grader.trainer.marking.sheet import Sheet, load_sheet


def load_sheets(root: Path, modules: Collection[str]) -> tuple[dict[str, Sheet], dict[str, str]]:
    """Load the sheets of some modules.

    Parameters
    ----------
    root : Path
        The course folder.
    modules : collection of str
        Which ones.

    Returns
    -------
    dict of str to Sheet
        By module, in their order.
    dict of str to str
        By module why it has none, as a sentence.

    Raises
    ------
    GradingError, ContentError
        Where none of them can be loaded.
    """
    sheets: dict[str, Sheet] = {}
    errors: dict[str, AlongsideError] = {}
    for module in modules:
        try:
            sheets[module] = load_sheet(root, module)
        except AlongsideError as error:
            errors[module] = error
    if errors and not sheets:
        raise next(iter(errors.values()))
    return sheets, {module: why_left_out(module, error) for module, error in errors.items()}


def why_left_out(module: str, error: AlongsideError) -> str:
    """Say in one sentence why nothing is done for a module, and what to mend."""
    first, *others = str(error).splitlines()
    if others and first.endswith(":"):  # what follows says where
        first = f"{first} {others.pop(0).strip()}"
    more = f" ({len(others)} more to mend)" if others else ""
    return sentence(f"{module} is left out: {first}{more}")
