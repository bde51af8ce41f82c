"""Answer records damaged in thousands of ways are read, scored, shown, and stop nobody."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, fault
from helpers.cohort import MODULE, make_course
from helpers.every_kind import SCORED, bank, best, submit

from grader.trainer.feedback.numbers import numbers_json
from grader.trainer.feedback.page import PageMaker
from grader.trainer.feedback.states import edition_of
from grader.trainer.marking.graded_text import GradedText
from grader.trainer.marking.marks import CellMark, Entry
from grader.trainer.marking.sheet import Marks, Sheet, fill, load_sheet, mark_submission

ODD: tuple[Any, ...] = (
    None, True, -1, 10**4000, 1e308, "", "a", "\ud800", "\udfff\ud800", "\x00", "a\u202eb",
    "=cmd()", "x" * 30_000, [], {}, [[]], ["a", "a"], [None], [["a"]], {"a": None}, {"": ""},
    {"a": ["b"]}, [{"turn": "hello", "pick": "a"}], [{"turn": [], "text": {}}], [{"turn": "hello"}],
    {"turn": "hello", "pick": "b"}, ["b", {"a": 1}, 7], "zz" * 200,
)  # fmt: skip
TOKENS = (
    "NaN", "-Infinity", "1e999", "9" * 4000, "9" * 5000, "-0", "1E+400", "[" * 900 + "]" * 900,
    "[" * 100_000, '{"a":' * 3000 + "1" + "}" * 3000, "'a'", "undefined", "\ufeff",
    '"\\ud800"', '"\\u0000"',
)  # fmt: skip


def odd(dice: random.Random) -> Any:
    return copy.deepcopy(dice.choice(ODD))


def flip_bits(raw: bytes, dice: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(dice.randint(1, 20)):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut_off(raw: bytes, dice: random.Random) -> bytes:
    return raw[: dice.randrange(len(raw))]


def put_in(raw: bytes, dice: random.Random) -> bytes:
    """Put a token where a value stands."""
    at = [place for place, byte in enumerate(raw) if byte in b":,["]
    place = dice.choice(at) + 1
    end = place + dice.choice((0, 0, 3, 8))
    return raw[:place] + dice.choice(TOKENS).encode("utf-8", "surrogatepass") + raw[end:]


def replace_value(raw: bytes, dice: random.Random) -> bytes:
    """Replace a token such as null, 0 or a text with another, so that the JSON stays whole."""
    old = dice.choice((b": null", b": 0", b'"a"', b'"b"', b": [", b"{}"))
    new = dice.choice(TOKENS[:7]).encode()
    return raw.replace(old, old[:2] + new if old.startswith(b":") else new, dice.randint(1, 5))


def double_keys(raw: bytes, dice: random.Random) -> bytes:
    key = dice.choice(("kind", "response", "tries", "items", "format", "module"))
    value = json.dumps(dice.choice(ODD)).encode()
    name = f'"{key}":'.encode()
    return raw.replace(name, name + b" " + value + b", " + name, dice.randint(1, 3))


def wrong_types(raw: bytes, dice: random.Random) -> bytes:
    data = json.loads(raw)
    for _ in range(dice.randint(1, 6)):
        where = _some_place(data, dice)
        if where is not None:
            holder, key = where
            holder[key] = odd(dice)
    return json.dumps(data).encode()


def _some_place(data: Any, dice: random.Random) -> tuple[Any, Any] | None:
    """Return a random holder and key, deeper ones as likely as the upper ones."""
    places = []
    todo = [data]
    while todo:
        holder = todo.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            places.append((holder, key))
            if isinstance(holder[key], dict | list):
                todo.append(holder[key])
    return dice.choice(places) if places else None


def other_answers(raw: bytes, dice: random.Random) -> bytes:
    """Give odd answers in a record that is otherwise right."""
    data = json.loads(raw)
    for entry in data["items"].values():
        if dice.random() < 0.6:
            entry["response"] = odd(dice)
    return json.dumps(data).encode()


def mixed_answers(raw: bytes, dice: random.Random) -> bytes:
    """Give answers of one question to another, and change parts of them."""
    data = json.loads(raw)
    responses = [entry["response"] for entry in data["items"].values()]
    for entry in data["items"].values():
        entry["response"] = copy.deepcopy(dice.choice(responses))
    return wrong_types(json.dumps(data).encode(), dice)


def nest(raw: bytes, dice: random.Random) -> bytes:
    data = json.loads(raw)
    deep = odd(dice)
    for _ in range(dice.choice((3, 5, 50, 400))):
        deep = dice.choice(([deep], {"turn": deep}, [deep, deep][:1]))
    dice.choice(list(data["items"].values()))["response"] = deep
    return json.dumps(data).encode()


def swell(raw: bytes, dice: random.Random) -> bytes:
    data = json.loads(raw)
    entry = next(iter(data["items"].values()))
    for number in range(dice.choice((10, 1000, 3000))):
        data["items"][f"{dice.choice(('x', chr(10), chr(0x202E), '<b>'))}{number}"] = entry
    return json.dumps(data).encode()


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip_bits, cut_off, put_in, replace_value, double_keys, wrong_types, wrong_types,
    other_answers, other_answers, mixed_answers, nest, swell,
)  # fmt: skip


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    root = make_course(tmp_path_factory.mktemp("fuzz") / "course", bank(*SCORED))
    return load_sheet(root, MODULE)


def check(sheet: Sheet, folder: Path, text: GradedText) -> Marks:
    """Take a submission through all that a grader does with it."""
    marks = mark_submission(sheet, folder)
    assert len(marks.marks) == len(sheet.places)
    for mark in marks.marks:
        assert mark.auto_score is None or type(mark.auto_score) is float
        assert 0 <= (mark.auto_score or 0) <= mark.place.item.points
        assert 0 <= mark.score.points <= mark.place.item.points
    told = " ".join((marks.problem, *marks.notes))
    assert told.isprintable()
    assert len(told) < 1000
    written = json.loads(text.of(marks))
    assert written == json.loads(json.dumps(fill(sheet, marks)))
    given = {
        mark.place.grade_id: CellMark(mark.auto_score or 0.0, 1.0, mark.waits, by_trainer=False)
        for mark in marks.marks
    }
    entry = Entry("trainee-017", None, given)
    numbers = numbers_json(sheet, entry, None, edition_of(marks, entry))
    PageMaker(sheet, Path("region.yaml"), Path("course")).html(marks, entry, numbers).encode()
    return marks


def fuzz(sheet: Sheet, folder: Path, seeds: range) -> int:
    """Check one damaged record for each seed and return how many could still be read."""
    raw = (submit(folder, "trainee-017", best()) / "answers.json").read_bytes()
    place = folder / "submitted" / "trainee-017" / MODULE
    text = GradedText(sheet)
    read = 0
    for seed in seeds:
        dice = random.Random(seed)  # noqa: S311 - the same records in each run
        content = WAYS[seed % len(WAYS)](raw, dice)
        (place / "answers.json").write_bytes(content)
        try:
            read += not check(sheet, place, text).problem
        except Exception as error:
            raise AssertionError(f"seed {seed}: {content[:300]!r}") from error
    return read


@fault(
    GRADE,
    "Answers damaged in thousands of ways: flipped bits, cut off, nested deep, huge numbers, "
    "wrong types",
    "What can be read is marked, between 0 and the points there are. The rest is called damaged, "
    "and what may have been typed waits for you.",
)
def test_five_hundred_damaged_records_are_marked_and_shown(sheet: Sheet, tmp_path: Path) -> None:
    read = fuzz(sheet, tmp_path, range(500))
    assert 150 < read < 450  # both sorts, or this shows little


@pytest.mark.full
def test_ten_thousand_damaged_records_are_marked_and_shown(sheet: Sheet, tmp_path: Path) -> None:
    assert fuzz(sheet, tmp_path, range(500, 10_500)) > 3000
