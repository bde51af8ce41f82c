"""A JupyterHub on this computer, with a log-in that everybody may use."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from helpers.paths import REPOSITORY

PROXY = REPOSITORY / "node_modules" / ".bin" / "configurable-http-proxy"
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie-secret"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.DummyAuthenticator.password = "together"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.Spawner.cmd = [{python!r}, "-m", "grader.cli", "hub"]
c.Spawner.environment = {{
    "ALONGSIDE_HOME": lambda spawner: f"{folder}/homes/{{spawner.user.name}}/Alongside",
    "JUPYTER_CONFIG_DIR": "{folder}/none",
}}
"""


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a hub in a folder; give its address."""
    port, hub_port, proxy_port = free_ports(3)
    config = folder / "jupyterhub_config.py"
    config.write_text(
        CONFIG.format(
            port=port,
            hub_port=hub_port,
            proxy_port=proxy_port,
            proxy=str(PROXY),
            folder=folder,
            python=sys.executable,
        ),
        encoding="utf-8",
    )
    with (folder / "hub.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=environment(folder)
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, folder / "hub.log")
            yield address
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def environment(folder: Path) -> dict[str, str]:
    """Return this process's environment without what it says of its own home and course."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
    return own | {"JUPYTER_CONFIG_DIR": str(folder / "none")}


def free_ports(number: int) -> list[int]:
    """Return ports that were free just now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/hub/api", timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError(f"the hub did not start:\n{log.read_text()}")
