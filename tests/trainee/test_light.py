"""A trainee's pages need little: pictures are drawn without the packages that trainers have."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from helpers.pages_alone import MISSING, pages
from helpers.paths import REPOSITORY
from helpers.ratings import practise, rate

from grader import places
from grader.formats import answers
from grader.places import this_learner
from grader.skills import bank
from grader.trainee.home import prepare_home

COURSE = REPOSITORY / "course"
OWN = sorted(COURSE.glob("*.ipynb"))
LESSON = COURSE / "07-advice" / "4-four-rules.ipynb"


@pytest.fixture
def practised() -> None:
    """Fill a home with all that the compass draws."""
    prepare_home(this_learner())
    rate("before", "demeanour", "c")
    practise("demeanour", 4, well=True)
    practise("communication", 5, well=False)
    for module, items in bank.practice_bank(places.own_course()).modules.items():
        for item in (each for each in items.values() if each.kind == "reply"):
            place = places.own_home().practice_record(module)
            answers.save_response(place, module, item.id, "reply", "And then?", tried=True)


@pytest.mark.usefixtures("practised")
def test_every_page_is_made_without_any_extra():
    exercise = places.own_home().exercise_folder("07-advice") / "exercise.ipynb"
    made = pages(*OWN, LESSON, exercise)
    assert len(made) == len(OWN) + 2 >= 7
    assert all(made.values())
    compass = made[str(COURSE / "compass.ipynb")]
    assert compass.count("<svg ") == 2
    assert compass.count('role="img"') == 2
    assert not {name for name, times in ids(compass).items() if times > 1}
    named = re.findall(r'aria-labelledby="([^"]+)"', compass)
    assert {name for names in named for name in names.split()} <= set(ids(compass))
    assert not re.search(r"<script(?! type=\"module\" src=)|\sstyle=|\son\w+=", compass)


def ids(html: str) -> Counter[str]:
    return Counter(re.findall(r'\sid="([^"]*)"', html))


def test_a_page_that_needs_more_would_be_noticed(tmp_path: Path):
    for package in sorted(MISSING):
        with pytest.raises(AssertionError, match=f"No module named '{package}"):
            pages(tmp_path / "no.ipynb", needs=package)
