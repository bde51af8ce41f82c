"""Ratings and practice of one trainee, and a framework of skills of one's own."""

from __future__ import annotations

from pathlib import Path

from helpers.content import course_skills

from grader import places
from grader.formats import answers
from grader.places import own_course, own_home
from grader.skills import bank
from grader.skills.bank import practice_bank
from grader.trainee import ratings


def all_asked() -> tuple[ratings.Asked, ...]:
    return ratings.asked(course_skills(), practice_bank(own_course()))


def at(moment: str, skill: str) -> ratings.Asked:
    return next(one for one in all_asked() if (one.moment, one.skill.id) == (moment, skill))


def rate(moment: str, skill: str, response: str) -> None:
    one = at(moment, skill)
    record = own_home().journal_record(one.module)
    answers.save_response(record, one.module, one.item_id, "rating", response)


def framework(folder: Path, count: int) -> None:
    skills = "\n".join(
        f"- {{id: own-{n}, name: Own {n}, definition: What it is., "
        f"anchors: [Not yet., Sometimes., Could show it.], source: own}}"
        for n in range(count)
    )
    (folder / "skills.yaml").write_text(skills)
    (folder / "facts.yaml").write_text("- {id: F1, statement: A fact., source: own}\n")


def practise(skill: str, count: int, *, well: bool) -> None:
    """Answer scenario items of one skill, with the best or the least reply."""
    for module, items in bank.practice_bank(own_course()).modules.items():
        for item in items.values():
            if item.kind != "choice" or skill not in item.skills or count == 0:
                continue
            rank = sorted(item.options, key=lambda option: option.points)
            response = rank[-1 if well else 0].id
            place = places.own_home().practice_record(module)
            answers.save_response(place, module, item.id, "choice", response, tried=True)
            count -= 1
    assert count == 0
