"""Every kind of page in Chromium: the console and axe find nothing, and none asks outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.cohort import FULL, submit
from helpers.cohort import MODULE as SMALL
from helpers.content import course_skills
from helpers.ratings import practise, rate
from helpers.servers import Server, serving

from grader.places import own_course, this_learner
from grader.trainee import certificate
from grader.trainee.home import prepare_home
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.grading.grading import grade

MODULE = "07-advice"
PAGES = {
    "map": "lessons/index.ipynb",
    "lesson": f"lessons/{MODULE}/4-four-rules.ipynb",
    "exercise": f"lessons/exercises/{MODULE}/exercise.ipynb",
    "skills": "lessons/skills.ipynb",
    "compass": "lessons/compass.ipynb",
    "record": "lessons/record.ipynb",
    "glossary": "lessons/glossary.ipynb",
    "feedback": f"feedback/{MODULE}",
    "certificate": "certificate",
    "no page": "lessons/nothing.ipynb",
    "no address": "files/trainee.json",
    "sign-in": "login",
}
MISSING = ("no page", "no address")
GONE = "Failed to load resource: the server responded with a status of 404 (Not Found)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Server]:
    """Serve a home with ratings, practice, feedback and a certificate."""
    folder = tmp_path_factory.mktemp("quiet")
    course = Path(shutil.copytree(prepared, folder / "course"))
    submit(course, "trainee-017", FULL)
    grade(course, SMALL)
    make_feedback(course, SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_HOME", str(folder / "home"))
        fill(folder / "home", course / "feedback" / "trainee-017" / SMALL / "exercise.html")
    with serving(folder / "home", "learn") as running:
        yield running


def fill(home: Path, feedback: Path) -> None:
    prepare_home(this_learner())
    for number, skill in enumerate(course_skills()):
        rate("before", skill, "abc"[number % 3])
    practise("demeanour", 4, well=True)
    (home / "feedback").mkdir(exist_ok=True)
    shutil.copy(feedback, home / "feedback" / f"{MODULE}.html")
    made = certificate.certificate_html(own_course(), [], "Kim <i>Example</i>")
    (home / "feedback" / "certificate.html").write_text(made, encoding="utf-8")


def quiet_page(chromium: Any, **how: Any) -> Any:
    page = chromium.new_context(viewport={"width": 1400, "height": 900}, **how).new_page()
    page.said, page.asked = [], []
    page.on("console", lambda line: page.said.append((line.type, line.text)))
    page.on("pageerror", lambda error: page.said.append(("script", str(error))))
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def look_through(page: Any, url: str) -> None:
    """Open a page, wait until it asks no more, and open all that is folded."""
    page.goto(url)
    page.locator("h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    page.wait_for_timeout(300)


@pytest.mark.parametrize("name", PAGES)
def test_the_console_says_nothing_and_no_other_address_is_asked(chromium, server, name):
    page = quiet_page(chromium)
    look_through(page, server.url(PAGES[name]))
    wanted = [("error", GONE)] if name in MISSING else []  # Chromium's own words
    assert page.said == wanted
    assert [url for url in page.asked if not url.startswith((server.base, "data:"))] == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(chromium, server, name, scheme):
    # Where no script may run, not even axe could without this.
    page = quiet_page(chromium, color_scheme=scheme, bypass_csp=True)
    look_through(page, server.url(PAGES[name]))
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    page.context.close()
