"""Check a certificate with the trainer's public key, without a network.

What is read is what a reader sees: the whole file has to be a page as the course makes it,
letter for letter, or statements and nothing else. Apart from `certificate`, which makes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from grader.errors import CertificateError, RecordError
from grader.files.safe import read_regular_file
from grader.formats.statement import (
    PUBLIC_KEY,
    Signed,
    check_signatures,
    read_data,
    read_public_key,
    read_text,
)
from grader.places import Course
from grader.trainee.certificate import BEFORE_RULES, LAYOUT, certificate_html

MAX_BYTES = 128 << 10  # the page of a course of 40 modules is 40 KiB
_BEGIN = "<!doctype html>\n"
_MARK = re.compile(r'<meta name="alongside-certificate" content="(\w+)">')
_NAME = re.compile(r'<p class="name">(.*?)</p>')
_LINES = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)


def find_key(course: Course, given: Path | None) -> Path:
    """Return the public key to check with: the one given, or the one of this course.

    A key that lies beside a certificate proves nothing: whoever forged the one made the other.

    Raises
    ------
    CertificateError
        Where there is none.
    """
    own = course.lessons / PUBLIC_KEY
    if given is None and not own.is_file():
        raise CertificateError("which public key? Ask the trainer for it, and name it with --key")
    return given or own


def verify(course: Course, file: Path, key: Path) -> tuple[Signed, ...]:
    """Check a certificate, or statements as text or JSON, with a public key.

    Returns
    -------
    tuple of Signed
        What the owner of the key vouches for: all on one trainee, each on another module.

    Raises
    ------
    CertificateError
        Where it does not hold.
    """
    public = read_public_key(key)
    raw = _raw_of(file)
    try:
        found = _read(course, raw.decode("utf-8"))
        check_signatures(found, public)
        _check_together(found)
    except UnicodeDecodeError as error:
        raise CertificateError(f"{file.name} does not hold: it is not text any more") from error
    except CertificateError as error:
        raise CertificateError(f"{file.name} does not hold: {error}") from None
    return found


def _raw_of(file: Path) -> bytes:
    try:
        raw = read_regular_file(file.resolve(), MAX_BYTES)
    except RecordError as error:
        raise CertificateError(f"{error}, so it is no certificate") from error
    if raw is None:
        raise CertificateError(f"{file} cannot be read (there is no such file)")
    return raw


def _with_own_line_ends(text: str) -> str:
    """Return a text with our line ends where each of its lines ends as on Windows."""
    ours = text.replace("\r\n", "\n")
    return ours if ours.replace("\n", "\r\n") == text else text


def _read(course: Course, text: str) -> tuple[Signed, ...]:
    text = _with_own_line_ends(text)
    if text.startswith(_BEGIN):
        return _read_page(course, text)
    text = text.removeprefix("\ufeff")  # which Windows puts before a text
    return read_data(text) if text[:1] in ("{", "[") else read_text(text)


def _read_page(course: Course, text: str) -> tuple[Signed, ...]:
    mark, name, lines = (find.search(text) for find in (_MARK, _NAME, _LINES))
    if not (mark and name and lines):
        raise CertificateError("it is not a certificate of this course, or was changed")
    found = read_text(unescape(lines.group(1)))
    layout = mark.group(1)
    if layout not in (BEFORE_RULES, LAYOUT):
        raise CertificateError("its page was made by another version of the course")
    if layout == BEFORE_RULES and any(signed.statement.rule for signed in found):
        raise CertificateError("something on the page was changed")
    if certificate_html(course, found, unescape(name.group(1)), layout) != text:
        raise CertificateError("something on the page was changed")
    return found


def _check_together(found: Iterable[Signed]) -> None:
    said = [signed.statement for signed in found]
    if len({one.trainee for one in said}) > 1:
        raise CertificateError("its statements are about more than one trainee")
    [(module, times)] = Counter(one.module for one in said).most_common(1)
    if times > 1:
        raise CertificateError(f"it holds more than one statement on {module}")
