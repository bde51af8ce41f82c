"""Make a trainee's pages where heavy packages cannot be imported, as if they were not installed.

Run as a script with the notebooks; prints the HTML that each of them shows, as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = {"matplotlib", "numpy", "pandas", "scipy"}


class Missing:
    """Finds no heavy package. IPython looks into `sys.modules`, so that is left as it is."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name.split(".", maxsplit=1)[0] in HEAVY:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def pages(*notebooks: Path) -> dict[str, str]:
    """Return the HTML of each notebook, by its name; a page that fails, fails the test."""
    command = [sys.executable, __file__, *map(str, notebooks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def shown(notebook: Path) -> str:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    os.chdir(notebook.parent)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    shell = InteractiveShell.instance()
    with capture_output() as captured:
        for source in code:
            shell.run_cell(source).raise_error()
    return "\n".join(output.data.get("text/html", "") for output in captured.outputs)


if __name__ == "__main__":
    sys.meta_path.insert(0, Missing)
    print(json.dumps({path: shown(Path(path)) for path in sys.argv[1:]}))
