"""Tests of certificates: signed by the trainer's key, checked offline, any change shows."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from helpers.cohort import BEST, MODULE, make_course, submit
from helpers.command import run
from helpers.feedback_file import NUMBERS, every_module, keep
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import places
from grader.content.passing import PassRule
from grader.errors import CertificateError
from grader.formats import feedback, statement
from grader.formats.statement import PUBLIC_KEY, Signed, Statement
from grader.places import Home, own_course, own_home, this_learner
from grader.trainee import certificate, course_map, released
from grader.trainee.certificate import certificate_html
from grader.trainee.inbox import keep_feedback
from grader.trainee.verifying import verify
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.signing import PRIVATE_KEY, new_key, signer_of
from grader.trainer.grading.grading import grade

MODULES = ("07-advice", "08-groups")


def statements(root: Path, trainee: str = "trainee-017") -> tuple[Signed, ...]:
    sign = signer_of(root)
    return tuple(
        sign(Statement(trainee, module, "8.5", "10", "2026-03-01", "0.1.0")) for module in MODULES
    )


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Make a trainer's folder with a key pair."""
    folder = tmp_path / "trainer"
    folder.mkdir()
    new_key(folder)
    return folder


@pytest.fixture
def page(keys: Path, tmp_path: Path) -> Path:
    path = tmp_path / "certificate.html"
    path.write_text(
        certificate_html(own_course(), statements(keys), "Kim & <b>Lee</b>"), encoding="utf-8"
    )
    return path


def test_a_key_pair_is_private_where_it_has_to_be(keys):
    assert stat.S_IMODE((keys / PRIVATE_KEY).stat().st_mode) == 0o600
    assert "PRIVATE" not in (keys / PUBLIC_KEY).read_text()


def test_a_second_key_never_replaces_the_first(keys):
    with pytest.raises(CertificateError, match="older certificates fail"):
        new_key(keys)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are another thing there")
def test_a_key_that_others_can_read_is_not_used(keys):
    (keys / PRIVATE_KEY).chmod(0o644)
    with pytest.raises(CertificateError, match="chmod 600"):
        signer_of(keys)


@pytest.mark.skipif(os.name != "posix", reason="rights of files are another thing there")
def test_the_group_of_trainers_shares_the_key(tmp_path, monkeypatch):
    grp = pytest.importorskip("grp")
    group = grp.getgrgid(os.getgid()).gr_name
    monkeypatch.setenv("ALONGSIDE_GROUP", group)
    key, _ = new_key(tmp_path)
    assert stat.S_IMODE(key.stat().st_mode) == 0o660
    assert key.group() == group
    assert signer_of(tmp_path)
    key.chmod(0o664)
    with pytest.raises(CertificateError, match=rf"others can read .*chgrp {group} .*chmod 660"):
        signer_of(tmp_path)
    key.chmod(0o660)
    monkeypatch.delenv("ALONGSIDE_GROUP")  # a group by chance is not the trainers' group
    with pytest.raises(
        CertificateError, match=r"others can read .*chmod 600 .*set ALONGSIDE_GROUP"
    ):
        signer_of(tmp_path)


def test_a_certificate_holds(page, keys):
    found = verify(own_course(), page, keys / PUBLIC_KEY)
    assert [signed.statement.module for signed in found] == list(MODULES)


def test_any_changed_byte_shows(page, keys):
    raw = page.read_bytes()
    name = range(raw.index(b'class="name">') + 13, raw.index(b"</p>", raw.index(b'class="name">')))
    places_in_page = [at for at in range(len(raw)) if at not in name]
    for at in random.Random(1).sample(places_in_page, 400):  # noqa: S311 - no secret
        changed = bytearray(raw)
        changed[at] ^= 1
        page.write_bytes(changed)
        with pytest.raises(CertificateError, match="does not hold"):
            verify(own_course(), page, keys / PUBLIC_KEY)


def test_only_the_name_is_not_signed_and_the_page_says_so(page, keys):
    text = page.read_text(encoding="utf-8")
    assert "This name was typed by its holder. It is not signed." in text
    assert "Kim &amp; &lt;b&gt;Lee&lt;/b&gt;" in text
    page.write_text(text.replace("Kim", "Tim"), encoding="utf-8")
    assert verify(own_course(), page, keys / PUBLIC_KEY)


