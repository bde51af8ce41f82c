"""Read what came as feedback: the zip file as it was sent, packed anew, or the page alone.

Apart from `inbox`, which decides what is kept of it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from zipfile import ZipFile

from grader.errors import SubmissionError
from grader.formats import feedback
from grader.formats.archives import Allowance, Files, files_in, open_pack, read_entry
from grader.formats.whole_archive import BEGIN, read_whole
from grader.places import FEEDBACK_NUMBERS, FEEDBACK_PAGE
from grader.trainee.released import MAX_PAGE, Feedback

MAX_FILES = 200  # in one zip file: all modules, and what systems put beside them
MAX_ALL = 24 << 20  # bytes of all in it, unpacked: far more than all modules have
_PAGE = re.compile(r".*\.html?", re.IGNORECASE | re.DOTALL)
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def all_in(content: bytes) -> Iterator[Feedback]:
    """Yield each feedback in a page or a zip file; in a zip file in a zip file at most.

    Raises
    ------
    SubmissionError
        Where a zip file is none of ours; damaged ones raise errors of many kinds.
    ValueError
        Where numbers are none of a feedback.
    """
    if content.lstrip(codecs.BOM_UTF8).lstrip()[:1] == b"<" or content[:2] in _WIDE:
        yield from _alone(content[: MAX_PAGE + 1])
        return
    allowed = Allowance(MAX_FILES, MAX_ALL)
    with _opened(content) as pack:
        files = files_in(pack, MAX_FILES)
        yield from _in_pack(pack, files, allowed)
        for path, entry in files:
            if path.lower().endswith(".zip"):
                allowed.take(entry.file_size)
                with _opened(read_entry(pack, entry, 2 * MAX_PAGE)) as inner:
                    yield from _in_pack(inner, files_in(inner, MAX_FILES), allowed)


def as_sent(content: bytes) -> Feedback:
    """Return the feedback of a zip file as the course makes it, with nothing else in it.

    Raises
    ------
    SubmissionError
        Where it is anything else.
    ValueError
        Where its numbers are none of a feedback.
    """
    found = read_whole(content, (FEEDBACK_PAGE, FEEDBACK_NUMBERS), MAX_PAGE)
    return _read(_as_utf8(found[FEEDBACK_PAGE]), found[FEEDBACK_NUMBERS])


def _opened(content: bytes) -> ZipFile:
    """Open a zip file that begins as one: with other words before it, it is a page as well."""
    if not content.startswith(BEGIN):
        raise SubmissionError("it is not a zip file")
    return open_pack(content, MAX_FILES)


def _in_pack(pack: ZipFile, files: Files, allowed: Allowance) -> Iterator[Feedback]:
    entries = dict(files)
    if len(entries) < len(files):
        raise SubmissionError("it holds two files of the same name")
    for path, entry in files:
        if _PAGE.fullmatch(path):
            allowed.take(entry.file_size)
            page = read_entry(pack, entry, MAX_PAGE)
            beside = entries.get(f"{path.rpartition('.')[0]}.json")
            numbers = beside and read_entry(pack, beside, feedback.MAX_BYTES)
            yield from [_read(_as_utf8(page), numbers)] if numbers else _alone(page)


def _alone(page: bytes) -> Iterator[Feedback]:
    page = _as_utf8(page)
    if numbers := feedback.numbers_in(page):
        yield _read(page, numbers)


def _read(page: bytes, numbers: bytes) -> Feedback:
    return Feedback(page, numbers, feedback.parse(numbers))


def _as_utf8(page: bytes) -> bytes:
    """Return a page as the server sends it; some editors save it in two bytes a letter."""
    wide = _WIDE.get(page[:2])
    return page.decode(wide, "replace").encode() if wide else page
