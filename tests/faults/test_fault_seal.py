"""Feedback is signed as a whole: nobody changes a word of it under a good signature."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fault_page import HOME, fault
from helpers.cohort import BEST, MODULE, submit
from helpers.doctored import CHANGES, UNHARMED, Pair, as_before, bundled, opened
from helpers.more_than_zip import MORE, streamed

from grader.cards.sending import FeedbackCard
from grader.cli import main
from grader.errors import HandInError
from grader.formats.statement import PUBLIC_KEY
from grader.places import Learner, this_learner
from grader.trainee.inbox import CHANGED, MARKS_ONLY, UNSIGNED, keep_feedback, signed_words
from grader.trainee.released import kept
from grader.trainee.trust import Trust, trust
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.signing import PRIVATE_KEY, new_key
from grader.trainer.grading.grading import grade

ONE, OTHER = "trainee-001", "trainee-002"


class Sent(NamedTuple):
    """What a course sent: as it signs now, as it did before, and what another trainee got."""

    root: Path
    whole: bytes
    before: bytes
    others: bytes
    strange: bytes


@pytest.fixture(scope="module")
def sent(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    root = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("sent") / "course"))
    new_key(root)
    for who in (ONE, OTHER):
        submit(root, who, BEST)
    grade(root, MODULE)
    whole, others = (one.bundle.read_bytes() for one in make_feedback(root, MODULE))
    before = as_before(root, whole)
    key = {name: (root / name).read_bytes() for name in (PUBLIC_KEY, PRIVATE_KEY)}
    for name in key:
        (root / name).unlink()
    new_key(root)
    strange = make_feedback(root, MODULE)[0].bundle.read_bytes()
    for name, half in key.items():
        (root / name).write_bytes(half)
    return Sent(root, whole, before, others, strange)


@pytest.fixture
def me(sent: Sent, tmp_path: Path) -> Learner:
    """Return a trainee whose course has the key."""
    learner = this_learner()
    lessons = Path(shutil.copytree(learner.course.lessons, tmp_path / "lessons"))
    shutil.copy(sent.root / PUBLIC_KEY, lessons)
    return replace(learner, course=replace(learner.course, lessons=lessons))


def said(me: Learner, content: bytes) -> str:
    (line,) = FeedbackCard(me).handlers()["bundle"]({}, (content,))["lines"]
    return line


def verified(sent: Sent, path: Path, content: bytes, capsys: Any) -> tuple[int, str]:
    path.write_bytes(content)
    code = main(["verify", str(path), "--key", str(sent.root / PUBLIC_KEY)])
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return code, told.out + told.err


@fault(
    HOME,
    "Somebody changes a word, a comment, a point or a time in signed feedback",
    "It does not count as signed: on the page, in a browser, or by "
    "`alongside verify feedback.zip`.",
)
@pytest.mark.parametrize("case", CHANGES)
def test_whatever_is_changed_in_signed_feedback_shows(case, sent, me, tmp_path, capsys) -> None:
    doctored = bundled(CHANGES[case](opened(sent.whole)))
    assert doctored != sent.whole
    line = said(me, doctored)
    assert CHANGED in line or UNSIGNED in line
    code, told = verified(sent, tmp_path / "f.zip", doctored, capsys)
    assert (code, "does not hold" in told, told.count("\n")) == (1, True, 1)
    keep_feedback(me, sent.whole)  # the true one takes its place
    assert signed_words(me, MODULE) == ""
    with pytest.raises(HandInError, match="It stays as it is"):
        keep_feedback(me, doctored)


def test_the_words_of_another_trainee_are_not_mine(sent, me) -> None:
    page, _ = opened(sent.others)
    assert CHANGED in said(me, bundled((page, opened(sent.whole)[1])))


@pytest.mark.parametrize("case", UNHARMED)
def test_what_is_unchanged_holds_however_it_came(
    case: str, sent: Sent, me: Learner, tmp_path: Path, capsys: Any
) -> None:
    way: Callable[[Pair], bytes] = UNHARMED[case]
    content = way(opened(sent.whole))
    assert said(me, content).endswith(" is here.")
    here = kept(me.home, MODULE)
    assert here
    assert trust(me.course, here) is Trust.WHOLE
    if "two bytes" not in case:
        code, told = verified(sent, tmp_path / "f.zip", content, capsys)
        assert (code, "has signed all of it" in told, ONE in told) == (0, True, True)


@fault(
    HOME,
    "Feedback comes that was signed before all of it was: on its marks alone",
    "It is opened, and the page says “Signed: the marks only”. It replaces nothing that is "
    "signed as a whole.",
)
def test_older_feedback_opens_and_says_that_its_marks_alone_are_signed(
    sent, me, tmp_path, capsys
) -> None:
    assert MARKS_ONLY in said(me, sent.before)
    code, told = verified(sent, tmp_path / "f.zip", sent.before, capsys)
    assert (code, "signed: the marks only" in told) == (1, True)
    for worse in (sent.strange, bundled(CHANGES["a word of the page"](opened(sent.whole)))):
        with pytest.raises(HandInError, match="It stays as it is"):
            keep_feedback(me, worse)
    keep_feedback(me, sent.whole)
    with pytest.raises(HandInError, match="It stays as it is"):
        keep_feedback(me, sent.before)
    assert signed_words(me, MODULE) == ""


def test_a_page_that_is_changed_where_it_is_kept_is_no_longer_signed(sent, me) -> None:
    keep_feedback(me, sent.whole)
    page = me.home.feedback_page(MODULE)
    page.write_bytes(page.read_bytes().replace(b"<main>", b"<main><p>Passed.</p>"))
    assert signed_words(me, MODULE) == CHANGED
    page.unlink()
    assert signed_words(me, MODULE) == CHANGED


def test_a_time_that_was_set_ahead_keeps_no_signed_feedback_away(sent, me) -> None:
    """The day alone is in a statement: the hour could be forged under it."""
    ahead = bundled(CHANGES["the hour of the hand-in"](opened(sent.before)))
    assert MARKS_ONLY in said(me, ahead)
    keep_feedback(me, sent.whole)
    assert signed_words(me, MODULE) == ""


def test_without_a_key_nothing_is_said_and_less_takes_the_place_of_nothing(sent) -> None:
    me = this_learner()
    assert said(me, sent.whole).endswith(" is here.")
    with pytest.raises(HandInError, match="It stays as it is"):
        keep_feedback(me, sent.before)


@pytest.mark.parametrize("name", ["f.zip", "f.html"])
def test_verify_reads_no_other_file_for_feedback(name, sent, tmp_path, capsys) -> None:
    code, told = verified(sent, tmp_path / name, b"PK\x03\x04 and no more", capsys)
    assert (code, told.count("\n"), f"{name} does not hold" in told) == (1, 1, True)


@fault(
    HOME,
    "A file holds signed feedback, and shows something else: a page before it, another file "
    "beside it, or two zip files in one",
    "`alongside verify feedback.zip` says that it does not hold, and names what does not belong.",
)
@pytest.mark.parametrize("case", MORE)
@pytest.mark.parametrize("name", ["f.zip", "f.html"])
def test_what_is_more_than_feedback_does_not_hold(case, name, sent, tmp_path, capsys) -> None:
    content = MORE[case](opened(sent.whole))
    code, told = verified(sent, tmp_path / name, content, capsys)
    assert (code, told.count("\n")) == (1, 1)
    assert "does not hold" in told or "zip" in told or "text" in told


def test_what_does_not_belong_is_named(sent, tmp_path, capsys) -> None:
    content = MORE["a certificate beside it"](opened(sent.whole))
    _, told = verified(sent, tmp_path / "f.zip", content, capsys)
    assert "it holds 'certificate.html', which the course did not put there" in told


def test_a_zip_file_that_is_named_as_a_page_does_not_hold(sent, tmp_path, capsys) -> None:
    code, told = verified(sent, tmp_path / "f.html", sent.whole, capsys)
    assert code == 1
    assert "its name does not end in .zip" in told


def test_a_zip_file_that_was_written_without_looking_back_holds(sent, tmp_path, capsys) -> None:
    code, _ = verified(sent, tmp_path / "f.ZIP", streamed(opened(sent.whole)), capsys)
    assert code == 0


@pytest.mark.parametrize("case", ["a page before it", "a picture before it"])
def test_a_page_with_a_zip_file_behind_is_no_feedback_to_a_trainee(case, sent, me) -> None:
    with pytest.raises(HandInError, match="This is not a feedback file"):
        keep_feedback(me, MORE[case](opened(sent.whole)))
