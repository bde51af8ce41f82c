"""Whatever people type is shown as text: no script runs and no request leaves, in Chromium."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fault_page import TEXT, fault
from helpers.browser import ready
from helpers.cohort import MODULE, make_course
from helpers.every_kind import SCORED, bank
from helpers.feedback_file import NUMBERS, zipped
from helpers.formgrader import configuration
from helpers.payloads import OUTSIDE, payloads
from helpers.servers import serving

from grader import places
from grader.formats import answers
from grader.places import own_course, own_home, this_learner
from grader.trainee import certificate, hand_in, inbox, plan
from grader.trainee.home import prepare_home
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.grading.grading import grade

HOSTILE = payloads()
TYPED = ["\n".join(HOSTILE[at : at + 5]) for at in range(0, len(HOSTILE), 5)]
REPLY = """
- id: typed-NUMBER
  kind: reply
  skills: [SKILL]
  facts: [FACT]
  advice_asked: false
  peer_has_ideas: true
  safety_concern: false
  question: What do you write?
  points: 4
  wanted:
    - acts: [open_question]
      because: It asks.
  better: What was it like?
"""
# Rings for every script that runs, whatever it calls.
WATCH = """
window.rung = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
  window[name] = (...what) => { window.rung.push(what.join()); };
}
"""
EVERYWHERE = """() => {
  const ours = document.querySelectorAll(SELECTOR);
  const odd = [];
  for (const part of ours) for (const node of part.querySelectorAll('*')) {
    if (!ALLOWED.includes(node.localName)) odd.push(node.outerHTML);
    for (const {name, value} of node.attributes) {
      if (/^on|^(href|src|srcset|action|data|poster|background|xlink:href)$/.test(name))
        odd.push(name + '=' + value);
    }
  }
  return odd;
}"""
# A page's own policy would stop scripts; what is escaped needs none.
NO_POLICY = "without its policy"
both = pytest.mark.parametrize("watched", ["as served", NO_POLICY], indirect=True)
SHOWN_AS = (
    *("div", "p", "span", "strong", "q", "ul", "li", "h1", "h2", "h3", "h4", "section", "table"),
    *("caption", "tbody", "tr", "th", "td", "figure", "figcaption", "blockquote", "details"),
    *("summary", "br", "em", "b"),
)


def test_there_are_many_texts_to_try():
    assert len(set(HOSTILE)) >= 60


def submit_records(root: Path) -> None:
    """Hand in the hostile texts as replies, and as every part of every other answer."""
    typed = {f"typed-{number}": ("reply", text) for number, text in enumerate(TYPED)}
    put(root, "trainee-017", typed)
    parts = list(HOSTILE)
    odd = {
        "sample-choice": ("choice", parts[0]),
        "sample-choices": ("choices", parts[:90]),
        "sample-order": ("order", parts[:90]),
        "sample-sort": ("sort", {text: text for text in parts} | {"a": parts[0]}),
        "sample-match": ("match", {"a": parts[10], parts[10]: "a"}),
        "sample-spot": ("spot", parts[11]),
        "sample-reply": ("reply", " ".join(parts)),
        "sample-conversation": (
            "conversation",
            [{"turn": "hello", "pick": "b"}, {"turn": "worry", "text": " ".join(parts)}],
        ),
        **{text: (text, text) for text in parts},
    }
    put(root, "trainee-018", odd)
    for trainee, some in {"trainee-019": parts[::2], "trainee-021": parts[1::2]}.items():
        folder = put(root, trainee, {})
        (folder / "problem.txt").write_text(" ".join(some)[:3500], encoding="utf-8")


def put(root: Path, trainee: str, given: dict[str, tuple[str, Any]]) -> Path:
    folder = root / "submitted" / trainee / MODULE
    folder.mkdir(parents=True)
    items = {
        name: {"kind": kind, "response": response, "first_response": None, "tries": 0}
        for name, (kind, response) in given.items()
    }
    record = {"format": 1, "module": MODULE, "items": items}
    (folder / "answers.json").write_text(json.dumps(record), encoding="utf-8")
    shutil.copy(root / "exercises" / MODULE / "exercise.ipynb", folder)
    (folder / "timestamp.txt").write_text("2026-03-01 09:00:00.000000 UTC")
    return folder


def comment_on(root: Path, trainee: str) -> None:
    """Write the hostile texts as a trainer's comments."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db", "alongside") as nbgrader:
        for number, text in enumerate(TYPED):
            where = (f"typed-{number}-mark", "exercise", MODULE, trainee)
            mark = nbgrader.find_grade(*where)
            mark.manual_score, mark.needs_manual_grade = 1.0, False
            nbgrader.find_comment(*where).manual_comment = text
        nbgrader.db.commit()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    replies = "".join(REPLY.replace("NUMBER", str(number)) for number in range(len(TYPED)))
    root = make_course(tmp_path_factory.mktemp("text") / "course", bank(*SCORED) + replies)
    submit_records(root)
    grade(root, MODULE)
    comment_on(root, "trainee-017")
    make_feedback(root, MODULE)
    return root


