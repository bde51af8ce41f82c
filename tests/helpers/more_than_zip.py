"""Files that hold signed feedback, and show something else to whoever opens them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from grader.formats.archives import packed
from grader.places import FEEDBACK_NUMBERS, FEEDBACK_PAGE

EVIL = b"<!doctype html><h1>Passed with 44 of 44</h1>"
_LOCAL, _LISTED, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
Pair = tuple[bytes, bytes]


def _of(pair: Pair, *more: tuple[str, bytes], folder: str = "") -> bytes:
    own = [(f"{folder}{FEEDBACK_PAGE}", pair[0]), (f"{folder}{FEEDBACK_NUMBERS}", pair[1])]
    return packed([*more, *own])


def moved(raw: bytes, at: int, more: bytes) -> bytes:
    """Put bytes into a zip file, and let its list say where everything is now."""
    whole = bytearray(raw[:at] + more + raw[at:])
    place = whole.find(_LISTED)
    while place >= 0:
        (start,) = struct.unpack_from("<L", whole, place + 42)
        struct.pack_into("<L", whole, place + 42, start + (len(more) if start >= at else 0))
        place = whole.find(_LISTED, place + 4)
    end = whole.rfind(_END)
    struct.pack_into("<L", whole, end + 16, whole.find(_LISTED))
    return bytes(whole)


def _between(pair: Pair) -> bytes:
    raw = _of(pair)
    return moved(raw, raw.index(_LOCAL, 4), EVIL)


def _before_list(pair: Pair) -> bytes:
    raw = _of(pair)
    return moved(raw, raw.index(_LISTED), EVIL)


def _remark(pair: Pair) -> bytes:
    held = io.BytesIO(_of(pair))
    with zipfile.ZipFile(held, "a") as pack:
        pack.comment = EVIL
    return held.getvalue()


def _entry(change: Callable[[zipfile.ZipInfo], object]) -> Callable[[Pair], bytes]:
    def make(pair: Pair) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, content in zip((FEEDBACK_PAGE, FEEDBACK_NUMBERS), pair, strict=True):
                entry = zipfile.ZipInfo(name)
                change(entry)
                pack.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return held.getvalue()

    return make


def _noted(entry: zipfile.ZipInfo) -> None:
    """Give a file another name in a note, as programs of some systems read it."""
    name = b"\x01" + struct.pack("<L", zlib.crc32(entry.filename.encode())) + b"Passed.html"
    entry.extra = struct.pack("<2H", 0x7075, len(name)) + name


def _behind_packed(pair: Pair) -> bytes:
    """Put bytes behind the end of the packed page, within the size that it says."""
    held = io.BytesIO()
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    page = packing.compress(pair[0]) + packing.flush() + EVIL
    with zipfile.ZipFile(held, "w") as pack:
        pack.writestr(zipfile.ZipInfo(FEEDBACK_PAGE), page)
        pack.writestr(zipfile.ZipInfo(FEEDBACK_NUMBERS), pair[1])
    raw = bytearray(held.getvalue())
    facts = struct.pack("<3L", zlib.crc32(pair[0]), len(page), len(pair[0]))
    for sign, at in ((_LOCAL, 8), (_LISTED, 10)):
        start = raw.find(sign)
        raw[start + at : start + at + 2] = b"\x08\x00"
        raw[start + at + 6 : start + at + 18] = facts
    return bytes(raw)


# By how it is sent: each holds, byte for byte, what the trainer has signed.
MORE: dict[str, Callable[[Pair], bytes]] = {
    "a page before it": lambda pair: EVIL + _of(pair),
    "a page that begins like a zip file": lambda pair: b"PK" + EVIL + _of(pair),
    "a page before it, with places that fit": lambda pair: moved(_of(pair), 0, b"PK" + EVIL),
    "a picture before it": lambda pair: b"GIF89a" + _of(pair),
    "a page between its files": _between,
    "a page before its list": _before_list,
    "a page behind it": lambda pair: _of(pair) + EVIL,
    "a page as its remark": _remark,
    "two zip files in one": lambda pair: packed([(FEEDBACK_PAGE, EVIL)]) + _of(pair),
    "two, the signed one first": lambda pair: _of(pair) + packed([(FEEDBACK_PAGE, EVIL)]),
    "a certificate beside it": lambda pair: _of(pair, ("certificate.html", EVIL)),
    "a page to be read first": lambda pair: _of(pair, ("A READ THIS.html", EVIL)),
    "a printed page": lambda pair: _of(pair, ("certificate.pdf", b"%PDF-1.4")),
    "a picture beside it": lambda pair: _of(pair, ("feedback.svg", b"<svg/>")),
    "a page of another ending": lambda pair: _of(pair, ("feedback.xhtml", EVIL)),
    "a page with a blank behind": lambda pair: _of(pair, ("feedback.html ", EVIL)),
    "a page in large letters": lambda pair: _of(pair, ("FEEDBACK.HTM", EVIL)),
    "a page among litter": lambda pair: _of(pair, ("__MACOSX/._feedback.html", EVIL)),
    "a page above the signed one": lambda pair: _of(pair, (FEEDBACK_PAGE, EVIL), folder="x/"),
    "the signed one in a zip file": lambda pair: packed(
        [(FEEDBACK_PAGE, EVIL), ("original.zip", _of(pair))]
    ),
    "a zip file without a name": lambda pair: packed(
        [(FEEDBACK_PAGE, EVIL), ("hidden/.zip", _of(pair))]
    ),
    "a folder that claims": lambda pair: _of(pair, ("Passed with honours/", b"")),
    "another name in a note": _entry(_noted),
    "a remark on a file": _entry(lambda entry: setattr(entry, "comment", EVIL)),
    "a page behind a packed file": _behind_packed,
}


def streamed(pair: Pair) -> bytes:
    """Pack as programs do that write without looking back: sizes stand behind each file."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.content += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as pack:  # type: ignore[arg-type]
        pack.writestr("07-advice/", b"")
        for name, content in zip((FEEDBACK_PAGE, FEEDBACK_NUMBERS), pair, strict=True):
            pack.writestr(f"07-advice/{name}", content)
    return pipe.content
