"""Take a trainer's feedback in, from a file or from the exchange, and keep it for reading.

Apart from the card that offers it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from grader.errors import CertificateError, HandInError, SubmissionError
from grader.files import safe
from grader.formats import exchange, feedback
from grader.formats.archives import Allowance, Files, files_in, open_pack, plainly, read_entry
from grader.formats.statement import PUBLIC_KEY, Signed, check_signatures, read_public_key
from grader.places import Course, Home, Learner
from grader.trainee import hand_in, released

MAX_FEEDBACK = 4 << 20  # bytes; a page of feedback is about 40 KiB
MAX_FILES = 200  # in one zip file: all modules, and what systems put beside them
MAX_ALL = 24 << 20  # bytes of all in it, unpacked: far more than all modules have
UNSIGNED = "It is not signed with the key of your course. Please ask your trainer if they sent it."
UNCHECKED = "Your browser cannot check who signed it. A newer browser can."
MODULE = re.compile(r"[0-9]{2}-[a-z0-9-]{1,40}")
_PAGE = re.compile(r".*\.html?", re.IGNORECASE | re.DOTALL)
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class _Feedback(NamedTuple):
    """One page with its numbers."""

    page: bytes
    numbers: bytes


def keep_feedback(learner: Learner, content: bytes) -> list[str]:
    """Keep what a trainer's feedback file holds and return the modules it is on.

    That is the zip file as it was sent, packed anew, several in one, or the page alone.
    The page inside is shown later by a server that lets it do nothing but be read.

    Raises
    ------
    HandInError
        Where this is not a feedback file of this course, some of it is somebody else's, two
        pages are on one module, or one is older than what is here, or not signed while that
        is; then nothing is kept.
    """
    try:
        with plainly():
            found = [(_facts(learner.course, one.numbers), one) for one in _all_in(content)]
            if not found:
                raise ValueError("nothing")
    except SubmissionError as error:
        raise HandInError(_why_not(content)) from error
    _check_owners(learner, [facts for facts, _ in found])
    _check_age(learner, [facts for facts, _ in found])
    for facts, _ in found:
        if _lacks_signature(learner, facts.module, facts):
            raise HandInError(_signed_here(learner, facts.module))
    for facts, one in found:
        _keep(learner.home, facts.module, one.page, one.numbers)
    return [facts.module for facts, _ in found]


def _all_in(content: bytes) -> Iterator[_Feedback]:
    """Yield each feedback in a page or a zip file; in a zip file in a zip file at most."""
    if content.lstrip(codecs.BOM_UTF8).lstrip()[:1] == b"<" or content[:2] in _WIDE:
        yield from _alone(content[: MAX_FEEDBACK + 1])
        return
    allowed = Allowance(MAX_FILES, MAX_ALL)
    with open_pack(content, MAX_FILES) as pack:
        files = files_in(pack, MAX_FILES)
        yield from _in_pack(pack, files, allowed)
        for path, entry in files:
            if path.lower().endswith(".zip"):
                allowed.take(entry.file_size)
                with open_pack(read_entry(pack, entry, 2 * MAX_FEEDBACK), MAX_FILES) as inner:
                    yield from _in_pack(inner, files_in(inner, MAX_FILES), allowed)


def _in_pack(pack: ZipFile, files: Files, allowed: Allowance) -> Iterator[_Feedback]:
    entries = dict(files)
    if len(entries) < len(files):
        raise SubmissionError("it holds two files of the same name")
    for path, entry in files:
        if _PAGE.fullmatch(path):
            allowed.take(entry.file_size)
            page = read_entry(pack, entry, MAX_FEEDBACK)
            beside = entries.get(f"{path.rpartition('.')[0]}.json")
            numbers = beside and read_entry(pack, beside, feedback.MAX_BYTES)
            yield from [_Feedback(_as_utf8(page), numbers)] if numbers else _alone(page)


def _alone(page: bytes) -> Iterator[_Feedback]:
    page = _as_utf8(page)
    if numbers := feedback.numbers_in(page):
        yield _Feedback(page, numbers)


def _as_utf8(page: bytes) -> bytes:
    """Return a page as the server sends it; some editors save it in two bytes a letter."""
    wide = _WIDE.get(page[:2])
    return page.decode(wide, "replace").encode() if wide else page


def _facts(course: Course, numbers: bytes) -> feedback.Released:
    found = feedback.parse(numbers)
    module = found.module
    if not MODULE.fullmatch(module) or not (course.exercises / module).is_dir():
        raise ValueError(module)
    return found


def _why_not(content: bytes) -> str:
    try:
        feedback.parse(content)
    except ValueError:
        return "This is not a feedback file. Choose the one that ends in -feedback.zip"
    return (
        "This is not a feedback file, only its numbers. Choose feedback.html, which lies beside it"
    )


def _check_owners(learner: Learner, found: list[feedback.Released]) -> None:
    mine, here = hand_in.read_trainee(learner.home), _whose_is_here(learner)
    for other in {facts.trainee for facts in found} - {"", mine or here}:
        if mine or here or len({facts.trainee for facts in found}) > 1:
            whose = f", and what is here is for {here}" if here else ", and some is for others"
            whose = f", and your code is {mine}" if mine else whose
            message = f"This feedback is for {ascii(other)[1:-1]}{whose}"
            raise HandInError(f"{message}. Please tell your trainer")
    modules = [facts.module for facts in found]
    if len(set(modules)) < len(modules):
        message = "This file holds two pages of feedback on one module"
        raise HandInError(f"{message}. Unpack it, and open the newest one")


def _whose_is_here(learner: Learner) -> str:
    """Return the code of the first feedback that is here: a home is one person's."""
    modules = sorted(folder.name for folder in learner.course.exercises.iterdir())
    kept = (released.released(learner.home, module) for module in modules)
    return next((one.trainee for one in kept if one), "")


