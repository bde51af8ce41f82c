"""A file from somebody else that says one thing twice is refused, never guessed at."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import MODULE, WHEN
from helpers.hand_ins import GOOD, WHO, bundle, placed

from grader.formats import feedback, shared
from grader.trainer.collect.collect import REFUSED, collect


def twice(raw: bytes | str, name: str, value: str) -> bytes:
    """Say a thing a second time, as a file would that two hands put together."""
    text = raw.decode() if isinstance(raw, bytes) else raw
    return text.replace("{", f'{{"{name}": {json.dumps(value)}, ', 1).encode()


@fault(
    COLLECT,
    "The `handin.json` of a hand-in says two codes, two modules or two times",
    "It is refused, and you are told which. Nobody guesses whose it is.",
)
@pytest.mark.parametrize(
    ("name", "value"),
    [("trainee", "trainee-018"), ("module", "01-definitions"), ("handed_in", "2031-01-01")],
)
def test_facts_that_are_said_twice_are_refused(course: Path, name: str, value: str) -> None:
    path = bundle(course, "first", GOOD, WHEN)
    with zipfile.ZipFile(path) as whole:
        files = {one: whole.read(one) for one in whole.namelist()}
    files["handin.json"] = twice(files["handin.json"], name, value)
    with zipfile.ZipFile(path, "w") as changed:
        for one, content in files.items():
            changed.writestr(one, content)
    (came,) = collect(course, [path])
    assert came.outcome == REFUSED
    assert f"its handin.json says '{name}' twice, so nobody can tell which counts" in came.reason
    assert not placed(course).exists()
    assert WHO not in {one.name for one in (course / "submitted").glob("*")}


def test_what_is_shared_is_refused_as_well() -> None:
    raw = shared.write_shared(MODULE, {})
    assert shared.read_shared(raw, MODULE)
    with pytest.raises(ValueError, match="module"):
        shared.read_shared(twice(raw, "module", MODULE), MODULE)


def test_numbers_of_feedback_are_refused_as_well() -> None:
    facts = {"format": feedback.FORMAT, "module": MODULE, "trainee": WHO}
    facts |= {"points": 1, "max_points": 2, "waiting": 0, "items": {}}
    raw = json.dumps(facts)
    assert feedback.parse(raw).points == 1
    with pytest.raises(ValueError, match="points"):
        feedback.parse(twice(raw, "points", "2"))
