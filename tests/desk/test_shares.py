"""Several trainers share a cohort: parts out, marks back, as if one had marked all of it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.cohort import FULL, MODULE, submit
from helpers.desks import TYPED, desk_with, mark_of, reading_of

from grader.cli import main
from grader.desk import deciding, pages
from grader.desk.deciding import FLAG, MARK, Wish, decide
from grader.desk.place import Desk
from grader.desk.sharing_out import deal, give_back, share_out
from grader.desk.standing import standing
from grader.desk.taking_in import NOT_SIGNED, TakenIn, take_in
from grader.desk.undoing import undo
from grader.formats.shares import read_share
from grader.trainer.feedback.signing import PRIVATE_KEY, new_key
from grader.trainer.gradebook.backups import backups_of
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade
from grader.trainer.report.exports import export_csv

REPLIES = {
    f"trainee-{number:03}": "I hear that you had an idea. " + "What is it? " * (number % 7)
    for number in range(1, 10)
}
NEW_WORDS = "Quite other words."
Colleague = Callable[[str], Desk]


@pytest.fixture
def desk(course: Path) -> Desk:
    return desk_with(course, REPLIES)


@pytest.fixture
def colleague(prepared: Path, tmp_path: Path) -> Colleague:
    """Give a computer of another trainer: the same course, and nobody's hand-in."""

    def of(name: str) -> Desk:
        root = Path(shutil.copytree(prepared, tmp_path / name))
        return Desk(root, local_db_url(root))

    return of


def give(desk: Desk, who: str, trainee: str, points: float, comment: str = "") -> None:
    shown = reading_of(desk, trainee)
    wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, points, comment)
    assert decide(desk, who, MARK, [wish]).done == 1


def flag(desk: Desk, who: str, trainee: str) -> None:
    shown = reading_of(desk, trainee)
    decide(desk, who, FLAG, [Wish(shown.notebook, shown.queue.cell, shown.state.seen)])


def mark_all(desk: Desk, who: dict[str, str], at: Callable[[str], None] = lambda _: None) -> None:
    """Mark some people, always alike and at the same time for each, and flag one."""
    for trainee, name in who.items():
        number = int(trainee[-3:])
        at(f"2026-05-04T10:{number:02}:00+00:00")
        give(desk, name, trainee, number % 9 / 2, f"Comment {number}.")
        if number == 5:
            flag(desk, name, trainee)


def sent_to(desk: Desk, colleague: Colleague, count: int = 2) -> tuple[Desk, list[Path], list[str]]:
    """Share out, and take the first part in elsewhere; return that desk, all files, its codes."""
    files = [part.path for part in share_out(desk, count).parts]
    other = colleague("other")
    (done,) = take_in(other, files[:1])
    assert not done.needs_somebody, done
    return other, files, list(read_share(files[0]).trainees)


def back(desk: Desk, other: Desk) -> TakenIn:
    (done,) = take_in(desk, [one.path for one in give_back(other)])
    return done


def outcomes(done: TakenIn) -> set[str]:
    return {one.outcome for one in done.marks}


