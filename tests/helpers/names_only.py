"""The course's commands on a computer that has 127.0.0.1 alone, and finds names of its own.

That is how macOS is set up. Run as ``python -m helpers.names_only learn …``. Where this computer
finds no names under ``.localhost`` itself, it is told where they lead; a browser is told nothing.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
from typing import Any

from grader.cli import main

KNOWN = "127.0.0.1"
END = ".localhost"
_find, _listen = socket.getaddrinfo, socket.create_server


def find(host: Any, *rest: Any, **more: Any) -> Any:
    return _find(KNOWN if str(host).endswith(END) else host, *rest, **more)


def listen(address: tuple[Any, ...], **more: Any) -> socket.socket:
    host, *rest = address
    if host.endswith(END):
        host = KNOWN
    elif host != KNOWN and ipaddress.ip_address(host) in ipaddress.ip_network("127.0.0.0/8"):
        raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    return _listen((host, *rest), **more)


if __name__ == "__main__":
    socket.getaddrinfo, socket.create_server = find, listen
    sys.exit(main())
