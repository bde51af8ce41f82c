"""The learner's pages: opened, shown to an author, and closed again.

The server listens on this computer only and asks for a token.
"""

from __future__ import annotations

import contextlib
import logging
import os
from threading import Thread
from typing import Any

from traitlets.config import Config

from grader.formats.exchange import close_copies
from grader.places import Learner
from grader.server.lesson import prepare
from grader.server.one_run import end_with_run
from grader.server.own_address import OwnAddress, drawn_port, known_address, own_address
from grader.server.ports import FIRST_PORT, PORTS, check_port
from grader.server.showing import Stage, watch
from grader.surroundings import give_jupyter_room, say
from grader.trainee.home import prepare_home

MOST_BYTES = 16 * 2**20  # of one message: the largest feedback file, as text
MAP_PAGE = "/lessons/index.ipynb"
ONLY = {"skills": "/lessons/skills.ipynb"}  # what can be opened on its own


def learn(  # noqa: PLR0913 - what, for whom and where
    learner: Learner,
    port: int | None,
    *,
    open_browser: bool,
    only: str | None = None,
    base_url: str = "/",
    address: OwnAddress | None = None,
    say: Any = say,
) -> None:
    """Serve the course until it is stopped.

    Parameters
    ----------
    learner : Learner
        Whose pages.
    port : int or None
        A certain port, or None for the first free one.
    open_browser : bool
        Open the first page in the user's browser.
    only : str, optional
        A key of `ONLY`: the page to begin with. The map is then called the whole course.
    base_url : str
        Where the pages stand behind a proxy, which leads to the address that all know.
    address : OwnAddress, optional
        A certain one; else one is drawn that nobody can guess.
    say : callable
        Prints one line.

    Raises
    ------
    PagesError
        Where the port is taken or the trainee's folder cannot be used.
    """
    note = prepare_home(learner)
    give_jupyter_room(learner.home.folder)
    check_port(port)
    if base_url != "/":
        address = known_address()
    config = host_config(
        learner, port, open_browser=open_browser, base_url=base_url, address=address
    )
    config.LearnApp.update(default_url=ONLY[only] if only else MAP_PAGE, only=only or "")
    server = _open(config)
    Thread(target=_meanwhile, args=[learner], daemon=True).start()  # the address goes first
    say("The course is open at this address:")
    say(f"  {server.display_url.split()[0]}")
    say(f"Your answers are kept in {learner.home.folder}.")
    if note:
        say(note)
    say("To close the course, press Ctrl and C here.")
    run(server)


def _meanwhile(learner: Learner) -> None:
    prepare(learner)
    close_copies()


def show(  # noqa: PLR0913 - what, to whom and where
    learner: Learner,
    stage: Stage,
    port: int | None,
    *,
    open_browser: bool,
    address: OwnAddress | None = None,
    say: Any = say,
) -> None:
    """Show one item to its author until it is stopped.

    Parameters
    ----------
    learner : Learner
        The author, with a home to try answers in and the stage as lessons.
    stage : Stage
        Set up with the item.
    port, open_browser, address, say
        As in `learn`.
    """
    prepare_home(learner)
    give_jupyter_room(stage.folder)
    check_port(port)
    config = host_config(learner, port, open_browser=open_browser, address=address)
    page = f"/lessons/{stage.notebook.as_posix()}"
    config.LearnApp.update(default_url=page, stage=stage)
    server = _open(config)
    looking = watch(server.web_app.settings["alongside"].stage)  # Jupyter copies its settings
    say("The item is open at this address, and follows each time you save:")
    say(f"  {server.display_url.split()[0]}")
    say("To close it, press Ctrl and C here.")
    run(server)
    looking.stop()


def host_config(
    learner: Learner,
    port: int | None,
    *,
    open_browser: bool,
    base_url: str = "/",
    address: OwnAddress | None = None,
) -> Config:
    """Return the settings of the pages' server."""
    config = local_config(port, open_browser=open_browser, address=address)
    config.ServerApp.update(
        root_dir=str(learner.course.lessons),
        base_url=base_url,
        terminals_enabled=False,
        max_body_size=MOST_BYTES,
    )
    config.LearnApp.update(learner=learner, open_browser=open_browser)
    config.IdentityProvider.update(login_handler_class="grader.server.addresses.SignIn")
    return config


def local_config(
    port: int | None, *, open_browser: bool, address: OwnAddress | None = None
) -> Config:
    """Return what a server on this computer alone is set to, whatever it serves."""
    address = address or own_address()
    config = Config()
    config.ServerApp.update(
        ip=address.host,
        own_names=list(address.names),
        local_hostnames=list(address.names),
        port=port or (FIRST_PORT if address.is_secret else drawn_port()),
        port_retries=0 if port else PORTS,
        open_browser=open_browser,
        allow_root=True,
        log_level="ERROR",
        answer_yes=True,
    )
    return config


def _open(config: Config) -> Any:
    from grader.server.host import LearnApp

    keep_quiet()
    end_with_run(config)
    server = LearnApp.initialize_server(argv=[], config=config)  # type: ignore[no-untyped-call]
    drop_greeting(server)
    return server


def run(server: Any) -> None:
    """Serve until somebody presses Ctrl and C."""
    with contextlib.suppress(KeyboardInterrupt):
        server.start()


def keep_quiet() -> None:
    """Keep notes from one library's developers to another's off the user's screen."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    logging.captureWarnings(True)
    notes = logging.getLogger("py.warnings")
    notes.addHandler(logging.NullHandler())
    notes.propagate = False


def drop_greeting(server: Any) -> None:
    """Leave only our own words about the address; Jupyter's would stand there twice."""
    server.log.addFilter(lambda record: record.levelno < logging.CRITICAL)
