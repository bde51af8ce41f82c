"""Every address of the host by every verb: who is not signed in gets nothing of ours."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from helpers.paths import TESTS
from helpers.servers import Server, serving

MODULE = "07-advice"
WORDS = "words that only trainee-017 may read"
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FOREIGN = "http://outside.invalid"
# For each address of the application at least one to try; a new address needs one here.
ADDRESSES = (
    "/",
    "/lessons/index.ipynb",
    "/lessons/skills.ipynb",
    f"/lessons/{MODULE}/4-four-rules.ipynb",
    f"/lessons/exercises/{MODULE}/exercise.ipynb",
    "/lessons/nothing.ipynb",
    "/cards",
    "/own/VERSION/page.js",
    "/own/VERSION/course.css",
    f"/feedback/{MODULE}",
    "/certificate",
    "/show/version",
    # what a Jupyter server has at other times
    "/api",
    "/api/contents/trainee.json",
    "/api/kernels",
    "/api/sessions",
    "/api/spec.yaml",
    "/files/trainee.json",
    "/logout",
    "/metrics",
    "/static/favicon.ico",
    "/view/trainee.json",
    "/voila/render/index.ipynb",
)
CALL = {"name": "card", "arguments": ["advice-reply-flat-sold"], "number": 0}
SAVE = {"type": "save", "response": "Tell me more.", "seen": None, "seq": 1}
MESSAGE = {"page": f"{MODULE}/4-four-rules.ipynb", "call": CALL, "message": SAVE}

# Others of this computer are refused too: what a browser holds for them is not this run's.
OTHER_HOSTS = ("10.0.0.7", "127.0.0.1", "127.1.2.3:8765", "localhost", "[::1]:8765")


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Door:
    """A way to a server that says exactly what it is told to say."""

    server: Server
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, verb: str, path: str, **more: str) -> Reply:
        host, port = self.server.host, self.server.port
        line = http.client.HTTPConnection(host, port, timeout=60)
        headers = {"Host": f"{host}:{port}", **self.headers, **more}
        body = json.dumps(MESSAGE).encode() if verb in ("POST", "PUT", "PATCH") else b""
        try:
            line.putrequest(verb, f"{self.server.path}{path}", skip_host=True)
            for name, value in headers.items():
                line.putheader(name, value)
            line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            found = line.getresponse()
            return Reply(found.status, found.read(), dict(found.headers))
        finally:
            line.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a home that holds words of a trainee in every file that an address could show."""
    home = tmp_path_factory.mktemp("doors") / "home"
    for name in (
        f"feedback/{MODULE}.html",
        "feedback/certificate.html",
        "trainee.json",
        "secret.ipynb",
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"<header></header>{WORDS}")
    with serving(home, "learn") as running:
        yield running


@pytest.fixture(scope="module")
def addresses(server: Server) -> list[str]:
    page = Door(server, token(server)).ask("GET", "/lessons/index.ipynb").body.decode()
    version = re.search(r"own/([0-9a-f]{16})/", page)[1]
    return [address.replace("VERSION", version) for address in ADDRESSES]


def token(server: Server) -> dict[str, str]:
    return {"Authorization": f"token {server.token}"}


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, str]:
    """Return the cookies of a signed-in browser."""
    line = http.client.HTTPConnection(server.host, server.port, timeout=60)
    line.request("GET", f"{server.path}/lessons/index.ipynb?token={server.token}")
    found = line.getresponse()
    found.read()
    set_by = found.headers.get_all("Set-Cookie")
    line.close()
    assert len(set_by) == 2
    return {"Cookie": "; ".join(each.partition(";")[0] for each in set_by)}


@pytest.fixture(scope="module")
def sign_in(server: Server) -> bytes:
    return Door(server).ask("GET", "/login").body


