"""The host's page in a real browser: readable anywhere, quiet, and of use to everybody."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from imagen_demo.domain.errors import OverBudget
from imagen_demo.launch import Demo, build
from imagen_demo.logs import DRAWN, Entry
from imagen_demo.settings import Settings
from tests.page.axe import violations
from tests.page.visit import SCHEMES, WIDTHS

PASSWORD = "sesame"  # noqa: S105 - a test's
MODEL = "google/imagen-4.0-generate-001"


def note(demo: Demo, outcome: str = DRAWN, *, browser: str = "", came: object = None) -> None:
    asked = Entry(visitor="room", model=MODEL, outcome=outcome, seconds=6, prompt="p", pictures=1)
    demo.answering.drawing.figures.note(asked, browser=browser, came=came)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Demo]]:
    folder: Path = tmp_path_factory.mktemp("host")
    demo = build(
        Settings(host_password=PASSWORD, host_key="0123456789abcdef", pictures=folder / "pictures")
    )
    for number in range(4):
        note(demo)
        note(demo, "OverBudget", browser=f"b{number}", came=OverBudget(reason="visitor"))
    try:
        yield demo.serve(prevent_thread_lock=True, quiet=True), demo
    finally:
        demo.page.close(verbose=False)


def enter(browser: Browser, url: str, **look: Any) -> Page:  # noqa: ANN401 - Playwright's options
    page = browser.new_context(**look).new_page()
    page.goto(f"{url}host")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="Who draws")).to_be_visible()
    return page


def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Browser, served: tuple[str, Demo]
) -> None:
    url, _ = served
    page = enter(browser, url)
    page.get_by_label("Dollars in all").fill("5")
    page.get_by_role("button", name="Set for today").click()
    expect(page.get_by_text("The day's budget is $5.00 until")).to_be_visible()
    for scheme, width in product(SCHEMES, WIDTHS):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_focused()
    assert violations(page) == ""
    page.context.close()


def test_figures_are_refreshed_while_what_is_typed_stays(
    browser: Browser, served: tuple[str, Demo]
) -> None:
    url, demo = served
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{url}host")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open").click()
    drawn = page.get_by_role("region", name="Pictures")
    before = int(drawn.locator(".large").inner_text())
    page.get_by_label("Dollars in all").fill("7")
    note(demo)
    page.clock.run_for(11_000)
    expect(drawn.locator(".large")).to_have_text(str(before + 1))
    expect(page.get_by_label("Dollars in all")).to_have_value("7")
    context.close()


def test_a_room_is_pointed_out_and_allowed_more_by_one_choice(
    browser: Browser, served: tuple[str, Demo]
) -> None:
    url, _ = served
    page = enter(browser, url)
    expect(page.get_by_text("4 browsers come from one address")).to_be_visible()
    page.get_by_label("Instead of 10 pictures per hour").fill("100")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("100 pictures for visitor")).to_be_visible()
    visitor = page.context.new_page()
    visitor.goto(url)
    expect(visitor.locator(".masthead")).to_contain_text("see what Google")
    page.get_by_label("Instead of 10 pictures per hour").fill("20")
    page.get_by_role("region", name="For an hour").get_by_role("combobox").select_option(
        "each visitor"
    )
    page.get_by_role("button", name="Allow").click()
    visitor.reload()
    expect(visitor.locator(".masthead")).to_contain_text("pays for 20 pictures of yours")
    page.context.close()
