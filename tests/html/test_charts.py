"""Pictures say in words and numbers what they show, and can be read without colours."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree

import pytest
from helpers.drawings import HISTORY, NAMES, PROFILES, RATINGS, SKILLS, every_picture, shown, style

from grader.html import charts, style_chart
from grader.html.pictures import SIDE, SPAN, Picture, picture_html
from grader.html.templating import trusted
from grader.places import PACKAGE
from grader.skills.mirror import GROUPS
from grader.skills.style import History


def drawn(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(f"<svg>{picture.drawing}</svg>")  # noqa: S314 - our own


def words_of(picture: Picture) -> str:
    """Return all letters of a drawing."""
    return " ".join(drawn(picture).itertext())


# --- words and numbers


def test_the_words_of_a_compass_are_its_numbers():
    alt = charts.compass_bars(PROFILES, RATINGS, SKILLS).alt
    assert "Highest: Asking, with 90% of the points. Lowest: Waiting, with 20%" in alt
    assert "Not enough practice yet in Resting and Singing." in alt
    assert "Your rating is higher than your answers show in Waiting." in alt
    assert "Your rating is lower than your answers show in Asking." in alt
    assert "alike in 1 skill." in alt


def test_bars_stand_from_the_highest_to_the_lowest_and_then_what_is_not_known():
    rows = charts.compass_bars(PROFILES, RATINGS, SKILLS).rows
    assert rows == (
        ("Asking", "90%, likely 78% to 96%", "20, 4 of them marked", "not tried yet"),
        ("Listening", "50%, likely 36% to 64%", "20", "sometimes"),
        ("Waiting", "20%, likely 11% to 34%", "20", "could show it"),
        ("Resting", "not enough practice yet", "0", "could show it"),
        ("Singing", "not enough practice yet", "2", "not been in this situation"),
    )


def test_the_drawing_has_the_numbers_of_the_table():
    words = words_of(charts.compass_bars(PROFILES, RATINGS, SKILLS))
    for part in (*NAMES, "90%", "50%", "20%", "0 of 3 answers", "2 of 3 answers"):
        assert part in words


def test_a_rating_that_is_missing_is_said():
    assert charts.compass_bars(PROFILES, {}, SKILLS).rows[0][-1] == "not rated"


@pytest.mark.parametrize(
    ("profiles", "words"),
    [
        (tuple(shown(name, 0, 0) for name in SKILLS), "No skill has the 3 answers"),
        (tuple(shown(name, 0.5, 8) for name in SKILLS), "All that can be shown stand at 50%"),
        (tuple(shown(name, 1, 8) for name in SKILLS), "stand at 100%: 5 skills: Listening, "),
        (
            (shown("listening", 1, 9), shown("asking", 1, 9), shown("resting", 0, 9)),
            "Highest: Listening and Asking, with 100% of the points. Lowest: Resting, with 0%",
        ),
    ],
)
def test_ends_are_named_with_their_ties(profiles, words):
    assert words in charts.compass_bars(profiles, {}, SKILLS).alt


def test_the_style_says_each_group_early_and_late():
    picture = style_chart.style_small_multiples(HISTORY)
    for part in ("Asking: 4 early, 2 late", "Sharing: 0 early, 0 late", "Fixing: 3 early, 1 late"):
        assert part in picture.alt
        assert part in words_of(picture)
    assert picture.alt.endswith(HISTORY.sentence)
    assert "late half of the modules: 1 reply" in words_of(picture)
    assert picture.head == ("Module", *GROUPS, "replies typed")
    assert picture.rows == (
        ("1", "4", "1", "0", "2", "3", "9"),
        ("7", "2", "2", "0", "0", "1", "9"),
        ("early half", "4", "1", "0", "2", "3", "9"),
        ("late half", "2", "2", "0", "0", "1", "1"),
    )


def test_the_two_halves_look_different():
    picture = style_chart.style_small_multiples(HISTORY)
    columns = 1 + len(GROUPS)  # one in the key, and one module of each half in each panel
    assert len(marks(picture, "al-late")) == columns
    assert len(marks(picture, "al-early")) == columns
    tall = [column for column in marks(picture, "al-early") if float(column["height"])]
    assert len(marks(picture, "al-hatch")) == len(tall) == columns - 1  # hatched, where not 0


def test_nothing_typed_is_said():
    nothing = style("early", 0, 0, 0, 0, 0, replies=0)
    picture = style_chart.style_small_multiples(History((), nothing, nothing, ""))
    assert picture.alt.startswith("Nothing is typed yet")


# --- drawing


def marks(picture: Picture, name: str) -> list[dict[str, str]]:
    """Return the attributes of all shapes of one class, in their order."""
    return [each.attrib for each in drawn(picture).iter() if each.get("class") == name]


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", text)]


def share_at(x: float) -> float:
    return (x - SIDE) / SPAN


def lengths(picture: Picture, name: str) -> list[list[float]]:
    """Return where level shapes begin and end, as shares of the width."""
    paths = [mark["d"] for mark in marks(picture, name)]
    ends = [(numbers(path)[0], numbers(path.split("H")[1])[0]) for path in paths]
    return [[share_at(x) for x in both] for both in ends]


def close(shares: list[list[float]]) -> list[object]:
    return [pytest.approx(both, abs=1e-4) for both in shares]  # a hundredth of a px is less


def test_bars_intervals_and_ratings_have_the_lengths_of_their_numbers():
    picture = charts.compass_bars(PROFILES, RATINGS, SKILLS)
    known = (PROFILES[1], PROFILES[0], PROFILES[3])
    assert lengths(picture, "al-points")[1:] == close([[0, of.estimate] for of in known])
    assert lengths(picture, "al-likely")[1:] == close([[of.low, of.high] for of in known])
    thirds = [[0, 1 / 3], [1 / 3, 2 / 3], [2 / 3, 1], [2 / 3, 1]]
    assert lengths(picture, "al-third")[1:] == close(thirds)
    middles = [share_at(numbers(mark["transform"])[0]) for mark in marks(picture, "al-rated")[1:]]
    assert middles == pytest.approx([1 / 6, 3 / 6, 5 / 6, 5 / 6], abs=1e-4)


def test_each_mark_of_a_row_stands_at_its_own_name():
    picture = charts.compass_bars(PROFILES, RATINGS, SKILLS)
    at = {words.text: float(words.get("y")) for words in drawn(picture).iter("text")}
    names = [at[name] for name in ("Asking", "Listening", "Waiting", "Resting", "Singing")]
    assert names == sorted(names)
    bars = [numbers(mark["d"])[1] for mark in marks(picture, "al-points")[1:]]
    gaps = [numbers(mark["d"])[1] for mark in marks(picture, "al-unknown")]
    ratings = [numbers(mark["transform"])[1] for mark in marks(picture, "al-rated")[1:]]
    step = names[1] - names[0]
    for name, bar in zip(names, [*bars, *gaps], strict=True):
        assert name < bar < name + step
    for name, rating in zip(names, ratings, strict=False):  # the last was never rated
        assert name < rating < name + step


def test_columns_have_the_heights_of_their_counts():
    picture = style_chart.style_small_multiples(HISTORY)
    early, late = (marks(picture, name)[1:] for name in ("al-early", "al-late"))
    columns = [column for both in zip(early, late, strict=True) for column in both]
    counts = [dict(each.counts)[group] for group in GROUPS for each in HISTORY.modules]
    heights = [float(column["height"]) for column in columns]
    assert heights == pytest.approx([style_chart.PANEL * count / 4 for count in counts], abs=0.01)
    grounds = [numbers(mark["d"])[1] for mark in marks(picture, "al-ground") for _ in "12"]
    feet = [float(column["y"]) + float(column["height"]) for column in columns]
    assert feet == pytest.approx(grounds, abs=0.01)


@pytest.mark.parametrize(("wide", "tall"), [(24, 56), (30, 12), (5, 8), (24, 0), (3.2, 1.4)])
def test_hatching_stays_within_its_column(wide, tall):
    for way in style_chart._hatch(100, 200, wide, tall):
        x, y, to_x, to_y = numbers(way.replace("L", " "))
        assert 100 <= x < to_x <= 100 + wide
        assert 200 - tall <= to_y < y <= 200


def test_letters_are_12_px_or_more_on_the_narrowest_page():
    for picture in every_picture():
        html = picture_html(picture)
        ((_, attributes),) = [each for each in Reader(html).tags if each[0] == "svg"]
        assert attributes["viewbox"] == f"0 0 360 {picture.height}"
        assert float(attributes["font-size"]) >= 12
        assert html.count("font-size") == 1  # and no word has another
    assert "font" not in chart_style().replace("font-weight", "")


def test_nothing_stands_outside_of_its_picture():
    for picture in every_picture():
        for words in drawn(picture).iter("text"):
            assert 8 <= float(words.get("y")) <= picture.height - 8


def test_the_same_numbers_give_the_same_picture_on_another_day(monkeypatch):
    today = every_picture()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # the day that a drawing would bear
    assert every_picture() == today


def test_a_picture_asks_for_nothing_outside():
    for picture in every_picture():
        assert not re.search(r'(href|src)="|url\(|<script|<image|style=', picture_html(picture))


def test_odd_names_are_drawn_as_they_are():
    odd = "$x^2$ & <b>支え</b> " + "very " * 20 + "long"
    skills = SKILLS | {"asking": replace(SKILLS["asking"], name=odd)}
    assert "$x^2$ & <b>支え</b> very" in words_of(charts.compass_bars(PROFILES, RATINGS, skills))
    assert "<b>" not in picture_html(charts.compass_bars(PROFILES, RATINGS, skills))


def test_hostile_names_stay_words():
    hostile = "</text></svg><script>alert(1)</script>"
    skills = {name: replace(skill, name=hostile) for name, skill in SKILLS.items()}
    module = replace(HISTORY.modules[0], name=hostile)
    history = replace(HISTORY, modules=(module,), sentence=hostile)
    for picture in (
        charts.compass_bars(PROFILES, RATINGS, skills),
        style_chart.style_small_multiples(history),
    ):
        assert "</text></svg><script>" in words_of(picture)
        page = Reader(picture_html(picture))
        assert [tag for tag, _ in page.tags].count("svg") == 1
        assert "script" not in [tag for tag, _ in page.tags]


# --- on the page


class Reader(HTMLParser):
    """Collect the tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_a_picture_stands_in_a_figure_with_its_words_and_a_real_table():
    picture = charts.compass_bars(PROFILES, RATINGS, SKILLS)
    page = Reader(picture_html(picture))
    tags = [tag for tag, _ in page.tags]
    assert tags[0] == "figure"
    ((_, image),) = [each for each in page.tags if each[0] == "svg"]
    assert image["role"] == "img"
    named = [attributes.get("id") for tag, attributes in page.tags if tag in {"title", "desc"}]
    assert image["aria-labelledby"].split() == named
    assert f">{escape(picture.alt)}</desc>" in picture_html(picture)
    assert f">{escape(picture.caption)}</title>" in picture_html(picture)
    scopes = [attributes["scope"] for tag, attributes in page.tags if tag == "th"]
    assert scopes == ["col"] * len(picture.head) + ["row"] * len(picture.rows)
    assert tags.count("caption") == 1
    for cell in (cell for row in (picture.head, *picture.rows) for cell in row):
        assert cell in page.text


