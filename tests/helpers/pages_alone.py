"""Make a trainee's pages where no package of an extra can be imported, as if none was installed.

Run as a script with the notebooks; prints the page that each of them is, as JSON.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

from grader.errors import EXTRAS

MISSING = {name for names in EXTRAS.values() for name in names.split()}


class Missing:
    """Finds no package of an extra."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name.split(".", maxsplit=1)[0] in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def pages(*notebooks: Path, needs: str = "") -> dict[str, str]:
    """Return the HTML of each notebook, by its name; a page that fails, fails the test.

    ``needs`` names a package that is imported first.
    """
    command = [sys.executable, __file__, needs, *map(str, notebooks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def shown(notebook: Path) -> str:
    from grader.cards.calls import Context
    from grader.places import this_learner
    from grader.server.addresses import Site
    from grader.server.lesson import lesson_html

    learner = this_learner()
    context = Context(learner, notebook.parent)
    return lesson_html(notebook, notebook.name, context, Site(learner).frame("/"))


if __name__ == "__main__":
    sys.meta_path.insert(0, Missing)
    needed, *paths = sys.argv[1:]
    if needed:
        importlib.import_module(needed)
    print(json.dumps({path: shown(Path(path)) for path in paths}))
