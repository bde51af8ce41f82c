"""The certificate: a page to print that carries the trainer's statements, and its check.

A page is made from its statements and a name alone. So the check makes it again and
compares: what was changed anywhere on it shows, not only in the signed lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path

from grader import coursemap, places
from grader.errors import CertificateError
from grader.released import Released, released
from grader.statement import (
    PUBLIC_KEY,
    Signed,
    Statement,
    check_signatures,
    read_public_key,
    read_text,
)

LAYOUT = "1"  # to be raised with every change of the page: older ones are then not compared
MAX_NAME = 80
MAX_BYTES = 1 << 20
UNVERIFIED = "Unverified: made on the trainee’s own computer"
_MARK = re.compile(r'<meta name="alongside-certificate" content="(\w+)">')
_NAME = re.compile(r'<p class="name">(.*?)</p>')
_LINES = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 42rem; padding: 2rem 1.25rem; color: #1d2b33; background: #fff;
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 2rem; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.125rem; }
.name { margin: 1rem 0 0; font-size: 1.5rem; overflow-wrap: anywhere; }
.soft { margin: 0 0 1rem; color: #4a5a64; }
.state { padding: .625rem 1rem; border: 2px solid #14596e; border-radius: 8px; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; color: #4a5a64; }
th, td { padding: .375rem .5rem; border-bottom: 1px solid #c6d0d6; text-align: left; }
th { font-weight: 600; }
pre { margin: 0; font: .6875rem/1.4 ui-monospace, "Liberation Mono", monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; columns: 2 18rem; }
@page { margin: 12mm; }
@media print { html { font-size: 11px; } body { max-width: none; padding: 0; }
  pre { font-size: 7px; line-height: 1.3; } }
"""


def modules_open() -> tuple[str, ...]:
    """Return the modules with an exercise whose marks are not all released yet."""
    return tuple(name for name in _modules() if not _is_final(released(name)))


def _modules() -> list[str]:
    return sorted(path.parent.name for path in places.exercises_folder().glob("*/exercise.ipynb"))


def _is_final(found: Released | None) -> bool:
    return found is not None and found.waiting == 0


def own_statements() -> tuple[Signed, ...]:
    """Return what the trainer has released on every module, signed or not.

    Raises
    ------
    CertificateError
        Where the marks of some modules are not all there yet.
    """
    missing = modules_open()
    if missing:
        raise CertificateError("The marks of some modules are not here yet")
    found = (released(name) for name in _modules())
    return tuple(each.signed or Signed(_unsigned(each)) for each in found if each)


def _unsigned(found: Released) -> Statement:
    return Statement(
        trainee=found.trainee,
        module=found.module,
        points=f"{found.points:g}",
        max_points=f"{found.max_points:g}",
        handed_in="unknown",
        course_version="unknown",
    )


def is_signed(found: Iterable[Signed]) -> bool:
    """Tell whether every statement carries a signature; only `verify` tells whether it holds."""
    return all(signed.signature for signed in found)


def certificate_html(found: Iterable[Signed], name: str = "") -> str:
    """Return the certificate as a page that stands alone and prints well.

    Parameters
    ----------
    found : iterable of Signed
        One for each module, in order.
    name : str
        As the trainee typed it. It is not signed, and the page says so.
    """
    found = tuple(found)
    name = " ".join(name.split())[:MAX_NAME]
    trainees = ", ".join(sorted({signed.statement.trainee for signed in found}))
    rows = "".join(_row(signed.statement) for signed in found)
    lines = "\n".join(signed.text for signed in found)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="alongside-certificate" content="{LAYOUT}">
<title>Certificate · Alongside</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Certificate</h1>
<p class="soft">Alongside, a training course in peer support</p>
<p class="name">{escape(name)}</p>
<p class="soft">{"This name was typed by its holder. It is not signed. " if name else ""}The \
trainer knows the holder by the code <strong>{escape(trainees)}</strong>.</p>
<p class="state">{_state(found)}</p>
<table>
<caption>The exercises of the course, as marked by a trainer</caption>
<thead><tr><th scope="col">Module</th><th scope="col">Points</th></tr></thead>
<tbody>{rows}</tbody>
</table>
<h2>The statements</h2>
<p class="soft">{_how(found)}</p>
<pre>{escape(lines)}</pre>
</main>
</body>
</html>
"""


def _row(statement: Statement) -> str:
    title = coursemap.module_heading(statement.module)
    points = f"{statement.points} of {statement.max_points}"
    return f'<tr><th scope="row">{escape(title)}</th><td>{escape(points)}</td></tr>'


def _state(found: tuple[Signed, ...]) -> str:
    return "Signed by the trainer for every module" if is_signed(found) else UNVERIFIED


def _how(found: tuple[Signed, ...]) -> str:
    if not is_signed(found):
        return "The trainer has not signed these lines. Nobody can check them without the trainer."
    return (
        "Each is signed. With the trainer’s public key anybody can check this file, also without "
        "a network: alongside verify certificate.html --key certificate-key.pub"
    )


# --- checking


def find_key(given: Path | None) -> Path:
    """Return the public key to check with: the one given, or the one of this course.

    A key that lies beside a certificate proves nothing: whoever forged the one made the other.

    Raises
    ------
    CertificateError
        Where there is none.
    """
    own = places.course_folder() / PUBLIC_KEY
    if given is None and not own.is_file():
        raise CertificateError("which public key? Ask the trainer for it, and name it with --key")
    return given or own


def verify(file: Path, key: Path) -> tuple[Signed, ...]:
    """Check a certificate, or the text of one, with a public key; no network is needed.

    Returns
    -------
    tuple of Signed
        What the owner of the key vouches for.

    Raises
    ------
    CertificateError
        Where it does not hold.
    """
    public = read_public_key(key)
    try:
        raw = file.read_bytes()
        if len(raw) > MAX_BYTES:
            raise CertificateError(f"{file.name} does not hold: it is too large to be one")
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise CertificateError(f"{file} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CertificateError(f"{file.name} does not hold: it is not text any more") from error
    try:
        found = _read_page(text) if "<html" in text else read_text(text)
        check_signatures(found, public)
        if len({signed.statement.trainee for signed in found}) > 1:
            raise CertificateError("its statements are about more than one trainee")
    except CertificateError as error:
        raise CertificateError(f"{file.name} does not hold: {error}") from None
    return found


def _read_page(text: str) -> tuple[Signed, ...]:
    mark, name, lines = (find.search(text) for find in (_MARK, _NAME, _LINES))
    if not (mark and name and lines):
        raise CertificateError("it is not a certificate of this course, or was changed")
    if mark.group(1) != LAYOUT:
        raise CertificateError("its page was made by another version of the course")
    found = read_text(unescape(lines.group(1)))
    if certificate_html(found, unescape(name.group(1))) != text:
        raise CertificateError("something on the page was changed")
    return found
