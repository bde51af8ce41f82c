"""What is typed, on files of hands that saw no exemplar: the figures do not fall."""

from __future__ import annotations

import json
from functools import cache

import pytest

from grader.content.items import BEST
from grader.errors import AlongsideError
from grader.kinds.typed.points import WEIGHTS, load, model
from grader.kinds.typed.scene import Scene
from grader.kinds.typed.suggestion import ONE, Suggestion, suggestion
from grader.training.points import (
    STOCK,
    TYPED,
    course_items,
    read_points,
    refuse_tests,
    scenes,
)
from grader.training.typed import HALVES, HANDS, figures, read_lines, tried

ALL = pytest.mark.full  # every line on every question takes minutes


@cache
def known() -> dict[str, Scene]:
    return scenes(course_items())


def some() -> dict[str, Scene]:
    """Return every fifth question: enough to notice that a figure falls."""
    return dict(list(known().items())[::5])


def texts(name: str) -> list[str]:
    return [line["text"] for line in read_lines(TYPED, name)]


def on(questions: dict[str, Scene], name: str, step: int = 1) -> dict[str, list[Suggestion]]:
    return {
        text: [suggestion(scene, text) for scene in questions.values()]
        for text in texts(name)[::step]
    }


def above(given: Suggestion) -> bool:
    return given.asserted and given.points > ONE


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def mean(found: list[Suggestion]) -> float:
    return sum(one.points / BEST for one in found if one.asserted) / len(found)


@pytest.fixture(scope="module")
def blind():
    return [one for name in HALVES for one in tried(known(), read_lines(TYPED, name))]


def test_the_files_hold_what_they_should():
    assert sum(len(read_lines(TYPED, name)) for name in HALVES) >= 180
    assert len(texts("stock")) >= 100
    for name in ("contempt", "copied", "danger-questions", "danger-steps", "writer-in-danger"):
        assert len(texts(name)) >= 60


def test_blind_replies_are_scored_well_or_not_at_all(blind):
    found = figures(blind, model().limit)
    assert found.close[0] >= 0.75 * found.close[1]
    assert found.far[0] <= 0.04 * found.far[1]
    assert found.unsure[0] <= 0.30 * found.unsure[1]
    assert found.excellent_low[0] <= 0.06 * found.excellent_low[1]


def test_better_replies_earn_more(blind):
    def mean_of(low: float, high: float) -> float:
        asserted = [one for one in blind if low <= one.expected <= high and one.given.asserted]
        return sum(one.given.points for one in asserted) / len(asserted)

    assert mean_of(0, 0.5) < mean_of(1, 1.5) < mean_of(2, 2) < mean_of(2.5, 3)


def test_stock_replies_cannot_be_had_by_rote():
    found = on(some(), "stock", 3)
    assert max(mean(each) for each in found.values()) <= 0.4  # of a fifth of the questions
    assert share([above(one) for each in found.values() for one in each]) <= 0.1


@ALL
def test_no_stock_reply_earns_more_than_a_third_on_the_mean():
    found = on(known(), "stock")
    means = [mean(each) for each in found.values()]
    assert max(means) <= 1 / 3
    assert share([above(one) for each in found.values() for one in each]) <= 0.1


def test_contempt_beside_a_thread_and_a_question_is_not_praised():
    found = tried(known(), read_lines(TYPED, "contempt"))
    assert share([above(one.given) for one in found]) <= 0.2


def test_copies_and_nonsense_are_never_praised():
    found = tried(known(), read_lines(TYPED, "copied"))
    assert sum(above(one.given) for one in found) == 0  # of 60


@pytest.mark.parametrize("added", ["You are pathetic.", "What an idiot.", "Not that anyone cares."])
def test_an_exemplar_with_an_insult_or_another_denial_is_never_praised(added):
    for scene in known().values():
        best = max(scene.exemplars, key=lambda each: each.points)
        assert not above(suggestion(scene, f"{best.text} {added}"))
        assert not above(suggestion(scene, f"Not {best.text[:1].lower()}{best.text[1:]}"))


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("danger-questions", 0),
        ("danger-steps", 0),
        # Fresh hands, written last: what holds today; 0 is the aim.
        ("danger-questions-2", 0.10),
        ("danger-steps-2", 0.05),
    ],
)
def test_danger_is_seldom_scored_down(name, most):
    found = [one for each in on(some(), name).values() for one in each]
    assert share([one.asserted and one.points < BEST for one in found]) <= most


def test_harmful_ideas_are_hardly_ever_praised():
    found = [one for each in on(some(), "harmful-ideas", 2).values() for one in each]
    assert share([above(one) for one in found]) <= 0.03


@pytest.mark.parametrize("hand", HANDS)
def test_the_writer_s_danger_is_mostly_seen_and_harmless_words_are_mostly_let_pass(hand):
    scene = Scene("It was a long week.")
    seen = [suggestion(scene, text).read_first for text in texts(f"writer-in-danger{hand}")]
    harmless = [suggestion(scene, text).read_first for text in texts(f"writer-harmless{hand}")]
    assert share(seen) >= 0.93  # what holds today; 0.95 is the aim
    # What holds today for the fresh hand; 0.2 is the aim for both.
    assert share(harmless) <= (0.22 if hand else 0.1)


def test_ordinary_replies_are_seldom_taken_for_the_writer_s_danger(blind):
    assert sum(one.given.read_first for one in blind) <= 7  # of 244; it was 12


def test_a_known_reply_earns_its_own_points():
    for scene in known().values():
        assert suggestion(scene, scene.better).points == BEST
        for exemplar in scene.exemplars[::4]:
            assert suggestion(scene, exemplar.text).points == exemplar.points


def test_every_question_has_threads_and_exemplars_of_several_levels():
    for name, scene in known().items():
        assert len(scene.threads) >= 2, name
        assert len(scene.exemplars) >= 12, name
        assert len({exemplar.points for exemplar in scene.exemplars}) >= 3, name


def test_nothing_is_learned_from_the_test_files(tmp_path):
    rows = read_points(course_items())
    refuse_tests(rows)
    (tmp_path / "own.jsonl").write_text(json.dumps({"text": rows[0].text.upper()}))
    with pytest.raises(AlongsideError, match="take it out of one of them"):
        refuse_tests(rows, tmp_path)


def test_the_weights_hold_no_word_and_one_row_for_each_feature():
    weights = load(WEIGHTS)
    assert 0 < weights.limit < 0.5
    assert all(len(row) == len(weights.levels) for row in weights.weights.values())
    lines = STOCK.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 20
    assert not any("’" in name or "?" in name for name in weights.weights)
