"""A trainee takes a lesson under JupyterHub: the hub signs them in and starts their pages."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import hub
from helpers.tools import missing

LESSON = "01-definitions/1-what-it-is.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    if importlib.util.find_spec("jupyterhub") is None or not hub.PROXY.exists():
        missing("JupyterHub is not here, or its proxy (npm ci)")
    with hub.running(folder) as address:
        yield address


def sign_in(page, address: str, name: str) -> None:
    page.goto(f"{address}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("together")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/user/{name}/lessons/index.ipynb", timeout=60_000)


def test_a_trainee_does_a_lesson_and_another_sees_nothing_of_it(page, chromium, address, folder):
    sign_in(page, address, "trainee-017")
    page.get_by_role("link", name="Begin 1.1 What peer support is").click()
    page.get_by_role("link", name="Everything on one page").locator("visible=true").click()
    card = page.locator(".al-card").first
    card.locator("input").first.check()
    card.get_by_role("button", name="See feedback").click()
    card.locator(".al-feedback h3, .al-feedback h4").first.wait_for()
    page.reload()
    card.get_by_text("Your saved answer").wait_for()
    assert not page.errors
    homes = folder / "homes"
    record = homes / "trainee-017" / "Alongside" / "practice" / "01-definitions.json"
    assert json.loads(record.read_text())["items"]
    other = chromium.new_context().new_page()
    sign_in(other, address, "trainee-003")
    other.goto(f"{address}/user/trainee-003/lessons/{LESSON}#all")
    other.locator(".al-card").first.wait_for()
    assert not other.locator("input:checked").count()
    refused = other.goto(f"{address}/user/trainee-017/lessons/{LESSON}")
    assert refused.status in (403, 404)
    assert not other.locator(".al-card").count()
    other.context.close()


def test_a_page_of_who_has_signed_out_says_so_and_keeps_the_words(page, address):
    sign_in(page, address, "trainee-020")
    page.goto(f"{address}/user/trainee-020/lessons/{LESSON}#all")
    card = page.locator(".al-card").first
    card.wait_for()
    page.context.clear_cookies()
    card.locator("input").first.check()
    card.get_by_text("This page is no longer signed in").wait_for()
    assert card.locator("input").first.is_checked()
