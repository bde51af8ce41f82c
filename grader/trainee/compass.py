"""The compass: what a trainee's answers show of each skill, beside how they see themselves.

Everything is read from the trainee's own folder, when the page is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from grader import places
from grader.content.items import Item, Skill, load_skills
from grader.content.syllabus import load_syllabus
from grader.errors import ContentError
from grader.formats import answers
from grader.html.charts import LEVEL_WORDS, compass_bars
from grader.html.pictures import picture_html
from grader.html.style_chart import style_small_multiples
from grader.html.templating import render_template
from grader.kinds.public import View
from grader.kinds.views import load_public_items
from grader.places import Home, Learner
from grader.skills import next_steps as nextsteps
from grader.skills.bank import Bank, practice_bank
from grader.skills.profile import (
    Change,
    Evidence,
    SkillProfile,
    change,
    gap,
    graded_evidence,
    practice_evidence,
    profile,
    standing,
)
from grader.skills.style import style_history
from grader.trainee import course_map
from grader.trainee.ratings import Ratings, asked, newest, read_ratings
from grader.trainee.released import released

HIGHER = (
    "You rate yourself higher than your answers show so far in {names}. You may do this well in "
    "real talks, and less well in a card. Or the skill asks for more than it seems."
)
LOWER = (
    "You rate yourself lower than your answers show so far in {names}. You may be able to do "
    "more than you think. Or you may ask much of yourself."
)
ALIKE = "In {names}, your own view and your answers go well together."
HARDER = "You see more in this skill than before."
NOBODY = "Only you can see this. It is not sent to anybody, unless you choose to share it."
UNREAD = "Some questions of the course could not be read, so they are missing here: {names}."


@dataclass(frozen=True)
class Compass:
    """All that the compass shows of one trainee."""

    learner: Learner
    skills: Mapping[str, Skill]
    bank: Bank
    ratings: Ratings
    evidence: tuple[Evidence, ...]
    profiles: tuple[SkillProfile, ...]

    @cached_property
    def items(self) -> dict[str, Item]:
        """All practice items by id."""
        return dict(chain.from_iterable(items.items() for items in self.bank.modules.values()))

    @property
    def now(self) -> dict[str, int | None]:
        """The newest self-rating of each skill."""
        return newest(self.ratings)

    def names(self, skills: Iterable[str]) -> str:
        """Return skills as words, such as 'Manner and Communication'."""
        words = [f"“{self.skills[skill].name}”" for skill in skills]
        return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def look(learner: Learner) -> Compass:
    """Read everything that the compass shows.

    Raises
    ------
    ContentError
        Where the skills cannot be read.
    """
    home, course = learner.home, learner.course
    skills, bank = load_skills(course.lessons / places.SKILLS), practice_bank(course)
    evidence = (*_practice(home, bank), *_graded(learner))
    said = read_ratings(home, asked(skills, bank))
    return Compass(learner, skills, bank, said, evidence, profile(evidence, skills))


def _practice(home: Home, bank: Bank) -> Iterator[Evidence]:
    for module, items in bank.modules.items():
        record = answers.read_record_or_empty(home.practice_record(module), module)
        yield from practice_evidence([record], items)


def _graded(learner: Learner) -> Iterator[Evidence]:
    """Yield the marks that came back, of questions that were answered: a gap shows nothing."""
    for module in load_syllabus(learner.course).titles:
        found = released(learner.home, module)
        if found is None:
            continue
        done = course_map.answered_in_exercise(learner.home, module)
        marks = {name: mark for name, mark in found.items.items() if name in done}
        yield from graded_evidence(
            module,
            {name: (mark.points, mark.max_points) for name, mark in marks.items()},
            {name: mark.skills for name, mark in marks.items()},
        )


def next_steps(compass: Compass) -> tuple[nextsteps.Step, ...]:
    """Return three next steps to choose from."""
    return nextsteps.suggestions(
        compass.profiles,
        compass.now,
        items=compass.items,
        lessons=course_map.lessons_of_cards(compass.learner.course),
        skills=compass.skills,
        done={each.item for each in compass.evidence},
    )


# --- as HTML


def skills_html(compass: Compass) -> str:
    """Return three sentences about the skills, and folded below them picture and tables."""
    few = _too_few(compass)
    return render_template(
        "trainee/skills.html.j2",
        nobody=NOBODY,
        unread=UNREAD.format(names=", ".join(compass.bank.unread)) if compass.bank.unread else "",
        well=_well(compass),
        next=_next(compass),
        few=few,
        unknown=_unknown(len(few)),
        bars=picture_html(compass_bars(compass.profiles, compass.now, compass.skills)),
        gaps=_gap_words(compass),
        changes=_changes(compass),
    )


def _well(compass: Compass) -> str:
    """Return what goes well in one sentence; a skill is named only where the margin allows."""
    found = standing(compass.profiles)
    if len(found.too_few) == len(compass.skills):
        return "There is not enough practice yet to say anything. Each skill needs three answers."
    if found.strongest:
        return f"So far you are strongest in {compass.names(found.strongest)}."
    if found.weakest:
        return "No skill stands out as your strongest so far."
    return "No skill stands out so far. Small differences can be chance, so none is named."


def _next(compass: Compass) -> dict[str, Any]:
    """Return what to meet next, with the lesson for it where the course has one."""
    weakest = standing(compass.profiles).weakest
    step = next(iter(next_steps(compass)), None)
    if weakest:
        words = f"There is most room to grow in {compass.names(weakest)}."
        return {"words": words, "lesson": step.practice if step and step.skill in weakest else None}
    if step:
        return {"words": step.sentence, "lesson": step.practice}
    return {"words": "Any lesson of the course map is a good next one.", "lesson": None}


def _unknown(count: int) -> str:
    if not count:
        return "Every skill has enough answers to be shown."
    return f"{'1 skill has' if count == 1 else f'{count} skills have'} too few answers so far."


def _too_few(compass: Compass) -> list[dict[str, Any]]:
    """Return the skills with too few answers, each with lessons for it, the nearest first."""
    lessons = course_map.lessons_of_cards(compass.learner.course)
    done = {each.item for each in compass.evidence}
    found = sorted((of for of in compass.profiles if not of.enough), key=lambda of: of.missing)
    return [
        {
            "skill": compass.skills[of.skill].name,
            "missing": of.missing,
            "lessons": nextsteps.practice_for(
                compass.skills[of.skill], compass.items, lessons, done
            )[:2],
        }
        for of in found
    ]


def _gap_words(compass: Compass) -> Iterator[str]:
    found: dict[str, list[str]] = {"higher": [], "lower": [], "alike": []}
    for of in compass.profiles:
        side = gap(compass.now.get(of.skill), of)
        if side:
            found[side].append(of.skill)
    if not any(found.values()):
        yield "When you have rated yourself and practised, you see here how the two go together."
        return
    for side, words in (("higher", HIGHER), ("lower", LOWER), ("alike", ALIKE)):
        if found[side]:
            yield words.format(names=compass.names(found[side]))
    yield "Both can be right. A rating and a card look at different sides of you."


def _changes(compass: Compass) -> dict[str, Any] | None:
    """Return how the ratings moved since the first time; nothing before a second time."""
    if not compass.ratings["after"]:
        return None
    said = [compass.ratings[moment] for moment in ("before", "after", "then")]
    found = [each for each in change(*said) if each.skill in compass.skills]
    return {
        "caption": "Your ratings, then and now",
        "head": ("Skill", "First time", "Once more", "Thinking back", "What it may mean"),
        "rows": [_change_row(compass, each) for each in found],
    }


def _change_row(compass: Compass, moved: Change) -> tuple[str, ...]:
    cells = [_level(compass.ratings[moment], moved.skill) for moment in ("before", "after", "then")]
    return (compass.skills[moved.skill].name, *cells, _change_words(moved))


def _level(said: Mapping[str, int | None], skill: str) -> str:
    if skill not in said:
        return "not rated"
    level = said[skill]
    return "not been in this situation" if level is None else LEVEL_WORDS[level]


def _change_words(moved: Change) -> str:
    if moved.fair is not None:
        return _side(moved.fair, "You see that you have grown.", "You see no change.", HARDER)
    if moved.plain is None:
        return ""
    same = "You rate yourself the same."
    return _side(moved.plain, "You rate yourself higher now.", same, "You rate yourself lower now.")


def _side(number: int, up: str, same: str, down: str) -> str:
    return up if number > 0 else same if number == 0 else down


def style_html(compass: Compass) -> str:
    """Return how the trainee talks, module by module, as small pictures with a table."""
    asked: dict[str, Item | View] = {**compass.items, **_exercise_views(compass.learner.home)}
    history = style_history(_typed_in(compass.learner), asked)
    picture = picture_html(style_small_multiples(history)) if history.modules else ""
    return render_template("trainee/style.html.j2", sentence=history.sentence, picture=picture)


def _typed_in(learner: Learner) -> Iterator[answers.Record]:
    home = learner.home
    for module in load_syllabus(learner.course).titles:
        for path in (home.practice_record(module), home.exercise_record(module)):
            yield answers.read_record_or_empty(path, module)


def _exercise_views(home: Home) -> dict[str, View]:
    found: dict[str, View] = {}
    for path in sorted((home.folder / "exercises").glob(f"*/{places.PUBLIC_ITEMS}")):
        with suppress(ContentError):  # the exercise's own page says it
            found |= load_public_items(path)
    return found
