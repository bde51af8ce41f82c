"""Take a trainer's feedback in, from a file or from the exchange, and keep it for reading."""

from __future__ import annotations

import io
import re
import zipfile

from grader import answers, exchange, handin, places, released
from grader.errors import HandInError

MAX_FEEDBACK = 4 << 20  # bytes; a page of feedback is about 40 KiB
MODULE = re.compile(r"[0-9]{2}-[a-z0-9-]{1,40}")


def keep_feedback(content: bytes) -> str:
    """Keep a trainer's feedback file and return the module it is on.

    The page inside is shown later by a server that lets it do nothing but be read.

    Raises
    ------
    HandInError
        Where this is not a feedback file of this course, or a draft of what is final here.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            numbers = _member(bundle, "feedback.json", released.MAX_BYTES)
            page = _member(bundle, "feedback.html", MAX_FEEDBACK)
        found = released.parse(numbers)
        module, trainee = found.module, found.trainee
        if not MODULE.fullmatch(module) or not (places.exercises_folder() / module).is_dir():
            raise ValueError(module)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, RuntimeError, OSError) as error:
        message = "This is not a feedback file. Choose the one that ends in -feedback.zip"
        raise HandInError(message) from error
    if handin.read_trainee() not in ("", trainee):
        mine = handin.read_trainee()
        message = f"This feedback is for {ascii(trainee)[1:-1]}, and your code is {mine}"
        raise HandInError(f"{message}. Please tell your trainer")
    if _outdated(module, numbers):
        message = "This is a draft, and you have the final feedback on this already"
        raise HandInError(f"{message}. It stays as it is")
    _keep(module, page, numbers)
    return module


def _outdated(module: str, numbers: bytes | None) -> bool:
    """Tell whether the final feedback is here already, and this a draft of it."""
    kept = released.released(module)
    return bool(kept and numbers and kept.outdates(released.parse(numbers)))


def _keep(module: str, page: bytes, numbers: bytes | None) -> None:
    try:
        answers.write_safely(places.feedback_page(module), page)
        released.keep(module, numbers)
    except OSError as error:
        raise HandInError(f"The feedback could not be kept ({error.strerror})") from error


def _member(bundle: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with bundle.open(name) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(name)
    return content


def fetch_feedback() -> list[str]:
    """Keep new feedback from the exchange and return the modules that have some.

    Raises
    ------
    HandInError
        With nbgrader's reason.
    """
    found = exchange.find_exchange()
    if found is None:
        return []
    modules = sorted(folder.name for folder in places.exercises_folder().iterdir())
    pages = exchange.fetch_feedback(found, modules)
    numbers = {module: _numbers_of(module, page) for module, page in pages.items()}
    newer = [module for module in pages if not _outdated(module, numbers[module])]
    for module in newer:
        _keep(module, pages[module], numbers[module])
    return newer


def _numbers_of(module: str, page: bytes) -> bytes | None:
    """Return the numbers that a page carries, None where they are not about this module."""
    numbers = released.numbers_in(page)
    try:
        return numbers if numbers and released.parse(numbers).module == module else None
    except ValueError:
        return None
