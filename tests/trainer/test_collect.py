"""Hand-ins are taken in by two doors; a bad one is refused and stops no other."""

from __future__ import annotations

import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import FULL, LATER, MODULE, WHEN, answers_json, make_course, write_bundle

from grader.errors import GradingError
from grader.formats.trainee_code import is_trainee_code
from grader.trainer.collect import collect as collecting
from grader.trainer.collect.collect import COLLECTED, KEPT, OLDER, REFUSED, collect

GOOD = answers_json(FULL)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def placed(course: Path, trainee: str = "trainee-017") -> Path:
    return course / "submitted" / trainee / MODULE


# Bundles --------------------------------------------------------------------------------


def test_a_bundle_is_placed_where_nbgrader_looks(course: Path, inbox: Path) -> None:
    result = collect(course, [write_bundle(inbox, "trainee-017", GOOD)])
    assert [(one.outcome, one.trainee, one.module) for one in result] == [
        (COLLECTED, "trainee-017", MODULE)
    ]
    assert (placed(course) / "answers.json").read_bytes() == GOOD
    assert (placed(course) / "timestamp.txt").read_text() == "2026-03-01 09:00:00.000000 UTC"
    assert len((placed(course) / "submission_secret.txt").read_text()) == 128


def test_the_notebook_is_the_released_one_never_the_trainees(course: Path, inbox: Path) -> None:
    collect(course, [write_bundle(inbox, "trainee-017", GOOD)])
    released = (course / "exercises" / MODULE / "exercise.ipynb").read_bytes()
    assert (placed(course) / "exercise.ipynb").read_bytes() == released


def test_only_the_trainer_can_open_what_was_collected(course: Path, inbox: Path) -> None:
    collect(course, [write_bundle(inbox, "trainee-017", GOOD)])
    for path in [course / "submitted", *(course / "submitted").rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_folder_stands_for_every_bundle_in_it(course: Path, inbox: Path) -> None:
    for number in range(3):
        write_bundle(inbox, f"trainee-{number}", GOOD)
    assert [one.outcome for one in collect(course, [inbox])] == [COLLECTED] * 3


@pytest.mark.parametrize("order", [(WHEN, LATER), (LATER, WHEN)])
def test_the_latest_hand_in_stays_in_whatever_order_they_come(
    course: Path, inbox: Path, order: tuple[str, str]
) -> None:
    sent = {WHEN: answers_json({}), LATER: GOOD}
    bundles = [write_bundle(inbox, "trainee-017", sent[when], when) for when in order]
    outcomes = [one.outcome for one in collect(course, bundles)]
    assert outcomes == [COLLECTED, COLLECTED if order[1] == LATER else KEPT]
    assert (placed(course) / "answers.json").read_bytes() == GOOD


def test_the_same_bundle_twice_is_taken_once(course: Path, inbox: Path) -> None:
    bundle = write_bundle(inbox, "trainee-017", GOOD)
    assert [one.outcome for one in collect(course, [bundle, bundle])] == [COLLECTED, OLDER]


@fault(
    COLLECT,
    "A trainee’s clock runs years ahead",
    "The hand-in counts from the moment you collect it, so that later ones are newer.",
)
def test_a_clock_that_runs_ahead_does_not_block_later_hand_ins(
    course: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime

    monkeypatch.setattr(collecting, "_now", lambda: datetime.fromisoformat(WHEN))
    collect(course, [write_bundle(inbox, "trainee-017", answers_json({}), "2099-01-01T00:00:00Z")])
    monkeypatch.setattr(collecting, "_now", lambda: datetime.fromisoformat(LATER))
    (later,) = collect(course, [write_bundle(inbox, "trainee-017", GOOD, LATER)])
    assert later.outcome == COLLECTED


@fault(
    COLLECT,
    "The answers in a hand-in are damaged",
    "They are kept as they came, so that nobody is forgotten. Grading says who it is.",
)
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_damaged_answers_are_placed_as_they_are(course: Path, inbox: Path, content: bytes) -> None:
    (result,) = collect(course, [write_bundle(inbox, "trainee-017", content)])
    assert result.outcome == COLLECTED
    assert (placed(course) / "answers.json").read_bytes() == content


def test_nothing_is_left_lying_about(course: Path, inbox: Path) -> None:
    for when in (WHEN, LATER):
        collect(course, [write_bundle(inbox, "trainee-017", GOOD, when)])
    assert [path.name for path in (course / "submitted").iterdir()] == ["trainee-017"]
    assert [path.name for path in (course / "submitted" / "trainee-017").iterdir()] == [MODULE]


def add(path: Path, name: str, content: bytes = b"x", kind: int = 0) -> None:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = kind << 16
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)


def no_zip(path: Path) -> None:
    path.write_bytes(b"Dear trainer, here is my exercise")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-60])


def no_facts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("answers.json", GOOD)


def twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        add(path, "answers.json", b"{}")


def many(path: Path) -> None:
    for number in range(12):
        add(path, f"file-{number}")


