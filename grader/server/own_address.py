"""An address of its own for each run, which nobody can guess beforehand.

What a browser keeps for an origin outlives the program that answered there. Another account's
page, served at the port of a course that was closed, could leave a service worker, which reads
all that a later run at the same origin sends and holds. So no run stands where anybody has been:
the numbers of its address are drawn anew. Where a computer has 127.0.0.1 alone, its name is
drawn; where names lead nowhere either, its port is, which is far less to guess.
"""

from __future__ import annotations

import errno
import ipaddress
import secrets
import socket
from dataclasses import dataclass

KNOWN = "127.0.0.1"  # what a forwarded port and a proxy lead to: the same for every run
NAMES = (KNOWN, "localhost")
OF_THIS_COMPUTER = ".localhost"
FREE_PORTS = range(49_152, 65_000)  # which no program has by a rule


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """Where a run stands: what it listens at, and by which names alone it is called."""

    host: str
    names: tuple[str, ...]

    @property
    def is_secret(self) -> bool:
        """Tell whether nobody could know it beforehand."""
        return self.host != KNOWN


def known_address() -> OwnAddress:
    """Return the address that every run could have, for who forwards a port to it."""
    return OwnAddress(KNOWN, NAMES)


def own_address() -> OwnAddress:
    """Draw an address for one run, the best that this computer has."""
    for host in (_numbers(), f"{secrets.token_hex(16)}{OF_THIS_COMPUTER}"):
        if _is_ours(host):
            return OwnAddress(host, (host,))
    return known_address()


def drawn_port() -> int:
    """Return a port that cannot be guessed, for an address that can."""
    return secrets.choice(FREE_PORTS)


def listening(host: str, port: int) -> list[socket.socket]:
    """Listen at a host of this computer, wherever a browser may look for it.

    Raises
    ------
    OSError
        Where somebody else listens there.
    """
    found = [socket.create_server((host, port))]
    if host.endswith(OF_THIS_COMPUTER):  # browsers try the newer kind of address first
        try:
            found.append(socket.create_server(("::1", port), family=socket.AF_INET6))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                found[0].close()
                raise
    for each in found:
        each.setblocking(False)
    return found


def _numbers() -> str:
    """Draw one of the 16 million addresses that lead nowhere but to this computer."""
    first, second, third = (1 + secrets.randbelow(254) for _ in range(3))
    return f"127.{first}.{second}.{third}"


def _is_ours(host: str) -> bool:
    """Tell whether a host is this computer alone, and can be listened at."""
    try:
        found = {line[4][0] for line in socket.getaddrinfo(host, None)}
        if not all(ipaddress.ip_address(each).is_loopback for each in found):
            return False
        socket.create_server((host, 0)).close()
    except (OSError, ValueError):
        return False
    return True
