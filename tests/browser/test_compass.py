"""One's own pages in Chromium: rate, practise, see both, choose a step, take all, delete all."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import pick_by_keyboard, press_button, ready, tab_to
from helpers.content import course_skills
from helpers.feedback_file import NUMBERS, every_module
from helpers.paths import SCREENSHOTS
from helpers.servers import Server, serving

from grader.formats import answers, statement
from grader.places import own_course, own_home, this_learner
from grader.skills import bank
from grader.skills.profile import ENOUGH
from grader.trainee import verifying
from grader.trainer.feedback.signing import new_key, signer_of

PAGES = {name: f"lessons/{name}.ipynb" for name in ("skills", "compass", "record")}
MODULE, LESSON = "07-advice", "lessons/07-advice/4-four-rules.ipynb"
EXERCISE = f"lessons/exercises/{MODULE}/exercise.ipynb"
SKILL, NAME = "demeanour", "Manner"
STRONGEST = "Which of these skills are you strongest in?"
WROTE, TYPED = "I stay when it gets quiet.", "Which of your own thoughts came up first?"


def rate_in_the_browser(page, server: Server) -> None:
    ready(page, server.url(PAGES["skills"]))
    page.get_by_text("1 of 11", exact=True).wait_for()
    card = page.locator(".al-card:visible")
    while f"{NAME}: which sentence" not in card.inner_text():
        press_button(page, "Next")
        assert card.count() == 1
    pick_by_keyboard(page, "c")
    card.get_by_text("Saved", exact=True).wait_for()
    page.get_by_text("1 of 11 rated").wait_for()
    press_button(page, "Back")
    assert NAME not in card.inner_text()
    assert page.get_by_text("Nobody else sees it").count() == 1  # on the whole page


def practise(page, server: Server, home: Path) -> int:
    """Answer one card in a lesson, and more of one skill on disk; return how many."""
    ready(page, server.url(LESSON))
    card = page.locator(".al-reply").first
    card.locator("textarea").fill(TYPED)
    card.get_by_role("button", name="See feedback").click()
    card.locator(".al-headline").wait_for()
    count = 0
    for module, items in bank.practice_bank(own_course()).modules.items():
        for item in items.values():
            if item.kind == "choice" and SKILL in item.skills and count < ENOUGH + 1:
                best = max(item.options, key=lambda option: option.points)
                place = home / "practice" / f"{module}.json"
                answers.save_response(place, module, item.id, "choice", best.id, tried=True)
                count += 1
    return count


def choose_a_step(page) -> str:
    """Choose the second step by keyboard alone."""
    tab_to(page, "node.type === 'radio'")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".al-option:has(input:checked)").inner_text()
    press_button(page, "Keep this step")
    page.get_by_text("Saved", exact=True).last.wait_for()  # a card above may say so as well
    return chosen


def see_both(page, server: Server) -> None:
    ready(page, server.url(PAGES["compass"]))
    page.get_by_text("All skills, as a picture with numbers").click()
    shown = page.locator(".al-picture").get_by_role("img").first
    assert shown.evaluate("image => image.getBoundingClientRect().width") > 300
    page.locator(".al-picture summary").first.click()
    row = page.get_by_role("row", name=re.compile(NAME)).first.inner_text()
    assert "could show it" in row
    assert "100%" in row
    assert page.get_by_text("Only you can see this.").is_visible()
    assert page.get_by_text("unless you choose to share it").count() == 1  # on the whole page


def files_with(home: Path, *words: str) -> list[tuple[str, str]]:
    """Return every file, also hidden ones, that still holds one of the words."""
    return [
        (path.name, word)
        for path in home.rglob("*")
        if path.is_file()
        for word in words
        if word.encode() in path.read_bytes() or word in path.name
    ]


def delete_by_keyboard(page, server: Server) -> None:
    ready(page, server.url(PAGES["record"]))
    press_button(page, "Delete everything")
    page.keyboard.type("no")
    press_button(page, "Delete it all now")
    page.get_by_text("Nothing was deleted.").wait_for()
    page.locator("input[type=text]").last.fill("")
    page.locator("input[type=text]").last.focus()
    page.keyboard.type("delete")
    page.keyboard.press("Enter")
    page.get_by_text("Everything is deleted.").wait_for()


@pytest.mark.slow
def test_from_the_first_rating_to_nothing_left(page, tmp_path):
    home = tmp_path / "home"
    with serving(home, "learn") as server:
        rate_in_the_browser(page, server)
        assert practise(page, server, home) > ENOUGH
        see_both(page, server)
        page.get_by_label(STRONGEST).fill(WROTE)
        page.get_by_text("Saved", exact=True).first.wait_for()
        ready(page, server.url(PAGES["compass"]))
        chosen = choose_a_step(page)
        assert page.errors == []
    with serving(home, "learn") as server:  # closed, and opened again another day
        see_both(page, server)
        assert (
            page.get_by_label("Which of these skills are you strongest in?").input_value() == WROTE
        )
        page.get_by_text(chosen).first.wait_for()
        page.get_by_text("Your next step, chosen on").wait_for()
        ready(page, server.url(PAGES["record"]))
        page.get_by_text("Your compass: 1 entry").click()
        assert page.get_by_text(WROTE).is_visible()
        assert page.get_by_text(chosen).is_visible()
        mine = (WROTE, TYPED, chosen[:40], "advice-four-rules", f"before-{SKILL}", "response")
        assert len({word for _, word in files_with(home, *mine)}) >= 4
        delete_by_keyboard(page, server)
        assert files_with(home, *mine, "journal", "plan.json") == []
        left = page.evaluate(
            "Object.keys(sessionStorage).filter(key => key.startsWith('alongside'))"
        )
        assert left == []
        ready(page, server.url(PAGES["compass"]))
        assert page.get_by_text("There is not enough practice yet").is_visible()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory):
    """Serve a home with ratings, practice, a journal, an older step and all marks."""
    home = tmp_path_factory.mktemp("filled") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALONGSIDE_HOME", str(home))
        fill(home)
    with serving(home, "learn", JUPYTER_CONFIG_DIR=str(home / "no-config")) as server:
        yield server


def fill(home: Path) -> None:
    from helpers.ratings import practise as answer_some
    from helpers.ratings import rate

    from grader.trainee import plan, released
    from grader.trainee.home import prepare_home

    prepare_home(this_learner())
    for number, skill in enumerate(course_skills()):
        for moment in ("before", "after", "then"):
            rate(moment, skill, "abc"[number % 3])
    answer_some(SKILL, 4, well=True)
    answer_some("communication", 5, well=False)
    plan.choose(
        own_home(), SKILL, "Try lesson 7.4.", "07-advice/4-four-rules.ipynb", plan.date(2026, 3, 1)
    )
    journal = home / "journal" / f"{MODULE}.json"
    item = next(
        i
        for i in bank.practice_bank(own_course()).modules[MODULE].values()
        if i.kind == "reflection"
    )
    answers.save_response(journal, MODULE, item.id, "reflection", WROTE)
    new_key(home.parent)
    for module in every_module():
        made = statement.Statement("trainee-001", module, "5.5", "10", "2026-03-01", "0.1.0")
        sign = signer_of(home.parent)
        made = statement.judged(made, sign.syllabus.rule, sign.syllabus.titles[module])
        signed = statement.to_data(sign(made))
        numbers = {**NUMBERS, "module": module, "waiting": 0, "signed": signed}
        released.keep(own_home(), module, json.dumps(numbers).encode())


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_a_narrow_page_fits(page, filled, name):
    ready(page, filled.url(PAGES[name]))
    for summary in page.locator("main summary").all():
        if summary.is_visible():
            summary.click()
    if name == "record":
        page.get_by_role("button", name="Delete everything").click()
    SCREENSHOTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENSHOTS / f"{name}-1400-{scheme}.png", full_page=True)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    page.set_viewport_size({"width": 400, "height": 800})
    page.screenshot(path=SCREENSHOTS / f"{name}-400-dark.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert not [url for url in page.requests if not url.startswith((filled.base, "data:", "blob:"))]


WORDS_OF_A_PICTURE = """picture => [...picture.querySelectorAll("text")].map(words => {
  const [inner, outer] = [words, picture].map(each => each.getBoundingClientRect());
  const size = parseFloat(getComputedStyle(words).fontSize) * picture.getScreenCTM().a;
  const within = inner.left >= outer.left && inner.right <= outer.right
    && inner.top >= outer.top && inner.bottom <= outer.bottom;
  return [words.textContent, size, within];
})"""


def test_the_words_of_pictures_can_be_read_on_a_narrow_page(page, filled):
    page.set_viewport_size({"width": 400, "height": 800})
    ready(page, filled.url(PAGES["compass"]))
    page.get_by_text("All skills, as a picture with numbers").click()
    pictures = page.locator("svg.al-chart:visible")
    assert pictures.count() == 1
    for picture in pictures.all():
        for words, size, within in picture.evaluate(WORDS_OF_A_PICTURE):
            assert size >= 12, words
            assert within, words
    assert page.get_by_role("img", name="Highest: ").count() == 1


def test_a_step_of_another_day_is_asked_about(page, filled):
    step = {"skill": SKILL, "text": "Try it.", "link": "07-advice/x.ipynb", "chosen": "2026-03-01"}
    kept = filled.home / "journal" / "plan.json"
    kept.write_text(json.dumps({"format": 1, "steps": [step]}))
    ready(page, filled.url(PAGES["compass"]))
    page.get_by_text(re.compile("On 1 March( 2026)? you chose this step:")).wait_for()
    press_button(page, "Keep this answer")
    page.get_by_text("Choose how it went first.").wait_for()
    page.get_by_role("radio", name="Done").focus()
    page.keyboard.press("Space")
    press_button(page, "Keep this answer")
    page.get_by_text("Which one will you take next?").wait_for()
    assert json.loads(kept.read_text())["steps"][0]["outcome"] == "done"


def test_a_certificate_prints_on_one_page_and_holds(page, filled, tmp_path):
    ready(page, filled.url(PAGES["record"]))
    name = page.get_by_label("Your name, if you want it on the page")
    name.fill("Kim <i>Example</i>")
    page.get_by_role("button", name="Make my certificate").click()
    page.get_by_text("This name cannot be used.").wait_for()
    name.fill("Kim O’Example")
    page.get_by_role("button", name="Make my certificate").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save a copy of the file").click()
    file = tmp_path / "certificate.html"
    saved.value.save_as(file)
    key = filled.home.parent / statement.PUBLIC_KEY
    assert len(verifying.verify(own_course(), file, key)) == len(every_module())
    page.get_by_role("link", name="Open the certificate").click()
    page.get_by_role("heading", name="Certificate").wait_for()
    assert page.get_by_text("Kim O’Example").is_visible()
    page.goto(file.as_uri())  # the course shows it where no script may run, not even axe
    assert Axe().run(page).response["violations"] == []
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert len(pdf) > 20_000


def test_a_copy_of_everything_can_be_saved(page, filled, tmp_path):
    ready(page, filled.url(PAGES["record"]))
    press_button(page, "Make a copy of everything")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save a copy of the file").click()
    saved.value.save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as copy:
        assert WROTE in copy.read("journal.txt").decode()


def test_parts_to_share_are_ticked_by_keyboard_and_none_is_before(page, filled):
    (filled.home / "trainee.json").write_text('{"format": 1, "trainee": "trainee-001"}')
    ready(page, filled.url(EXERCISE))
    page.get_by_role("button", name="See what will be sent").click()
    page.get_by_text("Do you want to share more with your trainer?").wait_for()
    assert page.locator(".al-share input:checked").count() == 0
    page.get_by_text("What would be sent: What I wrote for myself").click()
    assert page.get_by_text(WROTE).is_visible()
    assert Axe().run(page).response["violations"] == []
    page.locator(".al-share").first.scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / "share.png")
    page.locator("h3", has_text="This will be sent").focus()
    tab_to(page, "node.type === 'checkbox' && node.value === 'reflections'")
    page.keyboard.press("Space")
    press_button(page, "Make my hand-in file")
    page.get_by_text("Your file is ready").wait_for()
    (bundle,) = (filled.home / "hand-in").glob("*.zip")
    with zipfile.ZipFile(bundle) as packed:
        assert list(json.loads(packed.read("shared.json"))["parts"]) == ["reflections"]


def test_the_skills_can_be_opened_on_their_own(page, tmp_path):
    with serving(tmp_path / "home", "learn", "--only", "skills") as server:
        assert "skills.ipynb" in server.address
        ready(page, server.address)
        page.get_by_role("heading", name="Your skills", level=1).wait_for()
        links = page.get_by_role("navigation").get_by_role("link").all_inner_texts()
        assert links == ["Alongside", "Your skills", "Your compass", "The whole course"]
        page.get_by_role("link", name="The whole course").click()
        page.get_by_text("Module 1: What peer support is").wait_for()


def test_thinking_back_is_a_question_of_its_own(page, filled):
    ready(page, filled.url(PAGES["skills"]))
    page.locator("summary", has_text="Thinking back").click()
    card = page.locator(".al-card", has_text="the person you were then").first
    card.get_by_role("radio").first.wait_for()
    assert card.get_by_role("radio").count() == 4