def locked(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(mark, at + 4)
    path.write_bytes(raw)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as bundle:
        facts = bundle.read("handin.json")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("handin.json", facts)
        bundle.writestr("answers.json", bytes(20 << 20))


def lying_bomb(path: Path) -> None:
    bomb(path)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<L", 20 << 20), struct.pack("<L", 1000)))


def facts(**changes: object) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        usual = {"format": 1, "trainee": "trainee-017", "module": MODULE, "handed_in": WHEN}
        with zipfile.ZipFile(path, "w") as bundle:
            bundle.writestr("handin.json", json.dumps(usual | changes))
            bundle.writestr("answers.json", GOOD)

    return change


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no zip": (no_zip, "not a zip file"),
    "empty": (empty, "not a zip file"),
    "cut off": (cut_off, "not a zip file"),
    "no facts": (no_facts, "holds no handin.json"),
    "climbing name": (lambda path: add(path, "../../x"), "no bundle of this course has"),
    "absolute name": (lambda path: add(path, "/etc/x"), "no bundle of this course has"),
    "own key": (lambda path: add(path, f"solutions/{MODULE}/items.yaml"), "no bundle"),
    "link": (lambda path: facts()(path) or add(path, "exercise.ipynb", b"/etc/passwd",
             stat.S_IFLNK | 0o777), "is a link"),
    "twice": (twice, "two files of the same name"),
    "many": (many, "more than 10"),
    "locked": (locked, "password"),
    "bomb": (bomb, "larger than 1024 KiB"),
    "lying bomb": (lying_bomb, "damaged"),
    "id climbs": (facts(trainee="../x"), "not a trainee's code"),
    "id with plus": (facts(trainee="a+b"), "not a trainee's code"),
    "id is a list": (facts(trainee=["x"]), "not a trainee's code"),
    "no such module": (facts(module="99-none"), "no module of this course"),
    "module climbs": (facts(module="../solutions"), "no module of this course"),
    "module is a list": (facts(module=[]), "no module of this course"),
    "no time": (
        facts(handed_in="yesterday evening"),
        "the time in its handin.json cannot be read ('yesterday evening')",
    ),
    "time is a number": (facts(handed_in=7), "the time in its handin.json cannot be read;"),
    "newer format": (facts(format=2), "newer course"),
}  # fmt: skip


@fault(
    COLLECT,
    "A zip file that is damaged, locked, a bomb, or holds anything but a hand-in",
    "It is refused by name with the reason. The next one is taken.",
)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_bad_bundle_is_refused_in_words_and_the_next_one_taken(
    course: Path, inbox: Path, case: str
) -> None:
    spoil, said = HOSTILE[case]
    bad = write_bundle(inbox, "trainee-017", GOOD)
    spoil(bad)
    good = write_bundle(inbox, "trainee-018", GOOD)
    refused, taken = collect(course, [bad, good])
    assert refused.outcome == REFUSED
    assert said in refused.reason
    assert taken.outcome == COLLECTED
    assert [path.name for path in (course / "submitted").iterdir()] == ["trainee-018"]


def test_a_packing_without_limits_is_refused(course: Path, inbox: Path) -> None:
    bad = inbox / "x.zip"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_LZMA) as bundle:
        bundle.writestr("handin.json", "{}")
    assert "packed in a way" in collect(course, [bad])[0].reason


@fault(
    COLLECT,
    "A file of 10 GB among the hand-ins",
    "It is refused unread.",
)
def test_a_large_file_is_refused_unread(course: Path, inbox: Path) -> None:
    bad = inbox / "large.zip"
    with bad.open("wb") as file:
        file.truncate(10 << 30)  # a hole: takes no room on the disk
    assert "larger than any bundle" in collect(course, [bad])[0].reason


def test_a_bundle_that_is_not_there_is_said(course: Path, inbox: Path) -> None:
    (result,) = collect(course, [inbox / "gone.zip"])
    assert "there is no such file" in result.reason


def test_a_link_is_not_a_bundle(course: Path, inbox: Path) -> None:
    target = write_bundle(inbox, "trainee-017", GOOD)
    link = inbox / "link.zip"
    link.symlink_to(target)
    assert "is a link" in collect(course, [link])[0].reason


@pytest.mark.parametrize("name", ["trainee-017", "a", "A.b_c-9"])
def test_a_code_is_a_trainee_id(name: str) -> None:
    assert is_trainee_code(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".x", "-x", "a/b", "a\\b", "a b", "a\n", "a..b", "a.", "x" * 65, "ä", 7]
)
def test_anything_else_is_no_trainee_id(name: object) -> None:
    assert not is_trainee_code(name)


def test_collecting_before_releasing_is_said(course: Path, inbox: Path) -> None:
    (course / "exercises" / MODULE / "exercise.ipynb").unlink()
    with pytest.raises(GradingError, match="alongside release"):
        collect(course, [inbox])


# The exchange ---------------------------------------------------------------------------


