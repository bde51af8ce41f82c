"""The parts of the trainee's Jupyter server: files, kernels, and pages of our own.

Lessons come from the course, read-only; exercises from the trainee's own folder. One
kernel waits with the cards imported, and leaving a page ends its kernel.

Apart from `pages`, which opens and closes it.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import subprocess
from pathlib import Path
from typing import Any

import tornado.web
import traitlets
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.serverapp import ServerApp, random_ports
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop

from grader.errors import PagesError
from grader.files import safe
from grader.html import help_card, render
from grader.html.templating import render_template
from grader.places import Home, Learner

SPARE_PAUSE = 3.0  # seconds before the next spare kernel starts, so that the page goes first
# The first reply and the first template take longer than all that come after.
PREPARE = """
import grader.cards, grader.coding, grader.html.help_card
grader.coding.code_reply("ready?")
grader.html.help_card.help_html(None)
"""
START_PATIENCE = 20.0  # seconds in which a new kernel has to answer before it is replaced
# A kernel that is ended while it starts would print a traceback into the user's terminal.
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
STARTS = 3  # kernels tried for one page


class CourseFiles(LargeFileManager):
    """Lessons from the course, read-only; exercises from the trainee's folder.

    Not the asynchronous one: Voilà asks it for pictures while it renders, and cannot wait.
    """

    home = traitlets.Unicode(help="The trainee's own folder.").tag(config=True)

    def _get_os_path(self, path: str) -> str:
        root = _root_of(path, self.root_dir, self.home)
        found = (root / path.strip("/")).resolve()
        if not found.is_relative_to(root.resolve()):
            raise tornado.web.HTTPError(404, "outside the course")
        return str(found)

    def is_hidden(self, path: str) -> bool:
        """Hide nothing: both folders hold course files only, wherever they stand."""
        return False

    def file_exists(self, path: str) -> bool:
        """Tell whether a file is there; one outside both folders is not."""
        with contextlib.suppress(tornado.web.HTTPError):
            return bool(super().file_exists(path))  # never a promise: not the asynchronous one
        return False

    def _refuse_course(self, path: str) -> None:
        if not _is_exercise(path):
            raise tornado.web.HTTPError(403, "lessons are read-only")

    def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Save into the trainee's folder; lessons are read-only."""
        self._refuse_course(path)
        saved: dict[str, Any] = super().save(model, path)
        return saved

    def delete_file(self, path: str) -> None:
        """Delete in the trainee's folder; lessons are read-only."""
        self._refuse_course(path)
        super().delete_file(path)

    def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename in the trainee's folder; lessons are read-only."""
        self._refuse_course(old_path)
        self._refuse_course(new_path)
        super().rename_file(old_path, new_path)


def _is_exercise(path: str) -> bool:
    return path.strip("/").split("/")[0] == "exercises"


def _root_of(path: str, course: str, home: str) -> Path:
    return Path(home if _is_exercise(path) else course)


class SpareKernels(AsyncMappingKernelManager):
    """Keeps one kernel ready with the cards imported, so that a lesson opens at once."""

    home = traitlets.Unicode(help="The trainee's own folder.").tag(config=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._spare: tuple[str, Any] | None = None
        self._preparing = False
        self._closing = False

    # Jupyter's class waits too, but its types do not say so.
    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]
        """End all kernels, and start no further one."""
        self._closing = True
        await super().shutdown_all(now=now)

    def cwd_for_path(self, path: str, **_: Any) -> str:
        """Return the folder a page's kernel runs in."""
        folder = _root_of(path, self.root_dir, self.home) / path.strip("/")
        return str(folder if folder.is_dir() else folder.parent)

    async def prepare(self) -> None:
        """Start the spare kernel, unless there is one or one is on its way."""
        if self._preparing or self._closing or self._spare is not None:
            return
        self._preparing = True
        try:
            self._spare = await self._start_spare()
        except (RuntimeError, TimeoutError, queue.Empty):
            self._spare = None  # the next page tries again
        finally:
            self._preparing = False

    async def _start_spare(self) -> tuple[str, Any] | None:
        kernel_id, client = await self._start_answering(kernel_name="python3", path="")
        try:
            await _run(client, PREPARE)
        except (RuntimeError, TimeoutError, queue.Empty):
            await self._drop(kernel_id, client)  # pages start kernels of their own
            return None
        return kernel_id, client

    async def _drop(self, kernel_id: str, client: Any) -> None:
        """End a kernel that does not answer, unless it has ended with the server."""
        client.stop_channels()
        with contextlib.suppress(KeyError, tornado.web.HTTPError):
            await self.shutdown_kernel(kernel_id, now=True)

    async def _start_answering(self, **settings: Any) -> tuple[str, Any]:
        """Start a kernel that answers; one that does not is replaced by another.

        Where kernels talk over ports, another program may take a port before the kernel
        does. Its page would then wait for ever.
        """
        for start in range(1, STARTS + 1):
            kernel_id = await super()._async_start_kernel(**settings, **QUIET)
            client = self.get_kernel(kernel_id).client()
            client.start_channels()
            try:
                await client._async_wait_for_ready(timeout=START_PATIENCE)
                break
            except (RuntimeError, TimeoutError, queue.Empty):
                await self._drop(kernel_id, client)
                if start == STARTS or self._closing:
                    raise
        return kernel_id, client

    async def _async_start_kernel(
        self, *, kernel_id: str | None = None, path: str | None = None, **settings: Any
    ) -> str:
        spare, self._spare = self._spare, None
        IOLoop.current().call_later(SPARE_PAUSE, self.prepare)
        if spare and kernel_id is None and await self._move(*spare, self.cwd_for_path(path or "")):
            return spare[0]
        started, client = await self._start_answering(kernel_id=kernel_id, path=path, **settings)
        client.stop_channels()
        return started

    async def _move(self, kernel_id: str, client: Any, folder: str) -> bool:
        """Take the spare kernel to a page's folder; False where it is gone or does not answer."""
        if kernel_id not in self:
            return False
        try:
            await _run(client, f"import os; os.chdir({folder!r})", patience=5)
        except (RuntimeError, TimeoutError, queue.Empty):
            await self.shutdown_kernel(kernel_id, now=True)
            return False
        finally:
            client.stop_channels()
        return True

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # the same here

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose page is gone, but never the spare one."""
        if self._spare is None or kernel_id != self._spare[0]:
            await super().cull_kernel_if_idle(kernel_id)


async def _run(client: Any, code: str, patience: float = 60) -> None:
    message = client.execute(code, silent=True, store_history=False)
    while True:
        reply = await client.get_shell_msg(timeout=patience)
        if reply["parent_header"].get("msg_id") == message:
            return


class KeptPage(JupyterHandler):
    """Shows a page of the trainee's own folder that may do nothing but be read."""

    def initialize(self, home: Home) -> None:
        """Take the trainee's folder."""
        self.home = home

    def send(self, path: Path) -> None:
        """Send the kept page, with every right of a page taken away."""
        page = safe.read_regular_file(path, 1 << 23)
        if page is None:
            self.set_status(404)
            self.finish(
                self.settings["voila_jinja2_env"]
                .get_template("404.html")
                .render(base_url=self.base_url, status_code=404)
            )
            return
        way_back = render_template("server/way_back.html.j2", base_url=self.base_url)
        page = page.replace(b"</header>", way_back.encode(), 1)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        rules = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        self.set_header("Content-Security-Policy", rules)
        self.finish(page)


