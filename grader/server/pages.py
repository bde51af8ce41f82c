"""The pages: one local Jupyter server for trainees, and JupyterLab with formgrader for trainers.

Lessons are served read-only from the course, exercises from the trainee's own folder.
Both servers listen on this computer only and ask for a token.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import uuid
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_runtime_dir
from jupyter_server.serverapp import ServerApp
from tornado.ioloop import IOLoop
from traitlets.config import Config

from grader.errors import PagesError
from grader.html import help_card, render
from grader.places import PACKAGE, Learner
from grader.server.host import CourseFiles, LearnServer, OwnPort, SpareKernels, taken_port
from grader.server.showing import Stage, watch
from grader.surroundings import give_jupyter_room, say
from grader.trainee.home import prepare_home

MAP_PAGE = "/voila/render/index.ipynb"
ONLY = {"skills": "/voila/render/skills.ipynb"}  # what can be opened on its own
FIRST_PORT = 8765
PORTS = 50  # how many further ports are tried when nobody asked for a certain one
FORGOTTEN = 120  # seconds after which a kernel without a page ends (a browser that crashed)
# No page may ask any other address, whatever a notebook, an extension or a template holds.
OWN_ONLY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'"
HEADERS = {"headers": {"Content-Security-Policy": OWN_ONLY, "Referrer-Policy": "no-referrer"}}
MAX_SOCKET_PATH = 100  # bytes; macOS allows 103 in the name of a socket file, Linux 107
SHARE = PACKAGE / "server" / "share"
WIDGET_EXTENSIONS = [  # the rest of JupyterLab stays away: half a second per page
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
]


def _page_config(learner: Learner, config: dict[str, Any]) -> dict[str, Any]:
    """Keep Voilà's page from asking an outside address for mathematics, and add our frame."""
    return config | {
        "fullMathjaxUrl": "",
        "mathjaxUrl": "",
        "alongsideStyle": render.page_style(),
        "alongsideHelp": help_card.help_html(help_card.find_region(learner)),
        "alongsideWatch": "",
        "alongsideOnly": "",
    }


def _give_token(request: Any, **_: Any) -> None:
    """Set the cookie with which the page may end its kernel when it is left.

    Voilà's page sends it back; without it the server refuses, and the kernel stays.
    """
    _ = request.xsrf_token


def learn_config(learner: Learner, port: int, retries: int, *, open_browser: bool) -> Config:
    """Return the settings of the trainee's server."""
    config, home = Config(), str(learner.home.folder)
    config.ServerApp.update(
        ip="127.0.0.1",
        port=port,
        port_retries=retries,
        open_browser=open_browser,
        default_url=MAP_PAGE,
        root_dir=str(learner.course.lessons),
        allow_root=True,
        log_level="ERROR",
        answer_yes=True,
        tornado_settings=HEADERS,
        contents_manager_class=CourseFiles,
        kernel_manager_class=SpareKernels,
        extra_template_paths=[str(SHARE / "server_templates")],
        terminals_enabled=False,
    )
    config.KernelSpecManager.update(kernel_dirs=[])  # this Python, not a user's own "python3"
    config.KernelManager.update(transport=_transport())
    config.SpareKernels.update(
        cull_idle_timeout=FORGOTTEN, cull_interval=30, transport_encryption="auto", home=home
    )
    config.CourseFiles.update(allow_hidden=True, home=home)
    config.VoilaConfiguration.update(
        template="alongside",
        strip_sources=True,
        show_tracebacks=False,
        allow_template_override="NO",
        allow_theme_override="NO",
        extension_allowlist=WIDGET_EXTENSIONS,
        page_config_hook=lambda config, **_: _page_config(learner, config),
        prelaunch_hook=_give_token,
        file_allowlist=[],
    )
    return config


def _transport() -> str:
    """Return how kernels talk: over files where the system can, else over ports.

    A port can be taken by another program just before the kernel takes it.
    """
    longest = Path(jupyter_runtime_dir()) / f"kernel-{uuid.uuid4()}-ipc-5"
    can = hasattr(socket, "AF_UNIX") and os.name == "posix"
    return "ipc" if can and len(os.fsencode(longest)) < MAX_SOCKET_PATH else "tcp"


def learn(
    learner: Learner,
    port: int | None,
    *,
    open_browser: bool,
    only: str | None = None,
    say: Any = say,
) -> None:
    """Serve the course until it is stopped.

    Parameters
    ----------
    learner : Learner
        Who learns; the pages' kernels take theirs from the environment.
    port : int or None
        A certain port, or None for the first free one.
    open_browser : bool
        Open the first page in the user's browser.
    only : str, optional
        A key of `ONLY`: the page to begin with. The map is then called the whole course.
    say : callable
        Prints one line.

    Raises
    ------
    PagesError
        Where the port is taken or the trainee's folder cannot be used.
    """
    note = prepare_home(learner)
    give_jupyter_room(learner.home.folder)
    config = _learn_config_for(learner, port, open_browser=open_browser)
    if only:
        config.ServerApp.update(default_url=ONLY[only])
        config.VoilaConfiguration.update(
            page_config_hook=lambda config, **_: (
                _page_config(learner, config) | {"alongsideOnly": only}
            )
        )
    server = _open_pages(learner, config)
    say("The course is open at this address:")
    say(f"  {server.display_url.split()[0]}")
    say(f"Your answers are kept in {learner.home.folder}.")
    if note:
        say(note)
    say("To close the course, press Ctrl and C here.")
    _run(server)


