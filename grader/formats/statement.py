"""Signed statements: what a trainer vouches for, as text that anybody can check offline.

A statement is a few lines of plain words, with the pass rule it was judged by. Its signature
is Ed25519 (RFC 8032) over exactly these lines, so a changed letter shows. Keys are PEM files.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from grader.content.passing import MAX_TEXT, PassRule, parse_rule
from grader.errors import CertificateError, RecordError
from grader.files.parsing import parse_json
from grader.files.safe import read_regular_file

BEFORE_RULES = "1"  # the format of statements that say points and nothing of a pass
FORMAT = "2"
SEALED = "3"  # the same lines; the feedback that they came with has a seal on all of it
PUBLIC_KEY = "certificate-key.pub"
NO_SIGNATURE = "none"
YES, NO = "yes", "no"
MAX_TITLE = 200
MAX_KEY = 8 << 10  # bytes
_HEADING = "Alongside statement"
_BLOCK = re.compile(
    rf"{_HEADING}, format (?P<format>\d+)\s+Trainee: (?P<trainee>\S+)\s+"
    rf"Module: (?P<module>\S+)\s+(?:Title: (?P<title>.{{1,{MAX_TITLE}}}?)\s+)?"
    r"Points: (?P<points>\S+) of (?P<max_points>\S+)\s+"
    rf"(?:Passed: (?P<passed>{YES}|{NO})\s+To pass: (?P<rule>.{{1,{MAX_TEXT}}}?)\s+)?"
    r"Handed in: (?P<handed_in>\S+)\s+Course version: (?P<course_version>\S+)\s+"
    rf"Signature: (?P<signature>{NO_SIGNATURE}\b|(?:[A-Za-z0-9+/]\s*){{86}}==)",
    re.DOTALL,
)
_FAR_OFF = re.compile(r"\s{100}")  # what stands after it, nobody may ever scroll to
_WORD = re.compile(r"[A-Za-z0-9._+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a trainee earned in one module; all texts, as they are signed.

    ``title``, ``rule`` and ``passed`` are empty in statements from before there was a rule.
    """

    trainee: str
    module: str
    points: str
    max_points: str
    handed_in: str
    course_version: str
    format: str = BEFORE_RULES
    title: str = ""
    rule: str = ""
    passed: str = ""

    @property
    def text(self) -> str:
        """The lines that are signed."""
        title = f"Title: {self.title}\n" if self.title else ""
        judged = f"Passed: {self.passed}\nTo pass: {self.rule}\n" if self.rule else ""
        return (
            f"{_HEADING}, format {self.format}\n"
            f"Trainee: {self.trainee}\n"
            f"Module: {self.module}\n"
            f"{title}"
            f"Points: {self.points} of {self.max_points}\n"
            f"{judged}"
            f"Handed in: {self.handed_in}\n"
            f"Course version: {self.course_version}\n"
        )


