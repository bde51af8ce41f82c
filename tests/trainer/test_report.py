"""The report of a cohort: one safe page, and tables, with everybody in them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from helpers.cohort import BEST, FULL, MODULE, make_course, submit
from pandas import DataFrame

from grader.cli import main
from grader.errors import GradingError
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import GRADED, WAITING
from grader.trainer.report import report
from grader.trainer.report.report import make_report
from grader.trainer.report.tables import Cohort

PAYLOAD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade seven trainees; one waits, one is damaged, one hands in after grading."""
    root = make_course(tmp_path_factory.mktemp("prepared") / "course")
    for number in range(1, 6):
        submit(root, f"trainee-00{number}", BEST)
    submit(root, "trainee-006", FULL)
    submit(root, "trainee-007", b"{")
    roster = "".join(f"trainee-00{n},{PAYLOAD if n < 9 else ''}\n" for n in range(1, 10))
    (root / "roster.csv").write_text(f"id,group\n{roster}")
    grade(root, MODULE)
    submit(root, "trainee-008", FULL)
    return root


@pytest.fixture
def course(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "course"))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_says_how_everybody_stands(course: Path) -> None:
    made = make_report(course)
    page = made.page.read_text(encoding="utf-8")
    standing = page.split("<h2>Who needs somebody</h2>")[1].split("<h2>")[0]
    rows = re.findall(r'<th scope="row"[^>]*>(trainee-\d+)</th><td>([^<]+)</td></tr>', standing)
    assert dict(rows) == dict.fromkeys((f"trainee-00{n}" for n in range(1, 6)), "60%") | {
        "trainee-006": "waiting for you",
        "trainee-007": "damaged: ask again",
        "trainee-008": "to be graded",
        "trainee-009": "nothing handed in",
    }
    assert (made.trainees, made.waiting, made.damaged, made.missing) == (9, 1, 1, 1)
    assert "This page holds personal marks." in page


def test_the_page_can_do_nothing_but_be_read(course: Path) -> None:
    page = make_report(course).page.read_text(encoding="utf-8")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert not re.search(r"<script|<link|<iframe|\bon\w+=\"|https?://(?!www\.w3\.org)", page)
    assert PAYLOAD not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_each_picture_has_words_and_a_table(course: Path) -> None:
    page = make_report(course).page.read_text(encoding="utf-8")
    alts = re.findall(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="([^"]+)"', page)
    assert page.count("<img ") == len(alts) == 3
    assert "at 60%" in alts[0]
    assert page.count("<caption>") == 6


def test_tables_are_for_spreadsheets(course: Path) -> None:
    made = make_report(course, course / "elsewhere")
    assert [path.name for path in made.tables] == [
        "cohort-modules.csv",
        "cohort-trainees.csv",
        "cohort-skills.csv",
        "cohort-groups.csv",
    ]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in made.tables)
    (module,) = table(made.tables[0])
    assert (module["final_marks"], module["middle_percent"], module["damaged"]) == (
        "5",
        "60.0",
        "1",
    )
    trainees = {row["trainee"]: row for row in table(made.tables[1])}
    assert len(trainees) == 9
    assert trainees["trainee-007"][MODULE] == "damaged: ask again"
    assert trainees["trainee-001"]["group"] == PAYLOAD
    skills = {row["trainee"]: list(row.values())[1:] for row in table(made.tables[2])}
    assert skills["trainee-001"] == ["66.7", "3"]
    assert skills["trainee-006"] == ["too little", "2"]  # the typed reply waits
    assert skills["trainee-007"] == ["too little", "0"]  # damaged: its zeros do not count


def test_a_formula_in_the_roster_reaches_no_table_as_one(course: Path) -> None:
    (course / "roster.csv").write_text('id,group\ntrainee-001,"=cmd()"\n')
    made = make_report(course)
    text = "".join(path.read_text(encoding="utf-8-sig") for path in made.tables)
    assert "'=cmd()" in text
    assert not re.search(r'(^|[,"])=cmd', text, re.MULTILINE)


def test_without_groups_there_is_no_table_of_groups(course: Path) -> None:
    make_report(course)
    (course / "roster.csv").write_text("id\ntrainee-001\n")
    made = make_report(course)
    assert not (course / "reports" / "cohort-groups.csv").exists()
    assert "<h2>Groups</h2>" not in made.page.read_text(encoding="utf-8")


def test_nothing_graded_yet_is_a_report_too(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course")
    (root / "roster.csv").write_text("id\ntrainee-001\n")
    page = make_report(root).page.read_text(encoding="utf-8")
    assert "Nobody has 3 final marks in a skill yet." in page
    assert not (root / "gradebook.db").exists()


def test_nobody_at_all_is_said(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course")
    with pytest.raises(GradingError, match=r"Nobody is in roster\.csv"):
        make_report(root)
    assert not (root / "reports").exists()


def test_a_folder_that_cannot_be_written_is_said(course: Path) -> None:
    (course / "reports").write_text("in the way")
    with pytest.raises(GradingError, match="choose another with --out"):
        make_report(course)


def test_the_command_says_where_the_page_is(course: Path, capsys) -> None:
    assert main(["report", "--root", str(course)]) == 0
    shown = capsys.readouterr().out
    assert "1 wait for you, 1 damaged, 1 not handed in." in shown
    assert str(course / "reports" / "cohort.html") in shown
    assert main(["report", "--root", str(course), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trainees"] == 9


def large_cohort(people: int = 5000, modules: int = 10, skills: int = 11) -> Cohort:
    """Return a made-up cohort as large as any; its codes are as long as codes may be."""
    chance = np.random.default_rng(1)
    codes = [f"trainee-{n:056}" for n in range(people)]
    names = [f"{n:02}-module" for n in range(1, modules + 1)]
    work = DataFrame(
        [(code, name) for code in codes for name in names], columns=["trainee", "module"]
    )
    share = chance.random(len(work))
    work["status"] = np.where(share < 0.3, WAITING, GRADED)
    work["share"] = np.where(share < 0.3, np.nan, share)
    marks = DataFrame(
        [(code, f"skill-{n}", 5) for code in codes for n in range(skills)],
        columns=["trainee", "skill", "items"],
    )
    marks["share"] = chance.random(len(marks))
    return Cohort(work, marks, {code: f"group {n % 300}" for n, code in enumerate(codes)})


def test_a_page_for_thousands_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = large_cohort()
    monkeypatch.setattr(report, "read_cohort", lambda *_: cohort)
    names = {f"skill-{n}": f"Skill {n}" for n in range(11)}
    monkeypatch.setattr(report, "skills_with_marks", lambda *_: names)
    made = make_report(tmp_path, tmp_path / "reports")
    page = made.page.read_text(encoding="utf-8")
    assert len(page) < 2_000_000
    assert "4800 more trainees are in" in page
    assert "These are the 40 trainees whose marks are lowest in one skill." in page
    assert len(table(made.tables[1])) == len(table(made.tables[2])) == 5000
