"""The rooms of the house: who may use whom, what needs only Python, what runs on any system."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest
from helpers.package import MODULES, PACKAGE, tree

# What each room uses of the others, and no more. Nobody may use what is not named here, and
# an arrow that nobody needs any longer is taken out. `trainee` and `trainer` never meet.
ARROWS = {
    "errors": "",
    "places": "",
    "surroundings": "errors places",
    "files": "errors",
    "coding": "files",
    "content": "errors files places",
    "kinds": "coding content errors files places",
    "formats": "content errors files kinds places",
    "skills": "content errors files formats kinds places",
    "html": "content errors kinds places skills",
    "trainee": "content errors files formats html kinds places skills",
    "trainer": "content errors files formats html kinds places skills surroundings",
    "cards": "content errors files formats html kinds places skills surroundings trainee",
    "desk": "coding content errors files formats html kinds places skills surroundings trainer",
    "server": "cards content desk errors files formats html places skills surroundings trainee",
    "site": "cards content errors files formats html places server trainee",
    "author": "content errors files html kinds places",
    "kit": "errors formats places",
    "demo": "content errors files formats kinds places trainer",
    "training": "coding content errors kinds places skills",
    "cli": "author coding content demo desk errors files formats html kit places server"
    " site surroundings trainee trainer",
    "nbgrader_plugins": "trainer",  # the name by which courses find their plug-ins
}
CORE = ["coding", "content", "kinds", "formats", "skills", "html"]
# What the core needs beyond Python, and where.
OUTSIDE = {"grader.content.strict_yaml": {"yaml"}, "grader.content.prepared": {"yaml"}}
ANY_SYSTEM = [
    *CORE,
    *["errors", "places", "surroundings", "files", "trainee", "cards", "server", "site"],
]
TRAINEE_COMMANDS = ["grader.cli.shared", "grader.cli.trainee", "grader.cli.command_line"]
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
# Only trainers' files have a group, which is asked for where the system has groups.
POSIX_WITH_CARE = {"grader.files.privacy": {"grp", "os.chown"}}
# As "module.name"; getattr with a default is the way to use one of them.
POSIX_NAMES = """
    os.O_NOFOLLOW os.O_NONBLOCK os.WNOHANG os.chown os.chroot os.fork os.geteuid os.getpgid
    os.getuid os.killpg os.lchown os.mkfifo os.mknod os.setsid os.setuid os.uname os.wait
    signal.SIGALRM signal.SIGHUP signal.SIGKILL signal.SIGUSR1 signal.alarm
