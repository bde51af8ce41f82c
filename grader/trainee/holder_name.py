"""The name that a trainee types for the certificate: what it may hold, and how it is shown.

Apart from `certificate`: nobody signs a name, so it may look like nothing but a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from grader.errors import CertificateError

MAX_NAME = 80
MAX_WORDS = 8
MAX_MARKS = 4  # on one letter; no script that is written needs more
JOINERS = "\u200c\u200d"  # seen by how the letters beside them join
JOINING = (
    "ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "MALAYALAM",
    "MONGOLIAN", "MYANMAR", "NKO", "ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU",
)  # fmt: skip
_BETWEEN = " '\u2019\u02bc.,-\u2010\u2011\u00b7\u30fb"  # what stands between the letters of names
_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # count as letters or signs
# No list of such words ends; the page itself says that nobody has signed the name.
_CLAIMS = {
    "signed", "trainer", "passed", "approved", "attested", "confirmed", "endorsed", "checked",
    "certificate", "bestanden", "gepruft",
}  # fmt: skip
_WITHIN = {"unsigned", "signature", "verified", "certified"}  # part of no name
# Letters of other scripts that look like those of a claim: no word of such a script is one.
_ALIKE = str.maketrans(
    "\u0430\u0435\u0456\u043e\u0440\u0441\u0455\u0501\u0442\u043f\u0433\u0475"  # Cyrillic
    "\u0410\u0415\u0406\u041e\u0420\u0421\u0405\u0422\u0474"
    "\u03b1\u03b5\u03b9\u03bf\u03c1\u03c4\u03c5\u03bd\u03b7"  # Greek
    "\u0391\u0395\u0399\u039f\u03a1\u03a4\u039d"
    "\u2c81\u2c89\u2c93\u2c9f\u2ca3\u2ca5\u2c99\u2c9b"  # Coptic
    "\ua4d0\ua4d1\ua4d2\ua4d3\ua4d4\ua4d6\ua4d7\ua4da\ua4dd\ua4e0\ua4e1\ua4e2\ua4e3"  # Lisu
    "\ua4e6\ua4e7\ua4ee\ua4f0\ua4f2\ua4f3\ua4f4\ua4ec"
    "\u13a0\u13a1\u13a2\u13a5\u13aa\u13ac\u13bb\u13c0\u13c2\u13d2\u13d5\u13d9\u13da"  # Cherokee
    "\u13df\u13e2\u13f4"
    "\U00010300\U00010304\U00010309\U0001030f\U00010310"  # Old Italic
    "\u0578\u0581\u0269l",  # others
    "aeiopcsdtnrvaeiopcstvaeioptuvnaeioptnaeiopcmnbpddtgkcfnisrvhaeiouydrtiaehghrsvscpbaeiopngii",
)
# Latin letters of another shape, such as small capitals, hooks and dotless ones.
_SHAPED = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL |TURNED |REVERSED |DOTLESS |SCRIPT )*"
    r"([A-Z])(?: WITH .*)?"
)
_PARTS = re.compile(r"[^\w]+|_+")
FORM = "Please use letters, and between them spaces, hyphens, dots or apostrophes"


def check_name(name: str) -> str:
    """Return a name as it may stand on a certificate.

    Raises
    ------
    CertificateError
        Where it holds signs that no name has or nobody sees, or says something of signatures.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    is_name = all(_is_of_a_name(sign) for sign in name) and len(name.split()) <= MAX_WORDS
    if not is_name or name_shown(name) != name:
        raise CertificateError(f"This name cannot be used. {FORM}")
    if claims(name):
        raise CertificateError("This name says more than a name. Please type your name alone")
    return name


def claims(name: str) -> bool:
    """Tell whether a name says something of signatures, in letters that look like it.

    A word counts as a whole: between blanks, and between hyphens, dots or apostrophes, also
    where these cut it into its letters.
    """
    plain = "".join(filter(_is_plain, unicodedata.normalize("NFKD", name)))
    words = _read(_read(plain).casefold()).split()
    parts = {part for word in words for part in _PARTS.split(word)}
    whole = {_PARTS.sub("", word) for word in (*words, "".join(words))}
    said = {word.removesuffix("s") for word in parts | whole}
    return bool(said & _CLAIMS) or any(claim in word for word in said for claim in _WITHIN)


def _read(letters: str) -> str:
    """Take letters for those that they look like."""
    return "".join(map(_read_letter, letters)).translate(_ALIKE)


def _read_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    shaped = _SHAPED.fullmatch(unicodedata.name(letter, ""))
    return shaped[1].lower() if shaped else letter


def _is_plain(sign: str) -> bool:
    """Leave out marks on letters, and joiners, which hide a word from whoever compares it."""
    return unicodedata.category(sign) not in ("Mn", "Me", "Cf")


def _is_of_a_name(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or sign in _BETWEEN or sign in JOINERS


def name_shown(name: str) -> str:
    """Return a name as the page shows it: without signs that nobody sees.

    They could turn a line around, or paint over those beside it. Those that join the letters
    of some scripts are seen, and stay between such letters.
    """
    seen = "".join(sign for sign in name if sign.isspace() or sign in JOINERS or _is_seen(sign))
    return " ".join("".join(_without_piles(_joined(seen))).split())[:MAX_NAME].strip()


def _joined(signs: str) -> Iterator[str]:
    for before, sign, after in zip(f" {signs}", signs, f"{signs[1:]} ", strict=False):
        if sign not in JOINERS or (_joins(before) and _joins(after)):
            yield sign


def _joins(sign: str) -> bool:
    """Tell whether a sign is a letter, or a mark on one, that a joiner can stand beside."""
    is_letter = unicodedata.category(sign)[0] in "LM"
    return is_letter and unicodedata.name(sign, "").startswith(JOINING)


def _without_piles(signs: Iterable[str]) -> Iterator[str]:
    """Leave out marks of which very many stand on one letter, and reach far above or below."""
    marks = 0
    for sign in signs:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            yield sign


def _is_seen(sign: str) -> bool:
    is_blank = sign in _BLANKS or unicodedata.name(sign, "").startswith("VARIATION SELECTOR")
    return sign.isprintable() and not is_blank
