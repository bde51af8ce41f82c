"""Take the endings off words, so that two forms of one word meet and two words do not.

The rules are those of the Porter2 stemmer for English (Porter 1980, doi:10.1108/eb046814;
Porter 2002, https://snowballstem.org/algorithms/english/stemmer.html) for the endings of one
word's forms: plurals, -ed and -ing with what they doubled or took away, -y, -ly and a last
-e. The steps that make one word of many (-er, -ness, -ation) are left out: "letter" must not
meet "let".

What a stem looks like does not matter. An ending goes only where enough of a word is left
before it, which Porter measures by a word's regions: R1 is what follows the first consonant
after a vowel, R2 is the same within R1.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWEL, _OTHER = "[aeiouy]", "[^aeiouy]"  # a "y" that sounds as a consonant is written "Y"
_REGION = re.compile(f"{_VOWEL}{_OTHER}")
_SHORT = re.compile(f"(?:^{_VOWEL}{_OTHER}|{_OTHER}{_VOWEL}[^aeiouywxY])$")
_DOUBLED = re.compile(r"(bb|dd|ff|gg|mm|nn|pp|rr|tt)$")
_ADVERB = re.compile(r"(?:(?<=[cdeghkmnrt])|(?<=al)|(?<=ful)|(?<=less)|(?<=ous))li$")
# Words whose ending is none, and forms that no rule tells.
_KEPT = frozenset(["early", "evening", "inning", "news", "only", "outing", "ugly"])
_TOLD = {"does": "do", "dying": "die", "goes": "go", "lying": "lie", "tying": "tie"}


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word without the endings that its forms take.

    Parameters
    ----------
    word : str
        One word in small letters.
    """
    if word.endswith("s") and word[:-1] in _KEPT:
        return word[:-1]
    if len(word) < 3 or word in _KEPT:
        return word
    if word in _TOLD:
        return _TOLD[word]
    word = re.sub(r"^y|(?<=[aeiou])y", "Y", word)
    first, second = _regions(word)
    word = _without_past(_without_plural(word), first)
    word = re.sub(r"(?<=[^aeiouy])(?<=..)[yY]$", "i", word)
    word = _without_adverb(word, first)
    return _without_last(word, first, second).lower()


def _regions(word: str) -> tuple[int, int]:
    """Return where R1 and R2 begin; at the end of the word where there is none."""
    found = _REGION.search(word)
    first = found.end() if found else len(word)
    found = _REGION.search(word, first)
    return first, found.end() if found else len(word)


def _without_plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ies", "ied")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _vowel(word[:-2]):
        return word[:-1]
    return word


def _without_past(word: str, first: int) -> str:
    if word.endswith("eed"):
        return word[:-1] if len(word) - 3 >= first else word
    ending = next((each for each in ("ed", "ing") if word.endswith(each)), "")
    left = word.removesuffix(ending)
    if not ending or not _vowel(left):
        return word
    if left.endswith(("at", "bl", "iz")):
        return f"{left}e"
    if _DOUBLED.search(left):
        return left[:-1]
    return f"{left}e" if len(left) <= first and _SHORT.search(left) else left  # "hop" of "hoping"


def _without_adverb(word: str, first: int) -> str:
    if len(word) - 3 >= first and word.endswith("bli"):
        return word[:-1]
    return _ADVERB.sub("", word) if len(word) - 2 >= first else word


def _without_last(word: str, first: int, second: int) -> str:
    """Drop a last "e", and the second of two "l", where enough stands before it."""
    at = len(word) - 1
    if word.endswith("e"):
        gone = at >= second or (at >= first and not _SHORT.search(word[:-1]))
        return word[:-1] if gone else word
    return word[:-1] if word.endswith("ll") and at >= second else word


def _vowel(part: str) -> bool:
    return re.search(_VOWEL, part) is not None
