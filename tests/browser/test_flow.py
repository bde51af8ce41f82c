"""The whole way, once: a trainee learns and hands in, a trainer grades, feedback comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from helpers.browser import pick_by_keyboard, press_button, ready, tab_to
from helpers.paths import SCREENSHOTS
from helpers.servers import Server, own_port, serving

from grader.cli import main
from grader.content.items import Item
from grader.formats.answers import read_record
from grader.kinds.keys import load_key
from grader.kinds.scoring import is_automatic, score_response
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook

MODULE = "07-advice"
LESSON = f"lessons/{MODULE}/4-four-rules.ipynb"
EXERCISE = f"lessons/exercises/{MODULE}/exercise.ipynb"
MAP = "lessons/index.ipynb"
TRAINEE = "trainee-017"
TYPED = "It sounds as if you miss it. What have you thought of so far? <b>&"


def practise(page, server: Server) -> None:
    """Choose and type in a lesson, see scores explained, close the course, find all again."""
    ready(page, server.url(LESSON))
    page.locator(".al-choice .al-option input").nth(3).check()
    page.get_by_role("button", name="See feedback").first.click()
    page.locator(".al-choice .al-headline").first.wait_for()
    typed = page.locator(".al-reply").first
    typed.locator("textarea").fill("What have you thought of so far?")
    typed.get_by_role("button", name="See feedback").click()
    typed.locator(".al-headline").wait_for()
    assert typed.locator(".al-reasons li").count() >= 1
    assert typed.get_by_text("Another way to say it").is_visible()
    server.restart()
    ready(page, server.url(LESSON))
    page.get_by_text("Your saved answer").nth(1).wait_for()
    assert page.locator(".al-choice .al-option input").nth(3).is_checked()
    assert page.locator(".al-choice .al-headline").first.is_visible()
    assert (
        page.locator(".al-reply textarea").first.input_value() == "What have you thought of so far?"
    )
    assert page.locator(".al-reply .al-headline").first.is_visible()


def answer_by_keyboard(page, items: dict[str, Item]) -> dict[str, Any]:
    """Answer every question of the exercise without a pointer; return the answers."""
    given = {}
    for number, item in enumerate(items.values()):
        if item.content_note:
            press_button(page, "Show a gentler version")
        given[item.id] = BY_KEYBOARD[item.kind](page, item, number)
        saved = page.locator(".al-card").nth(number).get_by_text("Saved", exact=True)
        saved.wait_for()
    return given


def choose(page, item: Item, number: int) -> str:
    """Go to a list of radio buttons and down to one of them."""
    names = [
        part.id for part in getattr(item, "options", None) or item.lines if can_be_picked(part)
    ]
    wanted = names[number % len(names)]
    pick_by_keyboard(page, wanted)
    return wanted


def can_be_picked(part: Any) -> bool:
    return part.points is not None


def agree(page, item: Item, _: int) -> list[str]:
    press_button(page, "This order is right for me")
    return [part.id for part in item.parts]


def type_reply(page, _item: Item, _number: int) -> str:
    tab_to(page, "node.tagName === 'TEXTAREA'")
    page.keyboard.type(TYPED)
    return TYPED


def talk_through(page, item: Item, number: int) -> list[dict[str, str]]:
    """Say the first reply of each turn, until the talk is at its end."""
    said, here = [], item.graph.start
    turns = {turn.id: turn for turn in item.graph.turns}
    lines = page.locator(".al-card").nth(number).locator(".al-from-you")
    while here in turns:
        first = turns[here].options[0]
        tab_to(page, f"node.className === 'al-say' && node.value === {first.id!r}")
        page.keyboard.press("Enter")
        lines.nth(len(said)).wait_for()
        said.append({"turn": here, "pick": first.id})
        here = first.outcome.goes_to
    return said


BY_KEYBOARD = {"choice": choose, "spot": choose, "order": agree, "reply": type_reply}
BY_KEYBOARD["conversation"] = talk_through


def hand_in_by_keyboard(page, total: int) -> None:
    tab_to(page, "node.type === 'text'")
    page.keyboard.type("../x")
    press_button(page, "Keep this code")
    page.get_by_text("This code cannot be used").wait_for()
    page.locator("input[type=text]").fill("")
    page.locator("input[type=text]").focus()
    page.keyboard.type(TRAINEE)
    press_button(page, "Keep this code")
    page.get_by_text(f"You have answered {total} of {total} questions.").wait_for()
    press_button(page, "See what will be sent")
    page.wait_for_selector("ol.al-sending")
    assert page.locator("ol.al-sending li").count() == total
    assert TYPED in page.locator(".al-sent").all_inner_texts()
    press_button(page, "Make my hand-in file")
    page.get_by_text("Your file is ready").wait_for()
    page.wait_for_function("document.activeElement.textContent === 'Save a copy of the file'")
    heard = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    told = page.locator(f"[id='{heard}']").inner_text()
    assert "Your file is ready" in told
    assert "It is not sent yet. Please send this file to your trainer." in told
    letter = page.get_by_label("A letter to go with it").input_value()
    assert f"My code is {TRAINEE}." in letter
    assert letter.startswith("Hello,")
    mail = page.get_by_role("link", name="Write it in my email program").get_attribute("href")
    assert mail.startswith("mailto:?subject=Hand-in%3A%20module%20")
    assert page.locator(".al-hand-in").get_by_role("link", name="8.1 Ground rules").is_visible()


def open_feedback(page, server: Server, bundle: Path) -> None:
    ready(page, server.url(MAP))
    page.locator("input[type=file]").set_input_files(bundle)
    page.get_by_role("link", name="Read the feedback").click()
    page.get_by_role("heading", level=1).wait_for()
    page.set_viewport_size({"width": 1400, "height": 900})
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "feedback-1400-light.png", full_page=True)


def test_from_lesson_to_marks_and_back(page, tmp_path, root):
    items = load_key(root, MODULE)
    with serving(tmp_path / "home", "learn", *own_port()) as server:
        practise(page, server)
        ready(page, server.url(EXERCISE))
        given = answer_by_keyboard(page, items)
        hand_in_by_keyboard(page, len(items))
        ready(page, server.url(MAP))
        assert page.get_by_role("link", name="Begin 8.1 Ground rules").is_visible()
        page.get_by_role("heading", name="Module 7").click()  # the map is open at the next one
        assert page.get_by_text(f"Done, all {len(items)} questions").is_visible()
        assert page.get_by_text("Hand-in file made on").is_visible()

        bundles = tmp_path / "home" / "hand-in"
        assert main(["collect", str(bundles), "--root", str(root)]) == 0
        assert main(["grade", MODULE, "--root", str(root)]) == 0
        assert main(["feedback", MODULE, "--root", str(root)]) == 0
        assert main(["export", "csv", "--root", str(root)]) == 0

        entry = read_gradebook(default_db_url(root), MODULE)[TRAINEE]
        scores = {name: score_response(item, given[name]) for name, item in items.items()}
        automatic = {name for name, item in items.items() if is_automatic(item)}
        assert {name: entry.marks[name].points for name in automatic} == {
            name: scores[name].points for name in automatic
        }
        assert entry.waiting == len(items) - len(automatic)
        csv = (root / "exports" / "marks.csv").read_text(encoding="utf-8-sig").splitlines()
        assert any(line.startswith(f"{TRAINEE},{MODULE},waiting for trainer,") for line in csv)
        sent = read_record(root / "submitted" / TRAINEE / MODULE / "answers.json", MODULE)
        hard = {name for name, item in items.items() if item.content_note}
        assert sent.versions == dict.fromkeys(hard, "gentle")
        assert hard

        open_feedback(page, server, next((root / "feedback-bundles").glob("*-DRAFT.zip")))
        text = page.inner_text("body")
        assert TYPED in text
        assert "If you need help now" in text
        assert page.get_by_role("link", name="Course map").is_visible()
        ready(page, server.url(MAP))
        assert page.get_by_role("link", name="Read your feedback on module 7").is_visible()
        assert page.errors == []
        page.goto((root / "feedback" / TRAINEE / MODULE / "exercise.html").as_uri())
        assert Axe().run(page).response["violations"] == []


def test_a_feedback_page_may_do_nothing_but_be_read(page, tmp_path):
    with serving(tmp_path / "home", "learn") as server:
        kept = server.home / "feedback" / f"{MODULE}.html"
        kept.parent.mkdir(parents=True)
        kept.write_text(
            "<title>x</title><header></header><h1>x</h1><script>document.title='ran'</script>"
            "<img src='http://127.0.0.1:9/away.png'>"
            f'<p><span data-lesson="{MODULE}/1-four-principles.ipynb">7.1 Four</span>'
            '<span data-lesson="//127.0.0.1:9/away">elsewhere</span></p>'
        )
        page.goto(server.url(f"feedback/{MODULE}"))
        assert page.title() == "x"
        assert page.get_by_role("link").all_inner_texts() == [
            "Course map",
            "Pause, this is a lot",
            "7.1 Four",
        ]
        # Both ways lead on, with the log-in that the page itself was shown by.
        page.get_by_role("link", name="7.1 Four").click()
        page.get_by_role("heading", level=1, name="Four helpful principles").first.wait_for()
        page.go_back()
        page.get_by_role("link", name="Course map").click()
        page.get_by_role("heading", level=1, name="Alongside").first.wait_for()