def test_another_trainers_key_does_not_fit(page, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    new_key(other)
    with pytest.raises(CertificateError, match="does not fit"):
        verify(own_course(), page, other / PUBLIC_KEY)


def test_statements_of_two_people_make_no_certificate(keys, tmp_path):
    path = tmp_path / "two.html"
    mixed = (statements(keys)[0], statements(keys, "trainee-018")[1])
    path.write_text(certificate_html(own_course(), mixed), encoding="utf-8")
    with pytest.raises(CertificateError, match="more than one trainee"):
        verify(own_course(), path, keys / PUBLIC_KEY)


def test_the_statements_alone_hold_however_their_lines_are_broken(keys, tmp_path):
    path = tmp_path / "copied.txt"
    text = "".join(signed.text for signed in statements(keys))
    path.write_text(text[:-40] + "\n" + text[-40:])
    assert len(verify(own_course(), path, keys / PUBLIC_KEY)) == 2
    path.write_text(text.replace("8.5 of 10", "9.5 of 10", 1))
    with pytest.raises(CertificateError, match="07-advice does not fit"):
        verify(own_course(), path, keys / PUBLIC_KEY)
    path.write_text(text.replace("Points:", "Punkte:", 1))
    with pytest.raises(CertificateError, match="damaged"):
        verify(own_course(), path, keys / PUBLIC_KEY)


def test_the_page_stays_as_it_is_or_its_layout_gets_a_new_number(keys):
    older = [
        Statement("trainee-017", module, "8.5", "10", "2026-03-01", "0.1.0")
        for module in course_map.modules(own_course())  # their titles are a part of the page
    ]
    rule = PassRule(50, course_map.modules(own_course()))
    newer = [
        statement.judged(says, rule, course_map.title_of(own_course(), says.module))
        for says in older
    ]
    known = {"1": "8228c13f78aed609", "2": "a338bb7d5b284cdb"}
    made = {"1": older, "2": newer}
    for layout, says in made.items():
        page = certificate_html(
            own_course(), [Signed(each, "A" * 88) for each in says], "Kim", layout
        )
        digest = sha256(page.encode()).hexdigest()[:16]
        assert known[layout] == digest, "an older certificate would no longer hold"
    assert certificate.LAYOUT in made


def test_unsigned_marks_are_plainly_called_unverified(keys, tmp_path):
    path = tmp_path / "own.html"
    made = Signed(Statement("trainee-017", MODULE, "10", "10", "unknown", "unknown"))
    path.write_text(certificate_html(own_course(), [made]), encoding="utf-8")
    assert certificate.UNVERIFIED in path.read_text(encoding="utf-8")
    with pytest.raises(CertificateError, match="nobody has signed"):
        verify(own_course(), path, keys / PUBLIC_KEY)


@given(name=st.text(max_size=200))
@settings(max_examples=50)
def test_no_name_can_change_what_is_signed(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("keys")
    new_key(folder)
    path = folder / "certificate.html"
    text = certificate_html(
        own_course(), statements(folder), name.encode("utf-8", "replace").decode()
    )
    path.write_bytes(text.encode())
    assert "<b" not in text.split("<body>")[1].replace("<br", "")
    assert [
        signed.statement.points for signed in verify(own_course(), path, folder / PUBLIC_KEY)
    ] == ["8.5"] * 2


# --- the commands


def test_the_command_says_what_holds_and_what_does_not(page, keys, capsys):
    assert run("verify", page, "--key", keys / PUBLIC_KEY) == 0
    assert "07-advice  8.5 of 10  2026-03-01" in capsys.readouterr().out
    page.write_text(page.read_text(encoding="utf-8").replace("8.5 of 10", "10 of 10"), "utf-8")
    assert run("verify", page, "--key", keys / PUBLIC_KEY) == 1
    assert "does not hold" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nothing.html", "picture.png", "empty.html"])
def test_something_else_is_no_certificate(keys, tmp_path, capsys, name):
    if name != "nothing.html":
        (tmp_path / name).write_bytes(b"\x89PNG\xff" if name == "picture.png" else b"")
    assert run("verify", tmp_path / name, "--key", keys / PUBLIC_KEY) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_or_wrong_key_is_said(page, keys, capsys):
    assert run("verify", page) == 1
    assert "name it with --key" in capsys.readouterr().err
    assert run("verify", page, "--key", page) == 1
    assert "is not a public key" in capsys.readouterr().err


def test_a_key_is_made_by_the_command_and_asked_for(root, capsys):
    assert run("certify", "--root", root) == 1
    assert "--new-key" in capsys.readouterr().err
    assert run("certify", "--new-key", "--root", root) == 0
    assert (root / PRIVATE_KEY).is_file()
    assert run("certify", "--root", root) == 0


def test_git_and_the_wheel_leave_the_private_key_out():
    from helpers.paths import REPOSITORY

    assert PRIVATE_KEY in (REPOSITORY / ".gitignore").read_text().split()
    assert "certificate-key" not in (REPOSITORY / "pyproject.toml").read_text()


# --- from feedback to the page


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade somebody who left the typed reply open, and somebody whose reply waits."""
    root = make_course(tmp_path_factory.mktemp("prepared") / "course")
    new_key(root)
    submit(root, "trainee-017", BEST)
    submit(root, "trainee-018", BEST | {"own-words": "What have you thought of?"})
    grade(root, MODULE)
    return root


@pytest.fixture
def marked(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "course"))


def test_feedback_signs_what_is_final_and_nothing_else(marked, tmp_path):
    bundles = {one.trainee: one.bundle for one in make_feedback(marked, MODULE)}
    keep_feedback(this_learner(), bundles["trainee-017"].read_bytes())
    found = released.released(own_home(), MODULE).signed
    statement.check_signatures([found], statement.read_public_key(marked / PUBLIC_KEY))
    assert (found.statement.points, found.statement.max_points) == ("6", "10")
    other = replace(this_learner(), home=Home(tmp_path / "other-home"))
    keep_feedback(other, bundles["trainee-018"].read_bytes())
    assert released.released(other.home, MODULE).signed is None


def test_the_private_key_is_in_nothing_that_goes_out(marked):
    from grader.trainer.release import release

    secret = (marked / PRIVATE_KEY).read_text().split("\n")[1].encode()
    make_feedback(marked, MODULE)
    release(marked)
    out = [
        path
        for name in ("exercises", "feedback", "feedback-bundles")
        for path in (marked / name).rglob("*")
        if path.is_file()
    ]
    assert out
    assert not [path for path in out if secret in path.read_bytes()]
    assert not list(marked.rglob(f"*/{PRIVATE_KEY}"))


def test_a_certificate_waits_for_all_modules():
    first, *rest = every_module()
    for module in rest:
        keep(module)
    keep(first, waiting=1)
    assert certificate.modules_open(this_learner()) == (first,)
    with pytest.raises(CertificateError, match="not here yet"):
        certificate.own_statements(this_learner())
    keep(first)
    found = certificate.own_statements(this_learner())
    assert len(found) == len(rest) + 1
    assert not certificate.is_signed(found)


def test_a_statement_about_somebody_else_is_not_kept(keys):
    signed = statement.to_data(statements(keys)[0])
    numbers = {**NUMBERS, "trainee": "trainee-001", "waiting": 0, "statement": signed}
    with pytest.raises(ValueError, match="somebody"):
        feedback.parse(json.dumps(numbers))
    assert feedback.parse(json.dumps(numbers | {"trainee": "trainee-017"})).signed


@pytest.mark.parametrize(
    "changes",
    [
        {"points": -1},
        {"points": "5"},
        {"points": True},
        {"points": float("nan")},
        {"max_points": 1e9},
        {"waiting": -1},
        {"waiting": 1.5},
        {"trainee": ""},
        {"trainee": ["x"]},
        {"items": []},
        {"items": {"../x": {"points": 1, "max_points": 1, "skills": []}}},
        {"items": {"a": {"points": 1, "max_points": 0, "skills": []}}},
        {"items": {"a": {"points": 1, "max_points": 1}}},
        {"items": {"a": {"points": 1, "max_points": 1, "skills": ["<b>"]}}},
        {"items": {"a": {"points": 1, "max_points": 1, "skills": 7}}},
        {"statement": {"signature": "x"}},
        {"statement": ["x"]},
        {"format": 2},
    ],
    ids=str,
)
def test_numbers_are_read_strictly(changes):
    with pytest.raises(ValueError, match="no numbers of a feedback"):
        feedback.parse(json.dumps({**NUMBERS, **changes}))


def test_numbers_of_the_exchange_stand_in_the_head_of_the_page_and_nowhere_else():
    meta = '<meta name="alongside-feedback" content="{}">'
    real = f"<html><head>{meta.format('{&quot;a&quot;: 1}')}</head><body>{meta.format('no')}</body>"
    assert feedback.numbers_in(real.encode()) == b'{"a": 1}'
    assert feedback.numbers_in(f"<head></head><body>{meta.format('no')}".encode()) is None


def test_a_page_from_the_exchange_carries_the_same_numbers_as_the_file(marked):
    bundle = next(one.bundle for one in make_feedback(marked, MODULE))
    keep_feedback(this_learner(), bundle.read_bytes())
    page = places.own_home().feedback_page(MODULE).read_bytes()
    kept = places.own_home().feedback_numbers(MODULE).read_bytes()
    assert feedback.numbers_in(page) == kept


def test_numbers_of_another_time_give_way_to_a_page_without():
    keep(MODULE)
    released.keep(own_home(), MODULE, None)
    assert released.released(own_home(), MODULE) is None