@pytest.fixture
def watched(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Any]:
    """Open a page that rings when a script runs and notes each request; none goes out."""
    context = chromium.new_context(bypass_csp=getattr(request, "param", "") == NO_POLICY)
    page = context.new_page()
    page.away = []
    page.dialogs = []
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.add_init_script(WATCH)

    def route(route: Any) -> None:
        # Each run has a loopback address of its own.
        if route.request.url.split("/")[2].startswith("127."):
            route.continue_()
        else:
            page.away.append(route.request.url)
            route.abort()

    context.route(re.compile("^(http|ws)"), route)
    yield page
    context.close()


def silent(page: Any, selector: str) -> bool:
    """Tell whether no script ran, nothing was fetched, and only plain elements are there."""
    page.wait_for_timeout(500)
    assert page.evaluate("window.rung") == []
    assert page.dialogs == []
    # Formgrader itself asks a CDN for MathJax where no policy stops it.
    assert [url for url in page.away if "outside.invalid" in url] == []
    allowed = json.dumps(SHOWN_AS)
    script = EVERYWHERE.replace("SELECTOR", json.dumps(selector)).replace("ALLOWED", allowed)
    assert page.evaluate(script) == []
    assert page.locator(selector).first.is_visible()
    return True


def test_the_alarm_rings_where_nothing_is_escaped(watched: Any) -> None:
    """Without this the tests below could pass by being deaf."""
    rung = set()
    for number, text in enumerate(HOSTILE):
        if "refresh" in text:
            continue
        watched.goto("about:blank")
        watched.set_content(f"<main>{text}</main>", wait_until="domcontentloaded")
        watched.wait_for_timeout(10)
        rung |= {number} if watched.evaluate("window.rung").count(str(number)) else set()
    assert len(rung) >= 20
    assert len({url for url in watched.away if url.startswith(OUTSIDE)}) >= 8


@fault(
    TEXT,
    f"A trainee types one of {len(HOSTILE)} texts that try to run a script, fetch something, or "
    "change the page",
    "Your page in formgrader shows it as plain text. Nothing runs, and no request leaves.",
)
@both
def test_formgrader_shows_every_text_as_text(watched: Any, teach: Any) -> None:
    found = json.loads(teach.fetch(f"formgrader/api/submitted_notebooks/{MODULE}/exercise"))
    for one in found:
        watched.goto(teach.url(f"formgrader/submissions/{one['id']}"))
        watched.wait_for_selector(".al-record")
        assert silent(watched, ".al-record")
        if one["student"] == "trainee-017":
            assert shows_all(watched, ".al-record .al-answer")
        if one["student"] in ("trainee-019", "trainee-021"):
            assert "alert(" in watched.locator(".al-problem").first.inner_text()


def shows_all(page: Any, selector: str) -> bool:
    """Tell whether every text stands there, letter by letter but for odd blanks."""
    shown = " ".join(page.locator(selector).all_inner_texts())
    return all(plain(text) in plain(shown) for text in HOSTILE)


def plain(text: str) -> str:
    return re.sub(r"[\s\0\x0c\ufeff\ufffd]+", "", text)


@pytest.fixture(scope="module")
def teach(hostile: Path) -> Iterator[Any]:
    with serving(hostile.parent / "home", "teach", "--root", str(hostile)) as server:
        yield server


