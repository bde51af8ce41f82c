"""The host of a learner's pages: a Jupyter server extension without kernels and files.

Apart from `pages`, which opens and closes it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import PublicStaticFileHandler
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp, random_ports
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, PathMatches, Rule
from traitlets import Bool, Instance, List, Unicode

from grader.errors import PagesError
from grader.places import Learner
from grader.server.addresses import ADDRESSES, Elsewhere, NoPage, OtherName, SignIn, Site
from grader.server.own_address import listening
from grader.server.ports import taken_port

HUB = "jupyterhub."  # whose addresses sign people in where there is one


class OtherNames(Matcher):
    """Finds what was sent to another name of this computer: Jupyter's server answers to all."""

    def __init__(self, own: Iterable[str]) -> None:
        self.own = frozenset(own)

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Return something where the request is not for one of our names."""
        return None if request.host_name in self.own else {}


class OwnPort(ServerApp):
    """A server that keeps the port it found, and listens before its address is printed.

    Jupyter's looks for a free port, lets go of it, and takes it only when it starts: two
    servers started together could both print the same address. ``own_names`` are all that it
    answers to; where there are none, a hub says who may ask.
    """

    own_names = List(Unicode()).tag(config=True)

    def _find_http_port(self) -> None:
        for port in random_ports(self.port, self.port_retries + 1):
            with contextlib.suppress(OSError):
                self._sockets = listening(self.ip, port)
                self.port = port
                return
        if self.port_retries:
            super()._find_http_port()  # says what is in the way, and ends
        raise PagesError(taken_port(self.port))

    def _bind_http_server_tcp(self) -> bool:
        self.http_server.add_sockets(self._sockets)
        return True

    def write_browser_open_file(self) -> None:
        """Write what leads a browser here for its owner alone: it holds the token."""
        Path(self.browser_open_file).touch(mode=0o600)
        super().write_browser_open_file()

    def init_webapp(self) -> None:
        """Tell who does not know where the pages stand nothing of it: it keeps cookies apart."""
        super().init_webapp()
        rules = self.web_app.wildcard_router.rules
        # Jupyter offers two files here and knows no folder for them: asking ends in a traceback.
        rules[:] = [rule for rule in rules if not _has_no_folder(rule)]
        away = PathMatches(rf"(?!{re.escape(self.base_url)}).*")
        rules.insert(0, Rule(away, Elsewhere))
        if self.own_names:
            others = Rule(OtherNames(self.own_names), OtherName)
            self.web_app.default_router.rules.insert(0, others)


def _has_no_folder(rule: Rule) -> bool:
    return rule.target is PublicStaticFileHandler and "path" not in rule.target_kwargs


class LearnServer(OwnPort):
    """A Jupyter server for our pages only, whatever else is installed or configured."""

    name = "alongside"
    default_services = ()  # type: ignore[assignment]  # no files, kernels, settings

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no configuration of the user's own Jupyter: it could change or break the pages."""

    def find_server_extensions(self) -> None:
        """Load nothing else that happens to be installed."""

    def init_webapp(self) -> None:
        """Take away the addresses that every Jupyter server has: files, figures of use, forms."""
        super().init_webapp()
        rules = self.web_app.wildcard_router.rules
        rules[:] = [rule for rule in rules if rule.target is Elsewhere or _signs_in(rule.target)]
        self.web_app.wildcard_router.add_rules([(r".*", NoPage)])


def _signs_in(handler: Any) -> bool:
    return handler is SignIn or any(each.__module__.startswith(HUB) for each in handler.__mro__)


class LearnApp(ExtensionApp):
    """The learner's pages as an extension of a Jupyter server."""

    name = "alongside"
    load_other_extensions = False
    serverapp_class = LearnServer
    learner = Instance(Learner).tag(config=True)
    only = Unicode().tag(config=True)
    under_hub = Bool().tag(config=True)
    stage = Instance(object, allow_none=True).tag(config=True)

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no configuration of the user's own Jupyter, as the server."""

    @classmethod
    def get_extension_package(cls) -> str:
        """Return the package that offers this extension."""
        return "grader.server"

    def initialize_settings(self) -> None:
        """Give the addresses what they share."""
        self.settings["alongside"] = Site(
            self.learner, self.only, self.stage, under_hub=self.under_hub
        )

    def initialize_handlers(self) -> None:
        """Add our addresses."""
        self.handlers.extend((rf"/{address}", handler) for address, handler in ADDRESSES)
