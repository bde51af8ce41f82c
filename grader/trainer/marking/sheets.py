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
    return sheets, {module: _why(module, error) for module, error in errors.items()}


def _why(module: str, error: AlongsideError) -> str:
    first, *others = str(error).splitlines()
    more = f" ({len(others)} more to mend)" if others else ""
    return sentence(f"{module} is left out: {first}{more}")
