"""A hand-in as one file: a zip with the answers, and with who, when and what beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import __version__
from grader.errors import HandInError, SubmissionError
from grader.files import safe
from grader.files.parsing import TwiceError, parse_json
from grader.formats.answers import is_seed
from grader.formats.archives import AS_MADE, packed
from grader.formats.times import parse_time, zone_doubt
from grader.formats.trainee_code import RULE, is_trainee_code, trimmed, trimmed_words
from grader.places import HAND_IN

FORMAT = 1
MAY_TEACH = "may_teach"  # the typed words may be used to improve the reading; absent means no
ODD_MARK = "The mark of its computer cannot be read, so nobody can tell from which one it came."


class CodeError(SubmissionError):
    """A hand-in whose ``code`` can be nobody's."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class ModuleError(SubmissionError):
    """A hand-in for what is no ``module`` here."""

    def __init__(self, module: str) -> None:
        shown = ascii(module[:80])
        super().__init__(f"{shown} is no module of this course with an exercise")
        self.module = module


def write_facts(
    trainee: str, module: str, when: datetime, device: str, *, may_teach: bool = False
) -> bytes:
    """Return the file that says whose hand-in it is; ``device`` is the home's random mark.

    ``may_teach`` stands in it only where it was ticked: an older course passes it over.
    """
    facts = {
        "format": FORMAT,
        "trainee": trainee,
        "module": module,
        "handed_in": when.isoformat(timespec="seconds"),
        "course_version": __version__,
        "device": device,
    }
    ticked = {MAY_TEACH: True} if may_teach else {}
    return json.dumps(facts | ticked, indent=1).encode()


def read_facts(raw: bytes, modules: Iterable[str]) -> dict[str, Any]:
    """Read that file; nothing in it is trusted.

    Raises
    ------
    SubmissionError
        Where it is not what `write_facts` writes, or names nobody or no module.
    """
    try:
        data = parse_json(raw, once=True)  # an editor may have put a mark (BOM) before it
        stamp = data["handed_in"]
        typed, module, number = data["trainee"], data["module"], data["format"]
    except TwiceError as error:
        what = f"says {str(error)!a} twice, so nobody can tell which counts"
        raise SubmissionError(f"its {HAND_IN} {what}; {AS_MADE}") from None
    except (ValueError, KeyError, TypeError):
        raise SubmissionError(f"its {HAND_IN} cannot be read; {AS_MADE}") from None
    when = _when(stamp)
    if number != FORMAT:
        raise SubmissionError("it was made by a newer course; update this one")
    trainee, odd_code = untyped(typed)
    check_sender(trainee, module, modules)
    device = data.get("device")
    mark = device if is_seed(device) else ""
    zone = zone_doubt(stamp)
    facts = {"trainee": trainee, "module": module, "when": when, "device": mark}
    facts[MAY_TEACH] = data.get(MAY_TEACH) is True
    odd_mark = "" if mark or device in (None, "") else ODD_MARK
    remark = " ".join(filter(None, [odd_code, zone, odd_mark]))
    return facts | {"zoned": not zone, "remark": remark}


def _when(stamp: Any) -> datetime:
    try:
        return parse_time(stamp)
    except (ValueError, TypeError):
        said = f" ({stamp[:40]!a})" if isinstance(stamp, str) else ""
        what = f"the time in its {HAND_IN} cannot be read{said}"
        raise SubmissionError(f"{what}; {AS_MADE}") from None


def untyped(typed: Any) -> tuple[Any, str]:
    """Return a code without blanks around it, and what is to be said of them."""
    if not isinstance(typed, str):
        return typed, ""
    words = trimmed_words(typed)
    return trimmed(typed), words[:1].upper() + words[1:]


def check_sender(trainee: Any, module: Any, modules: Iterable[str]) -> None:
    """Refuse what could be no folder of a trainee and module.

    Raises
    ------
    SubmissionError
        Naming what cannot be used.
    """
    if not is_trainee_code(trainee):
        code = str(trainee)[:80]
        raise CodeError(f"{code!a} is not a trainee's code; {RULE}", code)
    if not isinstance(module, str) or module not in modules:
        raise ModuleError(str(module))


def write_bundle(folder: Path, files: dict[str, bytes]) -> Path:
    """Write one hand-in as a zip file and return its path.

    Raises
    ------
    HandInError
        Where the folder cannot be written to.
    """
    facts = parse_json(files[HAND_IN])
    stamp = datetime.fromisoformat(facts["handed_in"]).strftime("%Y%m%dT%H%M%SZ")
    path = folder / f"{facts['module']}-{facts['trainee']}-{stamp}.zip"
    try:
        safe.write_safely(path, packed(files.items()))
    except OSError as error:
        message = f"The file could not be written to {folder} ({error.strerror}). Nothing was sent"
        raise HandInError(message) from error
    return path
