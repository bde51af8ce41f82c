"""Tests of grader.server.host with real kernels and ports: what a page waits for, it gets."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from helpers.servers import serving
from jupyter_core.paths import jupyter_runtime_dir
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config

from grader import places
from grader.errors import PagesError
from grader.places import this_learner
from grader.server import host, pages
from grader.server.host import OwnPort, SpareKernels

Result = TypeVar("Result")
APART = ThreadPoolExecutor(1)  # always the same thread, as databases ask


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in another thread: a browser's driver keeps a loop in this one."""
    return APART.submit(asyncio.run, coroutine).result()


def kernels() -> SpareKernels:
    config = pages.learn_config(this_learner(), 8765, 0, open_browser=False)
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(parents=True, exist_ok=True)
    return SpareKernels(
        root_dir=str(places.own_course().lessons), connection_dir=str(folder), config=config
    )


@pytest.mark.skipif(os.name != "posix", reason="stops a process by signal")
def test_a_kernel_that_does_not_answer_is_replaced(monkeypatch):
    pages.prepare_home(this_learner())
    started = []

    async def start(self, **settings):
        kernel_id = await plain_start(self, **settings)
        if not started:  # the first one hangs for good
            os.kill(self.get_kernel(kernel_id).provisioner.pid, signal.SIGSTOP)
        started.append(kernel_id)
        return kernel_id

    async def run():
        manager = kernels()
        kernel_id = await manager._async_start_kernel(path="07-advice")
        alive = list(manager.list_kernel_ids())
        await manager.shutdown_all(now=True)
        return kernel_id, alive

    plain_start = AsyncMappingKernelManager._async_start_kernel
    monkeypatch.setattr(AsyncMappingKernelManager, "_async_start_kernel", start)
    monkeypatch.setattr(host, "START_PATIENCE", 10.0)
    kernel_id, alive = run_apart(run())
    assert kernel_id != started[0]  # the spare one may have come in between
    assert kernel_id in alive
    assert started[0] not in alive


def test_kernels_take_no_port_that_another_program_could_take_first():
    config = pages.learn_config(this_learner(), 8765, 0, open_browser=False)
    assert config.KernelManager.transport == ("ipc" if os.name == "posix" else "tcp")


def test_a_long_path_for_socket_files_means_ports(monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "/" + "long/" * 20)
    assert pages._transport() == "tcp"


def test_a_server_holds_its_port_from_the_moment_it_found_it():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        first = probe.getsockname()[1]
    config = Config({"ServerApp": {"ip": "127.0.0.1", "port": first, "port_retries": 50}})
    one, other = OwnPort(config=config), OwnPort(config=config)
    try:
        for found in (one, other):
            found._find_http_port()
        assert one.port != other.port
        socket.create_connection(("127.0.0.1", one.port), timeout=5).close()
    finally:
        for found in (one, other):
            found._socket.close()


def test_a_certain_port_taken_since_it_was_looked_at_is_said():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        config = Config({"ServerApp": {"ip": "127.0.0.1", "port": port, "port_retries": 0}})
        with pytest.raises(PagesError, match=f"Port {port} is in use; close the other program"):
            OwnPort(config=config)._find_http_port()


@pytest.mark.parametrize("seconds", [0.3, 0.9, 1.8])
def test_a_server_ended_while_its_spare_kernel_starts_ends_quietly(tmp_path, seconds):
    with serving(tmp_path / "home", "learn"):
        time.sleep(seconds)
    assert "Traceback" not in (tmp_path / "home-server.log").read_text()
