"""The learner's pages as somebody's own server under JupyterHub: who they are, the hub says.

Apart from `pages`: JupyterHub is imported here alone, and started by nobody but a hub.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from threading import Thread
from typing import Any

from grader.errors import PagesError
from grader.formats.exchange import close_copies
from grader.places import Learner
from grader.server.pages import MAP_PAGE, drop_greeting, host_config, keep_quiet, run
from grader.surroundings import give_jupyter_room
from grader.trainee.home import prepare_home

FROM_HUB = "JUPYTERHUB_API_TOKEN"  # what a hub gives every server that it starts
# The hub sets these.
OF_HUB = ("ip", "own_names", "local_hostnames", "port", "port_retries", "base_url", "open_browser")


def serve(learner: Learner, rest: Sequence[str] = ()) -> None:
    """Serve the course to one signed-in person until the hub ends it.

    ``rest`` is what a hub adds to the command.

    Raises
    ------
    PagesError
        Where no hub has started this, or the person's folder cannot be used.
    """
    if FROM_HUB not in os.environ:
        raise PagesError("This is what a JupyterHub starts for each person; see FOR-TRAINERS.md")
    prepare_home(learner)
    give_jupyter_room(learner.home.folder)
    Thread(target=close_copies, daemon=True).start()
    run(_open(learner, list(rest)))


def _open(learner: Learner, rest: list[str]) -> Any:
    keep_quiet()
    from jupyterhub.singleuser.mixins import make_singleuser_app

    from grader.server.host import LearnApp, LearnServer

    config = host_config(learner, None, open_browser=False)
    for name in OF_HUB:
        config.ServerApp.pop(name, None)
    config.pop("IdentityProvider")
    config.LearnApp.update(default_url=MAP_PAGE, under_hub=True)
    app = make_singleuser_app(LearnServer)
    extension = {LearnApp.get_extension_package(): True}
    server = app.instance(config=config, jpserver_extensions=extension)
    server.initialize(argv=rest, starter_extension=LearnApp.name, find_extensions=False)
    drop_greeting(server)
    return server
