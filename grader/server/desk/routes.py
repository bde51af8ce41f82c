"""Which address of the desk is answered by what.

Apart from `grader.server.teach`, which only adds them to its server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.desk.place import desk_of
from grader.desk.runs import EXPORT, FEEDBACK, GRADE, Runs
from grader.server.desk import fair, marks, page, work

_QUESTION = r"([0-9]{2}-[a-z0-9-]+)/([A-Za-z0-9_.-]{1,128})"
_REPLY = rf"{_QUESTION}/([0-9a-f]{{32}})"
ADDRESSES: tuple[tuple[str, Any], ...] = (
    (r"desk/?", page.Overview),
    (r"desk/name", page.Name),
    (r"desk/trainee", page.Trainee),
    (r"desk/own/([0-9a-f]{16})/([a-z.]+)", page.OwnFile),
    (rf"desk/mark/{_QUESTION}", marks.FirstReply),
    (rf"desk/mark/{_REPLY}", marks.Reply),
    (rf"desk/mark/{_REPLY}/next", marks.NextReply),
    (rf"desk/alike/{_QUESTION}", marks.Alike),
    (rf"desk/sure/{_QUESTION}", marks.Sure),
    (rf"desk/second/{_QUESTION}", fair.NextSecond),
    (rf"desk/second/{_REPLY}", fair.Second),
    (rf"desk/second/{_REPLY}/next", fair.NextSecond),
    (rf"desk/differ/{_REPLY}", fair.Differ),
    (r"desk/agreement", fair.Agreement),
    (r"desk/undo", marks.Undo),
    (rf"desk/run/({GRADE}|{FEEDBACK}|{EXPORT})", work.Start),
    (r"desk/run", work.RunPage),
    (r"desk/run/state", work.RunState),
    (r"desk/collect", work.Collect),
    (r"desk/send", work.Send),
    (r"desk/sent", work.Sent),
    (r"desk/files/([^/]+\.zip)", work.FeedbackFile),
    (r"desk/feedback\.zip", work.AllFeedback),
    (r"desk/marks\.csv", work.Marks),
)


def add_desk(web_app: Any, root: Path) -> None:
    """Add the desk of a course to a Jupyter server, and begin to look through what waits."""
    runs = Runs(desk_of(root))
    web_app.settings["alongside_desk"] = runs
    base = web_app.settings["base_url"]
    web_app.add_handlers(".*$", [(f"{base}{path}", handler) for path, handler in ADDRESSES])
    runs.looker.start()
