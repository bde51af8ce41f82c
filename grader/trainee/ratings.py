"""Self-ratings on the skills: what is asked at each moment, where it is kept, what was said.

A lesson may ask for a rating too. Then the lesson's item and the page of all skills share
one answer in one record, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.content.items import Skill
from grader.formats import answers
from grader.kinds.rating import MOMENTS, UNSEEN, UNSEEN_TEXT, RatingItem, RatingView
from grader.places import Home
from grader.skills.bank import Bank

MODULE = "skills"  # the journal record of ratings that no lesson asks for
KIND = "rating"
LEVELS = ("a", "b", "c")  # a skill's three steps, from least to most
TODAY = "which sentence is nearest to you today?"
THEN = "think back to before the course. Which sentence fits the person you were then?"

# Of each moment and skill: 0, 1 or 2 for the three steps, None for "not in this situation yet".
Ratings = dict[str, dict[str, int | None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One rating to ask for: of which skill, at which moment, and where its answer is kept."""

    moment: str
    skill: Skill
    module: str
    item_id: str

    @property
    def view(self) -> RatingView:
        """What a card shows, in the form of `grader.kinds.views.public_view`."""
        steps = zip((*LEVELS, UNSEEN), (*self.skill.anchors, UNSEEN_TEXT), strict=True)
        return {
            "id": self.item_id,
            "kind": KIND,
            "stem": {"setting": self.skill.definition, "speaker": "", "says": ""},
            "question": f"{self.skill.name}: {THEN if self.moment == 'then' else TODAY}",
            "points": 0.0,
            "content_note": "",
            "gentle": None,
            "levels": [{"id": name, "text": text} for name, text in steps],
        }


def asked(skills: Mapping[str, Skill], bank: Bank) -> tuple[Asked, ...]:
    """Return every rating there is to ask for, by moment and then in the order of the skills.

    Parameters
    ----------
    skills : mapping of str to Skill
        The framework in use; any number of skills.
    bank : Bank
        Its lessons may ask for some of the ratings themselves. Where two lessons ask for
        the same one, the first keeps it.
    """
    places_of = dict(reversed(list(_in_lessons(bank))))
    return tuple(
        Asked(moment, skill, *places_of.get((moment, skill.id), (MODULE, f"{moment}-{skill.id}")))
        for moment in MOMENTS
        for skill in skills.values()
    )


def _in_lessons(bank: Bank) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for module, items in bank.modules.items():
        for item in items.values():
            if isinstance(item, RatingItem) and item.moment:
                yield (item.moment, item.skill), (module, item.id)


def read_ratings(home: Home, ratings: Iterable[Asked]) -> Ratings:
    """Return what the trainee has said, by moment and skill id; what is open is left out."""
    found: Ratings = {moment: {} for moment in MOMENTS}
    records: dict[str, answers.Record] = {}
    for each in ratings:
        if each.module not in records:
            records[each.module] = answers.read_record_or_empty(
                home.journal_record(each.module), each.module
            )
        said = records[each.module].response(each.item_id, KIND)
        if said in (*LEVELS, UNSEEN):
            level = None if said == UNSEEN else LEVELS.index(said)
            found[each.moment][each.skill.id] = level
    return found


def newest(ratings: Ratings) -> dict[str, int | None]:
    """Return how a trainee sees each skill now: as rated after, or before where that is open."""
    return ratings["before"] | ratings["after"]
