"""The hosts that carry the messages of cards, each as a person's browser would meet it.

A host opens notebooks and gives the cards on them; a card asks, and gets one receipt as text.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from helpers.browser import CHROMIUM, driver
from helpers.servers import Server, serving
from helpers.sites import ASKING, hosted, shared_site

from grader.site.links import page_name

PATIENCE = 60
CODE = "code"


@dataclass
class Card:
    """A card on an open page; ``facts`` is what it was drawn with."""

    host: Host
    address: Any  # what the host knows it by
    facts: Mapping[str, Any]
    receipts: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Which card of a page it is: an item, or the card's own name."""
        view = self.facts.get("view") or {}
        return str(view.get("id") or self.facts["card"])

    def ask(self, *files: bytes, **message: Any) -> dict[str, Any]:
        """Send a message; return its receipt."""
        numbered = {**message, "seq": len(self.receipts) + 1}
        text, self.files = self.host.send(self.address, numbered, files)
        self.receipts.append(text)
        receipt: dict[str, Any] = json.loads(text)
        return receipt


class Host(Protocol):
    """Whatever carries messages; a page is a notebook's address among the lessons."""

    home: Path

    def open(self, page: str) -> dict[str, Card]:
        """Open a page; return its cards by name."""

    def send(
        self, address: Any, message: dict[str, Any], files: Sequence[bytes]
    ) -> tuple[str, list[bytes]]:
        """Carry one message; return the receipt as text, and its files."""

    def restart(self) -> None:
        """End it, and start it again."""


