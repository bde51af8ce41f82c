"""The trainer's guide ends in the key, and says what decides."""

from __future__ import annotations

from dataclasses import replace

from helpers.samples import items

from grader.content.items import BEST
from grader.trainer.guide import BEGIN, END, with_key

ITEMS = items()
ITEM = replace(ITEMS["choice"], why="She asked | which form.", twin="another-evening")


def test_each_choice_has_its_best_reply_and_what_decides():
    text = with_key("# Guide\n", [ITEM, ITEMS["reply"]])
    best = next(option.text for option in ITEM.options if option.points == BEST)
    rows = [line for line in text.splitlines() if line.startswith(f"| `{ITEM.id}`")]
    assert len(rows) == 1
    assert best in rows[0]
    assert "She asked / which form." in rows[0]  # a bar would end the cell
    assert "`another-evening`" in rows[0]


def test_a_second_time_changes_nothing():
    once = with_key("# Guide\n", [ITEM])
    assert with_key(once, [ITEM]) == once


def test_what_the_trainer_wrote_stays_around_it():
    once = with_key("# Guide\n\nMine.\n", [ITEM]) + "\nAfter.\n"
    again = with_key(once, [replace(ITEM, why="Another.")])
    assert again.startswith("# Guide\n\nMine.\n")
    assert again.endswith("\nAfter.\n")
    assert "Another." in again
    assert again.count(BEGIN) == again.count(END) == 1


def test_a_module_without_choices_keeps_its_guide():
    assert with_key("# Guide\n", [ITEMS["reply"]]) == "# Guide\n"
