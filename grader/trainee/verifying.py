"""Check a certificate with the trainer's public key, without a network.

What is read is what a reader sees: the whole file has to be a page as the course makes it,
letter for letter, or statements and nothing else. Feedback holds by its seal, which covers its
page; a zip file of it holds the page, its numbers and nothing else. Apart from `certificate`,
which makes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from html import unescape
from pathlib import Path

from grader.errors import CertificateError, RecordError, SubmissionError
from grader.files.safe import read_regular_file
from grader.formats.archives import plainly
from grader.formats.feedback import numbers_in
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
from grader.trainee.feedback_file import MAX_ALL, all_in, as_sent
from grader.trainee.holder_name import claims
from grader.trainee.released import Feedback
from grader.trainee.trust import Trust, trust_by

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


def feedback_in(file: Path) -> list[Feedback]:
    """Return the feedback that a file holds, none where it is no feedback file.

    Raises
    ------
    CertificateError
        Where it is a zip file of anything else.
    """
    with suppress(RecordError):  # larger than any feedback: it may still be anything else
        raw = read_regular_file(file.resolve(), MAX_ALL) or b""
        if raw.startswith(b"PK") or file.suffix.casefold() == ".zip" or numbers_in(raw):
            return _feedback_of(file, raw)
    return []


def _feedback_of(file: Path, raw: bytes) -> list[Feedback]:
    try:
        with plainly():
            found = _as_seen(file, raw)
    except SubmissionError as error:
        raise CertificateError(f"{file.name} does not hold: {error}") from error
    if not found:
        raise CertificateError(f"{file.name} does not hold: there is no feedback in it")
    return found


def _as_seen(file: Path, raw: bytes) -> list[Feedback]:
    """Return what somebody sees who opens the file: by its name, and by how it begins."""
    if not raw.startswith(b"PK"):
        return list(all_in(raw))
    if file.suffix.casefold() != ".zip":
        raise SubmissionError("it begins as a zip file, and its name does not end in .zip")
    return [as_sent(raw)]


def verify_feedback(file: Path, found: Iterable[Feedback], key: Path) -> None:
    """Check feedback with a public key, as the trainee's own pages do.

    Raises
    ------
    CertificateError
        Where not all of it is signed: it is changed, not ours, or only its marks are signed.
    """
    public = read_public_key(key)
    for one in found:
        said = trust_by(public, one)
        if said is not Trust.WHOLE:
            what = f"the feedback on {one.facts.module} is {said.words}"
            raise CertificateError(f"{file.name} does not hold: {what}")


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
    if claims(unescape(name.group(1))):  # other odd names stand on pages of older courses
        raise CertificateError("its name says more than a name")
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
