"""Each run stands at an address of its own, and answers to no other name of this computer."""

from __future__ import annotations

import http.client
import socket
from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest
from fault_page import HOME, fault
from helpers.old_port import another_account, another_program
from helpers.paths import TESTS
from helpers.servers import own_port, serving

from grader.places import this_learner
from grader.server import own_address
from grader.server.own_address import KNOWN, OF_THIS_COMPUTER, known_address, listening
from grader.server.pages import host_config
from grader.server.ports import FIRST_PORT

LESSON = "lessons/07-advice/4-four-rules.ipynb"


def test_no_two_runs_stand_at_one_address():
    drawn = [own_address.own_address() for _ in range(50)]
    assert len({one.host for one in drawn}) == 50
    for one in drawn:
        assert one.is_secret
        assert one.names == (one.host,)
        assert ip_address(one.host) in ip_network("127.0.0.0/8")
        assert not one.host.startswith("127.0.")


def only(*hosts: str):
    """Let a computer have some addresses alone, and names only where one is drawn."""

    def find(host: str, *_: object, **__: object):
        if not any(host.endswith(each) for each in hosts):
            raise OSError("not here")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (KNOWN, 0))]

    return find


def test_where_only_one_address_is_known_the_name_is_drawn(monkeypatch):
    monkeypatch.setattr(own_address.socket, "getaddrinfo", only(".localhost"))
    monkeypatch.setattr(own_address.socket, "create_server", lambda *_, **__: socket.socket())
    one, other = own_address.own_address(), own_address.own_address()
    assert one.host != other.host
    name, _, end = one.host.partition(".")
    assert (len(name), end) == (32, "localhost")
    assert one.is_secret


def test_where_names_lead_nowhere_either_the_port_is_drawn(monkeypatch):
    monkeypatch.setattr(own_address.socket, "getaddrinfo", only(KNOWN))
    assert own_address.own_address() == known_address()
    ports = [host_config(this_learner(), None, open_browser=False).ServerApp.port for _ in "1234"]
    assert len(set(ports)) > 1
    assert FIRST_PORT not in ports


def test_a_name_that_leads_to_another_computer_is_not_used(monkeypatch):
    away = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 0))]
    monkeypatch.setattr(own_address.socket, "getaddrinfo", lambda *_: away)
    assert own_address.own_address() == known_address()


def test_a_name_is_listened_at_wherever_a_browser_looks_for_it(monkeypatch):
    """Else another account could stand at the newer kind of address, which comes first."""
    if not has_newer_kind():
        pytest.skip("this computer has no ::1")
    name = "x.localhost"
    real = socket.create_server

    def known(place, **more):
        return real((KNOWN, place[1]) if place[0] == name else place, **more)

    monkeypatch.setattr(own_address.socket, "create_server", known)
    found = listening(name, 0)
    port = found[1].getsockname()[1]
    assert {each.getsockname()[0] for each in found} == {KNOWN, "::1"}
    with pytest.raises(OSError, match="in use"):
        listening(name, port)
    for each in found:
        each.close()


def has_newer_kind() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("arguments", [("--address", KNOWN), ("--base-url", "/course/")])
def test_who_forwards_a_port_gets_the_address_that_all_know(tmp_path, arguments):
    with serving(tmp_path / "home", "learn", *arguments, *own_port()) as server:
        assert server.host == KNOWN
        assert "Course map" in server.fetch("lessons/index.ipynb")


def test_who_comes_by_another_name_reads_what_to_do(tmp_path):
    with serving(tmp_path / "home", "learn", "--address", KNOWN, *own_port()) as server:
        for name, status in (("localhost", 302), ("127.1.2.3", 404)):
            line = http.client.HTTPConnection(KNOWN, server.port, timeout=60)
            asks = {"Host": f"{name}:{server.port}", "Accept": "text/html,*/*"}
            line.request("GET", f"{server.path}/", headers=asks)
            found = line.getresponse()
            assert found.status == status
            told = found.read().decode()
            assert ("Copy the whole address from there" in told) == (status == 404)
            line.close()


