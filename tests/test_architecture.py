"""Imports go one way, the core needs only Python, and trainees may use any system."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "grader"
# A module imports only from modules before it; a new module gets its place here.
ORDER = [
    "errors",
    "folder_names",
    "places",
    "spreadsheet",
    "strict_yaml",
    "content",
    "passing",
    "syllabus",
    "coding_cues",
    "coding_text",
    "coding_rules",
    "coding_features",
    "coding_model",
    "coding",
    "scene",
    "danger",
    "guard",
    "conditions",
    "conversation",
    "public",
    "conversation_view",
    "typed_reader",
    "conversation_reader",
    "kinds",
    "items",
    "scores",
    "points",
    "suggestion",
    "scoring_closed",
    "scoring_open",
    "scoring_talk",
    "scoring",
    "views",
    "answers",
    "kept",
    "earned",
    "mirror",
    "skillprofile",
    "stylehistory",
    "nextsteps",
    "pictures",
    "charts",
    "stylechart",
    "render",
    # trainee side
    "litter",
    "packed",
    "surroundings",
    "home",
    "order",
    "litter",
    "trainee_code",
    "help_card",
    "bank",
    "ratings",
    "plan",
    "compass_questions",
    "statement",
    "released",
    "sharing",
    "nbgrader_paths",
    "exchange",
    "handin",
    "feedback_inbox",
    "coursemap",
    "compass",
    "certificate",
    "record",
    "glossary",
    "keys",
    "sketch",
    "cards_script",
    "cards_talk",
    "cards_feedback",
    "desk",
    "cards_base",
    "cards_question",
    "cards_hand_in",
    "cards_skills",
    "cards_compass",
    "cards_record",
    "cards",
    "server",
    "showing",
    "pages",
    # authors
    "privacy",
    "authoring",
    "score_lines",
    "coverage",
    "checks_items",
    "checks_stories",
    "own_words",
    "guess",
    "guess_report",
    "checks_twins",
    "checks_pictures",
    "checks",
    # trainer side
    "trainees",
    "guide",
    "release",
    "marks",
    "sheet",
    "times",
    "downloads",
    "bundles",
    "contents",
    "newest",
    "arrivals",
    "history",
    "inbound",
    "submitted",
    "joining",
    "senders",
    "collect",
    "hand_in_list",
    "whose",
    "signing",
    "backups",
    "rescue",
    "gradebook_tables",
    "gradebook_marks",
    "gradebook",
    "gradebook_rows",
    "graded_text",
    "marking",
    "graded_before",
    "changes",
    "table_text",
    "workbook",
    "roster",
    "codes",
    "grading",
    "feedback_states",
    "elsewhere",
    "exchange_doors",
    "feedback_numbers",
    "passes",
    "feedback_page",
    "feedback",
    "exports",
    "nbgrader_plugins",
    "report_tables",
    "report_charts",
    "report",
    "demo_answers",
    "demo",
    # learning, outside the wheel
    "training_text",
    "training_learn",
    "training_yardsticks",
    "training_own",
    "training_report",
    "training_points",
    "training_danger",
    "training_typed",
    "training",
    "cli_shared",
    "cli_tables",
    "cli_whose",
    "cli_trainee",
    "cli_author",
    "cli_trainer",
    "cli",
]
CORE = [name for name in ORDER[: ORDER.index("render") + 1] if name != "strict_yaml"]
TRAINEE = [*ORDER[: ORDER.index("pages") + 1], "cli_shared", "cli_trainee", "cli"]
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
# As "module.name"; getattr with a default is the way to use one of them.
POSIX_NAMES = """
    os.O_NOFOLLOW os.O_NONBLOCK os.WNOHANG os.chown os.chroot os.fork os.geteuid os.getpgid
    os.getuid os.killpg os.lchown os.mkfifo os.mknod os.setsid os.setuid os.uname os.wait
    signal.SIGALRM signal.SIGHUP signal.SIGKILL signal.SIGUSR1 signal.alarm