@pytest.fixture(scope="module")
def patterns() -> list[str]:
    """Return the addresses as the application itself lists them."""
    script = [sys.executable, "-W", "ignore", str(TESTS / "helpers" / "routes.py")]
    done = subprocess.run(script, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_every_address_of_the_application_is_tried(patterns, addresses):
    tried = [*addresses, "/login", "outside of the path, see test_log_in"]
    assert len(patterns) == 10
    for pattern in patterns:
        assert any(re.match(pattern, address) for address in tried), pattern


def test_who_is_signed_in_gets_them(server, addresses, cookies):
    """Without this the tests below could pass where nothing is served at all."""
    for headers in (token(server), cookies):
        door = Door(server, headers)
        kept = {path: door.ask("GET", path) for path in (f"/feedback/{MODULE}", "/certificate")}
        assert [WORDS.encode() in reply.body for reply in kept.values()] == [True, True]
        ours = [path for path in addresses if path.startswith(("/lessons", "/own"))]
        found = {path: door.ask("GET", path).status for path in ours}
        assert found == dict.fromkeys(ours, 200) | {"/lessons/nothing.ipynb": 404}


# What the policy of every page says, beyond where it may get things from.
TIGHT = ("object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")


def test_every_page_runs_only_scripts_of_ours_and_says_so(server, addresses):
    pages = [path for path in addresses if not path.startswith(("/own", "/cards"))]
    for door, path in product((Door(server), Door(server, token(server))), [*pages, "/login"]):
        reply = door.ask("GET", path)
        if reply.status == 302:
            continue
        policy = [part.strip() for part in reply.headers["Content-Security-Policy"].split(";")]
        assert set(TIGHT) <= set(policy), path
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in str(policy)
        scripts = [part for part in policy if part.startswith("script-src")]
        assert scripts in ([], ["script-src 'self'"])
        text = reply.body.decode()
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path
        assert not re.search(r"<[a-z]+[^>]*\son[a-z]+\s*=", text), path


def nothing_of_ours(reply: Reply, path: str, sign_in: bytes) -> bool:
    """Tell whether a reply refuses, and holds no word but those of the sign-in page."""
    if reply.status == 302:
        return not reply.body and "/login?" in reply.headers["Location"]
    if path == "/cards" and reply.body:
        told = json.loads(reply.body)
        assert told["files"] == []
        assert told["receipt"]["type"] == "refused"
        assert told["receipt"]["why"].endswith(".")
    elif reply.body not in (b"", sign_in):
        return False
    return 400 <= reply.status < 500 and WORDS.encode() not in reply.body


def test_without_a_token_nobody_gets_a_word(server, addresses, sign_in):
    for verb, path in product(VERBS, addresses):
        reply = Door(server).ask(verb, path)
        assert nothing_of_ours(reply, path, sign_in), (verb, path, reply)


@pytest.mark.parametrize("wrong", ["token x", "Bearer x", "Basic eDp4", "token "])
def test_a_wrong_token_is_as_good_as_none(server, addresses, sign_in, wrong):
    for path in addresses:
        verb = "POST" if path == "/cards" else "GET"
        reply = Door(server, {"Authorization": wrong}).ask(verb, path)
        assert nothing_of_ours(reply, path, sign_in), (path, reply)
        reply = Door(server).ask(verb, f"{path}?token=x")
        assert nothing_of_ours(reply, path, sign_in), (path, reply)


@pytest.mark.parametrize("host", ["outside.invalid", "outside.invalid:8765", *OTHER_HOSTS, ""])
def test_another_name_of_this_computer_opens_nothing(server, addresses, cookies, sign_in, host):
    """A page elsewhere may let its own name lead here, and so read what it is sent."""
    for headers, verb, path in product((token(server), cookies), VERBS, addresses):
        reply = Door(server, headers).ask(verb, path, Host=host)
        assert nothing_of_ours(reply, path, sign_in), (verb, path, reply)


def test_the_words_for_signing_in_are_the_only_ones_for_everybody(server, sign_in):
    text = sign_in.decode()
    assert "Please use the full address" in text
    assert re.findall(r'(?:href|src)="([^"]*)"', text) == ["data:,", "#lesson"][:1]
    assert "<script" not in text
    for verb in VERBS[1:]:
        assert Door(server).ask(verb, "/login").body in (b"", sign_in)


@pytest.mark.parametrize(
    "more",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {},
        {"X-XSRFToken": "x"},
        {"X-XSRFToken": ""},
        {"Origin": FOREIGN, "Referer": f"{FOREIGN}/page"},
    ],
)
def test_another_page_can_send_nothing_with_this_browser_s_cookies(server, cookies, more):
    before = files(server.home)
    for path in ("/cards", "/lessons/index.ipynb", "/certificate", "/api/contents"):
        reply = Door(server, cookies).ask("POST", path, **more)
        assert reply.status in (403, 404, 405), (path, reply)
        assert WORDS.encode() not in reply.body
        if path == "/cards":
            assert json.loads(reply.body)["receipt"]["type"] == "refused"
    assert files(server.home) == before


