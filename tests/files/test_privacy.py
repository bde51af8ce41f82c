"""Only trainers open what trainees sent: the owner, or the group that is set."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.aftermath import each_without_rights, without_rights
from helpers.cohort import FULL, LATER, MODULE, answers_json, make_course, submit, write_bundle
from helpers.tools import missing

from grader.cli import main
from grader.demo.demo import run_demo
from grader.errors import GradingError
from grader.files import privacy
from grader.files.privacy import private_folder, write_private
from grader.formats import answers
from grader.places import own_home, this_learner
from grader.trainee import hand_in
from grader.trainee.home import prepare_home
from grader.trainee.order import kept_at_random
from grader.trainer.collect.collect import collect
from grader.trainer.collect.senders import BOOK
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.grading.grading import grade
from grader.trainer.release import release
from grader.trainer.report.exports import export_csv
from grader.trainer.report.report import make_report

grp = pytest.importorskip("grp")
KEPT = ("submitted", "autograded", "feedback", "feedback-bundles", "exports", "reports", "backups")
OURS = [group.gr_name for group in grp.getgrall() if group.gr_gid in os.getgroups()][:1]
# Root may give a file to any group; others only to their own.
GROUP = "daemon" if os.geteuid() == 0 else (OURS or ["none"])[0]


def written(root: Path) -> list[Path]:
    """Return all that holds what trainees sent, or what became of it."""
    found = [root / "gradebook.db", *root.glob("gradebook.db*")]
    for name in KEPT:
        assert (root / name).is_dir(), name
        found += [root / name, *(root / name).rglob("*")]
    return found


def run_cycle(root: Path, inbox: Path) -> None:
    collect(root, [write_bundle(inbox, "trainee-017", answers_json(FULL))])
    grade(root, MODULE)
    collect(root, [write_bundle(inbox, "trainee-018", b"{")])
    grade(root, MODULE)  # copies the gradebook first
    make_feedback(root, MODULE)
    export_csv(root, root / "exports" / "marks.csv")
    make_report(root)


def with_nbgrader(root: Path, *arguments: str, **environment: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


def rights(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_all_that_our_commands_write_is_for_its_owner(course: Path, tmp_path: Path) -> None:
    run_cycle(course, tmp_path / "inbox")
    for path in written(course):
        assert rights(path) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.slow
def test_all_that_nbgrader_writes_is_for_its_owner(course: Path, tmp_path: Path) -> None:
    run_cycle(course, tmp_path / "inbox")
    for name in ("autograded", "feedback"):
        shutil.rmtree(course / name)
    with_nbgrader(course, "autograde", MODULE)
    with_nbgrader(course, "generate_feedback", MODULE)
    assert (course / "feedback" / "trainee-017" / MODULE / "exercise.html").is_file()
    for path in written(course):
        assert rights(path) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("stock", [False, pytest.param(True, marks=pytest.mark.full)])
def test_a_group_shares_everything_and_nobody_else_does(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stock: bool
) -> None:
    monkeypatch.setenv(privacy.GROUP_VARIABLE, GROUP)
    run_cycle(course, tmp_path / "inbox")
    if stock:
        shutil.rmtree(course / "autograded" / "trainee-017")
        with_nbgrader(course, "autograde", MODULE)
        with_nbgrader(course, "generate_feedback", MODULE, "--force")
    for path in written(course):
        assert path.lstat().st_gid == grp.getgrnam(GROUP).gr_gid, path
        assert rights(path) == (0o2770 if path.is_dir() else 0o660), path


def test_what_was_open_before_is_closed(course: Path) -> None:
    (course / "submitted").mkdir(mode=0o755)
    private_folder(course, "submitted")
    assert rights(course / "submitted") == 0o700


def test_a_gradebook_that_formgrader_made_is_closed(course: Path) -> None:
    from traitlets.config import Config

    from grader.trainer.nbgrader.plugins import configure

    (course / "gradebook.db").touch(mode=0o644)
    configure(Config(), course)
    assert rights(course / "gradebook.db") == 0o600


def test_a_group_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(privacy.GROUP_VARIABLE, "no-such-group")
    with pytest.raises(GradingError, match="there is no group 'no-such-group'"):
        write_private(tmp_path / "marks.csv", b"")
    assert list(tmp_path.glob("*")) == []


def test_a_group_of_others_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(privacy.GROUP_VARIABLE, GROUP)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(GradingError, match="ask to be made a member"):
        write_private(tmp_path / "marks.csv", b"")
    assert list(tmp_path.glob("*")) == []


def test_nobody_reads_a_file_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    protect = privacy.protect
    monkeypatch.setattr(
        "grader.files.privacy.protect", lambda path: (seen.append(rights(path)), protect(path))
    )
    monkeypatch.setenv(privacy.GROUP_VARIABLE, GROUP)
    write_private(tmp_path / "marks.csv", b"x")
    private_folder(tmp_path, "submitted")
    assert seen == [0o600, 0o700]


def test_a_group_can_work_with_what_was_made_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder hands its group on; the rights of a file have to follow."""
    monkeypatch.setenv(privacy.GROUP_VARIABLE, GROUP)
    tmp_path.chmod(0o2770)
    os.chown(tmp_path, -1, grp.getgrnam(GROUP).gr_gid)
    made = tmp_path / "gradebook.db"
    made.touch(mode=0o600)
    privacy.close_to_others(made)
    assert rights(made) == 0o660


