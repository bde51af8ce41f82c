"""Who handed in through the exchange is proved by the owner of the folder, not by its name."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import MODULE
from helpers.formgrader import configuration
from helpers.hand_ins import GOOD, WHO, placed, sent

from grader.cli import main

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
