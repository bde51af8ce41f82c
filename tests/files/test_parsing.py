"""Text from anywhere is parsed in one place, where its size and depth are looked at first."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Callable, Iterator

import pytest
from fault_page import TEXT, fault
from helpers.package import MODULES, tree
from hypothesis import given
from hypothesis import strategies as st

from grader.files.parsing import (
    MAX_DEPTH,
    TwiceError,
    UnsafeTextError,
    checked,
    compose_yaml,
    parse_json,
    parse_python,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["[[", '"{', "\\", "]"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=60,
)


@given(VALUES)
def test_what_is_json_is_read_as_python_reads_it(value):
    text = json.dumps(value)
    assert parse_json(text) == parse_json(text.encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


def deep(count: int, left: str = "[", right: str = "]") -> str:
    return left * count + right * count


@pytest.mark.parametrize("text", [deep(MAX_DEPTH), "[" + "[]," * 500 + "1]"])
def test_what_is_as_deep_as_allowed_is_read(text):
    assert parse_json(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        deep(MAX_DEPTH + 1),
        deep(40_000),
        "[" * 40_000,
        '{"a":' * 40_000,
        '["\\"",' * 40_000,
        '["]",' * 40_000,
        '["}}}}]]]]",' * 100 + "]" * 100,
        '[{"\\\\": "]"},' * 40_000,
        deep(1000, '{"a": [', "]}"),
        deep(MAX_DEPTH // 2 + 1, '{"a": [', "]}"),
    ],
)
def test_what_is_too_deep_is_refused_before_it_is_parsed(text, monkeypatch):
    monkeypatch.setattr(json, "loads", None)
    for raw in (text, text.encode(), text.encode("utf-16")):
        with pytest.raises(UnsafeTextError, match="goes too deep"):
            parse_json(raw)
    with pytest.raises(UnsafeTextError, match="goes too deep"):
        checked(text)


def test_many_lists_beside_each_other_are_not_deep():
    value = [["]["], {"a": "[{"}] * 5000
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    "raw",
    ["", "[", '"', '"\\', "nan", "NaN", "[Infinity]", b"\xff\xfe\x00", b"\x80", "1" * 5000, "\0"],
)
def test_what_is_no_json_is_one_sort_of_error(raw):
    with pytest.raises(ValueError, match=r"."):
        parse_json(raw)


def test_what_is_too_large_is_not_parsed(monkeypatch):
    monkeypatch.setattr(json, "loads", None)
    with pytest.raises(UnsafeTextError, match="is larger than 1 KiB"):
        parse_json("[" * 1025, 1024)


def test_a_long_text_takes_no_long_time():
    begun = time.process_time()
    for text in ('"' * 2_000_000, '"\\' * 1_000_000, "[]" * 1_000_000, '{"' * 1_000_000):
        with pytest.raises(ValueError, match=r"."):
            parse_json(text)
    assert time.process_time() - begun < 10


def growth(make: Callable[[int], str], read: Callable[[str], object], size: int = 1_000) -> float:
    """Return how many times as long a text takes that is eight times as long."""
    small, large = (min(spent(read, make(size * by)) for _ in range(5)) for by in (1, 8))
    return large / max(small, 1e-4)


def spent(read: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    with pytest.raises(ValueError, match=r"."):
        read(text)
    return time.process_time() - begun


@fault(
    TEXT,
    "A file or a message is made so that the time to read it grows with the square of its length",
    "It is read or refused in a time that grows with its length alone.",
)
@pytest.mark.parametrize(
    "make",
    [
        lambda count: "[" + "[]," * 80 + '"' + '\\"' * count,
        lambda count: "[" + "[]," * 80 + '"\\\\' + 'a\\"' * count + "\\",
        lambda count: "{" + ",".join(f'"{at}":0' for at in (*range(count), count - 1)) + "}",
    ],
)
def test_a_text_that_is_eight_times_as_long_takes_no_sixty_four_times_as_long(make):
    assert growth(make, lambda text: parse_json(text, once=True)) < 24


def test_nor_does_one_that_goes_eight_times_as_deep():
    def read(text: str) -> object:
        return parse_json(text, deepest=text.index("]"))

    assert growth(lambda count: deep(count) * 10, read) < 24


def test_the_name_that_is_said_twice_is_told():
    with pytest.raises(TwiceError, match=r"^b$"):
        parse_json('{"a": 1, "b": 2, "c": 3, "b": 4, "c": 5}', once=True)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 40_000,
        "{" * 40_000,
        "{a: " * 40_000,
        "- " * 40_000,
        "? " * 40_000,
        deep(20_000),
        "a: " + deep(20_000),
        "\n".join(" " * at + "a:" for at in range(1000)),
    ],
)
def test_yaml_that_is_too_deep_is_refused(text):
    with pytest.raises(UnsafeTextError, match="goes too deep"):
        compose_yaml(text)


def test_yaml_that_goes_too_deep_says_where():
    with pytest.raises(UnsafeTextError) as said:
        compose_yaml("a: b\nc: d\ne: " + "[" * 200)
    assert said.value.line == 3


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [b]\nc: *x\n",
        "a: &x\n  b: *x\n",
        "&a [*a]",
        'a: &x 1\n"b":\n- *x',
        "a: &x 1\n? *x\n: 2",
        "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]" for n in range(1, 30))]),
    ],
)
def test_aliases_are_refused(text):
    with pytest.raises(UnsafeTextError, match="has an alias"):
        compose_yaml(text)


@pytest.mark.parametrize("text", ["%YAML 1.2\n--- a", "# x\n%TAG !a! b\n--- a", "a\n%b"])
def test_directives_are_refused(text):
    with pytest.raises(UnsafeTextError, match="begins with '%'"):
        compose_yaml(text)


def test_a_star_in_words_is_no_alias():
    assert compose_yaml("a: >-\n  This is *very* much\nb: 'a *b'\n") is not None


@pytest.mark.parametrize(
    "source",
    ["(" * 1000, "-" * 19_000 + "1", "a" + ".b" * 9000, "1" + "+1" * 9000, "\0", "x" * 99_999],
)
def test_python_that_no_parser_stands_is_a_mistake_in_it(source):
    with pytest.raises(SyntaxError):
        parse_python(source)


# --- nobody else parses

# By the names that are called: "module.name", or the name alone where it was imported.
PARSERS = {
    *("json.load", "json.loads", "json.JSONDecoder", "yaml.load", "yaml.safe_load", "yaml.compose"),
    *("yaml.load_all", "yaml.safe_load_all", "yaml.full_load", "yaml.unsafe_load", "yaml.parse"),
    *("yaml.scan", "yaml.compose_all", "nbformat.read", "nbformat.reads", "nbformat.reader.reads"),
    *("nbformat.reader.read", "zipfile.ZipFile", "zipfile.PyZipFile", "zipfile.Path"),
    *(
        "tarfile.open",
        "gzip.open",
        "bz2.open",
        "lzma.open",
        "zlib.decompress",
        "zlib.decompressobj",
    ),
    *("shutil.unpack_archive", "openpyxl.load_workbook", "csv.reader", "csv.DictReader"),
    *("ast.parse", "ast.literal_eval", "tomllib.load", "tomllib.loads", "html.parser.HTMLParser"),
    *("pickle.load", "pickle.loads", "marshal.loads", "plistlib.load", "shelve.open"),
    *("xml.etree.ElementTree.parse", "xml.etree.ElementTree.fromstring", "lxml.etree.parse"),
    *("lxml.html.fromstring", "pandas.read_json", "pandas.read_csv", "pandas.read_excel"),
    *("configparser.ConfigParser", "email.message_from_bytes", "eval", "exec"),
}
ELSEWHERE = {
    "grader.files.parsing": "json.loads yaml.compose yaml.parse ast.parse",  # the place for it
    "grader.formats.archives": "zipfile.ZipFile",  # the place for zip files
    "grader.formats.feedback": "html.parser.HTMLParser",  # the head of a page, of 256 KiB
    "grader.trainer.roster.workbook": "openpyxl.load_workbook",  # after each part was measured
    "grader.trainer.roster.table_text": "csv.reader",  # of 8 MiB; has no depth
    "grader.trainer.marking.marking": "zlib.decompress",  # what it packed itself, in memory
    "grader.formats.whole_archive": "zlib.decompressobj",  # no more than was said, and allowed
    "grader.site.pack": "ast.parse zipfile.ZipFile",  # our own modules; what it writes
    "grader.server.lesson": "nbformat.reader.reads",  # of what `checked` let through
    # What comes with the package and is read by nobody else's wish: weights and words.
    "grader.coding.cues": "json.loads",
    "grader.coding.rows": "json.loads",
    "grader.kinds.typed.points": "json.loads",
    "grader.kinds.typed.second_look": "json.loads",
    "grader.kinds.typed.wordings": "json.loads",
    "grader.author.portraits": "json.loads",  # the style of a package that authors install
    "grader.kit.build": "zipfile.ZipFile",  # a wheel known by its hash; what it writes
}
OWN_LABELLED_FILES = "grader.training."  # not installed; they lie in the repository


def parser_calls(code: ast.Module) -> set[str]:
    """Give the parsers that a module uses, by whatever name it imported them under."""
    known = dict(_imported(code))
    notes = {id(part) for note in _annotations(code) for part in ast.walk(note)}
    return {_dotted(node, known) for node in ast.walk(code) if id(node) not in notes} & PARSERS


def _imported(code: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            for one in node.names:
                top = one.name.split(".")[0]
                yield (one.asname, one.name) if one.asname else (top, top)
        elif isinstance(node, ast.ImportFrom):
            yield from ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)


def _annotations(code: ast.Module) -> Iterator[ast.AST]:
    """Give what only says of which type something is."""
    for node in ast.walk(code):
        for name in ("annotation", "returns"):
            if note := getattr(node, name, None):
                yield note


def _dotted(node: ast.AST, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    return f"{_dotted(node.value, known)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


READERS = [name for name in sorted(MODULES) if not name.startswith(OWN_LABELLED_FILES)]


@pytest.mark.parametrize("name", READERS)
def test_nobody_parses_but_those_who_look_first(name):
    assert parser_calls(tree(name)) == set(ELSEWHERE.get(name, "").split())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import json\njson.loads(x)", "json.loads"),
        ("import json as j\nj.load(x)", "json.load"),
        ("from json import loads\nloads(x)", "json.loads"),
        ("from json import loads as read\nmap(read, x)", "json.loads"),
        ("def f():\n    import yaml\n    return yaml.safe_load(x)", "yaml.safe_load"),
        ("import nbformat\nnbformat.read(x, 4)", "nbformat.read"),
        ("from zipfile import ZipFile\nwith ZipFile(x) as y: pass", "zipfile.ZipFile"),
        ("import xml.etree.ElementTree as ET\nET.parse(x)", "xml.etree.ElementTree.parse"),
        (
            "import xml.etree.ElementTree\nxml.etree.ElementTree.parse(x)",
            "xml.etree.ElementTree.parse",
        ),
        ("from html.parser import HTMLParser\nclass A(HTMLParser): pass", "html.parser.HTMLParser"),
        ("eval(x)", "eval"),
    ],
)
def test_a_parser_is_noticed_under_any_name(source, found):
    assert parser_calls(ast.parse(source)) == {found}


def test_writing_and_names_of_types_are_no_parsing():
    assert not parser_calls(ast.parse("import json, yaml\njson.dumps(x)\nyaml.Node\nparse_json(x)"))
    assert not parser_calls(ast.parse("from zipfile import ZipFile\ndef f(x: ZipFile): pass"))
