"""Tests of grader.formats.archives: what we pack ourselves."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from grader.formats.archives import packed

FILES = [("answers.json", b"{}" * 100), ("umlaut \u00e4.txt", b"")]


@pytest.mark.parametrize("year", [1970, 1979, 2026, 2107, 2108, 2120])
def test_a_zip_file_is_the_same_whatever_the_clock_says(monkeypatch, year):
    """The date in a zip file is of 1980 to 2107; a clock with a dead battery is not."""
    usual = packed(FILES)
    now = time.struct_time((year, 1, 1, 0, 0, 0, 0, 1, 0))
    monkeypatch.setattr(time, "localtime", lambda *_: now)
    assert packed(FILES) == usual
    with zipfile.ZipFile(io.BytesIO(usual)) as pack:
        assert {name: pack.read(name) for name in pack.namelist()} == dict(FILES)
        assert all(one.compress_type == zipfile.ZIP_DEFLATED for one in pack.infolist())