def test_three_trainers_on_three_computers_mark_as_one_does_alone(
    desk: Desk, colleague: Colleague, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(time: str) -> None:
        monkeypatch.setattr(deciding, "_now", lambda: time)

    alone = desk_with(Path(shutil.copytree(desk.root, tmp_path / "alone")), {})
    parts = share_out(desk, 3).parts
    who = {
        code: f"Trainer {number}"
        for number, part in enumerate(parts, 1)
        for code in read_share(part.path).trainees
    }
    assert sorted(who) == sorted(REPLIES)
    mark_all(alone, who, at)
    for number, part in enumerate(parts, 1):
        own = colleague(f"own-{number}")
        (done,) = take_in(own, [part.path])
        assert not done.needs_somebody
        codes = read_share(part.path).trainees
        assert (own.root / "roster.csv").read_text().split() == ["id", *codes]
        mark_all(own, {code: who[code] for code in codes}, at)
        at("2026-05-09T10:00:00+00:00")  # when it comes back
        came = back(desk, own)
        assert (came.needs_somebody, outcomes(came)) == (False, {"taken"})
    for trainee in REPLIES:
        one, other = reading_of(desk, trainee), reading_of(alone, trainee)
        assert (one.state.score, one.state.comment) == (other.state.score, other.state.comment)
        assert (one.decided, one.state.flagged) == (other.decided, other.state.flagged)
    tables = []
    for each in (desk, alone):
        export_csv(each.root, tmp_path / "marks.csv", each.db_url)
        tables.append((tmp_path / "marks.csv").read_text())
    assert tables[0] == tables[1]
    assert [one.at for one in standing(desk).flagged] == ["2026-05-04T10:05:00+00:00"]


def test_parts_have_about_as_much_to_read_and_are_dealt_alike_again() -> None:
    words = {f"trainee-{number}": number * number % 311 for number in range(200)}
    parts = deal(words, 3)
    loads = [sum(words[code] for code in part) for part in parts]
    assert max(loads) - min(loads) < 0.02 * max(loads)
    assert sorted(code for part in parts for code in part) == sorted(words)
    assert deal(dict(reversed(words.items())), 3) == parts


def test_what_is_marked_is_not_counted_as_reading(desk: Desk) -> None:
    before = sum(part.words for part in share_out(desk, 2).parts)
    give(desk, "Ana", "trainee-006", 2.0)
    assert sum(part.words for part in share_out(desk, 2).parts) < before


def test_a_part_holds_codes_and_answers_and_nothing_else_of_anybody(desk: Desk) -> None:
    (desk.root / "roster.csv").write_text("id,name,group\ntrainee-001,NAME-OF-SOMEBODY,North\n")
    for part in share_out(desk, 2).parts:
        share = read_share(part.path)
        held = [name for name in share.files if name.startswith("hand-ins/")]
        assert sorted(held) == [f"hand-ins/{code}.zip" for code in share.trainees]
        assert share.files["roster.csv"].decode().split() == ["id", *share.trainees]
        assert b"NAME-OF-SOMEBODY" not in b"".join(share.files.values())


def test_marks_so_far_go_out_with_a_part_and_are_no_conflict_when_changed_there(
    desk: Desk, colleague: Colleague
) -> None:
    for trainee in REPLIES:
        give(desk, "Ana", trainee, 1.0, "First look.")
    other, _, codes = sent_to(desk, colleague)
    assert reading_of(other, codes[0]).decided == reading_of(desk, codes[0]).decided
    give(other, "Ben", codes[0], 3.0, "Warmer than I thought.")
    came = back(desk, other)
    assert outcomes(came) == {"changed", "here already"}
    assert (mark_of(desk, codes[0]).points, came.needs_somebody) == (3.0, False)
    (said,) = [one.says for one in came.marks if one.says]
    assert said.startswith("Here was 1 point, “First look.” (Ana, ")


@fault(
    BOOK,
    "Two trainers mark the same reply on two computers",
    "Both are kept and listed, with who and when. Yours counts until you choose on the desk.",
)
def test_what_both_decided_differently_is_kept_and_shown_until_somebody_chooses(
    desk: Desk, colleague: Colleague
) -> None:
    other, _, codes = sent_to(desk, colleague)
    who = codes[0]
    give(other, "Ben", who, 1.0, "Too soon.")
    give(desk, "Ana", who, 3.0, "Warm.")
    came = back(desk, other)
    (one,) = [one for one in came.marks if one.outcome == "decided differently"]
    assert (one.trainee, one.module, one.question) == (who, MODULE, TYPED)
    assert "Here: 3 points, “Warm.” (Ana, " in one.says
    assert "There: 1 point, “Too soon.” (Ben, " in one.says
    assert "open it on the desk" in one.says
    assert came.needs_somebody
    shown = reading_of(desk, who)
    assert (shown.state.score, shown.state.comment) == (3.0, "Warm.")
    assert [(one.who, one.points, one.comment) for one in shown.differing] == [
        ("Ben", 1.0, "Too soon.")
    ]
    frame = pages.Frame("/", "Ana", "token")
    page = pages.mark_page(desk, shown, frame)
    assert "Decided differently" in page
    assert "Too soon." in page
    assert [one.notebook for one in standing(desk).differing] == [shown.notebook]
    back(desk, other)  # again: no second one
    assert len(reading_of(desk, who).differing) == 1
    give(desk, "Ana", who, 2.0, "We agreed on this.")
    assert reading_of(desk, who).differing == ()
    assert standing(desk).differing == ()
    assert "decided here since" in outcomes(back(desk, other))
    assert mark_of(desk, who).points == 2.0
    undo(desk, "Ana")
    assert len(reading_of(desk, who).differing) == 1


def test_a_later_mark_of_the_same_colleague_takes_the_place_of_the_one_that_was_taken(
    desk: Desk, colleague: Colleague
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 1.0)
    back(desk, other)
    give(other, "Ben", codes[0], 2.0)
    assert outcomes(back(desk, other)) == {"changed"}
    assert mark_of(desk, codes[0]).points == 2.0


def test_a_mark_that_was_taken_back_there_is_taken_back_here(
    desk: Desk, colleague: Colleague
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 1.0)
    back(desk, other)
    undo(other, "Ben")
    assert outcomes(back(desk, other)) == {"changed"}
    assert mark_of(desk, codes[0]).waits
    assert reading_of(desk, codes[0]).decided == reading_of(other, codes[0]).decided


def test_an_older_file_does_not_bring_an_older_mark_back(desk: Desk, colleague: Colleague) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 1.0)
    (made,) = give_back(other)
    older = Path(shutil.copy(made.path, desk.root / "older.zip"))
    give(other, "Ben", codes[0], 2.0)
    back(desk, other)
    (done,) = take_in(desk, [older])
    assert (outcomes(done), done.needs_somebody) == ({"decided here since"}, False)
    assert mark_of(desk, codes[0]).points == 2.0