def _check_age(learner: Learner, found: list[feedback.Released]) -> None:
    for facts in found:
        kept = _in_the_way(learner, facts)
        if kept and kept.outdates(facts):
            message = "This is a draft, and you have the final feedback on this already"
            raise HandInError(f"{message}. It stays as it is")
        if kept and kept.is_on_later(facts):
            raise _on_later(learner.home, facts.module)


def _on_later(home: Home, module: str) -> HandInError:
    message = "You have feedback on a later hand-in here already. It stays as it is"
    # A trainer can let an earlier hand-in count.
    how = f"remove {home.feedback_numbers(module)}, and get this one again"
    return HandInError(f"{message}. If your trainer says that the earlier one counts, {how}")


def _in_the_way(learner: Learner, found: feedback.Released) -> feedback.Released | None:
    """Return what is kept and may be newer: never what anybody wrote, where this is signed."""
    kept = released.released(learner.home, found.module)
    if kept is None or _is_signed(learner.course, kept, unchecked=True):
        return kept
    return None if _is_signed(learner.course, found, unchecked=False) else kept


def _is_older(learner: Learner, numbers: bytes | None) -> bool:
    """Tell whether feedback on a later hand-in is here already."""
    found = feedback.parse(numbers) if numbers else None
    kept = _in_the_way(learner, found) if found else None
    return bool(kept and found and kept.is_on_later(found))


def _outdated(learner: Learner, numbers: bytes | None) -> bool:
    """Tell whether the final feedback is here already, and this a draft of it."""
    found = feedback.parse(numbers) if numbers else None
    kept = _in_the_way(learner, found) if found else None
    return bool(kept and found and kept.outdates(found))


def _keep(home: Home, module: str, page: bytes, numbers: bytes | None) -> None:
    try:
        safe.write_safely(home.feedback_page(module), page)
        released.keep(home, module, numbers)
    except OSError as error:
        raise HandInError(f"The feedback could not be kept ({error.strerror})") from error


