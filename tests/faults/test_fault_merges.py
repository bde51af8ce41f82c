"""In a file of the course nothing stands for something else, so nothing grows when it is read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fault_page import TEXT, fault

from grader.errors import ContentError
from grader.files.parsing import UnsafeTextError, compose_yaml
from grader.html.help_card import load_region
from grader.kinds.reading import load_items

LEVELS = "".join(f"l{n}: &l{n}\n  <<: [*l{n - 1}, *l{n - 1}]\n  k{n}: x\n" for n in range(1, 30))
GROWS = {
    "aliases in a list": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "an alias as a key": "a: &a x\n*a : y\n",
    "an alias after a mark": "- &a x\n- *a\n",
    "merges of merges": f"l0: &l0 {{x: y}}\n{LEVELS}",
    "a merge of an alias": "a: &a {x: y}\nb:\n  <<: *a\n",
    "a merge of a list": "a:\n  <<: [{x: y}, {x: z}]\n",
    "a merge of what stands there": "a:\n  <<: {x: y}\n",
    "a merge in one line": "a: {<<: {x: y}}\n",
    "a merge after a mark": "a:\n  ? <<\n  : {x: y}\n",
    "a merge by its tag": "a:\n  !!merge x: {x: y}\n",
    "a merge by its whole tag": "a:\n  !<tag:yaml.org,2002:merge> x: {x: y}\n",
    "a merge by its tag in codes": "a:\n  !!%6derge x: {x: y}\n",
}
PLAIN = {
    "in quotes": 'a:\n  "<<": x\n',
    "in a text": "a: x << y, *never*, and wow!\n",
    "in a block": "a: >-\n  <<\n  *a\n  !!merge\n",
    "a tag of a text": "a: !!str x\n",
}


@fault(
    TEXT,
    "A file of the course lets a few words stand for more than any memory holds",
    "`alongside check` names the line, and asks to write it out. Nothing of it is made.",
)
@pytest.mark.parametrize("case", GROWS)
def test_what_stands_for_something_else_is_refused_with_its_line(case: str) -> None:
    begun = time.process_time()
    with pytest.raises(UnsafeTextError, match=r"has an? (alias|merge) .*; write out") as said:
        compose_yaml(f"# ours\n{GROWS[case]}")
    assert said.value.line > 1
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("read", [load_region, lambda path: load_items(path, {}, {})])
def test_a_course_file_with_a_merge_is_a_mistake_with_a_line(tmp_path: Path, read) -> None:
    path = tmp_path / "some.yaml"
    path.write_text("a:\n  <<: {x: y}\n", encoding="utf-8")
    with pytest.raises(ContentError) as said:
        read(path)
    assert "some.yaml:2: file: has a merge ('<<'); write out what it stands for" in str(said.value)


@pytest.mark.parametrize("case", PLAIN)
def test_signs_in_what_people_write_are_no_merge(case: str) -> None:
    assert compose_yaml(PLAIN[case]) is not None
