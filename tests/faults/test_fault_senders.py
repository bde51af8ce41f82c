"""Two computers under one code never replace each other; the trainer says which counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.aftermath import book
from helpers.cohort import BEST, FULL, LATER, MODULE, WHEN, answers_json, write_bundle

from grader import places
from grader.cli import main
from grader.errors import GradingError
from grader.places import own_home, this_learner
from grader.trainee import hand_in, record
from grader.trainee.home import prepare_home
from grader.trainer.collect.collect import ASIDE, COLLECTED, OLDER, REFUSED, Collected, collect
from grader.trainer.collect.whose import kept_aside, other_counts, same_person, somebody_else

ANNA, BEN, CLEO = "a" * 16, "b" * 16, "c" * 16
FIRST = answers_json(FULL)
SECOND = answers_json(BEST | {"first-move": "tell"})
THIRD = answers_json(BEST)
WHO = "trainee-017"


def send(course: Path, device: str | None, answers: bytes, when: str = WHEN, who: str = WHO) -> str:
    folder = course.parent / f"from-{device}-{when[:10]}"
    (one,) = collect(course, [write_bundle(folder, who, answers, when, device=device)])
    return one.outcome


def counts(course: Path, who: str = WHO) -> bytes:
    return (course / "submitted" / who / MODULE / "answers.json").read_bytes()


def everything(course: Path) -> list[bytes]:
    """Return all answers that are kept anywhere."""
    return sorted(path.read_bytes() for path in course.rglob("answers.json"))


# Collecting -----------------------------------------------------------------------------


@fault(
    COLLECT,
    "Two people send under one code",
    "The first counts. The second is kept aside, and you are told how to say whose it is.",
)
def test_the_second_sender_is_kept_aside_and_told(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(course, ANNA, FIRST)
    bundle = write_bundle(tmp_path / "inbox", WHO, SECOND, LATER, device=BEN)
    assert main(["collect", str(bundle), f"--root={course}"]) == 0
    out = capsys.readouterr().out
    assert f"{WHO} {MODULE}: kept aside (It came from another computer (bbbbbb)" in out
    assert f"alongside whose {WHO}" in out
    assert counts(course) == FIRST
    assert everything(course) == sorted([FIRST, SECOND])
    assert main(["collect", str(bundle), f"--root={course}"]) == 0  # said until it is decided
    assert f"two computers used one code: {WHO}" in capsys.readouterr().out
    for command in (["grade", MODULE], ["report"]):
        assert main([*command, f"--root={course}"]) == 0
    assert f"two computers used one code: {WHO}" in capsys.readouterr().err
    assert "two computers used one code" in (course / "reports" / "cohort.html").read_text("utf-8")
    assert set(book(course)) == {WHO}
    assert book(course)[WHO].points == 6.0


def test_both_in_one_folder_are_told_apart_too(course: Path, tmp_path: Path) -> None:
    for name, device in (("1", ANNA), ("2", BEN), ("3", CLEO)):
        made = write_bundle(tmp_path / "inbox", WHO, FIRST, device=device)
        made.rename(made.with_name(f"{name}.zip"))
    done = collect(course, [tmp_path / "inbox"])
    assert [one.outcome for one in done] == [COLLECTED, ASIDE, ASIDE]
    assert [one.outcome for one in collect(course, [tmp_path / "inbox"])] == [OLDER] * 3
    assert [one.short for one in kept_aside(course)] == ["bbbbbb", "cccccc"]


def test_one_computer_goes_on_as_before(course: Path) -> None:
    assert send(course, ANNA, FIRST) == COLLECTED
    assert send(course, ANNA, SECOND, LATER) == COLLECTED
    assert send(course, ANNA, FIRST) == OLDER
    assert counts(course) == SECOND
    assert kept_aside(course) == []


def test_a_newer_one_from_the_second_computer_replaces_its_own_only(course: Path) -> None:
    send(course, ANNA, FIRST)
    assert send(course, BEN, SECOND) == ASIDE
    assert send(course, BEN, THIRD, LATER) == ASIDE
    assert send(course, BEN, SECOND) == OLDER
    assert everything(course) == sorted([FIRST, THIRD])


def test_a_code_sent_without_marks_takes_the_first_mark(course: Path) -> None:
    assert send(course, None, FIRST) == COLLECTED
    assert send(course, ANNA, SECOND, LATER) == COLLECTED
    assert send(course, BEN, FIRST, LATER) == ASIDE
    assert send(course, None, FIRST, LATER) == ASIDE  # an older course on yet another computer


@pytest.mark.parametrize("device", ["", "A" * 16, "../../../x", 7, None, ["a" * 16], "a" * 17])
def test_anything_else_is_no_mark(course: Path, device: object) -> None:
    send(course, ANNA, FIRST)
    bundle = write_bundle(course.parent / "x", WHO, SECOND, LATER, device=device)
    (one,) = collect(course, [bundle])
    assert one.outcome == ASIDE
    assert [path.name for path in (course / "aside").iterdir()] == ["no-mark"]


def test_who_sends_through_the_exchange_is_known_by_the_account(
    course: Path, tmp_path: Path
) -> None:
    send(course, ANNA, FIRST)
    folder = (
        tmp_path
        / "exchange"
        / "alongside"
        / "inbound"
        / f"{WHO}+{MODULE}+{LATER[:10]} 09:00:00 UTC"
    )
    folder.mkdir(parents=True)
    (folder / "answers.json").write_bytes(SECOND)
    (folder / "handin.json").write_text(json.dumps({"device": BEN}))
    (one,) = collect(course, exchange=tmp_path / "exchange")
    assert one.outcome == COLLECTED
    assert counts(course) == SECOND
    assert send(course, BEN, FIRST, LATER) == ASIDE


@pytest.mark.parametrize("content", ["", "{", "[]", '{"counts": 7, "others": []}', "\x00"])
def test_marks_that_cannot_be_read_let_nobody_replace_anybody(course: Path, content: str) -> None:
    send(course, ANNA, FIRST)
    (course / "submitted" / WHO / ".senders.json").write_text(content)
    bundle = write_bundle(course.parent / "x", WHO, SECOND, LATER, device=BEN)
    done: Collected = collect(course, [bundle])[0]
    assert done.outcome == REFUSED
    assert f"submitted/{WHO}/.senders.json cannot be read; remove it" in done.reason
    assert counts(course) == FIRST
    assert main(["grade", MODULE, f"--root={course}"]) == 0


def test_what_is_kept_aside_is_as_private_as_what_counts(course: Path) -> None:
    send(course, ANNA, FIRST)
    send(course, BEN, SECOND)
    for path in (*(course / "aside").rglob("*"), course / "aside", *course.rglob(".senders.json")):
        assert path.stat().st_mode & 0o077 == 0, path


# Deciding -------------------------------------------------------------------------------


@fault(
    COLLECT,
    "A trainee goes on with the course on another computer",
    "You say so once with `alongside whose CODE --same`. The newest counts, and nothing is lost.",
)
def test_somebody_who_moved_goes_on(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    send(course, ANNA, FIRST)
    send(course, BEN, SECOND, LATER)
    assert main(["whose", f"--root={course}"]) == 0
    assert f"{WHO}  bbbbbb    {MODULE}   2026-03-02 09:00 UTC" in capsys.readouterr().out
    assert main(["whose", WHO, "--same", f"--root={course}"]) == 0
    assert f"Modules of {WHO} in which another hand-in counts now: {MODULE}." in (
        capsys.readouterr().out
    )
    assert counts(course) == SECOND
    assert everything(course) == sorted([FIRST, SECOND])
    assert kept_aside(course) == []
    assert send(course, BEN, FIRST, "2026-03-03T09:00:00+00:00") == COLLECTED
    assert send(course, ANNA, SECOND, "2026-03-04T09:00:00+00:00") == COLLECTED
    main(["grade", MODULE, f"--root={course}"])
    assert book(course)[WHO].handed_in.day == 4


def test_the_newest_counts_even_where_it_is_the_first(course: Path) -> None:
    send(course, ANNA, FIRST, LATER)
    send(course, BEN, SECOND, WHEN)
    assert same_person(course, WHO) == ()
    assert counts(course) == FIRST
    assert kept_aside(course) == []
    assert everything(course) == sorted([FIRST, SECOND])


@fault(
    COLLECT,
    "The first to use a code was the wrong person",
    "`alongside whose CODE --instead` lets the other count. What came first is kept aside.",
)
def test_the_other_one_counts_instead(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    send(course, ANNA, FIRST, LATER)
    send(course, BEN, SECOND, WHEN)  # older, and still the right one
    assert main(["whose", WHO, "--instead", f"--root={course}"]) == 0
    assert counts(course) == SECOND
    assert everything(course) == sorted([FIRST, SECOND])
    assert kept_aside(course) == []
    assert send(course, ANNA, FIRST, LATER) == OLDER  # the folder of files is read again
    assert send(course, BEN, FIRST, "2026-03-03T09:00:00+00:00") == COLLECTED
    capsys.readouterr()


def test_a_decision_can_be_taken_back(course: Path) -> None:
    send(course, ANNA, FIRST)
    send(course, BEN, SECOND, LATER)
    other_counts(course, WHO)
    assert other_counts(course, WHO, "aaaa") == (MODULE,)
    assert counts(course) == FIRST
    assert same_person(course, WHO, BEN[:3]) == (MODULE,)
    assert counts(course) == SECOND
    assert everything(course) == sorted([FIRST, SECOND])


@fault(
    COLLECT,
    "The second sender is another trainee, who typed the wrong code",
    "`alongside whose CODE --other NEWCODE` gives the work to the other code.",
)
def test_the_other_person_gets_the_right_code(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(course, ANNA, FIRST)
    send(course, BEN, SECOND, LATER)
    assert main(["whose", WHO, "--other", "trainee-018", f"--root={course}"]) == 0
    capsys.readouterr()
    assert (counts(course), counts(course, "trainee-018")) == (FIRST, SECOND)
    assert kept_aside(course) == []
    assert send(course, BEN, FIRST, "2026-03-05T09:00:00+00:00", "trainee-018") == COLLECTED
    assert send(course, CLEO, FIRST, "2026-03-06T09:00:00+00:00", "trainee-018") == ASIDE
    assert main(["grade", MODULE, f"--root={course}"]) == 0
    assert set(book(course)) == {WHO, "trainee-018"}


def test_a_code_of_somebody_else_is_refused(course: Path) -> None:
    send(course, ANNA, FIRST)
    send(course, BEN, SECOND)
    send(course, CLEO, FIRST, who="trainee-018")
    for code in ("trainee-018", WHO):
        with pytest.raises(GradingError, match="belongs to another computer already"):
            somebody_else(course, WHO, code)
    with pytest.raises(GradingError, match="is not a trainee's code"):
        somebody_else(course, WHO, "../x")
    assert len(kept_aside(course)) == 1


def test_what_is_not_clear_is_asked(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    send(course, ANNA, FIRST)
    for code in (WHO, "trainee-018", "../x", "a\nb"):
        with pytest.raises(GradingError, match="is kept aside; see 'alongside whose'"):
            same_person(course, code)
    send(course, BEN, SECOND)
    send(course, CLEO, SECOND)
    with pytest.raises(GradingError, match="Name it with --mark: bbbbbb, cccccc"):
        same_person(course, WHO)
    with pytest.raises(GradingError, match="Name it with --mark: bbbbbb, cccccc"):
        same_person(course, WHO, "d")
    assert main(["whose", "--same", f"--root={course}"]) == 2
    assert "Name the code" in capsys.readouterr().err
    assert same_person(course, WHO, "c") == ()
    assert [one.short for one in kept_aside(course)] == ["bbbbbb"]


def test_nothing_kept_aside_is_said(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whose", f"--root={course}"]) == 0
    assert main(["whose", f"--root={course}", "--json"]) == 0
    assert capsys.readouterr().out == "Nothing is kept aside.\n[]\n"


# The trainee’s side ---------------------------------------------------------------------


def mark_of(bundle: Path) -> str:
    import zipfile

    with zipfile.ZipFile(bundle) as packed:
        return json.loads(packed.read("handin.json"))["device"]


def made(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALONGSIDE_HOME", str(home))
    prepare_home(this_learner())
    hand_in.save_trainee(own_home(), WHO)
    return hand_in.hand_in(this_learner(), MODULE).bundle


def test_a_home_has_one_mark_and_another_home_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = (mark_of(made(tmp_path / "anna", monkeypatch)) for _ in range(2))
    other = mark_of(made(tmp_path / "ben", monkeypatch))
    assert first == again != other
    assert len(first) == len(other) == 16


def test_the_mark_is_random_and_goes_when_everything_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = mark_of(made(tmp_path / "anna", monkeypatch))
    record.delete_everything(this_learner())
    assert not places.own_home().device_mark.exists()
    assert mark_of(made(tmp_path / "anna", monkeypatch)) != first


def test_a_home_that_keeps_no_mark_hands_in_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "anna" / "device-mark").mkdir(parents=True)
    assert mark_of(made(tmp_path / "anna", monkeypatch)) == ""


def test_trainees_are_told_of_the_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "anna", monkeypatch)
    assert "a random mark" in hand_in.overview(this_learner(), MODULE)["sends"]
    page = (places.own_course().lessons / "FOR-TRAINEES.md").read_text("utf-8")
    assert "random mark" in page
    assert "`device-mark`" in page
