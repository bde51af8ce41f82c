"""Tell nbgrader how this course works; everything it needs is set in `grader.trainer.nbgrader`."""

from pathlib import Path

from grader.nbgrader_plugins import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821  nbgrader provides get_config
