"""Each module has a kit for a live session, and a trainer in a hurry can rely on it.

Whether its sentences are short and its words kind is looked at with all other pages, in
`test_editorial.py`. Here its tables are read as well.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from helpers.paths import REPOSITORY
from helpers.wording import EASY, grade, hits

from grader.kinds.typed.own_words import worded_own_danger
from grader.kinds.typed.wordings import Flat

COURSE, SOLUTIONS = REPOSITORY / "course", REPOSITORY / "solutions"
SESSION, SHORT = 90, 45  # minutes
LONGEST = 2000  # words with all marks: three printed pages

PEER = r"#### Peer: (\w+)"
BRIEF = (
    "Your life",
    "What you want",
    "When you are heard",
    "When you get advice",
    "When you are asked too much",
    "What you never say first",
)
PARTS = ("Before you begin", "Minute plan", "Role-plays", "Observer sheet", "Debrief", "Variants")
OPENING = ("What people take away", "Bring", "Room", "What we agree", "You may pass")
DEBRIEF = ("leave the role", "peer first", "supporter", "observer", "upset", "Do not write down")
# No way in which people harm themselves or others stands anywhere in a kit.
METHODS = (
    r"\b(pills?|tablets?|overdos\w*|poison\w*|bleach|insulin|gas|pesticides?)\b",
    r"\b(ropes?|noose|hang(s|ed|ing)?|belts?|strangl\w*|suffocat\w*)\b",
    r"\b(kni(fe|ves)|blades?|razors?|scissors|stab\w*|wrists?|guns?|rifles?|pistols?|bullets?)\b",
    r"\b(jump\w*|leap\w*|bridges?|cliffs?|roofs?|rails|railway|tracks|drown\w*)\b",
    r"\bcut(s|ting)? (him|her|them|my|your)sel(f|ves)\b",
    r"\b(hits?|hitting|beat(s|en|ing)?|(kick|punch|slap|chok|burn)\w*|rap(e[sd]?|ing))\b",
)


def modules() -> list[str]:
    listed = yaml.safe_load((COURSE / "modules.yaml").read_text(encoding="utf-8"))["modules"]
    return [module["slug"] for module in listed]


def kit_of(module: str) -> Path:
    return SOLUTIONS / f"{module}-kit.md"


every_kit = pytest.mark.parametrize("kit", [kit_of(one) for one in modules()], ids=lambda k: k.stem)


def part(kit: Path, title: str) -> str:
    """Return what stands under a numbered heading."""
    found = re.search(rf"^## \d\. {title}\n(.*?)(?=^## |\Z)", kit.read_text(), re.M | re.S)
    assert found, f"{kit.name} has no part {title!r}"
    return found.group(1)


def rows(text: str) -> list[list[str]]:
    """Return the cells of a table, without its two head rows."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def span(cell: str) -> tuple[int, int]:
    start, end = cell.split("–")
    return int(start), int(end)


def briefs(kit: Path) -> dict[str, str]:
    """Return the brief of each peer by name, up to where it is cut off."""
    return dict(re.findall(rf"^{PEER}[^\n]*\n(.*?)^---$", part(kit, "Role-plays"), re.M | re.S))


def names(path: str) -> set[str]:
    return {one["name"] for one in yaml.safe_load((COURSE / path).read_text(encoding="utf-8"))}


def trained_by(module: str) -> set[str]:
    """Return the names of the skills that the items of a module stand for."""
    known = yaml.safe_load((COURSE / "skills.yaml").read_text(encoding="utf-8"))
    banks = [folder / module / "items.yaml" for folder in (COURSE, SOLUTIONS)]
    items = [item for bank in banks for item in yaml.safe_load(bank.read_text(encoding="utf-8"))]
    ids = {skill for item in items for skill in item.get("skills", ())}
    return {skill["name"] for skill in known if skill["id"] in ids}


def all_as_prose(text: str) -> str:
    """Return a page with each cell of its tables as a line, so that cells are read as well."""
    cells = (cell.replace("☐", "").strip() for cell in re.split(r"[|\n]", text))
    return "\n".join(cell for cell in cells if cell.strip("-"))


def methods_in(text: str) -> list[str]:
    return [
        found.group() for pattern in METHODS for found in re.finditer(pattern, text, re.IGNORECASE)
    ]


def test_each_module_has_a_kit_and_each_kit_a_module():
    assert sorted(path.name for path in SOLUTIONS.glob("*-kit.md")) == [
        kit_of(module).name for module in sorted(modules())
    ]


@pytest.mark.parametrize("module", modules())
def test_trainers_are_led_to_the_kit_and_from_it_to_the_guide(module):
    link = f"]({kit_of(module).name})"
    assert link in (SOLUTIONS / "FOR-TRAINERS.md").read_text(encoding="utf-8")
    assert link in (SOLUTIONS / f"{module}.md").read_text(encoding="utf-8")
    assert f"]({module}.md)" in kit_of(module).read_text(encoding="utf-8")


