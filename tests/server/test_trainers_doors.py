"""The trainer's server by every verb: who is not signed in, or not from here, gets nothing."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from helpers.cohort import FULL, MODULE, submit
from helpers.servers import Server, serving

from grader.trainer.grading.grading import grade

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
ADDRESSES = (
    "desk",
    "desk/run",
    "desk/run/state",
    "desk/run/grade",
    "desk/undo",
    "desk/name",
    "desk/collect",
    "desk/send",
    "desk/sent",
    "desk/marks.csv",
    f"desk/mark/{MODULE}/own-words-mark",
    f"desk/alike/{MODULE}/own-words-mark",
    f"desk/sure/{MODULE}/own-words-mark",
    "formgrader",
    "formgrader/manage_assignments",
    f"formgrader/manage_submissions/{MODULE}",
    f"formgrader/gradebook/{MODULE}/exercise",
    "formgrader/manage_students/trainee-017",
    "formgrader/api/assignments",
    f"formgrader/api/submission/{MODULE}/trainee-017",
    f"formgrader/api/submission/{MODULE}/trainee-017/autograde",
    "formgrader/api/student/trainee-017",
    "lab",
    "lab/tree/gradebook.db",
    "tree",
    "api/contents/gradebook.db",
    "api/contents/solutions",
    "api/kernels",
    "api/terminals",
    "api/shutdown",
    "files/gradebook.db",
    f"files/submitted/trainee-017/{MODULE}/answers.json",
    f"nbconvert/html/submitted/trainee-017/{MODULE}/exercise.ipynb",
    "../etc/passwd",
    "files/../../../etc/passwd",
    "files/..%2f..%2f..%2fetc%2fpasswd",
)
PAGE = "page.svg"
SCRIPT = "<svg xmlns='http://www.w3.org/2000/svg'><script>fetch('/api/kernels')</script></svg>"
SECRETS = ("trainee-017", "SQLite format", "root:x:", "What have you thought", "Traceback")


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import shutil

    base = tmp_path_factory.mktemp("doors-of-trainers")
    course = Path(shutil.copytree(prepared, base / "course"))
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    (course / "autograded" / "trainee-017" / MODULE / PAGE).write_text(SCRIPT, encoding="utf-8")
    with serving(base / "home", "teach", "--root", str(course)) as running:
        yield running


def ask(server: Server, verb: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    line = http.client.HTTPConnection(server.host, server.port, timeout=60)
    try:
        line.request(verb, f"{server.path}/{path}", b"{}" if verb in WRITING else None, headers)
        found = line.getresponse()
        return found.status, dict(found.headers), found.read().decode("latin-1")
    finally:
        line.close()


def is_shut(answer: tuple[int, dict[str, str], str]) -> bool:
    status, headers, text = answer
    if status == 302:
        return "/login" in headers["Location"] and not text
    return 400 <= status < 500 and not [one for one in SECRETS if one in text.split("<body")[-1]]


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, str]:
    line = http.client.HTTPConnection(server.host, server.port, timeout=60)
    line.request("GET", f"{server.path}/formgrader/manage_assignments?token={server.token}")
    found = line.getresponse()
    found.read()
    sent = "; ".join(each.partition(";")[0] for each in found.headers.get_all("Set-Cookie"))
    line.close()
    return {"Cookie": sent}


def test_who_is_signed_in_gets_in(server: Server, cookies: dict[str, str]) -> None:
    """Without this the tests below could pass where nothing is served at all."""
    for headers in (cookies, {"Authorization": f"token {server.token}"}):
        status, _, text = ask(
            server, "GET", f"formgrader/api/submission/{MODULE}/trainee-017", **headers
        )
        assert status == 200
        assert json.loads(text)["student"] == "trainee-017"


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_token_nobody_gets_a_word(server: Server, verb: str) -> None:
    for path, headers in product(
        ADDRESSES, ({}, {"Authorization": "token x"}, {"Cookie": "_xsrf=x"})
    ):
        answer = ask(server, verb, path, **headers)
        assert is_shut(answer) or (verb == "OPTIONS" and not answer[2]), (verb, path, answer)


@pytest.mark.parametrize("verb", VERBS)
def test_another_name_of_this_computer_opens_nothing(
    server: Server, cookies: dict[str, str], verb: str
) -> None:
    hosts = (
        "outside.invalid",
        "10.0.0.7:8765",
        "127.0.0.1",
        "127.1.2.3",
        f"localhost:{server.port}",
    )
    for path, host in product(ADDRESSES, hosts):
        answer = ask(server, verb, path, **cookies, Host=host)
        assert is_shut(answer), (verb, path, answer)


@pytest.mark.parametrize("verb", WRITING)
@pytest.mark.parametrize("more", [{"Origin": "http://outside.invalid"}, {}, {"X-XSRFToken": "x"}])
def test_another_page_can_send_nothing_with_this_browser_s_cookies(
    server: Server, cookies: dict[str, str], verb: str, more: dict[str, str]
) -> None:
    for path in ADDRESSES:
        answer = ask(server, verb, path, **cookies, **more)
        assert is_shut(answer), (verb, path, answer)


def test_no_page_asks_or_sends_anything_elsewhere(server: Server, cookies: dict[str, str]) -> None:
    for path in ("formgrader/manage_assignments", "lab", "login", "nothing"):
        _, headers, _ = ask(server, "GET", path, **cookies)
        policy = headers["Content-Security-Policy"]
        for part in ("object-src 'none'", "base-uri 'none'", "form-action 'self'"):
            assert part in policy, path
        assert "frame-ancestors 'self'" in policy
        assert "http" not in policy


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_a_file_of_a_trainee_s_folder_does_nothing_in_the_desk_s_name(
    server: Server, cookies: dict[str, str], verb: str
) -> None:
    address = f"formgrader/api/submitted_notebooks/{MODULE}/exercise"
    (one,) = json.loads(ask(server, "GET", address, **cookies)[2])
    place = f"formgrader/submissions/{one['id']}"
    status, headers, text = ask(server, verb, f"{place}/{PAGE}", **cookies)
    assert (status, text) == (200, SCRIPT if verb == "GET" else "")
    policy = [part.strip() for part in headers["Content-Security-Policy"].split(";")]
    assert {"default-src 'none'", "sandbox"} <= {*policy}
    status, headers, text = ask(server, "GET", f"{place}/", **cookies)
    assert (status, "exercise" in text) == (200, True)
    assert "sandbox" not in headers["Content-Security-Policy"]
