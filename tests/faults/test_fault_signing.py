"""What is signed stays signed, by one key, and a trainer is told what to send again."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import BEST, MODULE, submit

from grader.cli import main
from grader.errors import CertificateError
from grader.formats.statement import PUBLIC_KEY
from grader.trainer.feedback.signing import PRIVATE_KEY, new_key, signer_of
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
