"""What is signed stays signed, by one key, and a trainer is told what to send again."""

from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, HOME, fault
from helpers.cohort import BEST, MODULE, submit

from grader.cards.sending import FeedbackCard
from grader.cli import main
from grader.errors import CertificateError, GradingError, HandInError
from grader.files import privacy
from grader.formats.archives import packed
from grader.formats.feedback import write
from grader.formats.statement import PUBLIC_KEY
from grader.places import FEEDBACK_NUMBERS, FEEDBACK_PAGE, this_learner
from grader.trainee.inbox import keep_feedback, signed_words
from grader.trainee.released import released
from grader.trainer.feedback import signing as signing_module
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.signing import PRIVATE_KEY, new_key, signer_of
from grader.trainer.feedback.states import remember_released
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.grading import grade

ONE = "trainee-001"
SENT = f"feedback-bundles/{MODULE}-{ONE}-feedback.zip"


@pytest.fixture
def signing(course: Path) -> Path:
    """Grade somebody in a course that signs."""
    new_key(course)
    submit(course, ONE, BEST)
    grade(course, MODULE)
    return course


@pytest.fixture
def run(signing: Path, capsys: pytest.CaptureFixture[str]):
    """Type a command; return its code and all that it said."""

    def run(*words: str) -> tuple[int, str]:
        code = main([*words, "--root", str(signing)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@fault(
    GRADE,
    "The key of a course that signs is missing",
    "Nothing signed is replaced by a file without signature. One line says to put the copy back, "
    "or how to go on without.",
)
@pytest.mark.parametrize("in_its_place", ["nothing", "a link to nowhere", "a folder"])
def test_nothing_is_written_unsigned_where_the_key_is_missing(signing, run, in_its_place) -> None:
    run("feedback", MODULE, "--release")
    before = (signing / SENT).read_bytes()
    key = signing / PRIVATE_KEY
    kept = key.read_bytes()
    key.unlink()
    if in_its_place == "a link to nowhere":
        key.symlink_to(signing / "stick" / PRIVATE_KEY)
    elif in_its_place == "a folder":
        key.mkdir()
    for words in (["feedback", MODULE, "--release"], ["certify"]):
        code, said = run(*words)
        assert code == 1
        assert f"its key {PRIVATE_KEY} is missing; put your copy" in said
        assert f"remove {PUBLIC_KEY}" in said
        assert "--new-key" not in said
    assert (signing / SENT).read_bytes() == before
    key.rmdir() if key.is_dir() else key.unlink(missing_ok=True)
    key.write_bytes(kept)
    key.chmod(0o600)
    assert run("feedback", MODULE)[0] == 0
    assert (signing / SENT).read_bytes() == before


def test_a_new_key_says_what_to_do_about_one_that_is_missing(signing, run) -> None:
    (signing / PRIVATE_KEY).unlink()
    code, said = run("certify", "--new-key")
    assert code == 1
    assert f"{PUBLIC_KEY} is there already" in said
    assert f"put your copy of {PRIVATE_KEY} back" in said
    assert f"remove {PUBLIC_KEY} and run this again" in said
    (signing / PUBLIC_KEY).unlink()
    assert run("certify", "--new-key")[0] == 0


def test_without_both_halves_a_course_goes_on_without_signing(signing, run) -> None:
    for name in (PRIVATE_KEY, PUBLIC_KEY):
        (signing / name).unlink()
    assert run("feedback", MODULE)[0] == 0
    assert signer_of(signing) is None


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nMC4CAQ"])
def test_a_spoilt_key_says_what_to_do(signing, content) -> None:
    (signing / PRIVATE_KEY).write_bytes(content)
    with pytest.raises(CertificateError, match=r"not a key of this course; put your copy"):
        signer_of(signing)


def halves(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if "certificate-key" in path.name}


@fault(
    GRADE,
    "The disk is full, or the group is not one's own, while a key pair is made",
    "Neither half of the pair is left behind. With that mended, the same command makes both.",
)
@pytest.mark.parametrize("fails", ["disk, first", "disk, second", "group"])
def test_a_key_pair_is_made_whole_or_not_at_all(tmp_path, monkeypatch, fails) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if fails == "group":
        monkeypatch.setattr(privacy, "shared_group", lambda: 0)
        monkeypatch.setenv("ALONGSIDE_GROUP", "trainers")
        monkeypatch.setattr(privacy.os, "chown", not_ours)
    else:
        where = "write_private" if fails == "disk, first" else "write_safely"
        monkeypatch.setattr(signing_module, where, refuse)
    with pytest.raises((OSError, GradingError)):
        new_key(tmp_path)
    assert halves(tmp_path) == set()
    monkeypatch.undo()
    new_key(tmp_path)
    assert halves(tmp_path) == {PRIVATE_KEY, PUBLIC_KEY}
    assert signer_of(tmp_path)


def not_ours(*_: Any, **__: Any) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


@fault(
    GRADE,
    "The public half of the key is lost or spoilt",
    "It is made again from the private one, and a line says so.",
)
@pytest.mark.parametrize("content", [None, b"", b"<<<<<<< HEAD\n"])
def test_the_public_half_is_made_again(tmp_path, capsys, content) -> None:
    new_key(tmp_path)
    public = tmp_path / PUBLIC_KEY
    before = public.read_bytes()
    assert signer_of(tmp_path)
    assert capsys.readouterr().err == ""
    public.unlink()
    if content is not None:
        public.write_bytes(content)
    assert signer_of(tmp_path)
    assert f"{PUBLIC_KEY} was missing or spoilt; it is made again" in capsys.readouterr().err
    assert public.read_bytes() == before
    assert public.stat().st_mode & 0o444 == 0o444


@fault(
    GRADE,
    "The two halves of the key are of different pairs",
    "Nothing is signed with a key that nobody can check. One line says what to put back.",
)
def test_halves_of_two_pairs_sign_nothing(tmp_path) -> None:
    pairs = [tmp_path / name for name in "ab"]
    for pair in pairs:
        pair.mkdir()
        new_key(pair)
    published = (pairs[1] / PUBLIC_KEY).read_bytes()
    (pairs[0] / PUBLIC_KEY).write_bytes(published)
    with pytest.raises(CertificateError, match=r"not of one pair; put your copy of"):
        signer_of(pairs[0])
    assert (pairs[0] / PUBLIC_KEY).read_bytes() == published
    (pairs[0] / PUBLIC_KEY).unlink()  # as it says, to go on with the private one
    assert signer_of(pairs[0])


def test_a_folder_that_may_only_be_read_still_signs(tmp_path, monkeypatch, capsys) -> None:
    new_key(tmp_path)
    (tmp_path / PUBLIC_KEY).unlink()
    monkeypatch.setattr(signing_module, "write_safely", not_ours)
    assert signer_of(tmp_path)
    assert "cannot be written" in capsys.readouterr().err


def rule(root: Path, share: int) -> None:
    (root / "course" / MODULE).mkdir(parents=True, exist_ok=True)
    modules = f"modules:\n  - slug: {MODULE}\n    title: Advice\n"
    text = f"{modules}pass:\n  share: {share}\n  must_hand_in: all\n"
    (root / "course" / "modules.yaml").write_text(text)


def other_pair(root: Path) -> None:
    for name in (PRIVATE_KEY, PUBLIC_KEY):
        (root / name).unlink()
    new_key(root)


@fault(
    GRADE,
    "The pass rule or the key changes after signed feedback was sent",
    "`alongside certify` names what was signed by the other one. `alongside feedback` signs anew "
    "and names the file as changed, until you send it again.",
)
def test_what_is_signed_anew_is_named_to_be_sent(signing, run) -> None:
    rule(signing, 50)
    run("feedback", MODULE, "--release")
    assert "New to send: 0" in run("feedback", MODULE)[1]
    rule(signing, 60)
    assert "signed by another pass rule" in run("certify")[1]
    told = f"{SENT} (changed since you sent it)"
    assert told in run("feedback", MODULE)[1]
    assert told in run("feedback", MODULE, "--changed", "--release")[1]
    assert "To sign" not in run("certify")[1]
    assert "New to send: 0" in run("feedback", MODULE)[1]
    other_pair(signing)
    assert "signed with another key" in run("certify")[1]
    assert told in run("feedback", MODULE, "--release")[1]
    assert "To sign" not in run("certify")[1]
    assert "New to send: 0" in run("feedback", MODULE)[1]


def test_what_was_sent_before_signatures_counted_is_no_news(signing, run) -> None:
    (done,) = make_feedback(signing, MODULE)
    before = done.edition.partition("-")[0]
    remember_released(default_db_url(signing), MODULE, {ONE: before})
    assert "New to send: 0" in run("feedback", MODULE)[1]


# Where feedback arrives -----------------------------------------------------------------

UNSIGNED = "It is not signed with the key of your course."


@fault(
    HOME,
    "Feedback comes without a signature, or with another key’s, and the course has a key",
    "It is kept, and the page says that it is not signed, and to ask the trainer.",
)
@pytest.mark.parametrize(
    ("signs", "key", "said"),
    [(True, "own", False), (False, "own", True), (True, "other", True), (False, "none", False)],
)
def test_unsigned_feedback_is_shown_as_unsigned(
    course: Path, tmp_path: Path, *, signs: bool, key: str, said: bool
) -> None:
    submit(course, ONE, BEST)
    if signs:
        new_key(course)
    grade(course, MODULE)
    (done,) = make_feedback(course, MODULE)
    if key == "other" or not signs:
        for name in (PUBLIC_KEY, PRIVATE_KEY):
            (course / name).unlink(missing_ok=True)
        new_key(course)
    me = this_learner()
    lessons = Path(shutil.copytree(me.course.lessons, tmp_path / "lessons"))
    if key != "none":
        shutil.copy(course / PUBLIC_KEY, lessons)
    me = replace(me, course=replace(me.course, lessons=lessons))
    reply = FeedbackCard(me).handlers()["bundle"]({}, (done.bundle.read_bytes(),))
    assert (UNSIGNED in reply["lines"][0]) == said


@pytest.fixture
def arriving(course: Path, tmp_path: Path) -> tuple[Any, dict[str, bytes]]:
    """Give a trainee whose course has a key, and feedback: signed by it, by another, by none."""
    submit(course, ONE, BEST)
    grade(course, MODULE)
    files = {}
    for name in ("unsigned", "other", "signed"):
        if name != "unsigned":
            for each in (PUBLIC_KEY, PRIVATE_KEY):
                (course / each).unlink(missing_ok=True)
            new_key(course)
        (done,) = make_feedback(course, MODULE)
        files[name] = done.bundle.read_bytes()
    me = this_learner()
    lessons = Path(shutil.copytree(me.course.lessons, tmp_path / "lessons"))
    shutil.copy(course / PUBLIC_KEY, lessons)
    return replace(me, course=replace(me.course, lessons=lessons)), files


@fault(
    HOME,
    "Feedback without a signature comes where signed feedback is",
    "The signed one stays. The page says why, and to ask the trainer.",
)
@pytest.mark.parametrize("later", ["unsigned", "other"])
def test_unsigned_feedback_takes_the_place_of_no_signed_one(arriving, later: str) -> None:
    me, files = arriving
    keep_feedback(me, files[later])  # nothing signed is here yet
    keep_feedback(me, files["signed"])
    before = released(me.home, MODULE)
    with pytest.raises(HandInError, match=r"You have signed feedback on .* It stays as it is"):
        keep_feedback(me, files[later])
    assert released(me.home, MODULE) == before
    keep_feedback(me, files["signed"])


def test_other_numbers_beside_a_true_statement_are_not_signed(arriving) -> None:
    me, files = arriving
    keep_feedback(me, files["signed"])
    mine = released(me.home, MODULE)
    assert mine is not None
    more = write(replace(mine, points=mine.points / 2)).encode()
    page = b"<!doctype html><header></header><h1>Feedback</h1>"
    forged = packed([(FEEDBACK_PAGE, page), (FEEDBACK_NUMBERS, more)])
    with pytest.raises(HandInError, match="It stays as it is"):
        keep_feedback(me, bytes(forged))


@fault(
    HOME,
    "A forged feedback file says that it is on a hand-in of a later day",
    "It does not count as signed, and the signed one of your course takes its place.",
)
@pytest.mark.parametrize("has_statement", [True, False])
def test_a_forged_day_keeps_no_signed_feedback_away(arriving, *, has_statement: bool) -> None:
    me, files = arriving
    keep_feedback(me, files["signed"])
    mine = released(me.home, MODULE)
    assert mine is not None
    for path in (me.home.feedback_numbers(MODULE), me.home.feedback_page(MODULE)):
        path.unlink()
    signed = mine.signed if has_statement else None
    numbers = write(replace(mine, handed_in="9999-01-01T00:00:00+00:00", signed=signed)).encode()
    page = b"<!doctype html><header></header><h1>Feedback</h1>"
    keep_feedback(me, bytes(packed([(FEEDBACK_PAGE, page), (FEEDBACK_NUMBERS, numbers)])))
    assert signed_words(me, MODULE)
    keep_feedback(me, files["signed"])
    assert released(me.home, MODULE) == mine
    assert not signed_words(me, MODULE)


@fault(
    HOME,
    "Feedback for another trainee’s code comes where no code is kept yet",
    "It is not kept. The first feedback in a folder says whose folder it is.",
)
def test_the_first_feedback_says_whose_a_home_without_a_code_is(arriving) -> None:
    me, files = arriving
    keep_feedback(me, files["unsigned"])
    mine = released(me.home, MODULE)
    assert mine is not None
    page = b"<!doctype html><header></header><h1>Feedback</h1>"
    numbers = write(replace(mine, trainee="trainee-002", signed=None)).encode()
    theirs = bytes(packed([(FEEDBACK_PAGE, page), (FEEDBACK_NUMBERS, numbers)]))
    with pytest.raises(HandInError, match=f"for trainee-002, and what is here is for {ONE}"):
        keep_feedback(me, theirs)
    assert released(me.home, MODULE) == mine
