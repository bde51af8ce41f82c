"""A log-in that ends with its run: nothing that a browser or a program kept opens the next one.

A cookie knows no port. What a browser got from 127.0.0.1 goes to every program that listens
there, so also to another account's that took the port of a course which was closed. So each
run stands under a path that nobody can guess, its cookies go to that path alone, and what they
were signed with is never written down. Who listens at an old port is asked for an old path, and
gets cookies that open nothing any more.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from traitlets.config import Config

LONGEST = 1.0  # days that a log-in holds while its run goes on
FIXED = ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE")  # would be the same for every run


def end_with_run(config: Config, *, page_reads_mark: bool = False) -> None:
    """Set a server's log-in to hold for this run alone.

    Parameters
    ----------
    config : Config
        The server's settings; ``base_url`` is made longer.
    page_reads_mark : bool
        Whether scripts of the pages read the mark against forged messages from its cookie,
        as JupyterLab's do; ours carry it themselves.
    """
    for name in FIXED:
        os.environ.pop(name, None)
    path = f"{config.ServerApp.get('base_url', '/')}{secrets.token_hex(16)}/"
    # No day of expiry: a browser forgets them when it is closed.
    cookies: dict[str, Any] = {"path": path, "samesite": "Strict", "expires_days": None}
    settings = dict(config.ServerApp.get("tornado_settings", {}))
    settings["xsrf_cookie_kwargs"] = cookies | {"httponly": not page_reads_mark}
    config.ServerApp.update(
        base_url=path, cookie_secret=secrets.token_bytes(32), tornado_settings=settings
    )
    config.IdentityProvider.update(
        cookie_name=f"alongside-{secrets.token_hex(8)}",
        cookie_options=cookies | {"httponly": True},
        get_secure_cookie_kwargs={"max_age_days": LONGEST},
    )
