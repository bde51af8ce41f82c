"""Pictures say in words and numbers what they show, and can be read without colours."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree

import pytest
from helpers.drawings import HISTORY, NAMES, PROFILES, RATINGS, SKILLS, every_picture, shown, style
from helpers.paths import TESTS
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from grader.html import charts, pictures, style_chart
from grader.html.pictures import Picture, picture_html
from grader.skills.mirror import GROUPS
from grader.skills.style import History


def words_of(picture: Picture) -> str:
    """Return all letters of a drawing."""
    return " ".join(ElementTree.fromstring(picture.svg).itertext())  # noqa: S314 - our own


# --- words and numbers


@pytest.mark.parametrize("draw", [charts.compass_bars, charts.compass_radar])
def test_the_words_of_a_compass_are_its_numbers(draw):
    alt = draw(PROFILES, RATINGS, SKILLS).alt
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


def test_the_wheel_keeps_the_order_of_the_framework():
    picture = charts.compass_radar(PROFILES, RATINGS, SKILLS)
    assert [row[0] for row in picture.rows] == list(NAMES)
    assert "2  Asking" in words_of(picture)


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
    drawing = style_chart.style_small_multiples(HISTORY).svg.decode()
    columns = 1 + len(GROUPS)  # one in the key, and one module of each half in each panel
    assert drawing.count(f"fill: {style_chart.LATE}") == columns
    assert len(re.findall(r"fill: url\(#", drawing)) == columns  # hatched


def test_nothing_typed_is_said():
    nothing = style("early", 0, 0, 0, 0, 0, replies=0)
    picture = style_chart.style_small_multiples(History((), nothing, nothing, ""))
    assert picture.alt.startswith("Nothing is typed yet")


# --- drawing


def drawn(monkeypatch, module, draw, *what):
    """Draw, and return the shapes: bars as (x, y, width, height, colour), lines as (xs, colour)."""
    kept = []
    monkeypatch.setattr(module, "svg_of", lambda figure: kept.append(figure) or b"")
    draw(*what)
    bars, lines = [], []
    for axes in kept[0].axes:
        for patch in axes.patches:
            box = patch.get_bbox().bounds if isinstance(patch, Rectangle) else (0, 0, 0, 0)
            bars.append((*box, to_hex(patch.get_facecolor())))
        lines += [(list(map(float, line.get_xdata())), line.get_color()) for line in axes.lines]
    return bars, lines


def test_bars_intervals_and_ratings_have_the_lengths_of_their_numbers(monkeypatch):
    bars, lines = drawn(monkeypatch, charts, charts.compass_bars, PROFILES, RATINGS, SKILLS)
    known = (PROFILES[1], PROFILES[0], PROFILES[3])
    assert [bar[2] for bar in bars[1:]] == pytest.approx([of.estimate for of in known])
    intervals = [xs for xs, colour in lines if colour == pictures.INK][1:]
    assert intervals == [[of.low, of.high] for of in known]
    ratings = [xs for xs, colour in lines if colour == charts.RATING][2:]
    thirds = [[0, 1 / 3], [1 / 3, 2 / 3], [2 / 3, 1], [2 / 3, 1]]
    assert [xs for xs in ratings if len(xs) == 2] == [pytest.approx(third) for third in thirds]
    middles = [xs[0] for xs in ratings if len(xs) == 1]
    assert middles == pytest.approx([1 / 6, 3 / 6, 5 / 6, 5 / 6])


def test_the_wheel_has_gaps_where_nothing_is_known(monkeypatch):
    bars, lines = drawn(monkeypatch, charts, charts.compass_radar, PROFILES, RATINGS, SKILLS)
    assert bars == []  # only a whole ring is filled
    assert sum(colour == charts.RATING for _, colour in lines) == 4 + 2  # and two in the key
    whole = PROFILES[:2] + PROFILES[3:4]
    bars, _ = drawn(monkeypatch, charts, charts.compass_radar, whole, RATINGS, SKILLS)
    assert len(bars) == 1


def test_columns_have_the_heights_of_their_counts(monkeypatch):
    draw = style_chart.style_small_multiples
    bars, _ = drawn(monkeypatch, style_chart, draw, HISTORY)
    counts = [dict(each.counts)[group] for group in GROUPS for each in HISTORY.modules]
    heights = [-height for _, _, _, height, _ in bars[2:]]
    assert heights == pytest.approx([style_chart.PANEL * count / 4 for count in counts])
    colours = [colour for *_, colour in bars[2:]]
    assert colours == [style_chart.EARLY, style_chart.LATE] * len(GROUPS)


def test_letters_are_12_px_or_more_on_the_narrowest_page():
    for picture in every_picture():
        drawing = picture.svg.decode()
        assert 'width="360pt"' in drawing
        sizes = re.findall(r"font(?:-size)?: (?:bold )?([\d.]+)px", drawing)
        assert len(sizes) == drawing.count("<text")
        assert min(map(float, sizes)) >= 12


def test_the_same_numbers_give_the_same_picture_on_another_day(monkeypatch):
    today = every_picture()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # the day that a drawing would bear
    assert every_picture() == today


def test_a_picture_asks_for_nothing_outside():
    for picture in every_picture():
        assert not re.search(r'(href|src)="(?!#)|url\((?!#)|<script|<image', picture.svg.decode())


def test_odd_names_are_drawn_as_they_are():
    odd = "$x^2$ & <b>支え</b> " + "very " * 20 + "long"
    skills = SKILLS | {"asking": replace(SKILLS["asking"], name=odd)}
    for draw in (charts.compass_bars, charts.compass_radar):
        assert "$x^2$ & <b>支え</b> very" in words_of(draw(PROFILES, RATINGS, skills))
    assert "<b>" not in picture_html(charts.compass_bars(PROFILES, RATINGS, skills))


def test_drawing_touches_no_global_state():
    code = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r});"
        "from grader.html import charts, style_chart;"
        "assert 'matplotlib' not in sys.modules;"
        "from helpers.drawings import every_picture; every_picture();"
        "assert 'matplotlib' in sys.modules; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


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
    ((_, image),) = [each for each in page.tags if each[0] == "img"]
    assert image["alt"] == picture.alt
    assert image["src"].startswith("data:image/svg+xml;base64,")
    scopes = [attributes["scope"] for tag, attributes in page.tags if tag == "th"]
    assert scopes == ["col"] * len(picture.head) + ["row"] * len(picture.rows)
    assert tags.count("caption") == 1
    for cell in (cell for row in (picture.head, *picture.rows) for cell in row):
        assert cell in page.text


def test_every_word_of_a_picture_is_escaped():
    odd = '<b>"&'
    html = picture_html(Picture(b"<svg/>", odd, odd, (odd, odd), ((odd, odd),)))
    assert odd not in html
    assert html.count("&lt;b&gt;&quot;&amp;") == 7


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


@pytest.mark.parametrize(
    "colours",
    [
        (charts.ANSWERS, charts.RATING, charts.SHARE, pictures.INK),
        (style_chart.EARLY, style_chart.LATE, pictures.INK),
    ],
    ids=["compass", "style"],
)
def test_colours_of_one_picture_differ_in_shades_of_grey(colours):
    for one, other in combinations(colours, 2):
        assert contrast(one, other) >= 1.5


@pytest.mark.parametrize("colour", [pictures.INK, pictures.SOFT, charts.RATING])
def test_words_stand_out_from_white(colour):
    assert contrast(colour, "#ffffff") >= 4.5


def test_only_colours_that_are_checked_are_used():
    allowed = {charts.ANSWERS, charts.RATING, charts.SHARE, style_chart.EARLY, style_chart.LATE}
    allowed |= {pictures.INK, pictures.SOFT, pictures.LINE, "#ffffff"}
    for picture in every_picture():
        assert set(re.findall(r"#[0-9a-f]{6}\b", picture.svg.decode())) <= allowed


def test_words_have_only_colours_that_stand_out():
    for picture in every_picture():
        inks = re.findall(r"<text[^>]*fill: (#[0-9a-f]{6})", picture.svg.decode())
        assert set(inks) <= {pictures.INK, pictures.SOFT, charts.RATING}
        plain = len(re.findall(r"<text(?![^>]*fill:)", picture.svg.decode()))
        assert plain == 0