def fetch_feedback(learner: Learner) -> list[str]:
    """Keep new feedback from the exchange and return the modules that have some.

    Raises
    ------
    HandInError
        With nbgrader's reason; or where all that is there is on an earlier hand-in.
    """
    found = exchange.find_exchange()
    if found is None:
        return []
    modules = sorted(folder.name for folder in learner.course.exercises.iterdir())
    pages = exchange.fetch_feedback(found, modules)
    numbers = {module: _numbers_of(module, page) for module, page in pages.items()}
    older = [module for module in pages if _is_older(learner, numbers[module])]
    rest = [module for module in pages if module not in older]
    newer = [module for module in rest if not _outdated(learner, numbers[module])]
    lacking = [module for module in newer if _lacks(learner, module, numbers[module])]
    taken = [module for module in newer if module not in lacking]
    for module in taken:
        _keep(learner.home, module, pages[module], numbers[module])
    if older and not taken:
        raise _on_later(learner.home, older[0])
    if lacking and not taken:
        raise HandInError(_signed_here(learner, lacking[0]))
    return taken


def unsigned_words(learner: Learner, module: str) -> str:
    """Say of final feedback that the key of the course has not signed it; else nothing.

    Also where the course has no key, or this computer cannot check.
    """
    found = _to_check(learner, module)
    return "" if found is None or _is_signed(learner.course, found, unchecked=True) else UNSIGNED


class SignatureClaim(NamedTuple):
    """What final feedback says of its signature, to be checked with the key of the course."""

    key: Path
    signed: Signed | None


def signature_claim(learner: Learner, module: str) -> SignatureClaim | None:
    """Return what another program has to check; no signature where the numbers say otherwise."""
    found = _to_check(learner, module)
    if found is None:
        return None
    signed = found.signed if _says_the_same(found) else None
    return SignatureClaim(learner.course.lessons / PUBLIC_KEY, signed)


def _to_check(learner: Learner, module: str) -> feedback.Released | None:
    """Return feedback whose signature matters: nothing of drafts, or where there is no key."""
    found = released.released(learner.home, module)
    has_key = (learner.course.lessons / PUBLIC_KEY).is_file()
    return found if has_key and found and not found.draft else None


def _is_signed(course: Course, found: feedback.Released, *, unchecked: bool) -> bool:
    """Tell whether the course's key has signed what feedback says; else, ``unchecked``.

    That is where the course has no key, or this computer cannot check.
    """
    key = course.lessons / PUBLIC_KEY
    try:
        if key.is_file():
            check_signatures([found.signed] if found.signed else [], read_public_key(key))
            return bool(found.signed) and _says_the_same(found)
    except ImportError:
        return unchecked
    except CertificateError:
        return False
    return bool(found.signed)


def _says_the_same(found: feedback.Released) -> bool:
    """Tell whether numbers, day and state beside a statement are those that it says."""
    if found.signed is None or found.draft:  # nothing is signed before all of it is final
        return False
    says = found.signed.statement
    # Where one was forged, nobody could take in what a trainer sends later.
    day = found.handed_in[:10] or says.handed_in
    said = (says.points, says.max_points, says.handed_in)
    return said == (f"{found.points:g}", f"{found.max_points:g}", day)


def _lacks_signature(learner: Learner, module: str, found: feedback.Released | None) -> bool:
    """Tell whether signed feedback is here, and this, which would replace it, is not signed."""
    kept = released.released(learner.home, module)
    if kept is None or not _is_signed(learner.course, kept, unchecked=bool(kept.signed)):
        return False
    return found is None or not _is_signed(learner.course, found, unchecked=bool(found.signed))


def _lacks(learner: Learner, module: str, numbers: bytes | None) -> bool:
    return _lacks_signature(learner, module, feedback.parse(numbers) if numbers else None)


def _signed_here(learner: Learner, module: str) -> str:
    where = learner.home.feedback_numbers(module)
    message = f"You have signed feedback on {module} here already. It stays as it is. {UNSIGNED}"
    return message if learner.home.hidden else f"{message} To take it all the same, remove {where}"


def _numbers_of(module: str, page: bytes) -> bytes | None:
    """Return the numbers that a page carries, None where they are not about this module."""
    numbers = feedback.numbers_in(page)
    try:
        return numbers if numbers and feedback.parse(numbers).module == module else None
    except ValueError:
        return None
