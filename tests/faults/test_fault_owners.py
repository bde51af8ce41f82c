"""Who handed in through the exchange is proved by the owner of the folder, not by its name."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import BEST, MODULE, answers_json, write_bundle
from helpers.formgrader import configuration
from helpers.hand_ins import GOOD, ONE, TODAY, WHO, in_use, placed, sent
from helpers.tools import missing

from grader.cli import main
from grader.files.privacy import private_folder
from grader.formats.hand_in import write_facts
from grader.trainer.collect.collect import ASIDE, COLLECTED, OLDER, collect
from grader.trainer.collect.owners import Owners
from grader.trainer.collect.senders import Senders, read_senders, write_senders
from grader.trainer.collect.whose import kept_aside, other_counts, same_person, somebody_else

TIME = "2026-03-01 09:00:00.000000 UTC"
OTHER = "trainee-018"


@pytest.fixture(params=["ours", "nbgrader"])
def run_collect(
    request: pytest.FixtureRequest,
    course: Path,
    inbound: Path,
    capsys: pytest.CaptureFixture[str],
):
    """Collect by either command, and return what it said."""

    def ours() -> str:
        capsys.readouterr()
        main(["collect", f"--exchange={inbound.parent.parent}", f"--root={course}"])
        both = capsys.readouterr()
        return both.out + both.err

    def theirs() -> str:
        from nbgrader.apps.api import NbGraderAPI

        settings = configuration(course)
        settings.Exchange.root = str(inbound.parent.parent)
        said = NbGraderAPI(config=settings).collect(MODULE, update=True)
        return str(said["log"])

    return ours if request.param == "ours" else theirs


def accounts(monkeypatch: pytest.MonkeyPatch, **uids: int) -> None:
    """Have accounts on this computer, by name with underscores."""
    by_name = {name.replace("_", "-"): uid for name, uid in uids.items()}
    by_uid = {uid: name for name, uid in by_name.items()}
    real = pwd.getpwuid

    def of_uid(uid: int) -> object:
        return SimpleNamespace(pw_name=by_uid[uid]) if uid in by_uid else real(uid)

    monkeypatch.setattr("grader.trainer.collect.owners.pwd.getpwuid", of_uid)
    monkeypatch.setattr(
        "grader.trainer.collect.owners.pwd.getpwnam",
        lambda name: SimpleNamespace(pw_uid=by_name[name]),
    )


@fault(
    COLLECT,
    "A folder in the exchange names a trainee, and another account put it there",
    "It is not taken, with either command. One line names both, and what to do.",
)
def test_a_folder_of_another_account_is_not_taken(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(inbound, TIME, GOOD)
    accounts(monkeypatch, trainee_017=54321, trainee_018=os.getuid())
    said = run_collect()
    assert f"the account {OTHER} put it there, and not {WHO}" in said
    assert not placed(course).exists()
    accounts(monkeypatch, trainee_017=os.getuid())
    assert "no account" not in run_collect()
    assert placed(course).exists()


def test_so_is_one_whose_owner_is_another_trainee_of_the_roster(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / "roster.csv").write_text(f"id\n{WHO}\n{OTHER}\n")
    sent(inbound, TIME, GOOD)
    accounts(monkeypatch, trainee_018=os.getuid())
    assert f"the account {OTHER} put it there" in run_collect()
    assert not placed(course).exists()


@fault(
    COLLECT,
    "Trainees of an exchange have no accounts of their names on this computer",
    "Their work is taken. One line says that only the names of folders say who they are.",
)
def test_names_that_no_account_has_are_said_once_and_taken(
    course: Path, inbound: Path, run_collect
) -> None:
    for who in (WHO, OTHER, "trainee-019"):
        sent(inbound, TIME, GOOD).rename(inbound / f"{who}+{MODULE}+{TIME}+abc")
    said = run_collect()
    assert said.count("3 trainees have no account of that name on this computer") == 1
    assert placed(course).exists()


@fault(
    COLLECT,
    "Every account may rename the course's folder in an exchange (0777 without a sticky bit)",
    "The work is taken. One line says it, and what the folder's owner has to run.",
)
def test_an_exchange_in_which_everybody_may_rename_is_said(
    course: Path, inbound: Path, run_collect
) -> None:
    sent(inbound, TIME, GOOD)
    exchange = inbound.parent.parent
    exchange.chmod(0o777)
    said = run_collect()
    assert f"Let its owner run: chmod +t {exchange}" in " ".join(said.split())
    assert placed(course).exists()
    exchange.chmod(0o1777)
    assert "chmod" not in run_collect()


MALLORY, BOB = 54_321, 54_322


def put_by(uid: int, folder: Path) -> Path:
    """Let an account own a folder, as one that handed it in does."""
    if os.geteuid() != 0:
        missing("only root can give a folder to another account")
    for path in (folder, *folder.iterdir()):
        os.chown(path, uid, -1)
    return folder


@fault(
    COLLECT,
    "Codes are no names of accounts, and another account hands in under a code that is used",
    "What counts stays. The other is kept aside until you say whose it is.",
)
def test_a_second_account_under_a_code_replaces_nothing(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts(monkeypatch, mallory=MALLORY, bob=BOB)
    put_by(BOB, sent(inbound, TIME, GOOD))
    run_collect()
    put_by(MALLORY, sent(inbound, TIME.replace("09:00", "10:00"), ONE))
    assert "The account mallory put it there, unlike those before" in run_collect()
    assert in_use(course) == GOOD
    assert (course / "aside" / "account-mallory" / "submitted" / WHO / MODULE).is_dir()
    later = answers_json(BEST)
    put_by(BOB, sent(inbound, TIME.replace("09:00", "11:00"), later))
    run_collect()
    assert in_use(course) == later


def test_so_does_one_under_a_code_that_has_a_computer(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts(monkeypatch, mallory=MALLORY)
    write_senders(private(course), WHO, Senders(counts=("a" * 16,)))
    put_by(MALLORY, sent(inbound, TIME, ONE))
    assert "The account mallory put it there, unlike those before" in run_collect()
    assert not placed(course).exists()


def private(course: Path) -> Path:
    private_folder(course, "submitted", WHO)
    return course


@fault(
    COLLECT,
    "An account that hands in for one trainee puts a folder there for another",
    "It is not taken. One line names the account, and for whom it hands in.",
)
def test_an_account_of_one_code_hands_in_for_no_other(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts(monkeypatch, mallory=MALLORY)
    mine = sent(inbound, TIME, ONE)
    put_by(MALLORY, mine.rename(inbound / f"{OTHER}+{MODULE}+{TIME}+abc"))
    run_collect()
    put_by(MALLORY, sent(inbound, TIME, GOOD))
    said = run_collect()
    assert f"the account mallory, which hands in for {OTHER}, put it there, and not {WHO}" in said
    assert not placed(course).exists()


def test_nor_does_one_that_handed_in_under_its_own_name(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts(monkeypatch, mallory=MALLORY)
    put_by(MALLORY, sent(inbound, TIME, ONE).rename(inbound / f"mallory+{MODULE}+{TIME}+abc"))
    put_by(MALLORY, sent(inbound, TIME, GOOD))
    assert f"the account mallory put it there, and not {WHO}" in run_collect()
    assert not placed(course).exists()
    assert (course / "submitted" / "mallory" / MODULE).is_dir()


def test_who_collects_may_put_folders_there_for_all(
    course: Path, inbound: Path, run_collect
) -> None:
    """Such as what came by post: whoever collects vouches for it."""
    sent(inbound, TIME, GOOD)
    run_collect()
    sent(inbound, TIME.replace("09:00", "10:00"), ONE)
    run_collect()
    assert in_use(course) == ONE
    assert not (course / "aside").exists()


def test_where_nobody_asks_for_owners_no_account_is_told_apart() -> None:
    assert Owners(asks=False).mark_of(WHO, MALLORY) is None
    assert Owners().mark_of(WHO, MALLORY) == f"account-{MALLORY}"


# --- a file beside what an account proved

EARLY, NOON, EVENING = (f"2026-03-01T{hour}:00:00+00:00" for hour in ("08", "12", "18"))
HOME, STRANGE = "a" * 16, "b" * 16


def proved(course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch, device: str = "") -> None:
    """Let the account of a trainee hand in, from a computer with a mark."""
    accounts(monkeypatch, trainee_017=BOB)
    folder = sent(inbound, TIME, GOOD)
    if device:
        (folder / "handin.json").write_bytes(write_facts(WHO, MODULE, TODAY, device))
    put_by(BOB, folder)


def file_of(
    course: Path,
    device: str | None,
    answers: bytes = ONE,
    name: str = "inbox",
    when: str = NOON,
) -> Path:
    return write_bundle(course.parent / name, WHO, answers, when, device=device)


@fault(
    COLLECT,
    "A file bears the code of somebody whose own account handed in, and comes from elsewhere",
    "It is kept aside until you say whose it is. What the account handed in stays.",
)
@pytest.mark.parametrize("device", [STRANGE, None])
@pytest.mark.parametrize("at_once", [True, False])
def test_no_file_takes_the_place_of_what_an_account_proved(
    device, at_once, course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(course, inbound, monkeypatch, HOME)
    exchange, strange = inbound.parent.parent, [file_of(course, device)]
    done = collect(course, strange if at_once else [], exchange)
    done += [] if at_once else collect(course, strange)
    assert [one.outcome for one in done] == [COLLECTED, ASIDE]
    assert "whose own account handed in before" in done[1].reason
    assert f"alongside whose {WHO}" in done[1].reason
    assert in_use(course) == GOOD
    assert [one.trainee for one in kept_aside(course)] == [WHO]
    same_person(course, WHO)
    assert in_use(course) == ONE


def test_a_file_of_the_computer_that_an_account_handed_in_from_counts(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(course, inbound, monkeypatch, HOME)
    collect(course, exchange=inbound.parent.parent)
    (one,) = collect(course, [file_of(course, HOME)])
    assert one.outcome == COLLECTED
    assert in_use(course) == ONE


@fault(
    COLLECT,
    "A file came first under a code, from elsewhere, and then the person’s own account handed in",
    "The first stays in the history. What else comes from there is kept aside until you say.",
)
@pytest.mark.parametrize("device", ["", HOME])
def test_a_computer_that_came_first_counts_no_longer_once_an_account_proved_itself(
    device: str, course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = file_of(course, STRANGE, name="first", when=EARLY)
    collect(course, [early])
    proved(course, inbound, monkeypatch, device)
    (account,) = collect(course, exchange=inbound.parent.parent)
    assert account.outcome == COLLECTED
    (again,) = collect(course, [early])
    assert again.outcome == OLDER  # nothing to ask: it is in the history
    (late,) = collect(course, [file_of(course, STRANGE, answers_json(BEST))])
    assert late.outcome == ASIDE
    assert f"alongside whose {WHO} --same" in late.reason
    assert in_use(course) == GOOD
    assert [one.mark for one in kept_aside(course)] == [STRANGE]


def test_who_moved_from_files_to_an_account_is_asked_about_once(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(course, [file_of(course, STRANGE, name="first", when=EARLY)])
    proved(course, inbound, monkeypatch, HOME)
    collect(course, exchange=inbound.parent.parent)
    collect(course, [file_of(course, STRANGE, answers_json(BEST))])
    same_person(course, WHO)
    assert in_use(course) == answers_json(BEST)
    collect(course, exchange=inbound.parent.parent)  # which proves it once more
    (one,) = collect(course, [file_of(course, STRANGE, name="last", when=EVENING)])
    assert one.outcome == COLLECTED


def test_what_the_trainer_said_before_an_account_proved_itself_stays(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(course, [file_of(course, STRANGE, name="first", when=EARLY)])
    collect(course, [file_of(course, "c" * 16, name="second", when=EARLY)])
    same_person(course, WHO)
    proved(course, inbound, monkeypatch)
    collect(course, exchange=inbound.parent.parent)
    for device in (STRANGE, "c" * 16):
        when = NOON if device == STRANGE else EVENING
        (one,) = collect(course, [file_of(course, device, name=device, when=when)])
        assert one.outcome == COLLECTED


def test_a_computer_that_an_account_vouched_for_once_stays_known(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(course, [file_of(course, HOME, name="first", when=EARLY)])
    proved(course, inbound, monkeypatch, HOME)
    collect(course, exchange=inbound.parent.parent)
    (folder,) = inbound.iterdir()
    (folder / "handin.json").unlink()  # the next one comes from elsewhere
    collect(course, exchange=inbound.parent.parent)
    (one,) = collect(course, [file_of(course, HOME)])
    assert one.outcome == COLLECTED


def test_a_decision_is_not_undone_by_what_an_account_proved_before(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(course, inbound, monkeypatch, HOME)
    collect(course, exchange=inbound.parent.parent)
    collect(course, [file_of(course, STRANGE)])
    other_counts(course, WHO)
    (again,) = collect(course, exchange=inbound.parent.parent)
    assert again.outcome != ASIDE
    assert read_senders(course, WHO).counts == (STRANGE,)


def test_a_file_under_a_wrong_code_can_be_given_to_whom_an_account_proved(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(course, inbound, monkeypatch, HOME)
    collect(course, exchange=inbound.parent.parent)
    for device in (HOME, STRANGE):
        made = write_bundle(course.parent / device, OTHER, ONE, NOON, device=device)
        collect(course, [made])
    somebody_else(course, OTHER, WHO)
    assert in_use(course) == ONE


# --- files in a folder that everybody may write to, as nbgrader makes it


@fault(
    COLLECT,
    "Another account puts its own answers into the folder that a trainee handed in",
    "They are not taken: it says so, and the trainee is asked to hand in again.",
)
def test_no_file_of_another_account_is_taken_from_a_trainees_folder(
    course: Path, inbound: Path, run_collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts(monkeypatch, trainee_017=BOB, mallory=MALLORY)
    folder = put_by(BOB, sent(inbound, TIME, GOOD))
    (folder / "answers.json").unlink()
    (folder / "answers.json").write_bytes(ONE)
    os.chown(folder / "answers.json", MALLORY, -1)
    assert "answers.json was put there by another account than the folder" in run_collect()
    assert not (placed(course) / "answers.json").exists()


def test_nor_is_a_computer_proved_by_a_file_of_another_account(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved(course, inbound, monkeypatch, STRANGE)
    (folder,) = inbound.iterdir()
    os.chown(folder / "handin.json", MALLORY, -1)
    collect(course, exchange=inbound.parent.parent)
    (one,) = collect(course, [file_of(course, STRANGE)])
    assert one.outcome == ASIDE
    assert in_use(course) == GOOD
