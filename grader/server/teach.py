"""The desk with JupyterLab and formgrader beside it, for trainers and for who prefers notebooks.

Apart from `grader.cli`, which only asks for it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from grader.files.privacy import new_files_are_ours
from grader.places import PACKAGE
from grader.server.one_run import end_with_run
from grader.server.own_address import OwnAddress
from grader.server.pages import drop_greeting, keep_quiet, local_config, run
from grader.server.ports import check_port
from grader.surroundings import give_jupyter_room, say

SHARE = PACKAGE / "server" / "share"
# No page may ask any other address, whatever a notebook, an extension or a template holds.
# JupyterLab and formgrader need inline scripts, and JupyterLab makes code to check settings.
OWN_ONLY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# What lies beside a graded notebook may be a trainee's: opened by itself, it runs and asks nothing.
OF_A_TRAINEE = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
HEADERS = {"headers": {"Content-Security-Policy": OWN_ONLY, "Referrer-Policy": "no-referrer"}}


def teach(
    root: Path,
    port: int | None,
    *,
    open_browser: bool,
    address: OwnAddress | None = None,
    say: Any = say,
) -> None:
    """Open JupyterLab with formgrader on the course folder until it is stopped.

    Parameters
    ----------
    root : Path
        The folder that holds ``nbgrader_config.py``.
    port, open_browser, address, say
        As in `learn`.
    """
    # Asked of Node for building JupyterLab, which nobody does here; it fails loudly where a
    # package.json above the environment makes every script a module.
    logging.getLogger("jupyterlab").addFilter(lambda one: "yarn configuration" not in str(one.msg))
    from jupyterlab.labapp import LabApp

    from grader.server.desk.routes import add_desk
    from grader.server.host import OwnPort

    check_port(port)
    new_files_are_ours()
    give_jupyter_room(root)
    os.chdir(root)  # nbgrader reads the configuration of the folder it runs in
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        part
        for part in (str(SHARE / "teach_config"), os.environ.get("JUPYTER_CONFIG_PATH"))
        if part
    )
    keep_quiet()
    config = local_config(port, open_browser=open_browser, address=address)
    config.ServerApp.update(root_dir=str(root), tornado_settings=HEADERS, default_url="/desk")
    config.LabApp.update(log_level="ERROR", news_url=None)
    config.LabApp.update(check_for_updates_class="jupyterlab.NeverCheckForUpdate")
    end_with_run(config, page_reads_mark=True)
    LabApp.serverapp_class = OwnPort
    server = LabApp.initialize_server(argv=[], config=config)
    drop_greeting(server)
    _shut_in_files()
    add_desk(server.web_app, root)
    exporter = server.web_app.settings["nbgrader_exporter"]
    exporter.template_paths = [str(SHARE / "formgrader_templates"), *exporter.template_paths]
    place, token = server.display_url.split()[0].split("/lab?")
    say("Your desk, for marking and all that goes with it, is open at this address:")
    say(f"  {place}/desk?{token}")
    say("Formgrader is one click away. JupyterLab, for notebooks, is open at this one:")
    say(f"  {place}/lab?{token}")
    say("To close them, press Ctrl and C here.")
    run(server)


def _shut_in_files() -> None:
    """Let a file that formgrader serves from a trainee's folder do nothing in the desk's name."""
    from nbgrader.server_extensions.formgrader import handlers

    def shut_in(handler: Any, _path: str) -> None:
        handler.set_header("Content-Security-Policy", OF_A_TRAINEE)

    handlers.SubmissionFilesHandler.set_extra_headers = shut_in
