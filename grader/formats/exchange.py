"""nbgrader's exchange on the trainee's side: find it, submit through it, fetch feedback from it.

nbgrader is imported only where an organisation has configured it: that is slow, and
its exchange refuses Windows.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import HandInError
from grader.formats import exchange_copies
from grader.formats.nbgrader_paths import take_as_names
from grader.places import CONFIG


@dataclass(frozen=True, slots=True)
class Exchange:
    """A shared course folder that an organisation has set up for nbgrader."""

    root: Path
    course_id: str
    config: Any


def find_exchange() -> Exchange | None:
    """Return the exchange that nbgrader's own configuration names, if its folder is there."""
    if not _is_configured() or not works_here():
        return None
    from nbgrader.exchange.default import Exchange as Root

    config = _config()
    course_id = config.CourseDirectory.get("course_id", "")
    root = Path(Root(config=config).root)
    if not isinstance(course_id, str) or not course_id or not (root / course_id).is_dir():
        return None
    return Exchange(root, course_id, config)


def zone() -> str:
    """Return the zone in which nbgrader writes times here, empty where none is set."""
    if not _is_configured() or not works_here():
        return ""
    found = _config().Exchange.get("timezone", "")
    return found if isinstance(found, str) else ""


def asks_for_owners() -> bool:
    """Tell whether a handed-in folder has to belong to the trainee's account, as is usual."""
    if not _is_configured() or not works_here():
        return True
    return _config().ExchangeCollect.get("check_owner", True) is not False


def _config() -> Any:
    from nbgrader.apps.baseapp import NbGrader

    app = NbGrader()
    app.load_cwd_config = False  # the organisation decides, not the folder this runs in
    app.load_config_file()
    return app.config


def _is_configured() -> bool:
    if sys.platform == "emscripten":  # a browser's Python: no folder is shared with it
        return False
    from jupyter_core.paths import jupyter_config_path

    names = (CONFIG, "nbgrader_config.json")
    folders = [Path(folder) for folder in jupyter_config_path()]
    return any((folder / name).is_file() for folder in folders for name in names)


def works_here() -> bool:
    """Tell whether nbgrader's exchange can be used: on no Windows, by no nameless account."""
    if os.name != "posix":
        return False
    try:
        return bool(account())
    except KeyError:
        return False


def account() -> str:
    """Return the name of the user's account, which an exchange goes by."""
    from nbgrader.utils import get_username

    name: str = get_username()
    return name


def submit(exchange: Exchange, module: str, files: dict[str, bytes], student: str = "*") -> None:
    """Submit the files of one hand-in.

    Parameters
    ----------
    exchange : Exchange
        As found by `find_exchange`.
    module : str
        The assignment.
    files : dict of str to bytes
        Exactly what will lie in the submission, by name.
    student : str
        Account to submit as; the user's own by default.

    Raises
    ------
    HandInError
        With nbgrader's reason.
    """
    from nbgrader.exchange.default import ExchangeSubmit

    with tempfile.TemporaryDirectory() as staging:
        folder = Path(staging) / module
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        failure = "The shared folder of your course did not take your answers"
        cache = _cache_of(exchange.config)
        exchange_copies.require_closed(cache)
        try:
            _run(ExchangeSubmit, _settings(exchange, staging, module, student), failure)
        finally:
            exchange_copies.close_copies(cache)


def close_copies() -> None:
    """Let no other account read what nbgrader keeps of earlier hand-ins."""
    exchange_copies.close_copies(_own_cache())


def own_copies(modules: Collection[str]) -> list[Path]:
    """Return what nbgrader keeps of what was handed in to this course."""
    return exchange_copies.own_copies(modules, _own_cache())


def _own_cache() -> Path | None:
    """Return where nbgrader keeps copies as it is configured, None where it is not."""
    return _cache_of(_config()) if _is_configured() and works_here() else None


def _cache_of(config: Any) -> Path:
    from nbgrader.exchange.default import Exchange as Root

    return Path(Root(config=config).cache)


def fetch_feedback(exchange: Exchange, modules: list[str]) -> dict[str, bytes]:
    """Fetch the feedback page of each module that has one: the one that was written last.

    Raises
    ------
    HandInError
        With nbgrader's reason.
    """
    from nbgrader.exchange.default import ExchangeFetchFeedback

    failure = "The shared folder of your course could not be read"
    found = {}
    with tempfile.TemporaryDirectory() as staging:
        for module in modules:
            done = _run(ExchangeFetchFeedback, _settings(exchange, staging, module), failure)
            if done.feedback_files:
                found[module] = _last_written([page for _, _, page in done.feedback_files], failure)
    return found


def _last_written(pages: list[str], failure: str) -> bytes:
    # One clock wrote all pages; the times of the hand-ins are of many clocks and zones.
    try:
        return max(map(Path, pages), key=lambda page: page.stat().st_mtime_ns).read_bytes()
    except OSError as error:
        raise HandInError(f"{failure} ({error.strerror})") from error


def _settings(exchange: Exchange, folder: str, module: str, student: str = "*") -> Any:
    take_as_names(exchange.root, folder, _cache_of(exchange.config))
    config = exchange.config.copy()
    config.Exchange.assignment_dir = folder
    config.CourseDirectory.assignment_id = module
    config.CourseDirectory.student_id = student
    return config


def _run(step: type, config: Any, failure: str) -> Any:
    """Run one step of nbgrader's exchange without its log reaching the page; return it."""
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError

    quiet = logging.getLogger("alongside.exchange")
    quiet.setLevel(logging.CRITICAL + 1)
    parts = {
        "coursedir": CourseDirectory(config=config),
        "authenticator": Authenticator(config=config),
    }
    try:
        done = step(**parts, config=config, log=quiet)
        done.start()
    except (ExchangeError, OSError, RuntimeError, ValueError) as error:
        raise HandInError(f"{failure} ({error})") from error
    return done