def show(
    learner: Learner, stage: Stage, port: int | None, *, open_browser: bool, say: Any = say
) -> None:
    """Show one item to its author until it is stopped.

    Parameters
    ----------
    learner : Learner
        Whose home takes the answers.
    stage : Stage
        Set up with the item.
    port, open_browser, say
        As in `learn`.
    """
    prepare_home(learner)
    give_jupyter_room(stage.folder)
    config = _learn_config_for(learner, port, open_browser=open_browser)
    address = f"/voila/render/{stage.notebook.as_posix()}"
    config.ServerApp.update(root_dir=str(stage.folder), default_url=address)
    config.VoilaConfiguration.update(
        # Taken as the page begins: a save while it fills must still load it again.
        page_config_hook=lambda config, **_: (
            _page_config(learner, config) | {"alongsideWatch": stage.version}
        )
    )
    server = _open_pages(learner, config)
    looking = watch(server, stage)
    say("The item is open at this address, and follows each time you save:")
    say(f"  {server.display_url.split()[0]}")
    say("To close it, press Ctrl and C here.")
    _run(server)
    looking.stop()


def _learn_config_for(learner: Learner, port: int | None, *, open_browser: bool) -> Config:
    _check_port(port)
    return learn_config(
        learner, port or FIRST_PORT, 0 if port else PORTS, open_browser=open_browser
    )


def _open_pages(learner: Learner, config: Config) -> LearnServer:
    _keep_quiet()
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        part for part in (str(SHARE), os.environ.get("JUPYTER_PATH")) if part
    )
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    server = LearnServer.instance(config=config, learner=learner)
    server.initialize(argv=[])
    _drop_greeting(server)
    return server


def _run(server: LearnServer) -> None:
    IOLoop.current().add_callback(server.kernel_manager.prepare)
    with contextlib.suppress(KeyboardInterrupt):
        server.start()


def _keep_quiet() -> None:
    """Keep notes from one library's developers to another's off the user's screen."""
    logging.captureWarnings(True)
    notes = logging.getLogger("py.warnings")
    notes.addHandler(logging.NullHandler())
    notes.propagate = False


def _drop_greeting(server: ServerApp) -> None:
    """Leave only our own words about the address; Jupyter's would stand there twice."""
    server.log.addFilter(lambda record: record.levelno < logging.CRITICAL)


def _check_port(port: int | None) -> None:
    if port is None:
        return
    with socket.socket() as probe:
        if os.name == "posix":  # a port just left is free; elsewhere this would allow a taken one
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            message = f"Port {port} cannot be used ({error.strerror}); choose another --port"
            raise PagesError(f"{message}, such as {FIRST_PORT}") from error
        except OSError as error:
            raise PagesError(taken_port(port)) from error


def teach(root: Path, port: int | None, *, open_browser: bool, say: Any = say) -> None:
    """Open JupyterLab with formgrader on the course folder until it is stopped.

    Parameters
    ----------
    root : Path
        The folder that holds ``nbgrader_config.py``.
    port, open_browser, say
        As in `learn`.
    """
    from jupyterlab.labapp import LabApp

    _check_port(port)
    give_jupyter_room(root)
    os.chdir(root)  # nbgrader reads the configuration of the folder it runs in
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        part
        for part in (str(SHARE / "teach_config"), os.environ.get("JUPYTER_CONFIG_PATH"))
        if part
    )
    _keep_quiet()
    config = Config()
    config.ServerApp.update(
        ip="127.0.0.1",
        port=port or FIRST_PORT,
        port_retries=0 if port else PORTS,
        root_dir=str(root),
        open_browser=open_browser,
        allow_root=True,
        log_level="ERROR",
        answer_yes=True,
        tornado_settings=HEADERS,
        default_url="/formgrader",
    )
    config.LabApp.update(log_level="ERROR", news_url=None)
    config.LabApp.update(check_for_updates_class="jupyterlab.NeverCheckForUpdate")
    LabApp.serverapp_class = OwnPort
    server = LabApp.initialize_server(argv=[], config=config)
    _drop_greeting(server)
    exporter = server.web_app.settings["nbgrader_exporter"]
    exporter.template_paths = [str(SHARE / "formgrader_templates"), *exporter.template_paths]
    address, token = server.display_url.split()[0].split("/lab?")
    say("Formgrader, for marking, is open at this address:")
    say(f"  {address}/formgrader?{token}")
    say("JupyterLab, for everything else, is open at this one:")
    say(f"  {address}/lab?{token}")
    say("To close them, press Ctrl and C here.")
    with contextlib.suppress(KeyboardInterrupt):
        server.start()