@fault(
    TEXT,
    "The same texts in an answer, in a trainer’s comment, or in a damaged hand-in",
    "The feedback page shows them as plain text, also where a browser ignores its policy.",
)
@both
def test_a_feedback_page_shows_every_text_as_text(watched: Any, hostile: Path) -> None:
    for trainee in ("trainee-018", "trainee-019", "trainee-017"):
        watched.goto((hostile / "feedback" / trainee / MODULE / "exercise.html").as_uri())
        assert silent(watched, "main")
    assert shows_all(watched, ".comment")
    assert shows_all(watched, ".al-answer")


def test_the_feedback_button_of_formgrader_makes_a_page_that_is_as_safe(
    watched: Any, hostile: Path
) -> None:
    from nbgrader.apps.api import NbGraderAPI

    page = hostile / "feedback" / "trainee-017" / MODULE / "exercise.html"
    page.unlink()
    done = NbGraderAPI(config=configuration(hostile)).generate_feedback(MODULE, "trainee-017")
    assert done["success"], done
    watched.goto(page.as_uri())
    assert silent(watched, "main")
    assert shows_all(watched, "main")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a trainee's own folder, with nothing in it yet."""
    monkeypatch.setenv("ALONGSIDE_HOME", str(tmp_path / "home"))
    prepare_home(this_learner())
    return tmp_path / "home"


@fault(
    TEXT,
    "The same texts in the trainee’s own answers, or in a feedback file from a stranger",
    "The trainee’s pages show the answers as plain text. A strange feedback page can do nothing.",
)
def test_a_trainee_s_pages_run_nothing(watched: Any, home: Path) -> None:
    hand_in.save_trainee(own_home(), "trainee-017")
    folder = places.own_home().exercise_folder(MODULE)
    for view in json.loads((folder / "items.json").read_text())["items"]:
        response = " ".join(HOSTILE) if view["kind"] == "reply" else HOSTILE[0]
        answers.save_response(folder / "answers.json", MODULE, view["id"], view["kind"], response)
    facts = json.dumps(NUMBERS | {"module": MODULE, "trainee": "trainee-017"}).encode()
    strange = "<!doctype html><header></header><main>" + "".join(HOSTILE)
    inbox.keep_feedback(this_learner(), zipped(feedback_json=facts, feedback_html=strange.encode()))
    with serving(home, "learn") as server:
        watched.goto(server.url(f"feedback/{MODULE}"))
        watched.wait_for_timeout(500)
        assert watched.dialogs == []
        assert watched.evaluate("window.rung") == []
        assert watched.away == []
        ready(watched, server.url(f"lessons/exercises/{MODULE}/exercise.ipynb"))
        watched.get_by_role("button", name="See what will be sent").click()
        watched.wait_for_selector(".al-sent")
        assert silent(watched, ".al-sent")
        assert any("<script>" in text for text in watched.locator(".al-sent").all_inner_texts())


@fault(
    TEXT,
    "The same texts in the private journal, as a next step, or as the name on a certificate",
    "The record, the compass and the certificate show them as plain text.",
)
def test_one_s_own_pages_run_nothing(watched: Any, home: Path, tmp_path: Path) -> None:
    record = places.own_home().journal_record(MODULE)
    answers.save_response(record, MODULE, "advice-private-got-me", "reflection", "\n".join(HOSTILE))
    plan.choose(
        own_home(), HOSTILE[0], " ".join(HOSTILE), "07-advice/4-four-rules.ipynb", date(2026, 3, 1)
    )
    name = certificate.certificate_html(own_course(), [], HOSTILE[0])
    (tmp_path / "certificate.html").write_text(name, encoding="utf-8")
    with serving(home, "learn") as server:
        for page in ("record", "compass"):
            ready(watched, server.url(f"lessons/{page}.ipynb"))
            watched.wait_for_timeout(500)
            assert watched.dialogs == []
            assert watched.evaluate("window.rung") == []
            assert watched.away == []
            assert watched.locator("iframe, object, embed, form, svg script").count() == 0
            assert plain("<script>") in plain(watched.inner_text("body"))
    watched.goto((tmp_path / "certificate.html").as_uri())
    assert silent(watched, "main .name")
    assert plain(watched.inner_text(".name")) == plain(HOSTILE[0])
