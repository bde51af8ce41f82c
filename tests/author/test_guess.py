"""A guesser that sees no story finds what gives a best reply away, and limits hold it down."""

from __future__ import annotations

import json

import pytest

from grader import places
from grader.author.check import picks, read_course
from grader.author.guess import GRADED, PRACTICE, Guesser, Pick, guesses, guesses_from_practice
from grader.author.guess_report import (
    HABITS,
    MAX_FOUND,
    MAX_HABIT,
    MIN_ASKING_LOW,
    MIN_PLAIN_BEST,
    findings,
    findings_lines,
    guess_problems,
    habit_shares,
)
from grader.cli import main
from grader.content.items import BEST

MIN_PAIRED = 0.80  # share of a module's choice items that have a twin
WORDS = "tea bus rain dog hat key cup map pen sun"


def pick(number: int, texts: tuple[str, ...], best: int = 0, **facts: object) -> Pick:
    """Return a pick of a module out of four, its points 3, 1, 0 and 2 from the best on."""
    points = [0, 0, 0, 0]
    for step, value in enumerate((BEST, 1, 0, 2)):
        points[(best + step) % 4] = value
    given = {"module": f"{number % 4:02}-m", "part": PRACTICE} | facts
    return Pick(f"item-{number}", options=texts, points=tuple(points), **given)


def replies(number: int) -> tuple[str, ...]:
    """Return four replies of one form, told apart by words that no other pick shares."""
    return tuple(f"{word}{number} is here." for word in WORDS.split()[number % 3 :][:4])


FORM = [
    pick(number, ("That is hard. What now?", "Go.", "Stop.", "Wait here."), at % 4)
    if at % 4 == 0
    else pick(number, ("Go.", "Wait here.", "That is hard. What now?", "Stop."), 2)
    for at, number in enumerate(range(40))
]
BLIND = [pick(number, replies(number), number % 4) for number in range(40)]


def test_a_form_that_only_best_replies_have_is_found():
    assert all(guess.found for guess in guesses(FORM))


def test_what_gave_it_away_is_named():
    assert any("?" in clue for clue in guesses(FORM)[0].clues)


def test_where_form_tells_nothing_a_guess_is_chance():
    found = sum(guess.found for guess in guesses(BLIND)) / len(BLIND)
    assert found <= MAX_FOUND


def test_twins_hold_even_a_guesser_down_that_knows_every_other_module():
    """With the same four replies and another best, at most one of two can be guessed."""
    twins = [
        pick(2 * at + half, FORM[at].options, (0, 1)[half], module=f"{at % 4:02}-m", twin="x")
        for at in range(20)
        for half in (0, 1)
    ]
    assert sum(guess.found for guess in guesses(twins)) <= len(twins) / 2


def test_a_module_is_never_guessed_with_its_own_key():
    """The only best reply with this word stands in one module, so nobody can know it."""
    told = [pick(n, ("Zebra.", "Rain.", "Dog.", "Hat."), 0) for n in (0, 4, 8)]
    rest = [pick(n, ("Rain.", "Dog.", "Hat.", "Cup."), 1) for n in (1, 2, 3, 5, 6, 7)]
    found = [guess for guess in guesses([*told, *rest]) if guess.pick in told]
    assert not any(guess.found for guess in found)


def test_practice_keys_can_give_graded_ones_away():
    graded = [pick(100 + n, FORM[0].options, 0, part=GRADED) for n in range(3)]
    assert all(guess.found for guess in guesses_from_practice([*FORM, *graded]))


def test_an_empty_pick_of_features_is_no_error():
    guess = Guesser([]).guess(FORM[0])
    assert (guess.at, guess.clues) == (0, ())


@pytest.mark.parametrize(
    ("habit", "texts", "taken"),
    [
        ("the longest", ("a bc.", "a.", "b.", "c."), [0]),
        ("the shortest", ("a bc.", "a b.", "b.", "c d."), [2]),
        ("ends in a question", ("A?", "B.", "C? D.", "“E?”"), [0, 3]),
        ("asks nothing", ("A?", "B.", "C? D.", "E."), [1, 3]),
        ("a statement, then a question", ("A. B?", "A?", "A? B.", "A. B. C?"), [0, 3]),
        ("only a question", ("A. B?", "A?", "A.", "B."), [1]),
        ("how or what", ("How so?", "What. Now?", "Is it?", "Tell me how."), [0]),
        ("most commas", ("a, b, c", "a, b", "a", "b"), [0]),
        ("most sentences", ("A. B. C.", "A. B.", "A.", "B."), [0]),
        ("fewest sentences", ("A. B. C.", "A. B.", "A.", "B. C."), [2]),
        ("says you", ("You and your cup.", "You.", "I.", "We."), [0]),
        ("says I", ("I and my cup.", "I.", "You.", "We."), [0]),
        ("hedged", ("Maybe you could.", "Maybe.", "Go.", "Stop."), [0]),
        ("first place", ("a", "b", "c", "d"), [0]),
        ("last place", ("a", "b", "c", "d"), [3]),
    ],
)
def test_a_habit_takes_what_it_says(habit, texts, taken):
    assert [at for at, takes in enumerate(HABITS[habit](texts)) if takes] == taken


def test_every_habit_is_tested():
    assert len(HABITS) == 15


def test_a_habit_that_sees_no_difference_earns_what_chance_does():
    shares = {each.name: each for each in habit_shares(BLIND)}
    assert shares["asks nothing"].points == pytest.approx(shares["anything"].points)
    assert shares["anything"].found == 0.25


def test_a_guessable_course_breaks_the_limits():
    told = "\n".join(problem.what for problem in guess_problems(FORM))
    assert "a guesser finds 100% of the best replies (all) without their story" in told
    assert "the habit 'a statement, then a question' earns 100% of the points" in told
    assert "only 0% of the best replies do without a question" in told


def test_a_few_items_say_nothing_about_habits():
    assert list(guess_problems(FORM[:19])) == []


def test_the_listing_names_what_is_most_guessable():
    text = "\n".join(findings_lines(findings(FORM)))
    assert "item-0" in text
    assert "100%" in text


# --- the course itself


@pytest.fixture(scope="module")
def course():
    return findings(picks(read_course(places.own_course().lessons, places.own_course().solutions)))


def test_the_course_holds_every_limit(course):
    assert [shares.name for shares in course.guessers if not shares.holds] == []
    assert [habit.name for habit in course.habits if habit.points > MAX_HABIT] == []
    assert course.plain_best >= MIN_PLAIN_BEST
    assert course.asking_low >= MIN_ASKING_LOW


def test_most_choices_of_each_module_are_twins_some_across_practice_and_exercise(course):
    assert len(course.paired) == 10
    assert [name for name, share, _ in course.paired if share < MIN_PAIRED] == []
    assert [name for name, _, across in course.paired if not across] == []


def test_check_prints_what_can_be_guessed(capsys):
    assert main(["check", "--guess"]) == 0
    assert "a guesser that sees no story" in capsys.readouterr().out
    assert main(["check", "--guess", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["guessers"]
