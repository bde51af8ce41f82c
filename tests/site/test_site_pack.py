"""What a site is made of: its folder, what goes into its pack, and what never does."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from helpers.kinds import MODULE, make_course
from helpers.paths import REPOSITORY
from helpers.sites import make_site, pyodide

from grader.cli import main
from grader.content.prepared import nodes_of, prepare
from grader.content.strict_yaml import read_entries
from grader.kinds.reading import load_course_items
from grader.places import Course, own_course
from grader.site.links import in_site
from grader.site.pack import LATER, course_pack, words_pack

COURSE = Course(REPOSITORY / "course", REPOSITORY / "exercises", REPOSITORY / "solutions")


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(pack))) as files:
        return {name: files.read(name) for name in files.namelist()}


@pytest.fixture(scope="module")
def packed() -> bytes:
    return course_pack(COURSE, exercises=True, keys=False)


@pytest.fixture(scope="module")
def pack(packed: bytes) -> dict[str, bytes]:
    return unpacked(packed)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    base = tmp_path_factory.mktemp("small")
    (base / "exercises").mkdir()
    return Course(make_course(base / "course"), base / "exercises")


@pytest.fixture(scope="module")
def small_site(small: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("small-site") / "out", course=small)


def test_a_pack_holds_nothing_of_a_trainer_s_and_no_key(pack):
    assert not [
        name for name in pack if name.startswith(("grader/trainer", "solutions", "grader/cli"))
    ]
    every = b"\n".join(pack.values())
    solutions = sorted((REPOSITORY / "solutions").glob("[0-9]*/items.yaml"))
    for path in solutions:
        secret = re.findall(r"(?m)^\s+feedback: >-\n\s+(.{30,})$", path.read_text(encoding="utf-8"))
        assert secret
        assert not [line for line in secret if line.encode() in every]


def test_a_pack_for_people_learning_alone_holds_the_keys():
    found = unpacked(course_pack(COURSE, exercises=True, keys=True))
    assert "solutions/07-advice/items.yaml" in found


def test_what_only_typed_words_need_comes_apart(pack):
    later = unpacked(words_pack())
    assert sorted(later) == sorted(LATER)
    assert not later.keys() & pack.keys()
    assert sum(map(len, later.values())) > 3e6


def test_exercises_can_be_left_out():
    found = unpacked(course_pack(COURSE, exercises=False, keys=True))
    assert not [name for name in found if name.startswith(("exercises", "solutions"))]


def test_a_pack_is_the_same_on_any_day(packed):
    assert course_pack(COURSE, exercises=True, keys=False) == packed


def test_licences_are_beside_it(small_site):
    text = (small_site / "LICENCES.txt").read_text()
    for words in ("Mozilla Public License", "Pallets", "PYTHON SOFTWARE FOUNDATION", "CC BY 4.0"):
        assert words in text
    assert text.count("SIL OPEN FONT LICENSE") == 2  # one of each typeface
    assert "Copyright (c) 2022 Phosphor Icons" in text
    assert "Open Peeps by Pablo Stanley\n" in text


def test_prepared_items_are_the_items(tmp_path):
    lessons = REPOSITORY / "course"
    for name in ("skills.yaml", "facts.yaml"):
        (tmp_path / name).write_text(prepare(lessons / name), encoding="utf-8")
    course = Course(tmp_path, tmp_path)
    for path in sorted(lessons.glob("[0-9]*/items.yaml")):
        own = tmp_path / path.parent.name / path.name
        own.parent.mkdir()
        own.write_text(prepare(path), encoding="utf-8")
        assert load_course_items(course, own) == load_course_items(own_course(), path)


@pytest.mark.parametrize("cut", [40, 200, -1])
def test_a_damaged_pack_is_said_and_no_traceback(tmp_path, cut):
    path = tmp_path / "items.yaml"
    path.write_text(prepare(REPOSITORY / "course" / "07-advice" / "items.yaml")[:cut])
    problems: list = []
    assert read_entries(path, problems) == ()
    assert "damaged" in str(problems[0])


def test_yaml_is_no_prepared_text():
    assert nodes_of("- id: x\n") is None


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("../02-values/1-x.ipynb#term", "../02-values/1-x.html#term"),
        ("glossary.ipynb", "glossary.html"),
        ("../feedback/07-advice", "../feedback/07-advice.html"),
        ("https://example.org/x.ipynb", "https://example.org/x.ipynb"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#term-x", "#term-x"),
        ("../own/x/course.css", "../own/x/course.css"),
    ],
)
def test_links_lead_to_pages_of_the_site(link, found):
    assert in_site(f'<p><a class="x" href="{link}">y</a></p>') == (
        f'<p><a class="x" href="{found}">y</a></p>'
    )


def test_a_page_brings_its_own_rules(small_site):
    for path in small_site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        rules = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html).group(1)
        assert "unsafe-inline" not in re.search(r"script-src[^;]+", rules).group()
        assert "unsafe-eval" not in rules.replace("wasm-unsafe-eval", "")
        assert not re.search(r"\son\w+=|<script(?! type=\"module\" src=)", html)
    headers = (small_site / "_headers").read_text()
    assert "/lessons/*\n" in headers
    assert "wasm-unsafe-eval" in headers


# --- the command


def run(*words: str | Path) -> int:
    return main(["site", *map(str, words)])


def test_the_command_writes_and_renews_a_site(tmp_path, small, monkeypatch, capsys):
    pyodide()
    monkeypatch.setenv("ALONGSIDE_COURSE", str(small.lessons))
    out = tmp_path / "public"
    assert run(out, "--no-exercises") == 0
    before = json.loads((out / "site.json").read_text())
    assert (out / "lessons" / MODULE / "1-cards.html").is_file()
    assert not (out / "lessons" / "exercises").exists()
    region = tmp_path / "region.yaml"
    region.write_text('organisation: Peers\nlines:\n  - name: A line\n    number: "123"\n')
    assert run(out, "--no-exercises", "--region", region) == 0
    assert json.loads((out / "site.json").read_text()) != before
    assert "A line" in (out / "lessons" / MODULE / "1-cards.html").read_text()
    assert "any web host" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--region", "broken.yaml"], ["--pyodide", "nowhere"]])
def test_what_is_wrong_is_said_before_anything_is_written(tmp_path, words, monkeypatch, capsys):
    pyodide()
    monkeypatch.chdir(tmp_path)
    Path("broken.yaml").write_text("linez: []\n")
    assert run(tmp_path / "out", *words) == 1
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_with_other_files_stays(tmp_path, capsys):
    pyodide()
    (tmp_path / "mine.txt").write_text("mine")
    assert run(tmp_path) == 1
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert "holds other files" in capsys.readouterr().err


@pytest.mark.full
def test_keys_go_only_where_they_are_asked_for_and_it_is_said(tmp_path, small, monkeypatch, capsys):
    pyodide()
    monkeypatch.setenv("ALONGSIDE_COURSE", str(small.lessons))
    assert run(tmp_path / "out", "--self-study", "--no-exercises") == 2
    assert run(tmp_path / "out", "--self-study") == 0
    assert "keys of the exercises" in capsys.readouterr().out
