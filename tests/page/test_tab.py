"""The tab that is kept: nothing of a visit is left for the next one, and no complaint is lost."""

from playwright.sync_api import expect

from tests.page.conftest import Tab
from tests.page.visit import Visit

STORED = "[{...localStorage}, {...sessionStorage}, document.cookie]"


def test_a_tab_that_was_reset_is_a_newcomers(kept_tab: Tab, demo: str) -> None:
    page = kept_tab.page
    visit = Visit(page, demo)
    visit.draw("A lake to forget")
    page.evaluate("localStorage.mine = sessionStorage.mine = document.cookie = 'mine=1'")
    assert kept_tab.reset() == []
    page.goto(f"{demo}healthz")
    assert page.evaluate(STORED) == [{}, {}, ""]
    visit = Visit(page, demo)
    expect(visit.prompt).to_have_value("")
    expect(visit.tile("A lake to forget")).to_have_count(0)
    assert kept_tab.reset() == []


def test_a_tab_tells_once_what_was_wrong(kept_tab: Tab, demo: str) -> None:
    kept_tab.page.goto(f"{demo}healthz")
    kept_tab.page.evaluate("console.error('a complaint')")
    thrown = (
        "new Promise((end) => { setTimeout(() => { throw Error('a fault'); }); setTimeout(end); })"
    )
    kept_tab.page.evaluate(thrown)
    assert kept_tab.reset() == ["a complaint", "a fault"]
    assert kept_tab.reset() == []


def test_a_tab_tells_what_its_page_asked_for_elsewhere(kept_tab: Tab) -> None:
    page = kept_tab.page
    with page.expect_console_message():
        page.evaluate("() => { new Image().src = 'https://elsewhere.example/a.png'; }")
    (told,) = kept_tab.reset()
    assert "https://elsewhere.example/a.png" in told

    frame = "<iframe src=https://elsewhere.example/></iframe>"
    with page.expect_event("framenavigated", lambda it: it.url.startswith("chrome-error:")):
        page.evaluate(f"document.body.innerHTML = '{frame}'")
    assert kept_tab.reset() == ["asked elsewhere for a frame"]