@fault(
    BOOK,
    "Marks come back for words that have changed since",
    "They are named and kept as earlier marks, and do not count. The new words wait for you.",
)
def test_marks_for_words_that_changed_since_are_shown_as_old(
    desk: Desk, colleague: Colleague
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0, "Lovely.")
    submit(desk.root, codes[0], FULL | {"own-words": NEW_WORDS})
    grade(desk.root, MODULE)
    came = back(desk, other)
    assert (outcomes(came), came.needs_somebody) == ({"for old words"}, True)
    assert "3 points, “Lovely.” (Ben, " in came.marks[0].says
    assert mark_of(desk, codes[0]).waits
    earlier = reading_of(desk, codes[0]).earlier
    assert earlier is not None
    assert (earlier.by_hand.score, earlier.by_hand.comment) == (3.0, "Lovely.")
    submit(desk.root, codes[0], FULL | {"own-words": REPLIES[codes[0]]})
    grade(desk.root, MODULE)  # the old words come back, and so does their mark
    assert mark_of(desk, codes[0]).points == 3.0


def test_the_same_twice_changes_nothing(desk: Desk, colleague: Colleague) -> None:
    other, files, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0, "Lovely.")
    back(desk, other)
    (copies,) = {len(backups_of(desk.root / "gradebook.db"))}
    again = back(desk, other)
    assert (outcomes(again), again.needs_somebody) == ({"here already"}, False)
    assert mark_of(desk, codes[0]).comment == "Lovely."
    (part,) = take_in(other, files[:1])
    assert not part.needs_somebody
    assert mark_of(other, codes[0]).comment == "Lovely."
    (own,) = take_in(desk, files[:1])
    assert (own.said, own.needs_somebody) == (
        "Part 1 of 2 was shared out from here, so all of it is here already.",
        False,
    )
    assert copies >= 1


