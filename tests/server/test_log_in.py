"""A log-in ends with its run, for trainees and trainers alike: real servers, real restarts."""

from __future__ import annotations

import http.client
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from fault_page import HOME, fault
from helpers.servers import Server, own_port, serving
from tornado.web import create_signed_value, decode_signed_value
from traitlets.config import Config

from grader.server.one_run import end_with_run

# What a signed-in browser opens, and what it sends, at each of the two servers.
DOORS = {
    "learn": ("lessons/index.ipynb", "cards"),
    "teach": ("formgrader/manage_assignments", "api/terminals"),
}
DAY = 86_400
FIXED = {"JUPYTER_TOKEN": "same"}


@dataclass(frozen=True)
class Reply:
    """What came back, and the cookies that came with it."""

    status: int
    text: str
    cookies: dict[str, Morsel[str]]


def ask(server: Server, verb: str, path: str, **headers: str) -> Reply:
    line = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        line.request(verb, path, b"{}" if verb == "POST" else None, headers)
        found = line.getresponse()
        lines = [f"{name}: {value}" for name, value in found.headers.items()]
        jar: SimpleCookie = SimpleCookie()
        for one in found.headers.get_all("Set-Cookie", []):
            jar.load(one)
        return Reply(found.status, "\n".join([*lines, found.read().decode("latin-1")]), dict(jar))
    finally:
        line.close()


@dataclass(frozen=True)
class Browser:
    """What a browser, or who listened to it, has of a run."""

    path: str
    token: str
    cookies: dict[str, Morsel[str]]

    @classmethod
    def signed_in(cls, server: Server, page: str) -> Browser:
        found = ask(server, "GET", f"{server.path}/{page}?token={server.token}")
        assert found.status == 200
        return cls(server.path, server.token, found.cookies)

    @property
    def sent(self) -> dict[str, str]:
        """Its cookies, and the mark against forged messages."""
        text = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        return {"Cookie": text, "X-XSRFToken": self.cookies["_xsrf"].value}

    def opens(self, server: Server, page: str, told: str, path: str) -> list[int]:
        """Try all that it has at a server; return the answers that let it in."""
        tries = [
            ask(server, "GET", f"{path}/{page}", **self.sent),
            ask(server, "GET", f"{path}/{page}?token={self.token}"),
            ask(server, "POST", f"{path}/{told}", **self.sent),
            ask(server, "POST", f"{path}/{told}", Authorization=f"token {self.token}"),
        ]
        return [one.status for one in tries if one.status not in (302, 403, 404, 405)]


@pytest.fixture(scope="module", params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def server(door: str, tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Server]:
    base = tmp_path_factory.mktemp(door)
    more = ("--root", str(prepared)) if door == "teach" else ()
    runtime = {"JUPYTER_RUNTIME_DIR": str(base / "runtime")}
    with serving(base / "home", door, *more, *own_port(), **runtime) as running:
        yield running


def test_its_cookies_end_with_the_browser_and_go_to_this_run_alone(door, server):
    browser = Browser.signed_in(server, DOORS[door][0])
    assert len(browser.cookies) == 2
    for name, cookie in browser.cookies.items():
        assert (cookie["expires"], cookie["max-age"]) == ("", "")
        assert cookie["samesite"] == "Strict"
        assert cookie["path"] == f"{server.path}/"
        # JupyterLab's scripts read the mark against forged messages; it opens nothing alone.
        assert cookie["httponly"] or (door, name) == ("teach", "_xsrf")
    assert re.fullmatch("/[0-9a-f]{32}", server.path)


@fault(
    HOME,
    "Someone kept the address or the log-in of an earlier start",
    "It opens nothing. Each start has an address and a log-in of its own.",
)
def test_nothing_of_an_earlier_run_opens_the_next(door, server):
    page, told = DOORS[door]
    browser = Browser.signed_in(server, page)
    assert len(browser.opens(server, page, told, server.path)) == 4  # as long as it runs
    server.restart()
    assert server.path != browser.path
    assert server.token != browser.token
    for path in (browser.path, server.path, ""):
        assert browser.opens(server, page, told, path) == []
    again = Browser.signed_in(server, page)
    assert not {*again.cookies} & ({*browser.cookies} - {"_xsrf"})


def test_what_signs_the_cookies_lies_in_no_file(server):
    kept = [path for path in (server.home.parent / "runtime").rglob("*") if path.is_file()]
    assert [path.name for path in kept if "secret" in path.name] == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_who_does_not_know_the_path_of_a_run_is_not_told(door, server, verb):
    secret = server.path.strip("/")
    for path in (
        "/",
        "/login",
        "/lab",
        "/api",
        f"/{DOORS[door][0]}",
        f"/{'0' * 32}/lab",
        "//",
        "/x",
    ):
        for headers in ({}, {"Authorization": f"token {server.token}"}, {"Host": "x.invalid"}):
            found = ask(server, verb, path, **headers)
            assert 400 <= found.status < 500
            assert secret not in found.text
            assert found.cookies == {}
    told = ask(server, "GET", f"/{'0' * 32}/lab").text
    assert "Copy the whole address from there" in told


def test_a_token_that_would_be_the_same_for_every_run_is_not_used(tmp_path):
    with serving(tmp_path / "home", "learn", **FIXED) as running:
        assert len(running.token) > 40
        assert ask(running, "GET", f"{running.path}/certificate?token=same").status == 302


def test_a_log_in_holds_for_a_day_at_most():
    config = Config()
    end_with_run(config)
    secret, name = config.ServerApp.cookie_secret, config.IdentityProvider.cookie_name
    limit = config.IdentityProvider.get_secure_cookie_kwargs
    assert len(secret) >= 32

    def read(age: float) -> Any:
        now = 1_800_000_000
        value = create_signed_value(secret, name, "someone", clock=lambda: now - age)
        return decode_signed_value(secret, name, value, clock=lambda: now, **limit)

    assert read(0.9 * DAY) == b"someone"
    assert read(1.1 * DAY) is None


def test_two_runs_share_nothing(monkeypatch):
    monkeypatch.setenv("JUPYTER_TOKEN", "the same each time")
    one, other = Config(), Config()
    for config in (one, other):
        end_with_run(config)
    for found in (
        lambda c: c.ServerApp.cookie_secret,
        lambda c: c.ServerApp.base_url,
        lambda c: c.IdentityProvider.cookie_name,
    ):
        assert found(one) != found(other)
    assert "JUPYTER_TOKEN" not in os.environ
