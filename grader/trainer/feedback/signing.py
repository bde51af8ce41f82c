"""The course's key pair, and signing with it: made once, kept by its owner or the trainers' group.

The private key never leaves the course folder. It is ignored by git, and no release,
feedback or export reads it but `signer_of`. Trainers who share a gradebook share the key:
each can change the marks that another signs, and a certificate is checked with one key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.content.syllabus import Syllabus, syllabus_of
from grader.errors import CertificateError
from grader.files.privacy import (
    how_to_get,
    how_to_share,
    is_open_to_strangers,
    write_private,
)
from grader.files.safe import FOR_ALL, write_safely
from grader.formats.statement import PUBLIC_KEY, Signed, Statement, read_public_key
from grader.surroundings import tell

PRIVATE_KEY = "certificate-key.pem"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs statements with the course's key; ``syllabus`` holds the rule they are judged by."""

    key: Any = field(repr=False)
    syllabus: Syllabus

    def __call__(self, statement: Statement) -> Signed:
        """Sign a statement exactly as it stands."""
        return Signed(statement, self.sign(statement.text))

    def sign(self, text: str) -> str:
        """Return the signature on a text, in base64."""
        return base64.b64encode(self.key.sign(text.encode())).decode()

    @property
    def name(self) -> str:
        """A short name for the key and the rule: what is signed by others has to be sent anew."""
        facts = (self.key.public_key().public_bytes_raw().hex(), self.syllabus.rule.text)
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:8]


def new_key(root: Path) -> tuple[Path, Path]:
    """Make a key pair in the course folder.

    Returns
    -------
    tuple of Path
        The private key, for its owner or the trainers' group alone, and the public one.

    Raises
    ------
    CertificateError
        Where there is a key already: certificates signed with it would no longer hold.
    """
    from cryptography.hazmat.primitives import serialization as pem
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private, public = root / PRIVATE_KEY, root / PUBLIC_KEY
    _refuse_a_second(private, public)
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    write_private(private, secret)
    try:
        _write_public(public, key)
    except BaseException:  # also Ctrl and C: both halves or neither
        private.unlink()
        public.unlink(missing_ok=True)
        raise
    return private, public


def _refuse_a_second(private: Path, public: Path) -> None:
    fail = "a new key would make older certificates fail"
    if os.path.lexists(private):
        raise CertificateError(f"{private.name} is there already; {fail}")
    if os.path.lexists(public):
        message = (
            f"{public.name} is there already; put your copy of {private.name} back. "
            f"Only where there is no copy, remove {public.name} and run this again: {fail}"
        )
        raise CertificateError(message)


def _write_public(path: Path, key: Any) -> None:
    from cryptography.hazmat.primitives import serialization as pem

    shown = key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    write_safely(path, shown, mode=FOR_ALL)
    path.chmod(0o644)


def signer_of(root: Path) -> Signer | None:
    """Return what signs statements with the course's key, None where there is no key.

    The public half is made again where it is lost or spoilt.

    Raises
    ------
    CertificateError
        Where the key cannot be used, others may read it, or only its public half is there
        or one of another pair.
    ContentError
        Where the course's pass rule cannot be read.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = root / PRIVATE_KEY
    if not path.is_file():
        _require_no_other_trace(root)
        return None
    if is_open_to_strangers(path):
        raise CertificateError(f"others can read {path.name}; make it yours: {how_to_share(path)}")
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except PermissionError as error:
        message = f"{path.name} is kept by another account; {how_to_get(path)}"
        raise CertificateError(message) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = (
            f"{path.name} is not a key of this course; put your copy of it back. Only where there "
            f"is no copy, remove it and {PUBLIC_KEY}, and run 'alongside certify --new-key'"
        )
        raise CertificateError(message) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CertificateError(f"{path.name} is a key of another kind")
    _see_to_public(root / PUBLIC_KEY, key)
    return Signer(key, syllabus_of(root))


def _require_no_other_trace(root: Path) -> None:
    """Refuse to go on without a key where there was one: what is signed would be lost."""
    if any(os.path.lexists(root / name) for name in (PRIVATE_KEY, PUBLIC_KEY)):
        message = (
            f"this course signs what it sends, and its key {PRIVATE_KEY} is missing; "
            f"put your copy of it back, or remove {PUBLIC_KEY} to go on without signing"
        )
        raise CertificateError(message)


def _see_to_public(path: Path, key: Any) -> None:
    """Make the public half again where it is lost or spoilt; refuse that of another pair."""
    if path.exists() and not os.access(path, os.R_OK):
        return  # another trainer's, who kept it to themselves: it is not needed to sign
    try:
        other = read_public_key(path).public_bytes_raw() != key.public_key().public_bytes_raw()
    except CertificateError:
        _make_public_again(path, key)
        return
    if other:
        message = (
            f"{PRIVATE_KEY} and {path.name} are not of one pair; put your copy of the right one "
            f"back, or remove {path.name} to go on with this {PRIVATE_KEY}"
        )
        raise CertificateError(message)


def _make_public_again(path: Path, key: Any) -> None:
    try:
        _write_public(path, key)
        tell(f"{path.name} was missing or spoilt; it is made again from {PRIVATE_KEY}.")
    except OSError as error:  # it is not needed to sign
        tell(f"{path.name} is missing or spoilt, and cannot be written ({error.strerror}).")
