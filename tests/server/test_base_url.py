"""Pages that stand behind a proxy, under a path of their own."""

from __future__ import annotations

import pytest
from helpers.servers import serving

from grader.cli import main


def test_pages_stand_under_the_path_of_a_proxy(tmp_path):
    with serving(tmp_path / "home", "learn", "--base-url", "course/peers") as server:
        assert server.path.startswith("/course/peers/")
        html = server.fetch("lessons/index.ipynb")
    assert f'data-root="{server.path}/"' in html
    assert f'src="{server.path}/own/' in html
    assert f'href="{server.path}/lessons/index.ipynb"' in html


@pytest.mark.parametrize("path", ["/a b/", '/"x/', "http://x/", "/a//b?/"])
def test_what_is_no_path_is_wrong_use(path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["learn", "--base-url", path])
    assert ended.value.code == 2
    assert "is no path of an address" in capsys.readouterr().err