def test_what_is_released_is_the_group_s_as_well_and_shut_to_nobody(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = course / "exercises" / MODULE / "items.json"
    path.unlink()
    monkeypatch.setenv(privacy.GROUP_VARIABLE, GROUP)
    release(course)
    assert path.stat().st_gid == grp.getgrnam(GROUP).gr_gid
    assert rights(path) & 0o664 == 0o664
    assert rights(path.parent) & 0o2775 == 0o2775


@pytest.mark.parametrize("group", [GROUP, ""])
def test_a_gradebook_that_another_account_keeps_is_said(course: Path, group: str) -> None:
    grade(course, MODULE)
    for name in ("gradebook.db", ".gradebook.lock"):
        (course / name).chmod(0o000)
    remedy = f"chgrp {GROUP} " if group else "set ALONGSIDE_GROUP"
    commands = (["grade", MODULE], ["feedback", MODULE], ["export"], ["report"])
    lines = [[*command, "--root", str(course)] for command in commands]
    for code, said in each_without_rights(*lines, ALONGSIDE_GROUP=group):
        assert code == 1
        assert said.count("\n") == 1
        assert "is kept by another account; " in said
        assert remedy in said


def test_hand_ins_that_another_account_keeps_are_said_as_such(course: Path) -> None:
    for trainee in ("trainee-017", "trainee-018"):
        submit(course, trainee, FULL)
    grade(course, MODULE)
    (course / "submitted" / "trainee-017").chmod(0o000)
    listed, exported = (
        without_rights(*words, "--root", str(course), ALONGSIDE_GROUP=GROUP)
        for words in (["collect", "--list"], ["export"])
    )
    remedy = f"chgrp -R {GROUP} {course / 'submitted' / 'trainee-017'} && chmod -R g+rwX,o-rwx "
    assert "trainee-018" in listed.stdout
    assert "The list is not whole: " in listed.stderr
    assert "1 of 2 hand-ins in the gradebook may not be read by this account: " in exported.stderr
    assert " are not in " not in exported.stderr
    assert remedy in listed.stderr
    assert remedy in exported.stderr


@pytest.mark.parametrize("shut", ["submitted", "submitted/trainee-017"])
def test_a_list_of_what_another_account_keeps_does_not_say_that_nothing_is_here(
    course: Path, shut: str
) -> None:
    submit(course, "trainee-017", FULL)
    (course / shut).chmod(0o000)
    done = without_rights("collect", "--list", "--root", str(course), ALONGSIDE_GROUP=GROUP)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{course / shut} is kept by another account; ask its owner to share it" in done.stderr
    assert "no hand-in" not in done.stderr


@pytest.mark.parametrize("shut", [BOOK, "."])
def test_whose_a_hand_in_is_may_be_kept_by_another_account(
    course: Path, tmp_path: Path, shut: str
) -> None:
    collect(course, [write_bundle(tmp_path, "trainee-017", answers_json(FULL), device="a" * 16)])
    (course / "submitted" / "trainee-017" / shut).chmod(0o000)
    newer = write_bundle(tmp_path, "trainee-017", answers_json(FULL), LATER, device="b" * 16)
    done = without_rights("collect", str(newer), "--root", str(course), ALONGSIDE_GROUP=GROUP)
    assert "is kept by another account; ask its owner to share it: chgrp " in done.stdout
    assert "remove it" not in done.stdout + done.stderr


def open_to_all(top: Path) -> Path:
    """Give a folder the rights that a careless copy leaves."""
    for path in (top, *top.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return top


def filled_home() -> Path:
    """Use a trainee's folder as a trainee does."""
    prepare_home(this_learner())
    home = own_home()
    hand_in.save_trainee(home, "trainee-017")
    for place in (home.practice_record(MODULE), home.journal_record(MODULE)):
        answers.save_response(place, MODULE, "an-item", "reflection", "only mine")
    kept_at_random(home.order_seed)
    hand_in.hand_in(this_learner(), MODULE)
    return home.folder


def others_may(top: Path) -> list[Path]:
    return [path for path in (top, *top.rglob("*")) if rights(path) & 0o077]


def test_a_trainee_s_folder_is_theirs_alone_also_where_trainers_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    os.umask(0o022)
    monkeypatch.setenv(privacy.GROUP_VARIABLE, GROUP)
    assert others_may(filled_home()) == []


def test_a_trainee_s_open_folder_is_shut_when_the_course_is_opened(tmp_path: Path) -> None:
    home = open_to_all(filled_home())
    outside = tmp_path / "of-others.txt"
    outside.touch()
    outside.chmod(0o644)
    (home / "journal" / "link").symlink_to(outside)
    (home / ".DS_Store").touch()
    prepare_home(this_learner())
    assert others_may(home) == [home / ".DS_Store", home / "journal" / "link"]
    assert rights(outside) == 0o644
    assert rights(home) == 0o700


def test_a_folder_that_holds_more_than_the_course_stays_as_open_as_it_was() -> None:
    home = open_to_all(filled_home())
    (home / "shared-with-all.txt").touch()
    prepare_home(this_learner())
    assert others_may(home) == [home, home / "shared-with-all.txt"]


def test_what_trainers_made_by_hand_is_shut_by_the_next_command(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "trainee-017", FULL)
    (course / "roster.csv").write_text("id\ntrainee-017\n")
    (course / "nbgrader.log").touch()
    names = ("solutions", "submitted", "roster.csv", "nbgrader.log")
    open_to_all(course)
    assert main(["collect", "--list", "--root", str(course)]) == 0
    assert [name for name in names if rights(course / name) & 0o077] == []
    assert rights(course / "exercises") == 0o755  # what everybody gets


def test_a_folder_that_was_given_to_a_group_by_hand_stays_the_group_s(course: Path) -> None:
    """As the guide says, and a command of somebody who has not yet said which group it is."""
    open_to_all(course)
    course.chmod(0o2775)
    (course / "solutions").chmod(0o775)
    assert main(["release", "--check", "--root", str(course)]) == 0
    assert rights(course / "solutions") == 0o770


@fault(
    HOME,
    "Another account of the computer looks into a trainee’s folder, or into yours",
    "It can open no answer, journal, key or mark. What was open is shut at the next start.",
)
def test_another_account_reads_nothing_of_a_home_a_course_and_a_demo(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        missing("only root with setpriv can be another account")
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        base.chmod(0o755)
        monkeypatch.setenv("ALONGSIDE_HOME", str(base / "home"))
        filled_home()
        submit(course, "trainee-017", FULL)
        own = open_to_all(Path(shutil.copytree(course, base / "course")))
        run_demo(base / "demo", modules=[MODULE])
        assert main(["grade", MODULE, "--root", str(own)]) == 0
        who = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]
        found = subprocess.run(
            [*who, "find", base, "-type", "f", "-readable"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
        public = [str(own / name) for name in ("exercises", "nbgrader_config.py", "course")]
        assert [path for path in found if not path.startswith(tuple(public))] == []
        assert [path for path in found if "exercises" in path]  # it could have read the others
