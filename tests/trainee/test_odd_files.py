"""A trainee's folder that holds what is no file of theirs: nothing waits, and nothing goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.tools import missing

from grader import places
from grader.cards.own_record import DeleteCard
from grader.errors import PagesError
from grader.files import parsing
from grader.places import this_learner
from grader.trainee.home import prepare_home

MODULE = "07-advice"
READ = (
    *(places.HANDED_IN, places.TRAINEE, places.ORDER_SEED, places.DEVICE_MARK),
    *(f"exercises/{MODULE}/{name}" for name in (places.NOTEBOOK, places.ANSWERS)),
    *(f"practice/{MODULE}.json", f"journal/{MODULE}.json", f"journal/{places.PLAN}"),
    *(f"feedback/{MODULE}.json", "feedback/certificate.html"),
)
OPENS = """
from grader.cards.calls import Context, pieces
from grader.places import this_learner
from grader.trainee.home import prepare_home
me = this_learner()
prepare_home(me)
here = Context(me, me.home.exercise_folder("07-advice"))
calls = ("course_map", "my_progress", "my_plan", "my_journal", "my_certificate", "hand_in")
for name in (*calls, "my_skills", "next_step"):
    for piece in pieces(here, name, ()):
        open_ = getattr(piece, "handlers", dict)().get("open")
        open_ and piece.receive({"type": "open"})
print("opened")
"""


@pytest.mark.parametrize("name", READ)
def test_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(name: str) -> None:
    pipe = places.own_home().folder / name
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    command = [sys.executable, "-c", OPENS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "opened", done.stderr


@pytest.mark.parametrize("read", [parsing.read_json, parsing.read_text])
def test_what_is_no_plain_file_is_not_read(tmp_path: Path, read) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull), tmp_path):
        with pytest.raises(OSError, match=r"plain file|Is a directory"):
            read(path)


def test_a_home_that_leads_to_another_account_is_refused(tmp_path: Path, monkeypatch) -> None:
    if os.geteuid() != 0:
        missing("only root can give a folder to another account")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    link = tmp_path / "home"
    link.symlink_to(theirs)
    monkeypatch.setenv("ALONGSIDE_HOME", str(link))
    prepare_home(this_learner())  # a link to a folder of one's own is fine
    os.chown(theirs, 65534, 65534)
    with pytest.raises(PagesError, match="which belongs to another account; choose another"):
        prepare_home(this_learner())


@pytest.mark.parametrize("name", ["", "journal", "practice", "hand-in"])
def test_a_folder_of_another_account_is_refused(name: str) -> None:
    if os.geteuid() != 0:
        missing("only root can give a folder to another account")
    prepare_home(this_learner())
    theirs = places.own_home().folder / name
    theirs.mkdir(exist_ok=True)
    prepare_home(this_learner())
    os.chown(theirs, 65534, 65534)
    with pytest.raises(PagesError, match="belongs to another account; choose another"):
        prepare_home(this_learner())


@fault(
    HOME,
    "A folder of the trainee’s is a link: to a place of their own, or made by another account",
    "A link of one’s own, or of the computer’s keeper, is followed. Another’s is named, and "
    "the course does not open there.",
)
@pytest.mark.parametrize("name", ["journal", "practice", "jotted"])
def test_a_link_in_a_home_is_taken_only_if_nobody_else_made_it(tmp_path: Path, name: str) -> None:
    if os.geteuid() != 0:
        missing("only root can give a link to another account")
    home = places.own_home().folder
    home.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (home / name).symlink_to(tmp_path / "elsewhere")
    prepare_home(this_learner())
    os.lchown(home / name, 65534, 65534)
    with pytest.raises(PagesError, match=r"is a link to .* belongs to another account"):
        prepare_home(this_learner())


def test_what_stays_where_everything_is_deleted_is_named() -> None:
    prepare_home(this_learner())
    card = DeleteCard(this_learner())
    said = card.receive({"type": "delete", "word": "delete"})[0]["lines"]
    assert "Nothing of yours is left" in said[0]
    (places.own_home().folder / "letter.txt").touch()
    said = card.receive({"type": "delete", "word": "delete"})[0]["lines"]
    assert "letter.txt" in said
    assert not any("Nothing of yours is left" in line for line in said)
    assert (places.own_home().folder / "letter.txt").exists()
