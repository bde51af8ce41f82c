"""Pages in the browser: the learner's (`pages`), an author's, and a trainer's (`teach`).

`grader.server` is an extension of a Jupyter server as well. Uses everything of a trainee's side.
"""

from typing import Any

__all__ = ["addresses", "host", "hub", "lesson", "pages", "ports", "showing", "teach"]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from grader.server.host import LearnApp

    return [{"module": "grader.server", "app": LearnApp}]
