"""Pages that stand behind a proxy, under a path of their own."""

from __future__ import annotations

import pytest
from helpers.servers import serving

from grader.cli import main


def test_pages_stand_under_the_path_of_a_proxy(tmp_path):
    with serving(tmp_path / "home", "learn", "--base-url", "course/peers") as server:
        assert f"{server.base}/course/peers/" in server.address
        html = server.fetch("course/peers/lessons/index.ipynb")
    assert 'data-root="/course/peers/"' in html
    assert 'src="/course/peers/own/' in html
    assert 'href="/course/peers/lessons/index.ipynb"' in html


@pytest.mark.parametrize("path", ["/a b/", '/"x/', "http://x/", "/a//b?/"])
def test_what_is_no_path_is_wrong_use(path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["learn", "--base-url", path])
    assert ended.value.code == 2
    assert "is no path of an address" in capsys.readouterr().err
