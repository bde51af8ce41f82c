"""Tests of the host with real ports and processes: what it holds, and what it leaves."""

from __future__ import annotations

import socket
import time

import pytest
from helpers.servers import serving
from helpers.traces import traces
from traitlets.config import Config

from grader.errors import PagesError
from grader.server.host import OwnPort

PAGES = ("07-advice/4-four-rules", "index", "compass", "exercises/07-advice/exercise")


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
            found._sockets[0].close()


def test_a_certain_port_taken_since_it_was_looked_at_is_said():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        config = Config({"ServerApp": {"ip": "127.0.0.1", "port": port, "port_retries": 0}})
        with pytest.raises(PagesError, match=f"Port {port} is in use; close the other program"):
            OwnPort(config=config)._find_http_port()


@pytest.mark.parametrize("seconds", [0.0, 0.9])
def test_a_server_ended_soon_ends_quietly(tmp_path, seconds):
    with serving(tmp_path / "home", "learn") as server:
        time.sleep(seconds)
    assert "Traceback" not in server.log.read_text()


def test_two_hundred_pages_leave_no_process_no_thread_and_no_file(tmp_path):
    with serving(tmp_path / "home", "learn") as server:
        for name in PAGES:
            server.fetch(f"lessons/{name}.ipynb")
        for _ in range(300):  # what is loaded once may still be on its way
            if traces(server)["threads"] == 1:
                break
            time.sleep(0.1)
        before = traces(server)
        for number in range(200):
            assert "</html>" in server.fetch(f"lessons/{PAGES[number % len(PAGES)]}.ipynb")
        assert traces(server) == before
        assert before["processes"] == []