class Http:
    """The local server of ``alongside learn``."""

    def __init__(self, course: Path, home: Path) -> None:
        self.home, self._course = home, course
        self._running = ExitStack()
        self._server: Server
        self.restart()

    def restart(self) -> None:
        """End the server, and start it again."""
        self._running.close()
        settings = {"ALONGSIDE_COURSE": str(self._course), "JUPYTER_CONFIG_DIR": "/nowhere"}
        self._server = self._running.enter_context(serving(self.home, "learn", **settings))

    def close(self) -> None:
        """End the server."""
        self._running.close()

    def open(self, page: str) -> dict[str, Card]:
        """Read the cards off the page's HTML."""
        text = self._server.fetch(f"lessons/{page}")
        found = re.findall(r"data-call='([^']*)' data-facts='([^']*)'", text)
        cards = [
            Card(self, (page, json.loads(html.unescape(call))), json.loads(html.unescape(facts)))
            for call, facts in found
        ]
        return {card.name: card for card in cards}

    def send(
        self, address: Any, message: dict[str, Any], files: Sequence[bytes]
    ) -> tuple[str, list[bytes]]:
        """Post one message."""
        page, call = address
        asked = {
            "page": page,
            "call": call,
            "message": message,
            "files": [base64.b64encode(each).decode() for each in files],
        }
        request = urllib.request.Request(
            f"{self._server.base}/cards",
            data=json.dumps(asked).encode(),
            headers={"Authorization": f"token {self._server.token}"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            answer = json.loads(reply.read())
        return json.dumps(answer["receipt"]), [base64.b64decode(each) for each in answer["files"]]


class Kernel:
    """A notebook in a kernel, with the cards as widgets, as JupyterLab and Notebook 7 run it."""

    def __init__(self, course: Path, home: Path) -> None:
        self.home, self._course = home, course
        self._open: list[tuple[Any, Any]] = []
        self._prepare()

    def _prepare(self) -> None:
        from grader.places import Home, Learner, own_course
        from grader.trainee.home import prepare_home

        prepare_home(Learner(Home(self.home), own_course()))

    def restart(self) -> None:
        """End all kernels; a page is opened in a new one."""
        self.close()

    def close(self) -> None:
        """End all kernels."""
        for manager, client in self._open:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        self._open.clear()

    def open(self, page: str) -> dict[str, Card]:
        """Run a notebook in a kernel of its own; return the widgets that it shows."""
        from jupyter_client.manager import start_new_kernel

        root = self.home if page.startswith("exercises/") else self._course
        path = root / page
        environment = {
            **os.environ,
            "ALONGSIDE_HOME": str(self.home),
            "ALONGSIDE_COURSE": str(self._course),
            "JUPYTER_CONFIG_DIR": "/nowhere",
        }
        manager, client = start_new_kernel(cwd=str(path.parent), env=environment)
        self._open.append((manager, client))
        cards: dict[str, Card] = {}
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == CODE:
                for comm, facts in _run(client, "".join(cell["source"])):
                    card = Card(self, (client, comm), facts)
                    cards[card.name] = card
        return cards

    def send(
        self, address: Any, message: dict[str, Any], files: Sequence[bytes]
    ) -> tuple[str, list[bytes]]:
        """Send one message over the widget's comm."""
        client, comm = address
        content = {"comm_id": comm, "data": {"method": "custom", "content": message}}
        sent = client.session.msg("comm_msg", content)
        client.session.send(client.shell_channel.socket, sent, buffers=list(files))
        for told in _told_by(client, sent["header"]["msg_id"]):
            data = told["content"].get("data", {})
            if told["msg_type"] == "comm_msg" and data.get("method") == "custom":
                return json.dumps(data["content"]), [bytes(each) for each in told["buffers"]]
        raise AssertionError("the kernel gave no receipt")


def _run(client: Any, code: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Run a cell; give the comm and the facts of each card that it shows."""
    asked = client.execute(code)
    for told in _told_by(client, asked):
        content = told["content"]
        assert told["msg_type"] != "error", content
        state = content.get("data", {}).get("state", {}) if told["msg_type"] == "comm_open" else {}
        if "facts" in state:
            yield content["comm_id"], state["facts"]


def _told_by(client: Any, asked: str) -> Iterator[dict[str, Any]]:
    """Give what a kernel tells on account of one message, until it is idle again."""
    while True:
        told = client.get_iopub_msg(timeout=PATIENCE)
        if told["parent_header"].get("msg_id") != asked:
            continue
        if told["msg_type"] == "status" and told["content"]["execution_state"] == "idle":
            return
        yield told


WORDS_MS = 3000  # what typed words need comes by itself, after the first page


class Site:
    """A site in a browser: its worker has Python, and the browser keeps the home.

    Tests look into a home and change it as a folder, so it is brought to the browser before
    each message, and read back from there afterwards.
    """

    def __init__(self, course: Path, home: Path) -> None:
        self.home, self._running = home, ExitStack()
        home.mkdir()
        self._site = shared_site(home.parent.parent)
        self._host = self._running.enter_context(hosted(self._site))
        self._base = self._host.base
        self._browser = driver().chromium.launch(**CHROMIUM)
        self._running.callback(self._browser.close)
        self._page = self._browser.new_page()
        self._page.add_init_script(ASKING)
        self._is_cut = False
        self.restart()

    def restart(self) -> None:
        """Close the page, and with it the worker; open it again, then end its host."""
        if self._is_cut:
            self._host.start()
        self._page.goto(f"{self._base}/LICENCES.txt")
        own = re.search(r'data-own="\.\./([^"]+)"', self._read("index.ipynb")).group(1)
        self._page.evaluate("(own) => begin(own)", f"{self._base}/{own}")
        self._page.evaluate("ask({ act: 'page', page: 'index.ipynb', calls: [] })")
        self._page.wait_for_timeout(WORDS_MS)
        self._host.stop()
        self._is_cut = True

    def close(self) -> None:
        """End browser and host."""
        self._running.close()

    def _read(self, page: str) -> str:
        return (self._site / "lessons" / page_name(page)).read_text(encoding="utf-8")

    def open(self, page: str) -> dict[str, Card]:
        """Ask for the pieces of a page, as the page itself does."""
        calls = re.findall(r"class=\"al-place\" data-call='([^']*)'", self._read(page))
        asked = [json.loads(html.unescape(call)) for call in calls]
        told = self._ask({"act": "page", "page": page, "calls": asked})
        pieces = [piece for shown in told["pieces"] for piece in shown if isinstance(piece, dict)]
        cards = [Card(self, (page, piece["call"]), piece["facts"]) for piece in pieces]
        return {card.name: card for card in cards}

    def send(
        self, address: Any, message: dict[str, Any], files: Sequence[bytes]
    ) -> tuple[str, list[bytes]]:
        """Send one message to the worker."""
        page, call = address
        question = {"act": "message", "page": page, "call": call, "message": message}
        told = self._ask(question, files)
        return json.dumps(told["receipt"]), [base64.b64decode(each) for each in told["files"]]

    def _ask(self, question: dict[str, Any], files: Sequence[bytes] = ()) -> dict[str, Any]:
        own = [path for path in self.home.rglob("*") if path.is_file()]
        there = {path.relative_to(self.home).as_posix(): _text(path.read_bytes()) for path in own}
        told: dict[str, Any] = self._page.evaluate(
            """async ([question, there, files]) => {
              await put("alongside:/", there);
              const told = await ask({ ...question, files: files.map(bytes) });
              const home = await kept("alongside:/");
              return { ...told, files: (told.files ?? []).map(text), home };
            }""",
            [question, there, [_text(each) for each in files]],
        )
        assert "failed" not in told, told
        for name in there.keys() - told["home"].keys():
            (self.home / name).unlink()
        for name, content in told["home"].items():
            (self.home / name).parent.mkdir(parents=True, exist_ok=True)
            (self.home / name).write_bytes(base64.b64decode(content))
        return told


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


HOSTS = {"http": Http, "kernel": Kernel, "site": Site}


@contextmanager
def hosting(kind: str, course: Path, home: Path) -> Iterator[Any]:
    """Run one of `HOSTS` for a course and a home."""
    host = HOSTS[kind](course, home)
    try:
        yield host
    finally:
        with suppress(urllib.error.URLError):
            host.close()
