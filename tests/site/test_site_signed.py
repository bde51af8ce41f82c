"""A signature on feedback is checked in the browser, as it is on a computer with Python.

What is signed was made by another Python than the one in the browser: it holds there only
where both read every letter alike.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.cohort import BEST, MODULE, submit
from helpers.doctored import CHANGES, as_before, bundled, opened
from helpers.site_pages import FOLDER, visit
from helpers.sites import PATIENCE_MS, Silent, hosted

from grader.formats.statement import PUBLIC_KEY
from grader.places import own_course
from grader.site.pack import course_pack
from grader.trainee.inbox import CHANGED, MARKS_ONLY, UNCHECKED, UNSIGNED
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.signing import PRIVATE_KEY, new_key
from grader.trainer.grading.grading import grade

ONE = "trainee-001"
# A browser from before its maker built Ed25519 in.
OLDER = """
crypto.subtle.importKey = async () => { throw new DOMException("", "NotSupportedError"); };
"""


@pytest.fixture(scope="module")
def signed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return a key, and the same feedback: signed with it, with another, not at all, changed."""
    course = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("signed") / "course"))
    submit(course, ONE, BEST)
    grade(course, MODULE)
    found = {"unsigned": make_feedback(course, MODULE)[0].bundle.read_bytes()}
    for name in ("other", "own"):
        for half in (PUBLIC_KEY, PRIVATE_KEY):
            (course / half).unlink(missing_ok=True)
        new_key(course)
        found[name] = make_feedback(course, MODULE)[0].bundle.read_bytes()
    found["marks"] = as_before(course, found["own"])
    for name in ("a word of the page", "points of an item", "without its seal"):
        found[name] = bundled(CHANGES[name](opened(found["own"])))
    return found | {"key": (course / PUBLIC_KEY).read_bytes()}


def keyed(folder: Path, key: bytes) -> bytes:
    """Return the pack of a course that has this key."""
    course = own_course()
    lessons = Path(shutil.copytree(course.lessons, folder / "lessons"))
    (lessons / PUBLIC_KEY).write_bytes(key)
    return course_pack(replace(course, lessons=lessons), exercises=True, keys=False)


@pytest.fixture(
    scope="module",
    params=[pytest.param("", id="new"), pytest.param(OLDER, id="older", marks=pytest.mark.full)],
)
def page(
    request: pytest.FixtureRequest,
    person: Any,
    place: Path,
    signed: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    pack = keyed(tmp_path_factory.mktemp("keyed"), signed["key"])

    class Keyed(Silent):
        """A host of a course with a key."""

        def send_head(self) -> Any:
            if not self.path.endswith(("course.bin", "worker.js")):
                return super().send_head()
            code = Path(self.translate_path(self.path)).read_bytes()
            content = pack if self.path.endswith(".bin") else code + request.param.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            return io.BytesIO(content)

    with hosted(place, Keyed) as host:
        context = person.new_context(base_url=host.base)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.older = bool(request.param)
        visit(page, "lessons/index.html")
        yield page
        context.close()


ALL = (UNSIGNED, CHANGED, MARKS_ONLY, UNCHECKED)
STAYS = "You have signed feedback on"


def brought(page: Any, content: bytes) -> str:
    """Bring a feedback file; return what the page says of it."""
    assert FOLDER in page.url
    page.evaluate("document.querySelectorAll('.al-status').forEach((one) => one.replaceChildren())")
    file = {"name": "f.zip", "mimeType": "application/zip", "buffer": content}
    page.locator(".al-file").set_input_files(file)
    line = page.locator(".al-status", has_text=re.compile("Feedback on|signed feedback"))
    line.first.wait_for()
    return str(line.first.inner_text())


# Each may take the place of those before it, and of no later one.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("unsigned", UNSIGNED),
        ("other", UNSIGNED),
        ("a word of the page", CHANGED),
        ("points of an item", CHANGED),
        ("without its seal", CHANGED),
        ("marks", MARKS_ONLY),
        ("own", ""),
    ],
)
def test_the_page_says_whether_the_key_of_the_course_has_signed(page, signed, sort, said):
    if page.older and sort in ("without its seal", "marks"):
        said = STAYS  # it cannot check, and what is here says that more of it is signed
    elif page.older and sort != "unsigned":
        said = UNCHECKED
    line = brought(page, signed[sort])
    if said == STAYS:
        assert STAYS in line
    else:
        assert [each for each in ALL if each in line] == ([said] if said else [])


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["unsigned", "other", "a word of the page", "marks"])
def test_what_is_signed_as_a_whole_stays(page, signed, sort):
    claims = page.older and sort in ("other", "a word of the page")  # which nobody can check there
    assert (STAYS in brought(page, signed[sort])) != claims
