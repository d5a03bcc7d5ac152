"""The page with the scrollbars that Windows and Linux show, and Options, which lie over it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.page.conftest import Tab, launched
from tests.page.layout import BARS, COVERED, CUT_OFF, OVERLAPS, STICKS_OUT
from tests.page.visit import SCHEMES, WIDTHS, Visit

pytestmark = pytest.mark.usefixtures("flat_pictures")

PROMPT = "A quiet lake"
SIZES = [(1440, 900), (1366, 768), (1101, 768), (901, 700), (720, 450), (390, 844)]


@pytest.fixture(scope="module")
def tab_with_scrollbars(playwright: Playwright) -> Iterator[Tab]:
    """One of a Chromium as on Windows and Linux; Playwright would hide its scrollbars."""
    running = launched(playwright, scrollbars=True)
    yield Tab(running)
    running.close()


@pytest.fixture
def with_scrollbars(tab_with_scrollbars: Tab) -> Iterator[Page]:
    """A newcomer's page in it."""
    yield tab_with_scrollbars.page
    assert tab_with_scrollbars.reset() == []


SETTLED = """async () => {
  const ends = (each) => each.effect.getComputedTiming().endTime < Infinity;
  await Promise.allSettled(document.getAnimations().filter(ends).map((each) => each.finished));
  for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
}"""


def wrong(page: Page) -> dict[str, object]:
    """What is wrong with the layout of what the window shows."""
    page.evaluate(SETTLED)
    asked = {"over": OVERLAPS, "under": COVERED, "out": STICKS_OUT, "cut": CUT_OFF}
    found = {name: page.evaluate(question) for name, question in asked.items()}
    return {name: each for name, each in found.items() if each}


def test_only_what_goes_on_beyond_its_edge_has_a_scrollbar(
    with_scrollbars: Page, demo: str
) -> None:
    page = with_scrollbars
    visit = Visit(page, demo)
    visit.draw(PROMPT)
    for scheme in SCHEMES:
        visit.look(scheme)
        bars = {name: thick for name, *thick in page.evaluate(BARS)}
        assert bars == {"tiles": [8, 0]}
    for name in ("Code", "Response"):
        page.get_by_role("button", name=name, exact=True).click()
    visit.options()
    page.wait_for_timeout(300)  # for what appears late
    assert {name for name, *_ in page.evaluate(BARS)} == {"tiles"}


