"""What stands around a site's pages: headers for hosts, what makes it installable, licences.

Apart from `build`, which writes it: nothing of it is a page of the course.
"""

from __future__ import annotations

import json
import os
from importlib.metadata import distribution
from pathlib import Path

from grader.places import PACKAGE
from grader.site.pack import BROUGHT
from grader.site.pages import KEPT_RULES, RULES, WORKER_RULES

LONG = "public, max-age=31536000, immutable"  # what never changes under its address
FRESH = "no-cache"  # asked for anew each time
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
RULED = {"/lessons/": RULES, "/own/": WORKER_RULES, "/feedback/": KEPT_RULES}
KEPT_LONG = {"/own/": LONG, "/pyodide/": LONG, "/lessons/": FRESH, "/feedback/": FRESH}
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="14" fill="#14596e"/>
<circle cx="23" cy="24" r="8" fill="#fff"/><circle cx="42" cy="27" r="7" fill="#fff"/>
<path d="M9 52c1-11 7-17 14-17 5 0 9 3 11 8 2-3 5-4 8-4 6 0 11 5 12 13z" fill="#fff"/></svg>
"""


def around(pyodide_version: str) -> dict[str, bytes]:
    """Return the files by name."""
    texts = {
        "manifest.webmanifest": json.dumps(_manifest(), indent=1),
        "icon.svg": ICON,
        "_headers": _headers(),
        "HEADERS.txt": _headers_elsewhere(),
        "LICENCES.txt": _licences(pyodide_version),
    }
    return {name: text.encode() for name, text in texts.items()}


def _manifest() -> dict[str, object]:
    return {
        "name": "Alongside: a peer-support course",
        "short_name": "Alongside",
        "start_url": "lessons/index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#14596e",
        "icons": [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }


# --- headers


def _of(folder: str) -> dict[str, str]:
    found = dict(ALWAYS)
    if folder in KEPT_LONG:
        found["Cache-Control"] = KEPT_LONG[folder]
    if folder in RULED:
        found["Content-Security-Policy"] = f"{RULED[folder]}; frame-ancestors 'none'"
    return found


def _folders() -> list[str]:
    return sorted({*RULED, *KEPT_LONG})


def _headers() -> str:
    """Return the headers as Netlify and Cloudflare Pages read them."""
    parts = (
        f"{folder}*\n" + "".join(f"  {name}: {value}\n" for name, value in _of(folder).items())
        for folder in _folders()
    )
    return "".join(parts)


def _headers_elsewhere() -> str:
    return "\n".join(
        (
            "The site works without any of this: each page brings its rules itself.",
            "With these headers it is faster the second time, and the rules hold for all files.",
            "They are for a site at the root of its host. In a folder, put its path before each.",
            "",
            "nginx, inside server { }:",
            "",
            *(_nginx(folder) for folder in _folders()),
            "Apache, as .htaccess beside this file (needs mod_headers):",
            "",
            *(_apache(folder) for folder in _folders()),
        )
    )


def _nginx(folder: str) -> str:
    lines = (f'  add_header {name} "{value}";' for name, value in _of(folder).items())
    return "\n".join((f"location {folder} {{", *lines, "}", ""))


def _apache(folder: str) -> str:
    lines = (f'  Header set {name} "{value}"' for name, value in _of(folder).items())
    return "\n".join((f'<If "%{{REQUEST_URI}} =~ m#{folder}#">', *lines, "</If>", ""))


# --- licences


def _licences(pyodide_version: str) -> str:
    parts = [
        ("Alongside", _text_of(PACKAGE.parent / "LICENSE") or "BSD 3-Clause"),
        (
            "Text of the course",
            "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
        ),
        (
            f"Pyodide {pyodide_version}",
            "Mozilla Public License 2.0, https://www.mozilla.org/MPL/2.0/\n"
            f"Source: https://github.com/pyodide/pyodide/tree/{pyodide_version}\n"
            "Its loader is as it was published, but for the names of its files.",
        ),
        (
            "Python's own library, without parts that the course does not use",
            _text_of(Path(os.__file__).parent / "LICENSE.txt")
            or "Python Software Foundation License, https://docs.python.org/3/license.html",
        ),
        *((name, _licence_of(name)) for name in BROUGHT),
        *_drawn_and_lettered(),
    ]
    return "\n\n".join(f"{name}\n{'=' * len(name)}\n\n{text}" for name, text in parts)


def _drawn_and_lettered() -> list[tuple[str, str]]:
    """Return the licences of what pages are drawn and written with."""
    static, scenes = PACKAGE / "cards" / "static", PACKAGE / "html" / "templates" / "scenes"
    typefaces = sorted((static / "fonts").glob("OFL-*.txt"))
    fonts = [(path.stem.removeprefix("OFL-").replace("-", " "), path) for path in typefaces]
    return [
        *((f"Typeface {name}", _text_of(path)) for name, path in fonts),
        ("Icons of the places: Phosphor", _text_of(scenes / "LICENSE-Phosphor.txt")),
        (
            "Faces of the people: Open Peeps by Pablo Stanley",
            "CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/\n"
            "Put together with DiceBear, https://www.dicebear.com/",
        ),
    ]


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _licence_of(package: str) -> str:
    found = distribution(package)
    texts = [file for file in found.files or () if file.name.upper().startswith("LICEN")]
    return "\n".join(file.read_text(encoding="utf-8") for file in texts) or "BSD 3-Clause"