"""


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def in_rooms(rooms: list[str]) -> list[str]:
    return sorted(name for name in MODULES if room(name) in rooms)


def imports(code: ast.Module) -> Iterator[str]:
    """Give the dotted name of everything imported, also inside functions."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "say the whole name of what is imported"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name: str) -> str:
    """Give the module of ours that a dotted name lies in, or nothing."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def own_imports(code: ast.Module) -> set[str]:
    """Give the modules of this package that the code imports."""
    return {module_of(name) for name in imports(code)} - {""}


@cache
def arrows() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in ARROWS}
    for name in MODULES:
        if room(name):
            used = {room(other) for other in own_imports(tree(name))} - {"", room(name)}
            found.setdefault(room(name), set()).update(used)
    return found


def posix_uses(code: ast.Module) -> set[str]:
    modules = {name.split(".")[0] for name in imports(code)} & POSIX_MODULES
    used = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(code)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return modules | used & set(POSIX_NAMES.split())


@pytest.mark.parametrize("name", sorted(arrows()))
def test_a_room_uses_exactly_the_rooms_in_the_table(name):
    assert arrows()[name] == set(ARROWS[name].split())


def test_rooms_use_each_other_in_one_direction():
    list(TopologicalSorter({name: rooms.split() for name, rooms in ARROWS.items()}).static_order())


def test_modules_use_each_other_in_one_direction():
    # A package's own face imports its modules; they import each other, never the face.
    graph = {name: own_imports(tree(name)) for name in MODULES}
    list(TopologicalSorter(graph).static_order())


def test_a_circle_is_noticed():
    with pytest.raises(CycleError):
        list(TopologicalSorter({"a": ["b"], "b": ["a"]}).static_order())


def test_trainee_and_trainer_never_meet():
    assert "trainer" not in ARROWS["trainee"].split()
    assert "trainee" not in ARROWS["trainer"].split()


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_says_what_it_is_for(name):
    assert (ast.get_docstring(tree(name)) or "").split("\n")[0].rstrip().endswith(".")


@pytest.mark.parametrize("name", sorted(n for n in MODULES if MODULES[n].stem == "__init__"))
def test_a_room_says_what_it_offers(name):
    if name != "grader":
        named = {
            target.id
            for node in tree(name).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        assert "__all__" in named


@pytest.mark.parametrize("name", CORE)
def test_the_core_needs_nothing_beyond_python(name):
    modules = [each for each in in_rooms([name]) if each not in OUTSIDE]
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); "
        f"import {', '.join(modules)}; print(*(set(sys.modules) - before))"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(PACKAGE.parent)]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert loaded >= set(modules)
    assert not not_python_s_own(loaded)


HEAVY = {"matplotlib", "numpy", "pandas", "scipy"}
HEAVY_ROOMS = {"trainer.report", "training"}  # the report draws, and models are learned apart


def test_only_reports_and_learning_need_packages_that_draw_and_count():
    users = {
        name for name in MODULES if {each.split(".")[0] for each in imports(tree(name))} & HEAVY
    }
    assert {name for name in users if not any(part in name for part in HEAVY_ROOMS)} == set()
    assert "grader.trainer.report.drawing" in users


def not_python_s_own(loaded: set[str]) -> set[str]:
    ours = sys.stdlib_module_names | {"grader"}
    strange = {each.split(".")[0] for each in loaded} - ours
    return {each for each in strange if not each.startswith("_sysconfigdata_")}


def test_a_package_from_elsewhere_is_noticed():
    assert not_python_s_own({"json", "grader.kinds", "yaml.reader"}) == {"yaml"}


@pytest.mark.parametrize("name", sorted({*in_rooms(ANY_SYSTEM), *TRAINEE_COMMANDS}))
def test_the_trainee_s_side_runs_on_any_system(name):
    assert not posix_uses(tree(name)) - POSIX_WITH_CARE.get(name, set())


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
        "from grader.cli import shared",
        "from grader.cli.shared import add_json",
        "import grader.cli.shared",
        "def f():\n    import grader.cli.shared",
    ],
)
def test_every_way_to_import_our_own_is_noticed(source):
    assert own_imports(ast.parse(source)) == {"grader.cli.shared"}


FILE_NAME = re.compile(r"(\*/)*[\w-]+\.(json|yaml|ipynb|html|csv|db|txt|py)|order-seed|device-mark")


def file_names(code: ast.Module) -> set[str]:
    """Give every text of the code that is the name of a file, or a pattern of one."""
    texts = {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}
    names = (text for text in texts if isinstance(text, str) and FILE_NAME.fullmatch(text))
    return {name.rsplit("/", 1)[-1] for name in names}


def test_a_file_name_that_more_than_one_module_knows_stands_in_places():
    known = {name: file_names(tree(name)) for name in MODULES if room(name) != "training"}
    times = Counter(file for files in known.values() for file in files)
    assert not [file for file, count in times.items() if count > 1]
    twice = [file for file in known["grader.places"] if places_text().count(f'"{file}"') > 1]
    assert known["grader.places"]
    assert not twice


def places_text() -> str:
    return (PACKAGE / "places.py").read_text(encoding="utf-8")


def test_a_file_name_is_noticed_alone_and_in_a_pattern():
    code = ast.parse("a = 'x.json'; b = f'{c}/d'; e = '*/y.ipynb'; f = 'see z.csv here'")
    assert file_names(code) == {"x.json", "y.ipynb"}


# What is run or found by its name, and what a list of its kind names.
NAMED = ("__main__", "grader.nbgrader_plugins", "grader.kinds.", "grader.cli.", "grader.cards.face")
SAYS_WHY = ("Apart from", "the body of", "Courses find it")


def importers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in MODULES}
    for name in MODULES:
        for other in own_imports(tree(name)) - {name}:
            found[other].add(name)
    return found


def lone_modules() -> list[str]:
    """Give the modules that one other module alone imports."""
    users = importers()
    files = [name for name, path in MODULES.items() if path.stem != "__init__"]
    return sorted(n for n in files if len(users[n]) <= 1 and not any(part in n for part in NAMED))


@pytest.mark.parametrize("name", lone_modules())
def test_a_module_with_one_user_says_why_it_stands_apart(name):
    assert any(words in (ast.get_docstring(tree(name)) or "") for words in SAYS_WHY)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_is_short_enough_to_be_read(name):
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 350


def function_lengths() -> list[int]:
    """Give the lines of every function's body, without its docstring, from short to long."""
    found = []
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                last = body[-1].end_lineno if body else 0
                found.append((last or 0) - body[0].lineno + 1 if body else 0)
    return sorted(found)


def test_functions_can_be_read_at_a_glance():
    lengths = function_lengths()
    assert lengths[len(lengths) // 2] <= 6
    assert lengths[len(lengths) * 9 // 10] <= 20


README = PACKAGE.parent / "README.md"


def test_the_readme_names_every_room():
    tree_of_rooms = README.read_text(encoding="utf-8").split("grader/\n", 1)[1].split("```", 1)[0]
    named = {line.split()[0].rstrip("/").removesuffix(".py") for line in tree_of_rooms.splitlines()}
    rooms = {path.parent.name for path in PACKAGE.rglob("__init__.py")} - {"grader"}
    assert rooms <= named
    assert named - rooms == {"errors", "places", "surroundings"}


def test_every_room_has_its_face():
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert not [folder.name for folder in folders if not (folder / "__init__.py").is_file()]


# Who may ask the environment whose home and course are meant; all others are told.
ASKING = {
    "grader.places",
    "grader.cards.face",
    "grader.cli.author",
    "grader.cli.shared",
    "grader.cli.trainee",
    "grader.demo.demo",
    "grader.training.points",
}
ASKS = {
    *("own_home", "own_course", "this_learner"),
    *("HOME_VARIABLE", "COURSE_VARIABLE", "SELF_STUDY_VARIABLE"),
    *("ALONGSIDE_HOME", "ALONGSIDE_COURSE", "ALONGSIDE_SELF_STUDY"),
}


def asks(code: ast.Module) -> set[str]:
    """Give the ways in which the code asks the environment for a home or a course."""
    names = {name.rpartition(".")[2] for name in imports(code)}
    for node in ast.walk(code):
        if isinstance(node, ast.Name | ast.Attribute):
            names.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.Constant):
            names.add(str(node.value))
    return names & ASKS


def test_commands_and_notebooks_alone_ask_whose_home_and_course_are_meant():
    assert {name for name in MODULES if asks(tree(name))} == ASKING


@pytest.mark.parametrize(
    "source",
    [
        "from grader.places import own_home",
        "from grader import places\nplaces.own_course()",
        "from grader import places as p\nlearner = p.this_learner",
        "import os\nos.environ.get('ALONGSIDE_HOME')",
        "import os\nos.environ[places.COURSE_VARIABLE]",
    ],
)
def test_every_way_to_ask_the_environment_is_noticed(source):
    assert asks(ast.parse(source))