def judged(statement: Statement, rule: PassRule, title: str) -> Statement:
    """Return a statement that also says whether the module is passed, and by which rule."""
    passed = YES if rule.is_reached(statement.points, statement.max_points) else NO
    return replace(statement, format=FORMAT, title=title, rule=rule.text, passed=passed)


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement with its signature in base64, empty where nobody has signed it."""

    statement: Statement
    signature: str = ""

    @property
    def text(self) -> str:
        """Statement and signature as lines of text."""
        return f"{self.statement.text}Signature: {self.signature or NO_SIGNATURE}\n"


def read_text(text: str) -> tuple[Signed, ...]:
    """Read a text that is statements and nothing else, however its lines were broken.

    Words around them would be shown as well, and nobody has signed those.

    Raises
    ------
    CertificateError
        Where there is none, one is damaged, or there is anything else.
    """
    if _HEADING in text and _FAR_OFF.search(text):  # asked first: blanks take the search below long
        raise CertificateError("it holds more than statements of this course")
    found = tuple(_signed(match.groupdict("")) for match in _BLOCK.finditer(text))
    if not found:
        raise CertificateError("there is no statement of this course in it")
    rest = _BLOCK.sub("", text)
    if _HEADING in rest:
        raise CertificateError("one of its statements is damaged or was changed")
    if rest.strip() or not all(map(_is_seen, text)):
        raise CertificateError("it holds more than statements of this course")
    return found


def _is_seen(sign: str) -> bool:
    """Tell whether a sign stands where it is read: none that turns, hides or overtypes a line."""
    return sign.isprintable() or sign in "\n\t"


def read_data(text: str) -> tuple[Signed, ...]:
    """Read statements as JSON, one or a list, as `to_data` gives them and in the usual layout.

    Raises
    ------
    CertificateError
        Where it is anything else: another layout can show other words than are read.
    """
    try:
        data = parse_json(text, once=True)
        found = tuple(map(from_data, data if isinstance(data, list) else [data]))
    except ValueError as error:
        raise CertificateError("there is no statement of this course in it") from error
    usual = (json.dumps(data, indent=indent) for indent in (None, 1, 2, 4))
    if not found or text.strip() not in usual:
        raise CertificateError("it holds more than statements of this course")
    return found


def _signed(parts: dict[str, str]) -> Signed:
    signature = re.sub(r"\s", "", parts.pop("signature"))
    said = {name: " ".join(part.split()) for name, part in parts.items()}
    said["rule"] = said["rule"].replace("- ", "-")  # paper breaks lines at a hyphen
    return Signed(Statement(**said), "" if signature == NO_SIGNATURE else signature)


def to_data(signed: Signed) -> dict[str, Any]:
    """Return a signed statement as JSON-ready data, without what an older one does not say."""
    said = {name: value for name, value in asdict(signed.statement).items() if value}
    return said | {"signature": signed.signature}


def from_data(data: Any) -> Signed:
    """Read what `to_data` gives.

    Raises
    ------
    ValueError
        For anything else.
    """
    if not isinstance(data, dict):
        raise ValueError("statement")
    facts = dict(data)
    signature = facts.pop("signature", None)
    if not isinstance(signature, str) or not re.fullmatch(r"[A-Za-z0-9+/]{86}==", signature):
        raise ValueError("signature")
    try:
        statement = Statement(**facts)
    except TypeError as error:
        raise ValueError("statement") from error
    _check_words(statement)
    return Signed(statement, signature)


def _check_words(statement: Statement) -> None:
    words = asdict(statement)
    if not all(isinstance(value, str) for value in words.values()):
        raise ValueError("statement")
    title, rule, passed = (words.pop(name) for name in ("title", "rule", "passed"))
    if not all(_WORD.fullmatch(value) for value in words.values()):
        raise ValueError("statement")
    if statement.format == BEFORE_RULES:
        is_whole = not (title or rule or passed)
    else:
        is_whole = bool(_is_line(title) and passed in (YES, NO) and parse_rule(rule))
    if not is_whole:
        raise ValueError("statement")


def _is_line(title: str) -> bool:
    return 0 < len(title) <= MAX_TITLE and title.isprintable() and title == " ".join(title.split())


def read_public_key(path: Path) -> Any:
    """Read a public key.

    Raises
    ------
    CertificateError
        Where the file is missing or no such key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        raw = read_regular_file(path.resolve(), MAX_KEY)
        if raw is None:
            raise CertificateError(f"{path} cannot be read (there is no such file)")
        key = load_pem_public_key(raw)
    except RecordError as error:
        raise CertificateError(str(error)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError(f"{path} is not a public key of this course") from error
    if not isinstance(key, Ed25519PublicKey):
        raise CertificateError(f"{path} is a key of another kind")
    return key


def check_signatures(found: Iterable[Signed], key: Any) -> None:
    """Check every signature.

    Raises
    ------
    CertificateError
        With the first module whose signature is missing or does not fit.
    """
    for signed in found:
        module = signed.statement.module
        if not signed.signature:
            raise CertificateError(f"nobody has signed what it says about {module}")
        if not is_signed(signed.statement.text, signed.signature, key):
            message = (
                f"the signature for {module} does not fit; it was changed, or another key signed"
            )
            raise CertificateError(message)


def is_signed(text: str, signature: str, key: Any) -> bool:
    """Tell whether a signature in base64 is this key's, over this text."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(base64.b64decode(signature), text.encode())
    except InvalidSignature:
        return False
    return True
