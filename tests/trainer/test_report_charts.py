"""The report's pictures say in words and numbers what they show, and need no colour."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from pandas import DataFrame

from grader.trainer.report.charts import HATCH, ink_on, luminance, range_chart, shade, skill_heatmap

NAMES = {"listening": "Listening", "hope": "Hope & $trust$", "limits": "Limits"}
SHARES = np.linspace(0, 1, 101)


def heat(rows: int = 6) -> DataFrame:
    table = DataFrame(
        {"listening": np.linspace(0.5, 1, rows), "hope": 0.25, "limits": 0.5},
        index=[f"trainee-{n:03}" for n in range(rows)],
    )
    table.iloc[0, 2] = float("nan")
    return table


def ranges() -> DataFrame:
    rows = {"listening": (9, 0.5, 0.75, 1), "hope": (7, 0.1, 0.2, 0.3), "limits": (4, *[None] * 3)}
    table = DataFrame(rows, index=["n", "lower", "middle", "upper"]).T.astype(float)
    return table.astype({"n": int})


def contrast(one: float, other: float) -> float:
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def test_more_is_darker_also_in_grey() -> None:
    greys = [luminance(shade(share)) for share in SHARES]
    assert greys == sorted(greys, reverse=True)
    assert all(contrast(greys[n], greys[n + 25]) >= 1.4 for n in range(76))


def test_every_number_can_be_read_on_its_shade() -> None:
    ink = {"#ffffff": 1.0, "#000000": 0.0}
    assert min(contrast(luminance(shade(s)), ink[ink_on(s)]) for s in SHARES) >= 4.5


def test_the_words_of_the_map_agree_with_its_numbers() -> None:
    picture = skill_heatmap(heat(), NAMES)
    assert picture.alt == (
        "6 trainees by 3 skills. On the whole Hope & $trust$ is lowest and Listening is highest. "
        "Single cells go from 25% to 100%. In 1 of 18 cells there is too little to tell."
    )
    assert picture.head == ("Trainee", "Listening", "Hope & $trust$", "Limits")
    assert picture.rows[0] == ("trainee-000", "50%", "25%", "too little")


def test_each_cell_has_its_number_and_an_empty_one_is_hatched() -> None:
    drawn = skill_heatmap(heat(), NAMES).svg.decode()
    assert drawn.count(">25<") == 6
    assert HATCH in drawn
    assert HATCH not in skill_heatmap(heat().dropna(), NAMES).svg.decode()


def test_marks_of_four_trainees_are_not_summed_up_in_words() -> None:
    assert "On the whole" not in skill_heatmap(heat(4), NAMES).alt


def test_names_are_drawn_as_they_are() -> None:
    table = heat(1).set_axis(["<b>" + "x" * 60])
    drawn = skill_heatmap(table, NAMES).svg.decode()
    assert "$trust$" in drawn
    assert "&lt;b&gt;xxx" in drawn
    assert "x" * 20 not in drawn  # the table has it whole


def test_the_words_of_the_ranges_agree_with_their_numbers() -> None:
    picture = range_chart(ranges(), NAMES, "skill")
    assert picture.alt == (
        "The middle mark is highest for Listening, at 75%, and lowest for Hope & $trust$, at 20%. "
        "1 of 3 have too few marks to show."
    )
    assert picture.rows == (
        ("Listening", "9", "50%", "75%", "100%"),
        ("Hope & $trust$", "7", "10%", "20%", "30%"),
        ("Limits", "fewer than 5", "–", "–", "–"),
    )
    assert "fewer than 5" in picture.svg.decode()


@pytest.mark.parametrize(("rows", "words"), [(["limits"], "No skill has enough"), ([], "No skill")])
def test_nothing_to_draw_is_said(rows: list[str], words: str) -> None:
    assert words in range_chart(ranges().loc[rows], NAMES, "skill").alt


def test_the_same_numbers_give_the_same_picture_on_another_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = skill_heatmap(heat(), NAMES)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # the day that a drawing would bear
    assert skill_heatmap(heat(), NAMES) == today


def test_letters_are_12_px_or_more_and_in_colours_that_stand_out() -> None:
    drawn = range_chart(ranges(), NAMES, "skill").svg.decode()
    assert 'width="360pt"' in drawn
    sizes = re.findall(r"font(?:-size)?: (?:bold )?([\d.]+)px", drawn)
    assert len(sizes) == drawn.count("<text")
    assert min(map(float, sizes)) >= 12
    inks = re.findall(r"<text[^>]*fill: (#[0-9a-f]{6})", drawn)
    assert len(inks) == drawn.count("<text")
    for ink in inks:
        red, green, blue = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
        assert contrast(luminance((red, green, blue)), 1) >= 4.5


def test_a_picture_asks_for_nothing_outside() -> None:
    for picture in (skill_heatmap(heat(), NAMES), range_chart(ranges(), NAMES, "skill")):
        assert not re.search(r'(href|src)="(?!#)|url\((?!#)|<script|<image', picture.svg.decode())


def test_letters_that_the_measuring_font_lacks_are_kept() -> None:
    assert "支え" in skill_heatmap(heat(1).set_axis(["支え"]), NAMES).svg.decode()


def test_drawing_touches_no_global_state() -> None:
    code = (
        "import sys; from grader.trainer.report import drawing;"
        "assert 'matplotlib' not in sys.modules;"
        "drawing.svg_of(drawing.new_figure(9));"
        "assert 'matplotlib' in sys.modules; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
