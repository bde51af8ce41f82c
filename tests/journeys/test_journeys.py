"""What people do with cards, written once and made through every host.

Each journey ends with the receipts that it got. They are the same, byte for byte, whoever
carried the messages.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from helpers.content import items_of
from helpers.hosts import HOSTS, Card, Host, hosting
from helpers.paths import REPOSITORY

from grader import places
from grader.formats.archives import packed
from grader.formats.feedback import Final, Released, write
from grader.places import FEEDBACK_NUMBERS, FEEDBACK_PAGE
from grader.trainee.hand_in import BY_BROWSER

COURSE = REPOSITORY / "course"
MODULE = "07-advice"
EXERCISE = f"exercises/{MODULE}/exercise.ipynb"
SEED, MARK = "0123456789abcdef", "fedcba9876543210"
Journey = Callable[[Host], list[Card]]
# When something was handed in, and how much a hand-in file says of its time.
# A browser has no folder that its owner could open, so the page has to save the file.
SAVED = re.escape(json.dumps(BY_BROWSER)[1:-1])
WHERE = re.compile(rf'It is in the folder [^"]+\.|{SAVED}|(?<="save":) ?(?:true|false)')
WHOLE = re.compile(r"(?<=\d)\.0(?=[,}\]])")  # JavaScript says 6 for 6.0
MOMENT = re.compile(r"\d{8}T\d{6}Z|\d{1,2}[:.]\d{2}|\d{4}-\d{2}-\d{2}T[\d:.+]+")


def first(cards: dict[str, Card], kind: str) -> Card:
    """Return the first card of a kind."""
    return next(card for card in cards.values() if card.facts.get("view", {}).get("kind") == kind)


def lesson_with(kind: str) -> str:
    """Return a lesson of the course that shows a card of a kind."""
    for path in sorted(COURSE.glob("[0-9]*/[0-9]*.ipynb")):
        text = path.read_text(encoding="utf-8")
        items = items_of(path.parent / "items.yaml").values()
        calls = [json.dumps(f'card("{item.id}")')[1:-1] for item in items if item.kind == kind]
        if any(call in text for call in calls):
            return path.relative_to(COURSE).as_posix()
    raise AssertionError(f"no lesson has a {kind}")


def answered(host: Host) -> list[Card]:
    card = first(host.open(lesson_with("choice")), "choice")
    option = card.facts["view"]["options"][1]["id"]
    assert card.ask(type="open")["response"] is None
    assert card.ask(type="save", response=option, seen=None)["type"] == "saved"
    receipt = card.ask(type="check", response=option, seen=option)
    assert receipt["result"]["headline"]
    return [card]


def typed(host: Host) -> list[Card]:
    card = first(host.open(lesson_with("reply")), "reply")
    words = "That sounds heavy. What would help you tonight?"
    assert card.ask(type="check", response=words, seen=None)["result"]["reasons"] is not None
    assert card.ask(type="save", response=f"{words} I can't go on myself.", seen=words)["care"]
    return [card]


def talked(host: Host) -> list[Card]:
    card = first(host.open(lesson_with("conversation")), "conversation")
    walk, steps = card.ask(type="open")["walk"], []
    while walk["turn"] and len(steps) < 12:
        turn = walk["turn"]
        said = {"text": "What was that like?"} if turn["asks"] == "reply" else {}
        said = said or {"pick": turn["options"][0]["id"]}
        seen, steps = list(steps), [*steps, {"turn": turn["id"], **said}]
        walk = card.ask(type="save", response=steps, seen=seen or None)["walk"]
    assert steps
    card.ask(type="save", response=steps[:-1], seen=steps)
    return [card]


def opened_again(host: Host) -> list[Card]:
    page = lesson_with("choice")
    card = first(host.open(page), "choice")
    option = card.facts["view"]["options"][0]["id"]
    card.ask(type="check", response=option, seen=None)
    again = first(host.open(page), "choice")
    assert again.facts["response"] == option
    assert again.ask(type="open")["result"]
    return [card, again]


def host_lost(host: Host) -> list[Card]:
    page = lesson_with("choices")
    card = first(host.open(page), "choices")
    chosen = [card.facts["view"]["options"][0]["id"]]
    card.ask(type="save", response=chosen, seen=None)
    host.restart()
    again = first(host.open(page), "choices")
    assert again.ask(type="open")["response"] == chosen
    return [card, again]


def two_windows(host: Host) -> list[Card]:
    page = lesson_with("choice")
    one, other = (first(host.open(page), "choice") for _ in range(2))
    options = [each["id"] for each in one.facts["view"]["options"]]
    one.ask(type="save", response=options[0], seen=None)
    receipt = other.ask(type="save", response=options[1], seen=None)
    assert receipt["type"] == "changed"
    assert receipt["response"] == options[0]
    assert other.ask(type="save", response=options[1], seen=options[0])["type"] == "saved"
    return [one, other]


def handed_in(host: Host) -> list[Card]:
    cards = host.open(EXERCISE)
    card = first(cards, "choice")
    option = card.facts["view"]["options"][0]["id"]
    assert card.ask(type="save", response=option, seen=None)["result"] is None
    send = cards["hand_in"]
    assert send.ask(type="open")["needs_code"]
    assert send.ask(type="code", code="../x")["type"] == "refused"
    seen = send.ask(type="code", code="trainee-017")["seen"]
    assert send.ask(type="hand_in", seen="something else")["type"] == "refused"
    assert send.ask(type="hand_in", seen=seen, share={})["type"] == "done"
    assert send.files[0].startswith(b"PK")
    return [card, send]


def feedback_back(host: Host) -> list[Card]:
    card = host.open("index.ipynb")["feedback"]
    assert card.ask(b"no zip", type="bundle", name="x.zip")["type"] == "refused"
    assert card.ask(feedback(), type="bundle", name="feedback.zip")["lines"]
    assert (host.home / "feedback" / f"{MODULE}.html").is_file()
    return [card]


def feedback() -> bytes:
    """Return a feedback file as a trainer's side writes it."""
    items = {"graded-07": Final(2.0, 3.0, ("listening",))}
    numbers = write(Released(MODULE, "trainee-017", 2.0, 3.0, 0, items))
    page = "<!doctype html><header></header><main><h1>Your feedback</h1></main>"
    parts = [(FEEDBACK_PAGE, page.encode()), (FEEDBACK_NUMBERS, numbers.encode())]
    return bytes(packed(parts))