@pytest.fixture
def inbound(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange" / "alongside" / "inbound"
    folder.mkdir(parents=True)
    return folder


def sent(inbound: Path, trainee: str, day: int = 1, content: bytes | None = GOOD) -> Path:
    name = f"{trainee}+{MODULE}+2026-03-0{day} 09:00:00.123456 UTC+QmFzZTY0"
    folder = inbound / name
    folder.mkdir()
    if content is not None:
        (folder / "answers.json").write_bytes(content)
    (folder / "timestamp.txt").write_text(name.split("+")[2])
    (folder / "submission_secret.txt").write_text("5ecret" * 8)
    return folder


def from_exchange(course: Path, inbound: Path) -> dict[str, str]:
    found = collect(course, exchange=inbound.parent.parent)
    return {one.trainee or one.source: one.outcome for one in found}


def test_a_submission_in_the_exchange_is_placed_with_its_secret(
    course: Path, inbound: Path
) -> None:
    sent(inbound, "trainee-017")
    assert from_exchange(course, inbound) == {"trainee-017": COLLECTED}
    assert (placed(course) / "submission_secret.txt").read_text() == "5ecret" * 8
    assert (placed(course) / "timestamp.txt").read_text() == "2026-03-01 09:00:00.123456 UTC"
    assert (placed(course) / "answers.json").read_bytes() == GOOD


def test_the_latest_in_the_exchange_wins(course: Path, inbound: Path) -> None:
    sent(inbound, "trainee-017", day=2)
    sent(inbound, "trainee-017", day=1, content=b"{}")
    found = collect(course, exchange=inbound.parent.parent)
    assert sorted(one.outcome for one in found) == [COLLECTED, KEPT]
    assert (placed(course) / "answers.json").read_bytes() == GOOD


def test_one_oversized_folder_stops_nobody_and_drops_nobody(course: Path, inbound: Path) -> None:
    large = sent(inbound, "trainee-001")
    with (large / "answers.json").open("wb") as file:
        file.truncate(50 << 20)
    sent(inbound, "trainee-017")
    assert from_exchange(course, inbound) == {"trainee-001": COLLECTED, "trainee-017": COLLECTED}
    note = (placed(course, "trainee-001") / "problem.txt").read_text()
    assert note == "The answers could not be taken: answers.json is larger than 1024 KiB."
    assert not (placed(course, "trainee-001") / "answers.json").exists()


def test_a_link_to_another_file_is_not_followed(course: Path, inbound: Path) -> None:
    folder = sent(inbound, "trainee-001", content=None)
    (folder / "answers.json").symlink_to("/etc/passwd")
    (folder / "submission_secret.txt").unlink()
    (folder / "submission_secret.txt").symlink_to("/etc/passwd")
    from_exchange(course, inbound)
    assert "is a link" in (placed(course, "trainee-001") / "problem.txt").read_text()
    assert "root" not in (placed(course, "trainee-001") / "submission_secret.txt").read_text()


def test_a_pipe_does_not_hold_up_collecting(course: Path, inbound: Path) -> None:
    folder = sent(inbound, "trainee-001", content=None)
    os.mkfifo(folder / "answers.json")
    from_exchange(course, inbound)
    assert "not a plain file" in (placed(course, "trainee-001") / "problem.txt").read_text()


def test_a_folder_that_is_a_link_is_refused(course: Path, inbound: Path) -> None:
    target = sent(inbound, "trainee-017")
    (inbound / target.name.replace("017", "018")).symlink_to(target)
    outcomes = from_exchange(course, inbound)
    assert outcomes.pop("trainee-017") == COLLECTED
    assert list(outcomes.values()) == [REFUSED]


def test_nothing_but_the_answers_is_taken_from_the_exchange(course: Path, inbound: Path) -> None:
    folder = sent(inbound, "trainee-017")
    (folder / "solutions").mkdir()
    (folder / "exercise.ipynb").write_text("trainee's own")
    (folder / "timestamp.txt").write_text("2099-01-01 00:00:00 UTC")
    from_exchange(course, inbound)
    assert sorted(path.name for path in placed(course).iterdir()) == [
        "answers.json", "exercise.ipynb", "submission_secret.txt", "timestamp.txt"
    ]  # fmt: skip
    assert "trainee's own" not in (placed(course) / "exercise.ipynb").read_text()
    assert (placed(course) / "timestamp.txt").read_text().startswith("2026-03-01")


@pytest.mark.parametrize(
    "name",
    ["loose", f"..+{MODULE}+2026-03-01 09:00:00 UTC+x", "trainee-001+99-none+2026-03-01 09:00 UTC",
     f"trainee-001+{MODULE}+never", f"a+b+{MODULE}+2026-03-01 09:00:00 UTC+x"],
)  # fmt: skip
def test_a_folder_with_an_odd_name_is_refused(course: Path, inbound: Path, name: str) -> None:
    (inbound / name).mkdir()
    sent(inbound, "trainee-017")
    outcomes = from_exchange(course, inbound)
    assert outcomes.pop("trainee-017") == COLLECTED
    assert list(outcomes.values()) == [REFUSED]


def test_a_missing_exchange_is_said(course: Path, tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="check the exchange folder"):
        collect(course, exchange=tmp_path / "nowhere")