def test_a_row_that_goes_on_shows_it_on_either_side(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    row = visit.examples.locator(".tiles")
    expect(row).to_have_class(re.compile("goes-on"))
    expect(row).not_to_have_class(re.compile("came-from"))
    expect(row).to_have_css("mask-image", re.compile("gradient"))
    row.evaluate("(it) => { it.scrollLeft = 50; }")
    expect(row).to_have_class(re.compile("came-from"))
    expect(row).to_have_class(re.compile("goes-on"))
    row.evaluate("(it) => { it.scrollLeft = it.scrollWidth; }")
    expect(row).not_to_have_class(re.compile("goes-on"))
    page.set_viewport_size({"width": 1920, "height": 900})  # where there is room for all
    expect(row).to_have_css("mask-image", "none")


def test_nothing_lies_over_anything_else_and_nothing_is_cut(
    with_scrollbars: Page, demo: str
) -> None:
    page = with_scrollbars
    visit = Visit(page, demo)
    found = {}

    def look(state: str, place: Locator | None = None) -> None:
        for size in SIZES:
            visit.resize(*size)
            if place:
                place.scroll_into_view_if_needed()
            found[state, size] = wrong(page)

    look("nothing yet")
    visit.options()
    look("options")
    visit.draw(PROMPT)
    look("drawn")
    for name in ("Code", "Response"):
        page.get_by_role("button", name=name, exact=True).click()
    look("listings")
    for place in (visit.usage, visit.examples, page.get_by_text("Get a key")):
        look(f"{place}", place)
    page.get_by_role("tab", name="Compare").click()
    look("compare")
    assert {where: what for where, what in found.items() if what} == {}


def test_all_options_are_in_view_and_move_nothing(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    for size in [(1366, 768), (1440, 900), (1024, 768), (390, 844)]:
        visit.resize(*size)
        options = visit.options()
        for label in options.locator("fieldset label, button, textarea, [type=checkbox]").all():
            if label.is_visible():
                expect(label).to_be_in_viewport(ratio=1)
        expect(visit.generate).to_be_in_viewport(ratio=1)
        whole = "document.documentElement.scrollHeight"
        with_them = size, page.evaluate(whole), visit.examples.bounding_box()
        page.keyboard.press("Escape")
        expect(page.get_by_label("Seed")).to_be_hidden()
        assert (size, page.evaluate(whole), visit.examples.bounding_box()) == with_them


def left(place: Locator) -> int:
    box = place.bounding_box()
    assert box
    return round(box["x"])


def test_a_model_is_a_line_with_price_and_seconds_in_columns(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.options()
    # Where each piece of text between tabs begins, line by line.
    begins = """(group) => [...group.querySelectorAll('label span')].map((it) => {
      const text = it.firstChild, range = document.createRange(), tops = new Set();
      const lefts = [...text.data.matchAll(/[^\\t]+/g)].map((piece) => {
        range.setStart(text, piece.index);
        range.setEnd(text, piece.index + piece[0].length);
        for (const box of range.getClientRects()) tops.add(Math.round(box.top));
        return Math.round(range.getBoundingClientRect().left);
      });
      return [tops.size, ...lefts];
    })"""
    *imagen, successor = page.get_by_role("group", name="Model").evaluate(begins)
    assert len({tuple(each) for each in imagen}) == 1, "one line each, and the same columns"
    assert imagen[0][1] < imagen[0][2] < imagen[0][3]
    assert successor == imagen[0][:2]
    numbers = [page.get_by_role("radio", name=f"{each}", exact=True) for each in range(1, 5)]
    rows = {box["y"] for each in numbers if (box := each.locator("..").bounding_box())}
    assert len(rows) == 1
    seed = page.get_by_label("Seed").bounding_box()
    assert seed
    for name in ("Reuse the last", "Random"):
        button = page.get_by_role("button", name=name).bounding_box()
        assert button
        assert seed["y"] < button["y"] + button["height"] / 2 < seed["y"] + seed["height"]


def test_options_close_by_escape_by_generate_and_by_what_lies_below(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    button = page.get_by_role("button", name="Options")
    panel = page.get_by_label("Seed")
    for width in WIDTHS:
        visit.resize(width, 844)
        visit.options()
        page.get_by_role("radio", name="2", exact=True).check()
        expect(panel).to_be_visible()
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(button).to_be_focused()

        visit.options()
        visit.draw(f"{PROMPT}, seen {width} wide")
        expect(panel).to_be_hidden()

        visit.options()
        page.get_by_role("tab", name="Create").focus()
        expect(panel).to_be_hidden()


def test_options_in_the_flow_of_a_low_window_stay_where_they_are(page: Page, demo: str) -> None:
    page.set_viewport_size({"width": 844, "height": 390})
    visit = Visit(page, demo)
    visit.options()
    visit.draw(PROMPT)
    expect(page.get_by_label("Seed")).to_be_visible()


def test_four_tall_pictures_stand_side_by_side(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.ratio("9:16").check()
    visit.options()
    page.get_by_role("radio", name="4", exact=True).check()
    visit.draw(PROMPT)
    expect(visit.picture()).to_have_count(4)
    boxes = [box for each in visit.picture().all() if (box := each.bounding_box())]
    assert len({box["y"] for box in boxes}) == 1
    assert min(box["height"] for box in boxes) > 300


def test_in_the_system_s_own_colours_one_sees_what_is_chosen(browser: Browser, demo: str) -> None:
    page = browser.new_page(forced_colors="active", viewport={"width": 1440, "height": 900})
    visit = Visit(page, demo)
    visit.options()
    ground = "(it) => getComputedStyle(it).backgroundColor"
    for group in ("Aspect ratio", "Model", "Number of pictures", "People", "Safety filter"):
        radios = page.get_by_role("group", name=group).get_by_role("radio").all()
        chosen = [each for each in radios if each.is_checked()]
        others = [each for each in radios if each not in chosen]
        shown = {each.locator("..").evaluate(ground) for each in chosen}
        assert len(chosen) == 1
        assert shown.isdisjoint(each.locator("..").evaluate(ground) for each in others)
    rewriting, watermark = (
        page.get_by_label(each).evaluate(ground)
        for each in ("Rewrite my prompt", "Invisible watermark")
    )
    assert rewriting != watermark
    create, compare = (
        page.get_by_role("tab", name=each).evaluate(ground) for each in ("Create", "Compare")
    )
    assert create != compare
    page.close()