"""


def present(names: list[str]) -> list[str]:
    return [name for name in names if (PACKAGE / f"{name}.py").is_file()]


def tree(name: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))


def imports(code: ast.Module) -> Iterator[str]:
    """Give the dotted name of everything imported, also inside functions."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "grader" if node.level else node.module or ""
            tail = f".{node.module}" if node.level and node.module else ""
            yield from (f"{base}{tail}.{alias.name}" for alias in node.names)


def own_imports(code: ast.Module) -> set[str]:
    """Give the modules of this package that the code imports."""
    parts = [name.split(".") for name in imports(code)]
    return {part[1] for part in parts if part[0] == "grader" and len(part) > 1} & set(ORDER)


def posix_uses(code: ast.Module) -> set[str]:
    modules = {name.split(".")[0] for name in imports(code)} & POSIX_MODULES
    used = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(code)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return modules | used & set(POSIX_NAMES.split())


def test_every_module_has_its_place_in_the_order():
    found = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert found <= set(ORDER), "give each new module its place in ORDER"


@pytest.mark.parametrize("name", present(ORDER))
def test_a_module_imports_only_from_those_above_it(name):
    assert own_imports(tree(name)) <= set(ORDER[: ORDER.index(name)])


@pytest.mark.parametrize("name", present(ORDER))
def test_a_module_says_what_it_is_for(name):
    assert (ast.get_docstring(tree(name)) or "").split("\n")[0].rstrip().endswith(".")


@pytest.mark.parametrize("name", present(CORE))
def test_the_core_needs_nothing_beyond_python(name):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); "
        f"import grader.{name}; print(*(set(sys.modules) - before))"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(PACKAGE.parent)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    strange = {name.split(".")[0] for name in loaded} - sys.stdlib_module_names - {"grader"}
    assert f"grader.{name}" in loaded
    assert not strange


@pytest.mark.parametrize("name", present(TRAINEE))
def test_the_trainee_s_side_runs_on_any_system(name):
    assert not posix_uses(tree(name))


@pytest.mark.parametrize(
    "source",
    [
        "import fcntl",
        "def f():\n    from pwd import getpwuid",
        "import os\nos.getuid()",
        "import os\nflags = os.O_NOFOLLOW",
        "import signal\nsignal.SIGKILL",
    ],
)
def test_a_call_that_windows_lacks_is_noticed(source):
    assert posix_uses(ast.parse(source))


def test_a_careful_use_of_what_windows_lacks_is_allowed():
    assert not posix_uses(ast.parse("import os\nflags = getattr(os, 'O_NOFOLLOW', 0)"))


@pytest.mark.parametrize(
    "source",
    [
        "from grader import cli",
        "from grader.cli.main import main",
        "import grader.cli.main",
        "from . import cli",
        "from .cli import main",
        "def f():\n    import grader.cli.main",
    ],
)
def test_every_way_to_import_our_own_is_noticed(source):
    assert own_imports(ast.parse(source)) == {"cli"}


FILE_NAME = re.compile(r"(\*/)*[\w-]+\.(json|yaml|ipynb|html|csv|db|txt|py)|order-seed|device-mark")
LEARNING = {name for name in ORDER if name.startswith("training")}  # outside the package


def file_names(code: ast.Module) -> set[str]:
    """Give every text of the code that is the name of a file, or a pattern of one."""
    texts = {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}
    names = (text for text in texts if isinstance(text, str) and FILE_NAME.fullmatch(text))
    return {name.rsplit("/", 1)[-1] for name in names}


def test_a_file_name_that_more_than_one_module_knows_stands_in_places():
    names = present([name for name in ORDER if name not in LEARNING])
    known = {name: file_names(tree(name)) for name in dict.fromkeys(names)}
    times = Counter(file for files in known.values() for file in files)
    assert not [file for file, count in times.items() if count > 1]
    twice = [file for file in known["places"] if places_text().count(f'"{file}"') > 1]
    assert known["places"]
    assert not twice


def places_text() -> str:
    return (PACKAGE / "places.py").read_text(encoding="utf-8")


def test_a_file_name_is_noticed_alone_and_in_a_pattern():
    code = ast.parse("a = 'x.json'; b = f'{c}/d'; e = '*/y.ipynb'; f = 'see z.csv here'")
    assert file_names(code) == {"x.json", "y.ipynb"}
