"""Words are found in lessons, glossary and notes; notes stay with their owner."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from helpers.content import items_of
from helpers.exercise import MODULE, NOON, answer
from helpers.wire import Wire

from grader.cards.finding import FindCard, StepNotesCard
from grader.places import FIND_INDEX, ITEMS, Home, own_course, own_home, this_learner
from grader.site.pack import words_pack
from grader.trainee import finding, hand_in, moving, notes, record, sharing

LESSON = "07-advice/4-four-rules.ipynb"
HARD = "05-boundaries"  # has stories with a note
PRIVATE = "My zebra words"
COURSE = own_course()


def found(asked: str) -> list[finding.Found]:
    return list(finding.find(COURSE, own_home(), asked))


def keep(text: str = PRIVATE, *, marked: bool = False, place: str = "step-3") -> dict:
    card = Wire(StepNotesCard(this_learner(), LESSON))
    said = {"marked": marked, "text": text}
    return card.ask(type="keep", place=place, said=said, title="Four rules: Ask first")


def test_a_word_is_found_by_its_beginning_whatever_its_capitals():
    first = found("LIVED exp")[0]
    assert (first.title.lower(), first.link) == ("lived experience", "glossary.ipynb")
    assert first.place == "term-lived-experience"


def test_a_step_of_a_lesson_is_found_with_some_words_around():
    text = next(each for each in finding.index(COURSE) if each.link == LESSON and each.words)
    hits = finding._found([text], [finding.re.compile(finding.folded(text.words.split()[-1]))])
    assert [(hit.link, hit.place) for hit in hits] == [(LESSON, text.place)]
    assert all(len(hit.around) < 3 * finding.AROUND for hit in found("advice"))
    assert len(found("advice")) > finding.MOST
    shown = Wire(FindCard(this_learner())).ask(type="find", words="advice")
    assert (len(shown["found"]), shown["more"]) == (finding.MOST, True)


@pytest.mark.parametrize("asked", ["", "   ", "?!*", "xyzzyx", "(", "lived xyzzyx"])
def test_what_is_not_there_is_not_found(asked):
    assert found(asked) == []


def test_all_that_is_found_is_there():
    for text in finding.index(COURSE):
        assert (COURSE.lessons / text.link).is_file()
        assert text.title
    assert finding.plain("## A **b** [c](../d.ipynb#e)\n\n- f") == "A b c f"


def test_a_hard_story_keeps_its_note_and_cannot_be_found():
    items = items_of(COURSE.lessons / HARD / ITEMS).values()
    stories = [item.stem.says or item.stem.setting for item in items if item.content_note]
    texts = [each.words for each in finding.index(COURSE)]
    assert stories
    assert not [story for story in stories for text in texts if story in text]


def test_a_site_brings_the_index_for_lessons_without_prose(tmp_path):
    import gzip

    with zipfile.ZipFile(io.BytesIO(gzip.decompress(words_pack(COURSE)))) as pack:
        made = pack.read(f"course/{FIND_INDEX}")
    assert len(gzip.compress(made)) < 200_000
    (tmp_path / FIND_INDEX).write_bytes(made)
    bare = replace(COURSE, lessons=tmp_path)
    assert finding.find(bare, own_home(), "lived exp") == tuple(found("lived exp"))


def test_a_note_is_kept_found_and_changed():
    assert keep()["type"] == "saved"
    (hit,) = found("zebra")
    assert (hit.title, hit.link, hit.place) == ("Four rules: Ask first", LESSON, "step-3")
    shown = Wire(StepNotesCard(this_learner(), LESSON)).ask(type="open")["notes"]
    assert shown == {"step-3": {"marked": False, "text": PRIVATE}}
    keep("", marked=False)
    assert found("zebra") == []
    assert Wire(FindCard(this_learner())).ask(type="open")["kept"] == []


def test_a_step_can_be_kept_without_words():
    keep("", marked=True)
    (kept,) = Wire(FindCard(this_learner())).ask(type="open")["kept"]
    assert (kept["link"], kept["place"]) == (LESSON, "step-3")
    assert record.journal(this_learner())["notes"] == [("Four rules: Ask first", notes.KEPT)]


@pytest.mark.parametrize("place", ["step-0", "step-3/..", "", "all", "step-1#x", 3])
def test_a_note_on_no_step_is_refused(place):
    assert keep(place=place)["type"] == "refused"
    other = Wire(StepNotesCard(this_learner(), "../../etc/passwd.ipynb"))
    said = {"marked": True, "text": ""}
    assert other.ask(type="keep", place="step-1", said=said, title="")["type"] == "refused"
    assert not own_home().journal_record("notes").exists()


@pytest.mark.parametrize("said", [None, [], {}, {"marked": 1, "text": ""}, {"marked": True}])
def test_what_is_no_note_is_refused(said):
    card = Wire(StepNotesCard(this_learner(), LESSON))
    assert card.ask(type="keep", place="step-1", said=said, title="")["type"] == "refused"


def test_nothing_of_a_note_is_handed_in(folder):
    answer(folder)
    keep()
    everything = {part["part"]: part["seen"] for part in sharing.shareable(this_learner(), MODULE)}
    for share in (None, everything):
        sent = hand_in.contents(this_learner(), MODULE, "trainee-017", NOON, share)
        assert [name for name, content in sent.items() if b"zebra" in content] == []
    assert "zebra" not in (folder / "answers.json").read_text()


def test_notes_go_with_a_copy_come_back_and_are_deleted(tmp_path):
    keep()
    copy = record.export(this_learner())
    with zipfile.ZipFile(io.BytesIO(copy)) as pack:
        assert PRIVATE in pack.read("journal.txt").decode()
        assert PRIVATE in pack.read("answers.csv").decode()
    other = replace(this_learner(), home=Home(tmp_path / "other"))
    moving.bring_back(other, copy)
    assert [note.text for note in notes.kept(other.home)] == [PRIVATE]
    assert record.delete_everything(this_learner()) == []
    assert list(notes.kept(own_home())) == []
    assert not own_home().journal_record("notes").exists()


def test_a_damaged_file_of_notes_is_set_aside():
    own_home().journal_record("notes").parent.mkdir(parents=True, exist_ok=True)
    own_home().journal_record("notes").write_text("{")
    assert found("zebra") == []
    assert keep()["type"] == "saved"
    assert own_home().journal_record("notes").with_name("notes.json.damaged-1").is_file()
