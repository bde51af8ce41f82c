"""A certificate says a pass only where its signed statements show one, by the rule in them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.command import run
from helpers.feedback_file import NUMBERS, every_module, keep
from helpers.wire import Wire

from grader.cards.own_record import CertificateCard
from grader.content.passing import PassRule
from grader.errors import CertificateError
from grader.formats import statement
from grader.formats.statement import PUBLIC_KEY, Signed, Statement
from grader.places import own_course, own_home, this_learner
from grader.trainee import certificate, course_map, released
from grader.trainee.certificate import certificate_html
from grader.trainee.verifying import verify
from grader.trainer.feedback.signing import Signer, new_key, signer_of

RULE = PassRule(50, ("07-advice", "08-groups"))


def plain(module: str, points: str = "8.5") -> Statement:
    return Statement("trainee-017", module, points, "10", "2026-03-01", "0.1.0")


def says(module: str, points: str = "8.5", rule: PassRule = RULE) -> Statement:
    return statement.judged(plain(module, points), rule, course_map.title_of(own_course(), module))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Make a trainer's folder with a key pair."""
    folder = tmp_path / "trainer"
    folder.mkdir()
    new_key(folder)
    return folder


@pytest.fixture
def sign(keys: Path) -> Signer:
    return signer_of(keys)


def page_of(tmp_path: Path, *found: Signed, layout: str = certificate.LAYOUT) -> Path:
    path = tmp_path / "certificate.html"
    path.write_text(certificate_html(own_course(), found, "Kim", layout), encoding="utf-8")
    return path


def state_of(*found: Signed) -> str:
    return certificate_html(own_course(), found).split('class="state">')[1].split("</p>")[0]


# --- what the trainee's own page says


@fault(
    HOME,
    "Somebody hands in everything and has too few points for a certificate",
    "None is made. The page names each module with its points and how many it takes.",
)
def test_no_points_in_ten_modules_make_no_certificate():
    for module in every_module():
        keep(module, points=0)
    with pytest.raises(CertificateError, match="Module 1: What peer support is: 0 of 10 points, 5"):
        certificate.own_statements(this_learner())
    wire = Wire(CertificateCard(this_learner()))
    state = wire.ask(type="open")
    assert not state["ready"]
    assert sum("0 of 10 points, 5 are needed" in line for line in state["lines"]) == 10
    assert wire.ask(type="make", name="Kim")["type"] == "refused"


def test_each_missing_module_is_named_with_its_own_reason():
    low, waits, none, *rest = every_module()
    for module in rest:
        keep(module)
    keep(low, points=4.99)
    keep(waits, points=0, waiting=2)
    found = certificate.missing(this_learner())
    assert found == (
        f"{course_map.module_heading(own_course(), low)}: 4.99 of 10 points, 5 are needed.",
        f"{course_map.module_heading(own_course(), waits)}: 2 answers still wait.",
        f"{course_map.module_heading(own_course(), none)}: not handed in yet.",
    )
    assert all(
        line in Wire(CertificateCard(this_learner())).ask(type="open")["lines"] for line in found
    )


def test_half_of_the_points_everywhere_is_a_pass():
    for module in every_module():
        keep(module, points=5)
    assert Wire(CertificateCard(this_learner())).ask(type="open")["ready"]
    found = certificate.own_statements(this_learner())
    assert certificate.verdict(found) == certificate.PASSED
    assert state_of(*found).startswith("Passed. Unverified")


def keep_signed(signed: Signed) -> None:
    numbers = {**NUMBERS, "trainee": "trainee-017", "module": signed.statement.module}
    points = float(signed.statement.points)
    numbers |= {"points": points, "waiting": 0, "signed": statement.to_data(signed)}
    released.keep(own_home(), signed.statement.module, json.dumps(numbers).encode())


def test_the_rule_that_the_trainer_signed_counts_and_not_that_of_an_older_course(sign):
    for module in RULE.modules:
        keep_signed(sign(says(module)))
    assert certificate.missing(this_learner()) == ()
    assert len(certificate.own_statements(this_learner())) == 2
    strict = PassRule(90, RULE.modules)
    for module in RULE.modules:
        keep_signed(sign(says(module, rule=strict)))
    assert certificate.missing(this_learner())[0].endswith("8.5 of 10 points, 9 are needed.")


def test_numbers_beside_a_signature_do_not_outweigh_it(sign):
    for module in RULE.modules:
        numbers = {**NUMBERS, "trainee": "trainee-017", "module": module, "points": 10}
        signed = statement.to_data(sign(says(module, "0")))
        released.keep(
            own_home(), module, json.dumps(numbers | {"waiting": 0, "signed": signed}).encode()
        )
    assert len(certificate.missing(this_learner())) == 2
    with pytest.raises(CertificateError, match="0 of 10 points, 5 are needed"):
        certificate.own_statements(this_learner())


def test_two_rules_are_told_and_mended_by_new_feedback(sign):
    keep_signed(sign(says("07-advice")))
    keep_signed(sign(says("08-groups", rule=PassRule(60, RULE.modules))))
    told = Wire(CertificateCard(this_learner())).ask(type="open")
    assert "ask for all feedback files again" in told["why"]
    keep_signed(sign(says("08-groups")))
    assert Wire(CertificateCard(this_learner())).ask(type="open")["ready"]


def test_marks_that_changed_after_the_certificate_was_made_are_told(sign):
    for module in RULE.modules:
        keep_signed(sign(says(module)))
    wire = Wire(CertificateCard(this_learner()))
    wire.ask(type="make", name="Kim O'Lee")
    assert not [line for line in wire.ask(type="open")["lines"] if "changed" in line]
    keep_signed(sign(says("07-advice", "6")))
    assert [line for line in wire.ask(type="open")["lines"] if "Make it again" in line]
    wire.ask(type="make", name="")
    assert not [line for line in wire.ask(type="open")["lines"] if "changed" in line]