def test_a_foreign_page_may_not_send_even_with_the_mark_of_our_own(server, cookies):
    mark = re.search("_xsrf=([^;]+)", cookies["Cookie"])[1]
    same = Door(server, cookies | {"X-XSRFToken": mark})
    before = files(server.home)
    away = same.ask("POST", "/cards", Origin=FOREIGN)
    assert away.status == 404
    assert "no longer here" in json.loads(away.body)["receipt"]["why"]
    assert "Access-Control-Allow-Origin" not in away.headers
    assert files(server.home) == before
    for more in ({}, {"Origin": server.origin}):  # what ours sends is taken
        assert json.loads(same.ask("POST", "/cards", **more).body)["receipt"]["type"] == "saved"
    assert files(server.home) != before


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


CLIMBING = [
    "../secret.ipynb",
    "exercises/../../home/secret.ipynb",
    "exercises/../../../etc/passwd",
    "..%2fsecret.ipynb",
    "%2e%2e/secret.ipynb",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5csecret.ipynb",
    "..\\secret.ipynb",
    "exercises\\..\\..\\secret.ipynb",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "C:%5cWindows%5cwin.ini",
    "file:///etc/passwd",
    "index.ipynb%00",
    "%00",
    "exercises/../trainee.json",
    "exercises/07-advice/items.json",
    "exercises/07-advice/answers.json",
    "07-advice/items.yaml",
    "07-advice/",
    "exercises",
    "%ff.ipynb",
    "%ed%a0%80.ipynb",
    "long" * 100 + ".ipynb",
]


@pytest.mark.parametrize("under", ["/lessons/", "/feedback/", "/own/", "/"])
def test_no_way_of_writing_an_address_leads_out_of_the_course(server, under):
    door = Door(server, token(server))
    for way in CLIMBING:
        reply = door.ask("GET", f"{under}{way}")
        assert 400 <= reply.status < 500, (way, reply.status)
        assert WORDS.encode() not in reply.body, way
        assert b"root:x:" not in reply.body, way
        assert b"Traceback" not in reply.body, way
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("page", ["../secret.ipynb", "x\0.ipynb", "\ud800", "", 7, None, [], {}])
def test_no_page_that_a_message_names_leads_out_of_the_course(server, page):
    told = post(server, {**MESSAGE, "page": page})
    assert told["type"] == "refused"
    assert "Traceback" not in server.log.read_text()


ODD_CALLS: list[Any] = [
    None,
    [],
    "card",
    {**CALL, "name": "open"},
    {**CALL, "name": "__class__"},
    {**CALL, "name": "begin"},
    {**CALL, "arguments": "abc"},
    {**CALL, "arguments": [[]]},
    {**CALL, "arguments": ["a"] * 50},
    {**CALL, "number": 10**30},
    {**CALL, "number": "x"},
    {**CALL, "number": float("inf")},
]


@pytest.mark.parametrize("call", ODD_CALLS)
def test_a_call_that_is_none_of_ours_is_refused_in_a_receipt(server, call):
    assert post(server, {**MESSAGE, "call": call})["type"] == "refused"
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("body", ["", "{", "[]", "7", "null", '"x"', "[" * 100_000, "\xff", "{}"])
def test_a_body_that_is_no_message_is_refused_in_a_receipt(server, body):
    told = post(server, body.encode("latin-1"))
    assert told["type"] == "refused"
    assert told["why"] == "The course could not answer. Please try again."
    assert "Traceback" not in server.log.read_text()


def post(server: Server, said: Any) -> dict[str, Any]:
    line = http.client.HTTPConnection(server.host, server.port, timeout=60)
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    line.request("POST", f"{server.path}/cards", body, token(server))
    told = json.loads(line.getresponse().read())
    line.close()
    assert told["files"] == []
    return told["receipt"]
