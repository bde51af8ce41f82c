"""Tests of grader.html.help_card: the card on every page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from grader import places
from grader.errors import ContentError
from grader.html import help_card

TODAY = date(2026, 6, 30)
REGION = """
organisation: Example Group
checked_on: "{checked}"
lines:
  - name: Evening line
    number: "000 000"
    hours: every evening
"""


def put_region(checked: date) -> None:
    path = places.own_home().folder / "region.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(REGION.format(checked=checked), encoding="utf-8")


def own_card() -> str:
    return help_card.help_html(help_card.find_region(places.this_learner()), today=TODAY)


def test_it_ships_without_any_number():
    html = help_card.help_html(None)
    assert "local emergency number" in html
    assert "Find A Helpline" in html
    assert not any(character.isdigit() for character in html)


def test_an_organisations_lines_come_first_with_their_date():
    put_region(TODAY - timedelta(days=30))
    html = own_card()
    assert html.index("Evening line") < html.index("local emergency number")
    assert "Last checked on 31 May 2026." in html
    assert "may have changed" not in html


@pytest.mark.parametrize(("days", "stale"), [(180, False), (181, True)])
def test_lines_are_stale_after_180_days(days, stale):
    put_region(TODAY - timedelta(days=days))
    assert ("may have changed" in own_card()) is stale


def test_a_broken_region_file_never_takes_the_card_away():
    put_region(TODAY)
    (places.own_home().folder / "region.yaml").write_text("lines: [", encoding="utf-8")
    html = own_card()
    assert "could not be read" in html
    assert "local emergency number" in html


def test_a_region_file_says_what_to_mend(tmp_path):
    path = tmp_path / "region.yaml"
    path.write_text("organisaton: X\nchecked_on: 'soon'\nlines:\n  - name: Line\n")
    with pytest.raises(ContentError) as error:
        help_card.load_region(path)
    message = str(error.value)
    assert "did you mean 'organisation'?" in message
    assert "must be a day" in message
    assert "give a 'number' or a 'text'" in message


def test_words_of_a_region_file_are_escaped():
    put_region(TODAY)
    path = places.own_home().folder / "region.yaml"
    path.write_text(path.read_text().replace("Evening", "<b>Evening"))
    assert "<b>" not in own_card()


def test_the_example_file_is_valid_and_empty():
    region = help_card.load_region(places.own_course().lessons / "region.example.yaml")
    assert region.lines == ()


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("000 000", "tel:000000"),
        ("+00 (0)00-000.000", "tel:+0000000000"),
        ("*00#", "tel:*00%23"),
        ("000 000, then 2", ""),
        ("ask at the desk", ""),
    ],
)
def test_a_number_is_called_by_a_tap(number, address):
    put_region(TODAY)
    path = places.own_home().folder / "region.yaml"
    path.write_text(path.read_text().replace("000 000", number))
    html = own_card()
    link = f'call <a href="{address}">{number}</a>' if address else f"call {number}"
    assert link in html
    assert html.count("<a ") == bool(address)


def test_a_text_and_an_address_open_by_a_tap_too():
    put_region(TODAY)
    path = places.own_home().folder / "region.yaml"
    more = 'text: "000 00"\n    web: https://example.org/chat'
    path.write_text(path.read_text().replace("hours: every", f"{more}\n    hours: every"))
    html = own_card()
    assert '<a href="sms:00000">000 00</a>' in html
    # Another window: the page with the story, and what is typed there, stays.
    assert '<a href="https://example.org/chat" target="_blank" rel="noopener noreferrer">' in html


@pytest.mark.parametrize("web", ["javascript:alert(1)", "example.org", "data:text/html,x"])
def test_an_address_that_is_none_is_said(tmp_path, web):
    path = tmp_path / "region.yaml"
    path.write_text(f"lines:\n  - name: Line\n    web: '{web}'\n")
    with pytest.raises(ContentError, match="must be a whole web address"):
        help_card.load_region(path)
