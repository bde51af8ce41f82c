"""Processes that a test starts and ends as it likes."""

from __future__ import annotations

import multiprocessing

# A fork of a server of its own: quick, and not of this process with its threads.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["grader.trainer.grading.grading", "grader.trainee.hand_in", "nbgrader.api", "nbgrader.apps"]
)