@every_kit
def test_a_kit_has_all_its_parts_and_fits_on_three_pages(kit):
    before, debrief, variants = (part(kit, PARTS[number]) for number in (0, 4, 5))
    assert [title for title in PARTS if not part(kit, title).strip()] == []
    assert [what for what in (*OPENING, "Who to turn to") if f"**{what}" not in before] == []
    assert len(re.findall(r"^- I ", before, re.M)) == 3, "three lines that people take away"
    assert [what for what in DEBRIEF if what not in debrief] == []
    assert re.findall(r"^- \*\*([\w ]+)\.\*\*", variants, re.M) == [
        "Online",
        "45 minutes",
        "Two people only",
    ]
    assert len(kit.read_text(encoding="utf-8").split()) <= LONGEST


@every_kit
def test_the_debrief_asks_the_peer_first_then_supporter_then_observer(kit):
    asked = re.findall(r"^\d\. \*\*(.*?)\*\*", part(kit, "Debrief"), re.M)
    assert [re.search("peer|supporter|observer", one).group() for one in asked] == [
        "peer",
        "supporter",
        "observer",
        "supporter",
    ]
    assert part(kit, "Debrief").index("leave the role") < part(kit, "Debrief").index("1. ")


@every_kit
def test_the_minutes_of_the_plan_add_up(kit):
    plan = rows(part(kit, "Minute plan"))
    spans = [span(row[0]) for row in plan]
    assert sum(end - start for start, end in spans) == SESSION
    assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]
    assert spans[0][0] == 0
    assert min(end - start for start, end in spans) > 0
    assert [row for row in plan if len(row) != 4 or not all(row)] == [], "from–to, what, who, why"


@every_kit
def test_the_minutes_of_a_play_fit_into_its_line_of_the_plan(kit):
    for row in rows(part(kit, "Minute plan")):
        found = re.search(r"read (\d+), play (\d+), leave the role (\d+)", row[1])
        if found:
            start, end = span(row[0])
            assert sum(map(int, found.groups())) == end - start, row


@every_kit
def test_the_short_session_adds_up_too(kit):
    short = re.search(r"\*\*45 minutes\.\*\*(.*)", part(kit, "Variants")).group(1)
    assert sum(int(minutes) for minutes in re.findall(r"\((\d+)\)", short)) == SHORT


@every_kit
def test_an_easy_and_a_harder_play_have_three_briefs_each(kit):
    text = part(kit, "Role-plays")
    assert re.findall(r"^### Role-play (\d), (easy|harder): ", text, re.M) == [
        ("1", "easy"),
        ("2", "harder"),
    ]
    roles = re.findall(r"^#### (Supporter|Peer|Observer)", text, re.M)
    assert roles == ["Supporter", "Peer", "Observer"] * 2
    cut = re.split(r"^---$", text, flags=re.M)
    assert sum(piece.strip().startswith("#### ") for piece in cut) == len(roles), "cut line missing"


@every_kit
def test_a_peer_is_of_the_cast_and_has_a_whole_brief(kit):
    found = briefs(kit)
    assert len(found) == 2
    assert set(found) <= names("people.yaml")
    for name, brief in found.items():
        assert [what for what in BRIEF if f"**{what}" not in brief] == [], name


def test_everybody_of_the_cast_is_played_once_and_nobody_all_the_time():
    played = [name for module in modules() for name in briefs(kit_of(module))]
    assert set(played) == names("people.yaml")
    assert [name for name in played if played.count(name) > 2] == []


@every_kit
def test_a_player_never_speaks_of_danger_to_their_own_life(kit):
    said = [line for brief in briefs(kit).values() for line in re.findall(r'"([^"]+)"', brief)]
    assert len(said) >= 5
    assert [line for line in said if worded_own_danger(Flat(line))] == []


@pytest.mark.parametrize("module", modules())
def test_the_sheet_has_skills_of_the_module_and_words_to_tick(module):
    sheet = rows(part(kit_of(module), "Observer sheet"))
    skills = [row[0].strip("*") for row in sheet]
    assert set(skills) <= names("skills.yaml")
    assert set(skills) <= trained_by(module)
    assert 3 <= len(set(skills)) == len(skills)
    for row in sheet:
        assert [bool(cell) for cell in row] == [True, True, True, True, False], "the last is empty"
        assert [cell for cell in row[1:4] if not re.match(r"☐ \w+", cell)] == []


@every_kit
def test_a_question_about_danger_is_never_ticked_down(kit):
    assert 'Asking openly about danger is never "not yet"' in part(kit, "Observer sheet")


@every_kit
def test_a_kit_is_very_easy_to_read_with_its_tables(kit, tmp_path):
    page = tmp_path / "kit.md"
    page.write_text(all_as_prose(kit.read_text(encoding="utf-8")), encoding="utf-8")
    assert list(hits(page.read_text(encoding="utf-8"))) == []
    assert grade(page) <= EASY


@every_kit
def test_no_way_to_do_harm_is_named(kit):
    assert methods_in(kit.read_text(encoding="utf-8")) == []


def test_a_way_to_do_harm_would_be_found():
    found = methods_in("He was beaten. She has kept her tablets.")
    assert found == ["tablets", "beaten"]
    assert worded_own_danger(Flat("I have thought about killing myself."))
