"""Addresses within a site: pages there are files that end in ``.html``.

Apart from `build` and `browser`, which both need it: notebooks link to notebooks.
"""

from __future__ import annotations

import re

_LINK = re.compile(r'(<a\b[^>]*?\bhref=")(?![a-z][a-z0-9+.-]*:|/|#)([^"#]+)(#[^"]*)?"')


def in_site(html: str) -> str:
    """Return HTML with every link to a page of the course as it is called in a site."""
    return _LINK.sub(_linked, html)


def _linked(found: re.Match[str]) -> str:
    start, address, place = found.groups("")
    return f'{start}{page_name(address)}{place}"'


def page_name(address: str) -> str:
    """Return how a page is called in a site, such as ``07-advice/1-rules.html``."""
    path = address.removesuffix(".ipynb")
    is_page = path != address or "." not in path.rpartition("/")[2]  # feedback/07-advice
    return f"{path}.html" if is_page else address
