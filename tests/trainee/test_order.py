"""Replies are offered in an order of each person's own, which never changes for them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from helpers.samples import items

from grader import places
from grader.formats import answers
from grader.kinds.views import public_view
from grader.places import own_home
from grader.trainee import order

ITEMS = items()
SEEDS = [f"{number:016x}" for number in range(200)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


def ids(view, seed):
    return [option["id"] for option in order.drawn(view, seed)["options"]]


@pytest.fixture
def view():
    return public_view(ITEMS["choice"])


def test_every_option_is_there_once(view):
    assert {tuple(sorted(ids(view, seed))) for seed in SEEDS} == {tuple(ids(view, ""))}


def test_each_option_comes_first_about_as_often(view):
    firsts = [ids(view, seed)[0] for seed in SEEDS]
    fair = len(SEEDS) / len(view["options"])
    assert all(abs(firsts.count(name) - fair) < fair / 2 for name in ids(view, ""))


def test_one_person_sees_one_order(view):
    view["options"] = [{"id": name, "text": name} for name in "abcd"]
    assert "".join(ids(view, SEEDS[7])) == "cdab"  # another one would reshuffle a course under way
    view["options"].reverse()  # as an author may
    assert "".join(ids(view, SEEDS[7])) == "cdab"


def test_two_questions_with_the_same_options_are_drawn_apart(view):
    twin = view | {"id": "another-evening"}
    assert any(ids(view, seed) != ids(twin, seed) for seed in SEEDS)


def test_without_a_seed_the_order_is_the_authors(view):
    assert order.drawn(view, "") == view


def test_the_view_itself_is_left_alone(view):
    before = json.dumps(view)
    order.drawn(view, SEEDS[3])
    assert json.dumps(view) == before


def test_the_turns_of_a_talk_are_drawn_too():
    view = public_view(ITEMS["conversation"])
    turns = [turn for turn in view["turns"] if turn["asks"] == "choice"]
    for turn in turns:
        drawn = {
            tuple(
                option["id"]
                for there in order.drawn(view, seed)["turns"]
                if there["id"] == turn["id"]
                for option in there["options"]
            )
            for seed in SEEDS
        }
        assert len(drawn) > 1
    assert turns


@pytest.mark.parametrize("kind", ["choices", "order", "sort", "match", "spot", "rating"])
def test_other_kinds_stay_as_they_are(kind):
    view = public_view(ITEMS[kind])
    assert order.drawn(view, SEEDS[1]) == view


# --- the seed


def test_a_home_has_one_seed(home):
    drawn = order.home_seed(own_home())
    assert answers.is_seed(drawn)
    assert (home / "order-seed").read_text() == drawn
    (home / "order-seed").write_text(SEEDS[7])
    assert order.home_seed(own_home()) == SEEDS[7]


def test_pages_opened_at_once_draw_the_same():
    with ThreadPoolExecutor(8) as pages:
        seeds = set(pages.map(lambda _: order.home_seed(own_home()), range(32)))
    assert len(seeds) == 1
    assert answers.is_seed(seeds.pop())


def test_a_damaged_seed_is_drawn_anew(home):
    home.mkdir()
    (home / "order-seed").write_text("not a seed")
    assert answers.is_seed(order.home_seed(own_home()))


def test_a_home_that_cannot_be_written_keeps_the_authors_order(home):
    home.write_text("a file where the folder should be")
    assert order.home_seed(own_home()) == ""


def test_a_record_keeps_the_seed_it_was_begun_with(home):
    path = places.own_home().practice_record("07-advice")
    answers.save_response(path, "07-advice", "a", "choice", "b", seed=SEEDS[1])
    answers.save_response(path, "07-advice", "a", "choice", "c", seed=SEEDS[2])
    assert answers.read_record(path, "07-advice").seed == SEEDS[1]


@pytest.mark.parametrize("seed", ["", 7, None, "0" * 15, "G" * 16, ["0" * 16]])
def test_what_is_no_seed_is_none(home, seed):
    record = {"format": 2, "module": "07-advice", "seed": seed, "items": {}}
    parsed = answers.parse_record(json.dumps(record).encode(), "answers.json", "07-advice")
    assert parsed.seed == ""
