"""What stands beside a lesson in a wide window: its outline, and the words of each step."""

from __future__ import annotations

from grader.places import Course, own_course
from grader.server import beside
from grader.server.lesson import Call

LINK = '<a href="../glossary.ipynb#term-{}">word</a>'
CARD = Call("card", ("x",))


def test_a_step_is_called_by_its_heading_or_by_what_there_is_to_do():
    steps = [
        ("<h1>Tea &amp; <em>time</em></h1><p>Words</p>",),
        ("<p>More.</p>",),
        ("<p>Try it.</p>", CARD),
        ("", CARD, "<h2>After</h2>"),
    ]
    assert beside.titles(steps) == ["Tea & time", "Read on", "Practice 1", "After"]


def test_practice_is_numbered_and_a_talk_is_called_by_its_peer():
    talk = {"call": {}, "facts": {"view": {"kind": "conversation", "peer": "Bette"}}}
    place = {"place": {}, "parts": (talk,)}
    steps = [("", CARD), ("<p>More.</p>", talk), ("", CARD), ("", place)]
    assert beside.titles(steps) == [
        "Practice 1",
        "A talk with Bette",
        "Practice 2",
        "A talk with Bette",
    ]


def test_the_outline_of_a_lesson_names_its_talk(learn_server):
    page = learn_server.fetch("lessons/01-definitions/3-is-and-is-not.ipynb")
    outline = page.partition('class="al-outline"')[2].partition("</nav>")[0]
    assert ">A talk with Bette<" in outline
    assert ">Practice 2<" in outline


def test_the_words_of_a_step_stand_beside_it_once_each():
    step = LINK.format("boundary") + LINK.format("peer") + LINK.format("boundary")
    found = beside.words(own_course(), [(step, CARD), ("<p>None.</p>",)])
    assert [[term.term for term in terms] for terms in found] == [["boundary", "peer"], []]


def test_a_step_of_many_words_shows_the_first_few():
    from grader.content.glossary import slug
    from grader.trainee.glossary import words_of

    names = [slug(term.term) for term in words_of(own_course())][:9]
    (found,) = beside.words(own_course(), [("".join(map(LINK.format, names)),)])
    assert [slug(term.term) for term in found] == names[: beside.MOST_WORDS]


def test_a_course_without_words_shows_none(tmp_path):
    assert beside.words(Course(tmp_path, tmp_path), [(LINK.format("peer"),)]) == [[]]


def test_every_word_that_a_lesson_links_to_can_open_in_place():
    from grader.content.glossary import slug
    from grader.trainee.glossary import words_of

    names = [slug(term.term) for term in words_of(own_course())][:9]
    steps = [(LINK.format(name), object()) for name in (*names, "no-such-word", names[0])]
    assert list(beside.all_words(own_course(), steps)) == names