@pytest.mark.parametrize("door", ["learn", "teach"])
def test_each_start_stands_elsewhere_at_the_same_port(tmp_path, door, prepared):
    more = ("--root", str(prepared)) if door == "teach" else ()
    hosts = []
    with serving(tmp_path / "home", door, *more, *own_port()) as server:
        hosts.append(server.host)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((KNOWN, server.port), timeout=5)
        server.restart()
        hosts.append(server.host)
    assert all(one != other for one, other in pairwise([KNOWN, *hosts]))


def test_a_browser_finds_the_name_of_a_run_and_saves_there(page, tmp_path):
    """Where a computer has one address, as macOS does, the name is drawn: it leads nowhere else."""
    tests = {"PYTHONPATH": str(TESTS)}
    with serving(
        tmp_path / "home", "learn", *own_port(), module="helpers.names_only", **tests
    ) as server:
        assert server.host.endswith(OF_THIS_COMPUTER)
        page.goto(server.url(LESSON))
        page.wait_for_selector(".al-card textarea")
        assert page.evaluate("[location.hostname, isSecureContext]") == [server.host, True]
        page.locator(".al-reply textarea").first.fill("only for me")
        page.get_by_text("Saved", exact=True).first.wait_for()
        kept = [path.read_text() for path in server.home.glob("practice/*.json")]
        assert any("only for me" in text for text in kept)
        for name in ("localhost", KNOWN, f"{'0' * 32}{OF_THIS_COMPUTER}"):
            other = page.goto(server.url(LESSON).replace(server.host, name))
            assert other.status == 404
            assert "Copy the whole address from there" in page.content()


@fault(
    HOME,
    "Another account leaves a program in the browser, at the port of a course that was closed",
    "It sees nothing of later runs. Each start stands at an address that nobody could know.",
)
@pytest.mark.parametrize("program", [another_program, another_account])
def test_a_service_worker_left_at_an_old_port_sees_nothing_of_a_new_run(page, tmp_path, program):
    with serving(tmp_path / "home", "learn", *own_port()) as server:
        page.goto(server.url(LESSON))
        server.stop()
        with program(server.host, server.port):
            page.goto(f"{server.origin}/trap")
            page.wait_for_function("document.title === 'left'")
        (worker,) = page.context.service_workers
        server.start()
        page.goto(server.url(LESSON))
        page.wait_for_selector(".al-card textarea")
        page.locator(".al-reply textarea").first.fill("only for me")
        page.get_by_text("Saved", exact=True).first.wait_for()
        seen = worker.evaluate("self.seen")
        assert [address for address in seen if server.path in address] == []
        assert page.evaluate("navigator.serviceWorker.controller") is None
        assert page.evaluate("isSecureContext")


@pytest.mark.parametrize("name", ["favicon.ico", "robots.txt"])
def test_files_that_browsers_ask_for_by_themselves_leave_no_traceback(tmp_path, prepared, name):
    with serving(tmp_path / "home", "teach", "--root", str(prepared)) as server:
        line = http.client.HTTPConnection(server.host, server.port, timeout=60)
        line.request("GET", f"{server.path}/{name}")
        assert line.getresponse().status in (302, 403, 404)
        line.close()
        said = server.log.read_text()
        assert "Traceback" not in said
        assert "yarn" not in said


@pytest.mark.parametrize("path", ["lessons/%ff.ipynb", "lessons/index.ipynb?token=%ff"])
def test_an_address_that_cannot_be_read_is_said_in_plain_words(learn_server, path):
    line = http.client.HTTPConnection(learn_server.host, learn_server.port, timeout=60)
    line.request("GET", f"{learn_server.path}/{path}")
    found = line.getresponse()
    assert found.status == 400
    assert "There is no page at this address." in found.read().decode()
    line.close()