def own_pages(host: Host) -> list[Card]:
    ratings = host.open("skills.ipynb")["ratings"]
    name = ratings.facts["groups"][0]["questions"][0]["of"]
    assert ratings.ask(type="save", of=name, response="b", seen=None)["type"] == "saved"
    again = host.open("again.ipynb")["meet_again"]
    assert again.facts["questions"] == []
    assert again.ask(type="later")["type"] == "done"
    find = host.open("find.ipynb")["find"]
    assert find.ask(type="find", words="lived exp")["found"]
    record = host.open("record.ipynb")
    assert record["certificate"].ask(type="open")["ready"] is False
    assert record["export"].ask(type="export")["type"] == "done"
    assert record["delete"].ask(type="delete", word="no")["type"] == "refused"
    assert record["delete"].ask(type="delete", word="delete")["type"] == "done"
    assert not any((host.home / "journal").glob("*"))
    return [ratings, again, find, record["certificate"], record["export"], record["delete"]]


def nonsense(host: Host) -> list[Card]:
    card = first(host.open(lesson_with("choice")), "choice")
    for message in ({"type": "sing"}, {"type": None}, {"type": "save"}, {"type": ["open"]}):
        assert card.ask(**message)["type"] == "refused"
    return [card]


JOURNEYS: tuple[Journey, ...] = (
    answered, typed, talked, opened_again, host_lost, two_windows, handed_in, feedback_back,
    own_pages, nonsense,
)  # fmt: skip
RECEIPTS: dict[str, dict[str, list[str]]] = {}


@pytest.fixture(scope="module", params=sorted(HOSTS))
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home = tmp_path_factory.mktemp(request.param) / "home"
    with hosting(request.param, COURSE, home) as running:
        running.kind = request.param
        yield running


@pytest.fixture
def fresh(host: Any) -> Any:
    """Let the home be that of somebody who comes for the first time, the same in each host."""
    for name in ("practice", "journal", "feedback", "hand-in"):
        shutil.rmtree(host.home / name, ignore_errors=True)
    for name in (places.TRAINEE, places.HANDED_IN):
        (host.home / name).unlink(missing_ok=True)
    for record in host.home.glob(f"exercises/*/{places.ANSWERS}*"):
        record.unlink()
    (host.home / places.ORDER_SEED).write_text(SEED)
    (host.home / places.DEVICE_MARK).write_text(MARK)
    return host


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_a_journey_goes_well(fresh, journey):
    cards = journey(fresh)
    got = [json.dumps(card.facts, sort_keys=True) for card in cards]
    got += [receipt for card in cards for receipt in card.receipts]
    RECEIPTS.setdefault(journey.__name__, {})[fresh.kind] = [
        WHERE.sub("here", MOMENT.sub("then", WHOLE.sub("", text.replace(str(fresh.home), "home"))))
        for text in got
    ]


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_every_host_gave_the_same_receipts(journey):
    got = RECEIPTS.get(journey.__name__, {})
    assert sorted(got) == sorted(HOSTS), "a host's journey did not end"
    one, *others = got.values()
    for other in others:
        assert other == one


def test_a_receipt_that_differs_would_be_seen():
    assert MOMENT.sub("then", "At 9:41 b") != MOMENT.sub("then", "At 9:42 c")
