"""The code under which a person hands in: kept for all modules, and no second person's.

Apart from `hand_in`, which sends under it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from grader import places
from grader.errors import HandInError
from grader.files import safe
from grader.files.parsing import read_json
from grader.formats.trainee_code import RULE, is_trainee_code, trimmed
from grader.places import Home
from grader.trainee.handed_in import log_of


def check_code(code: str) -> str:
    """Return a trainee's code, trimmed.

    Raises
    ------
    HandInError
        Where it holds anything but letters, digits, ``.``, ``-`` and ``_``.
    """
    code = trimmed(code)
    if not is_trainee_code(code):
        raise HandInError(f"This code cannot be used. Please {RULE}")
    return code


def save_trainee(home: Home, code: str, *, same_person: bool = False) -> None:
    """Keep the trainee's code for all modules.

    Parameters
    ----------
    home : Home
        Whose.
    code : str
        As it was typed.
    same_person : bool
        Whoever handed in from this folder before goes on under the code.

    Raises
    ------
    HandInError
        Where it cannot be kept; as `OtherCodeError` where answers were handed in under another.
    """
    code = check_code(code)
    goes_on = {*_codes_given_up(home), *(_codes_handed_in(home) if same_person else ())} - {code}
    _require_own(home, code, goes_on)
    data = {"format": 1, "trainee": code, "instead_of": sorted(goes_on)}
    try:
        safe.write_safely(_trainee_file(home), json.dumps(data).encode())
    except OSError as error:
        raise HandInError(f"Your code could not be kept ({error.strerror})") from error


def read_trainee(home: Home) -> str:
    """Return the kept code, or nothing where there is none yet."""
    try:
        return check_code(_kept_code(home)["trainee"])
    except (KeyError, TypeError, AttributeError, HandInError):
        return ""


def _kept_code(home: Home) -> dict[str, Any]:
    try:
        kept = read_json(_trainee_file(home))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _codes_given_up(home: Home) -> set[str]:
    """Return the codes that the trainee of this folder had before."""
    codes = _kept_code(home).get("instead_of")
    return {code for code in codes if is_trainee_code(code)} if isinstance(codes, list) else set()


def _codes_handed_in(home: Home) -> set[str]:
    """Return the codes under which files were made here; an older course noted none with them."""
    notes = (note for note in log_of(home).values() if isinstance(note, dict))
    kept = read_trainee(home)
    codes = (note.get("trainee", kept) for note in notes if note.get("how") == "file")
    return {code for code in codes if isinstance(code, str) and is_trainee_code(code)}


def own_code(home: Home) -> str:
    """Return the code to hand in with.

    Raises
    ------
    HandInError
        Where none is kept; as `OtherCodeError` where answers were handed in under another.
    """
    code = read_trainee(home)
    if not code:
        raise HandInError("Your code is missing. Give it once, with --code or on the page")
    _require_own(home, code, _codes_given_up(home))
    return code


def _require_own(home: Home, code: str, goes_on: Collection[str]) -> None:
    """Refuse a second person's code: one would hand in the other's answers."""
    if others := sorted(_codes_handed_in(home) - {code} - set(goes_on)):
        raise OtherCodeError(code, others[0])


class OtherCodeError(HandInError):
    """A code under which somebody else's answers would be handed in; ``earlier`` is theirs."""

    def __init__(self, code: str, earlier: str) -> None:
        super().__init__(
            f"The answers in this folder were handed in as {earlier}. Another person needs a "
            f"folder of their own: --home gives one. Are you the same person, and is {code} right "
            "for you? Then say so: on the page with 'Change my code', or with --same-person"
        )
        self.code, self.earlier = code, earlier


def _trainee_file(home: Home) -> Path:
    return home.folder / places.TRAINEE
