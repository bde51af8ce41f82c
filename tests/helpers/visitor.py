"""A browser without a window, for the trainer's pages: it keeps cookies and sends forms."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from helpers.servers import Server


@dataclass
class Page:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    content: bytes = b""

    def value(self, name: str) -> str:
        """Return the value of a hidden field of the page's first form with it."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, f"no field {name!r} in {self.text[:2000]}"
        return found[1]


@dataclass
class Visitor:
    """Somebody who has opened the address that was printed."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self, path: str) -> Page:
        """Open a page, and follow where it leads."""
        page = self.ask("GET", path)
        return self.follow(page)

    def follow(self, page: Page) -> Page:
        """Go where a page leads."""
        while page.status in (302, 303):
            page = self.ask("GET", page.headers["Location"].removeprefix(f"{self.server.path}/"))
        return page

    def send(self, path: str, **fields: object) -> Page:
        """Send a form with the mark against forged ones."""
        body = urlencode({"_xsrf": self.cookies.get("_xsrf", ""), **fields}, doseq=True)
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, body.encode(), {"Content-Type": kind})

    def upload(self, path: str, name: str, content: bytes) -> Page:
        """Send a file as a form does."""
        edge = "edge-of-a-part"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.ask("POST", f"{path}?_xsrf={self.cookies.get('_xsrf', '')}", body, kind)

    def ask(
        self, verb: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Page:
        """Ask for one page, and keep the cookies that come."""
        line = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(verb, f"{self.server.path}/{path}", body, {"Cookie": kept} | (headers or {}))
        found = line.getresponse()
        content = found.read()
        for cookie in found.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        line.close()
        return Page(found.status, dict(found.headers), content.decode("utf-8", "replace"), content)


def visitor(server: Server) -> Visitor:
    """Return somebody who is signed in."""
    somebody = Visitor(server)
    somebody.open(f"desk?token={server.token}")
    return somebody