def test_a_copy_of_the_gradebook_is_made_before_marks_are_taken(
    desk: Desk, colleague: Colleague
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    give(desk, "Ana", codes[1], 1.0)
    back(desk, other)
    copy = desk.root / "copy.db"
    shutil.copy(backups_of(desk.root / "gradebook.db")[-1], copy)
    before = Desk(desk.root, f"sqlite:///{copy}")
    points = {mark_of(before, code).by_hand.score for code in codes[:2]}
    assert points == {None, 1.0}


def refused(desk: Desk, path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Take a file in by the command; it is refused in one line, and nothing is changed."""
    before = (desk.root / "gradebook.db").read_bytes()
    capsys.readouterr()
    assert main(["take-in", str(path), "--root", str(desk.root)]) == 1
    assert (desk.root / "gradebook.db").read_bytes() == before
    told = capsys.readouterr().err.strip()
    assert "\n" not in told
    return told


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a zip file anew with other content."""
    with zipfile.ZipFile(path) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    made = path.with_name("rewritten.zip")
    with zipfile.ZipFile(made, "w") as pack:
        for name, content in files.items():
            pack.writestr(name, change(name, content))
    return made


@fault(
    BOOK,
    "A part, or the marks of one, come damaged, changed, or from another course",
    "The file is refused in one line that says what to do. Nothing here is changed.",
)
def test_what_is_not_whole_or_not_ours_is_refused_in_one_line(
    desk: Desk, colleague: Colleague, capsys: pytest.CaptureFixture[str]
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    (made,) = give_back(other)
    cut = made.path.with_name("cut.zip")
    cut.write_bytes(made.path.read_bytes()[:-40])
    assert "it is damaged; ask for it again" in refused(desk, cut, capsys)
    more = rewritten(made.path, lambda _, raw: raw.replace(b'"points": 3.0', b'"points": 4.0'))
    assert "'marks.json' in it was changed" in refused(desk, more, capsys)
    newer = rewritten(made.path, lambda _, raw: raw.replace(b'"format": 1', b'"format": 2'))
    assert "made by a newer course; update this one" in refused(desk, newer, capsys)
    none = rewritten(made.path, lambda name, raw: b"{" if name == "share.json" else raw)
    assert "share.json cannot be read" in refused(desk, none, capsys)
    assert "no share.json" in refused(desk, _plain_zip(desk.root), capsys)
    assert "so it is of another course" in refused(other, made.path, capsys)
    assert refused(desk, desk.root / "not-there.zip", capsys)


def _plain_zip(root: Path) -> Path:
    with zipfile.ZipFile(root / "plain.zip", "w") as pack:
        pack.writestr("a.txt", "a")
    return root / "plain.zip"


@fault(
    BOOK,
    "Marks were given with another version of the key",
    "They are refused, and the modules are named. Use the same key on both computers.",
)
def test_another_version_of_a_key_is_refused_both_ways(
    desk: Desk, colleague: Colleague, capsys: pytest.CaptureFixture[str]
) -> None:
    other, files, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    (made,) = give_back(other)
    key = desk.root / "solutions" / MODULE / "items.yaml"
    key.write_text(key.read_text().replace("KEYWORD-WANTED", "KEYWORD-OTHER"))
    what = f"its key of {MODULE} is another version"
    assert what in refused(desk, made.path, capsys)
    third = colleague("third")
    theirs = third.root / "solutions" / MODULE / "items.yaml"
    theirs.write_text(key.read_text())
    assert what in refused(third, files[1], capsys)
    assert not (third.root / "submitted" / codes[0]).exists()


def test_one_bad_file_stops_no_other(desk: Desk, colleague: Colleague) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    (made,) = give_back(other)
    bad, good = take_in(desk, [_plain_zip(desk.root), made.path])
    assert (bool(bad.refused), outcomes(good)) == (True, {"taken"})


def test_an_answer_that_is_not_graded_here_is_named(desk: Desk, colleague: Colleague) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    (made,) = give_back(other)
    (desk.root / "gradebook.db").unlink()
    fresh = colleague("fresh")
    shutil.copytree(desk.root / "shares", fresh.root / "shares")
    (done,) = take_in(fresh, [made.path])
    assert (outcomes(done), done.needs_somebody) == ({"not here"}, True)
    assert f"alongside grade {MODULE}" in done.marks[0].says


def test_the_key_of_the_course_signs_what_goes_and_comes(desk: Desk, colleague: Colleague) -> None:
    new_key(desk.root)
    (first, second) = (part.path for part in share_out(desk, 2).parts)
    other = colleague("other")
    shutil.copy(desk.root / "certificate-key.pub", other.root)
    (done,) = take_in(other, [first])
    assert (done.refused, done.notes) == ("", ())
    forged = rewritten(second, lambda name, raw: b"A" * 86 + b"==" if "signature" in name else raw)
    assert "its signature does not fit" in take_in(other, [forged])[0].refused
    no = rewritten(second, lambda name, raw: b"" if "signature" in name else raw)
    assert take_in(other, [no])[0].notes == (NOT_SIGNED,)
    for notes in ((NOT_SIGNED,), ()):  # who has the public half alone cannot sign
        done = take_in(desk, [one.path for one in give_back(other)])
        assert [one.notes for one in done] == [notes, notes]
        shutil.copy(desk.root / PRIVATE_KEY, other.root)


def test_what_cannot_be_read_is_in_no_part_and_named(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.root / "submitted" / "trainee-003" / MODULE / "answers.json").write_text("{")
    assert main(["share-out", "2", "--root", str(desk.root)]) == 1
    told = capsys.readouterr().out
    assert f"trainee-003 {MODULE} is in no part: " in told
    assert told.count("shares/part-") == 2


def test_what_was_noted_of_parts_and_is_damaged_is_named(
    desk: Desk, colleague: Colleague, capsys: pytest.CaptureFixture[str]
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    (made,) = give_back(other)
    (desk.root / "shares" / "sent.json").write_text("{")
    assert "sent.json cannot be read" in refused(desk, made.path, capsys)
    (noted,) = (other.root / "shares" / "came").iterdir()
    noted.write_text("{")
    assert main(["give-back", "--root", str(other.root)]) == 1
    assert f"{noted.name} cannot be read; remove it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["share-out", "1"], 2),
        (["share-out", "many"], 2),
        (["share-out"], 2),
        (["take-in"], 2),
        (["share-out", "50"], 1),
        (["give-back"], 1),
        (["share-out", "2"], 0),
    ],
)
def test_exit_codes(desk: Desk, words: list[str], code: int) -> None:
    try:
        found = main([*words, "--root", str(desk.root)])
    except SystemExit as ended:
        found = int(ended.code or 0)
    assert found == code


def test_commands_tell_a_program_what_became_of_each_mark(
    desk: Desk, colleague: Colleague, capsys: pytest.CaptureFixture[str]
) -> None:
    other, _, codes = sent_to(desk, colleague)
    give(other, "Ben", codes[0], 3.0)
    capsys.readouterr()
    assert main(["give-back", "--json", "--root", str(other.root)]) == 0
    (made,) = json.loads(capsys.readouterr().out)
    assert main(["take-in", made["path"], "--json", "--root", str(desk.root)]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [(one["trainee"], one["outcome"]) for one in told["marks"]] == [(codes[0], "taken")]