def test_every_word_of_a_picture_is_escaped():
    odd = '<b>"&'
    html = picture_html(Picture("a", 9, trusted(""), odd, odd, (odd, odd), ((odd, odd),)))
    assert odd not in html
    assert html.count("&lt;b&gt;&quot;&amp;") == 7 + 1  # the caption is the picture's title, too


def test_a_drawing_that_no_template_made_is_escaped():
    html = picture_html(Picture("a", 9, "<script>", "", "", (), ()))
    assert "<script>" not in html


def test_the_pictures_of_one_page_share_no_id():
    page = Reader("".join(map(picture_html, every_picture())))
    found = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(found) == len(set(found)) == 2 * 2


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


STYLE = (PACKAGE / "cards" / "static" / "cards.css").read_text(encoding="utf-8")
BLOCKS = re.findall(r"[^{}]*--al-text:[^{}]*", STYLE)
SCHEMES = dict(zip(("light", "dark", "dark theme"), BLOCKS, strict=True))
WORDS = {"al-text", "al-soft", "al-rating"}  # colours in which something is written
MARKS = WORDS | {"al-accent", "al-edge"}  # colours that nothing else encloses


def chart_style() -> str:
    """Return the rules for pictures."""
    return STYLE.split("/* Pictures of numbers")[1]


def colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", SCHEMES[scheme]))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "names",
    [("al-points", "al-rating", "al-accent", "al-text"), ("al-points", "al-accent", "al-text")],
    ids=["compass", "style"],
)
def test_colours_of_one_picture_differ_in_shades_of_grey(names, scheme):
    for one, other in combinations(names, 2):
        assert contrast(colours(scheme)[one], colours(scheme)[other]) >= 1.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_and_marks_stand_out_from_the_paper(scheme):
    found = colours(scheme)
    for name in WORDS:
        assert contrast(found[name], found["al-paper"]) >= 4.5
    for name in MARKS:
        assert contrast(found[name], found["al-paper"]) >= 3
    assert contrast(found["al-text"], found["al-points"]) >= 3  # the outline and the range of a bar
    assert contrast(found["al-text"], found["al-tint"]) >= 4.5  # in the boxes of a talk


def test_only_colours_that_are_checked_are_used():
    used = set(re.findall(r"var\(--([\w-]+)\)", chart_style()))
    assert used == MARKS | {"al-points", "al-paper", "al-line", "al-tint"}
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl", chart_style())
    for picture in every_picture():
        found = re.findall(r'(?:fill|stroke|color)="([^"]+)"', picture.drawing)
        assert set(found) <= {"currentColor", "none"}


def test_words_have_only_colours_that_stand_out():
    inks = dict(re.findall(r"\.al-chart \.([\w-]+) \{ fill: var\(--([\w-]+)\)", chart_style()))
    for picture in every_picture():
        classes = {
            name for each in drawn(picture).iter("text") for name in each.get("class", "").split()
        }
        assert classes <= {"al-level", "al-aside", "al-over", "al-strong"}
        assert {inks[name] for name in classes if name in inks} <= WORDS


def test_each_shape_has_its_style():
    used = {
        name
        for picture in every_picture()
        for name in re.findall(r'class="([^"]+)"', picture.drawing)
    }
    for name in (part for names in used for part in names.split()):
        assert f".{name}" in chart_style() or name == "al-likely"  # which has the colour of words