# --- what the page and its check say


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ([says("07-advice"), says("08-groups")], "Passed. Signed by the trainer."),
        ([says("07-advice"), says("08-groups", "5")], "Passed. Signed by the trainer."),
        ([says("07-advice"), says("08-groups", "4.9")], "Not passed"),
        ([says("07-advice")], "Not passed"),
        ([says("07-advice"), says("07-advice", "2"), says("08-groups")], "Not passed"),
        ([plain("07-advice"), says("08-groups")], "Passed. Signed by the trainer."),
        ([plain("07-advice", "2"), says("08-groups")], "Not passed"),
        ([plain("07-advice"), plain("08-groups")], "These statements are from before"),
        ([says("07-advice"), says("08-groups", rule=PassRule(1, ("08-groups",)))], "These state"),
        ([says("07-advice", rule=PassRule(50, ()))], "Not passed"),
        ([], "These statements are from before"),
    ],
)
def test_a_page_says_a_pass_only_where_its_statements_show_one(sign, found, state):
    assert state_of(*map(sign, found)).startswith(state)


def test_the_signed_lines_hold_the_rule_the_title_and_the_result(sign, tmp_path, keys):
    text = sign(says("07-advice", "2")).text
    assert "Title: Listening, responding and advice\nPoints: 2 of 10\nPassed: no\n" in text
    assert f"To pass: {RULE.text}\n" in text
    path = tmp_path / "copied.txt"
    path.write_text(
        text.replace("of these modules", "of\n  these modules").replace(" 08-", " 08-\n")
    )
    assert verify(own_course(), path, keys / PUBLIC_KEY) == (sign(says("07-advice", "2")),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Passed: no", "Passed: yes"),
        ("at least 50 %", "at least 20 %"),
        (", 08-groups", ""),
        ("Title: Listening", "Title: Leading"),
        ("Passed: no\n", ""),
        ("format 2", "format 1"),
    ],
)
def test_no_word_of_the_judgement_can_be_changed(sign, tmp_path, keys, old, new):
    path = tmp_path / "copied.txt"
    text = sign(says("07-advice", "2")).text
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(CertificateError, match="does not hold"):
        verify(own_course(), path, keys / PUBLIC_KEY)


def test_a_result_cannot_be_added_to_an_older_statement(sign, tmp_path, keys):
    older, path = sign(plain("07-advice")), tmp_path / "copied.txt"
    added = f"Passed: yes\nTo pass: {RULE.text}\nHanded in:"
    path.write_text(older.text.replace("Handed in:", added))
    with pytest.raises(CertificateError, match="07-advice does not fit"):
        verify(own_course(), path, keys / PUBLIC_KEY)


def test_a_certificate_of_before_still_holds_and_is_told_apart(sign, tmp_path, keys, capsys):
    older = [sign(plain(module)) for module in RULE.modules]
    path = page_of(tmp_path, *older, layout=certificate.BEFORE_RULES)
    assert "Signed by the trainer for every module" in path.read_text(encoding="utf-8")
    assert run("verify", path, "--key", keys / PUBLIC_KEY) == 0
    said = capsys.readouterr().out
    assert "07-advice  8.5 of 10  2026-03-01  not said" in said
    assert said.endswith(f"{certificate.NO_RULE}.\n")


def test_a_newer_statement_cannot_hide_its_result_behind_the_older_page(sign, tmp_path, keys):
    failed = [sign(says(module, "0")) for module in RULE.modules]
    path = page_of(tmp_path, *failed, layout=certificate.BEFORE_RULES)
    with pytest.raises(CertificateError, match="was changed"):
        verify(own_course(), path, keys / PUBLIC_KEY)


def test_the_check_says_rule_and_result(sign, tmp_path, keys, capsys):
    path = page_of(tmp_path, sign(says("07-advice")), sign(says("08-groups", "0")))
    assert run("verify", path, "--key", keys / PUBLIC_KEY) == 0
    said = capsys.readouterr().out
    assert "08-groups  0 of 10    2026-03-01  no" in said
    assert f"To pass: {RULE.text}.\nNot passed" in said


def test_the_page_holds_also_where_the_checker_has_another_course(
    sign, tmp_path, keys, monkeypatch
):
    path = page_of(tmp_path, *(sign(says(module)) for module in RULE.modules))
    (tmp_path / "other" / "07-advice").mkdir(parents=True)
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path / "other"))
    assert len(verify(own_course(), path, keys / PUBLIC_KEY)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": ""},
        {"passed": ""},
        {"passed": "maybe"},
        {"title": ""},
        {"title": "two\nlines"},
        {"title": "x" * 201},
        {"title": 7},
        {"rule": "everything"},
        {"format": "1"},
        {"points": "8 of 10"},
    ],
    ids=str,
)
def test_a_judged_statement_is_read_strictly(sign, changes):
    good = statement.to_data(sign(says("07-advice")))
    assert statement.from_data(good).statement == says("07-advice")
    with pytest.raises(ValueError, match=r"."):
        statement.from_data(good | changes)


def test_an_older_copy_of_the_course_can_still_read_the_numbers(sign):
    # It knows the six lines of before, under the name "statement" alone.
    older = {"trainee", "module", "points", "max_points", "handed_in", "course_version", "format"}
    assert set(statement.to_data(sign(plain("07-advice")))) == older | {"signature"}
    assert set(asdict(replace(plain("07-advice"), title="x"))) > older
