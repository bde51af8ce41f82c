"""Put feedback pages into nbgrader's exchange, where trainees fetch them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from grader.errors import GradingError
from grader.formats.nbgrader_paths import take_as_names
from grader.trainer.collect.collect import COURSE_ID
from grader.trainer.feedback.feedback import PAGE
from grader.trainer.gradebook.gradebook import default_db_url


def release_to_exchange(  # noqa: PLR0913 - what, where to, and from which gradebook
    root: Path,
    module: str,
    exchange: Path,
    course_id: str = COURSE_ID,
    *,
    db_url: str | None = None,
    only: Collection[str] | None = None,
) -> int:
    """Put the pages of a module into nbgrader's exchange, where trainees fetch them.

    Those that are finished are remembered as released. ``only`` names the trainees; by
    default it is everybody who has a page.

    Returns
    -------
    int
        How many pages are there for trainees to fetch.

    Raises
    ------
    GradingError
        With nbgrader's reason.
    """
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError
    from traitlets.config import Config

    from grader.trainer.nbgrader.exchange import ReleasePages

    take_as_names(root, exchange)
    config = Config()
    config.Exchange.root = str(exchange)
    config.CourseDirectory.root = str(Path(root).resolve())
    config.CourseDirectory.course_id = course_id
    config.CourseDirectory.assignment_id = module
    config.CourseDirectory.db_url = db_url or default_db_url(Path(root))
    if only is not None:
        there = {path.parent.parent.name for path in Path(root).glob(f"feedback/*/{module}/{PAGE}")}
        config.CourseDirectory.student_id_exclude = ",".join(sorted(there - set(only)))
    parts = {
        "coursedir": CourseDirectory(config=config),
        "authenticator": Authenticator(config=config),
    }
    step = ReleasePages(**parts, config=config)
    step.needs_pages = False  # who called counts over all modules
    try:
        step.start()
    except (ExchangeError, OSError) as error:
        message = f"Feedback could not be put into the exchange: {error}"
        raise GradingError(message) from error
    return step.released
