"""Which port a server of ours takes, and what is said where it cannot have it."""

from __future__ import annotations

import os
import socket

from grader.errors import PagesError

FIRST_PORT = 8765
PORTS = 50  # how many further ports are tried when nobody asked for a certain one


def check_port(port: int | None) -> None:
    """See to it that a port that was asked for can be used.

    Raises
    ------
    PagesError
        With the reason where it cannot.
    """
    if port is None:
        return
    with socket.socket() as probe:
        if os.name == "posix":  # a port just left is free; elsewhere this would allow a taken one
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))  # also one that stands at another address of this computer
        except PermissionError as error:
            message = f"Port {port} cannot be used ({error.strerror}); choose another --port"
            raise PagesError(f"{message}, such as {FIRST_PORT}") from error
        except OSError as error:
            raise PagesError(taken_port(port)) from error


def taken_port(port: int) -> str:
    """Return the sentence that stands for a port which another program has."""
    return f"Port {port} is in use; close the other program or choose another --port"