class FeedbackPage(KeptPage):
    """Shows a trainer's feedback on a module."""

    @tornado.web.authenticated
    def get(self, module: str) -> None:
        """Send the kept page."""
        self.send(self.home.feedback_page(module))


class CertificatePage(KeptPage):
    """Shows the trainee's certificate, to be printed."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the kept page."""
        self.send(self.home.certificate_page)


class LeavePage(APIHandler):
    """Ends the kernel of a page that is left; each holds about 60 MB.

    It stands at Voilà's own address. The page says twice that it is left, once by
    Voilà's script and once by ours for pages left before that script is there.
    """

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End the kernel, or do nothing where it has ended already."""
        if kernel_id in self.kernel_manager:
            with contextlib.suppress(KeyError, tornado.web.HTTPError):  # the other request did it
                await self.kernel_manager.shutdown_kernel(kernel_id, now=True)
        self.set_status(204)
        self.finish()


def taken_port(port: int) -> str:
    """Return the sentence that stands for a port which another program has."""
    return f"Port {port} is in use; close the other program or choose another --port"


class OwnPort(ServerApp):
    """A server that keeps the port it found, and listens before its address is printed.

    Jupyter's looks for a free port, lets go of it, and takes it only when it starts: two
    servers started together could both print the same address.
    """

    def _find_http_port(self) -> None:
        for port in random_ports(self.port, self.port_retries + 1):
            with contextlib.suppress(OSError):
                self._socket = socket.create_server((self.ip, port))
                self._socket.setblocking(False)
                self.port = port
                return
        if self.port_retries:
            super()._find_http_port()  # says what is in the way, and ends
        raise PagesError(taken_port(self.port))

    def _bind_http_server_tcp(self) -> bool:
        self.http_server.add_socket(self._socket)
        return True


class LearnServer(OwnPort):
    """A Jupyter server for trainees: our pages only, whatever else is installed or configured."""

    name = "alongside"
    kernel_manager: SpareKernels
    learner = traitlets.Instance(Learner)

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no configuration of the user's own Jupyter: it could change or break the pages."""

    def find_server_extensions(self) -> None:
        """Load Voilà and nothing else that happens to be installed."""
        self.jpserver_extensions.update({"voila": True})

    def init_webapp(self) -> None:
        """Add our own addresses, before Voilà adds its."""
        super().init_webapp()
        feedback = rf"{self.base_url}feedback/([0-9]{{2}}-[a-z0-9-]+)"
        leave = rf"{self.base_url}voila/api/shutdown/([0-9a-f-]+)"
        certificate = rf"{self.base_url}certificate"
        own = {"home": self.learner.home}
        pages = [
            (feedback, FeedbackPage, own),
            (certificate, CertificatePage, own),
            (leave, LeavePage),
        ]
        self.web_app.add_handlers(".*$", pages)

    def initialize(self, *arguments: Any, **settings: Any) -> None:
        """Give error pages our frame, once Voilà has made its templates."""
        super().initialize(*arguments, **settings)
        region = help_card.find_region(self.learner)
        for environment in ("voila_jinja2_env", "jinja2_env"):
            self.web_app.settings[environment].globals.update(
                alongside_style=render.page_style(), alongside_help=help_card.help_html(region)
            )
