"""For everyone: what a screen reader is told, what a keyboard reaches, what large letters keep."""

import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.demos import running_demo
from tests.page.axe import violations
from tests.page.layout import CUT_OFF, SHOWS_FOCUS
from tests.page.test_compare import Comparison
from tests.page.visit import WIDTHS, Held, Scheme, Visit
from tests.stand_ins import Fake

pytestmark = pytest.mark.usefixtures("flat_pictures")

PROMPT = "A quiet lake"


def nothing_yet(visit: Visit) -> None:
    expect(visit.picture()).to_be_visible()


def options_open(visit: Visit) -> None:
    visit.options()
    visit.page.get_by_role("radio", name="3", exact=True).check()


def several_drawn(visit: Visit) -> None:
    visit.draw(PROMPT)
    expect(visit.tile(PROMPT)).to_have_count(3)


def one_drawn(visit: Visit) -> None:
    visit.options()
    visit.page.get_by_role("radio", name="1", exact=True).check()
    visit.draw(PROMPT)
    expect(visit.tile(PROMPT)).to_have_count(4)


def listings_open(visit: Visit) -> None:
    for name in ("Code", "Response"):
        visit.page.get_by_role("button", name=name, exact=True).click()
    expect(visit.page.get_by_role("tab", name="cURL")).to_be_visible()


def failed(visit: Visit) -> None:
    visit.key.fill("sandbox-invalid")
    visit.generate.click()
    expect(visit.notice).to_contain_text("does not know this key")


def key_checked(visit: Visit) -> None:
    visit.key.fill("sandbox-fine")
    visit.page.get_by_role("button", name="Check key").click()
    expect(visit.page.get_by_label("Key check")).to_contain_text("Key works")


def blocked(visit: Visit) -> None:
    visit.prompt.fill(f"{PROMPT} [blocked]")
    visit.generate.click()
    expect(visit.notice).to_contain_text("The safety filter")


def to_compare(visit: Visit) -> None:
    Comparison(visit.page)


def compared(visit: Visit) -> None:
    visit.prompt.fill(PROMPT)
    comparison = Comparison(visit.page)
    comparison.go.click()
    expect(comparison.picture("Rewriting off")).to_be_visible()


STATES: tuple[Callable[[Visit], None], ...] = (
    *(nothing_yet, options_open, several_drawn, one_drawn, listings_open),
    *(failed, key_checked, blocked, to_compare, compared),
)
"""Each goes on from the one before."""


LOOKS: tuple[tuple[tuple[Scheme, int], ...], ...] = (
    (("dark", 390), ("light", 1440)),
    (("light", 390), ("dark", 1440)),
)
"""A state is looked at in two, both widths and both schemes; the next one in the other two."""


def test_axe_finds_nothing(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    found = {}
    for state, looks in zip(STATES, cycle(LOOKS), strict=False):
        state(visit)
        for scheme, width in looks:
            visit.look(scheme)
            visit.resize(width, 900)
            found[state.__name__, scheme, width] = violations(page)
    assert not any(found.values()), "\n".join(f"{where}: {what}" for where, what in found.items())


def test_axe_finds_nothing_where_there_is_no_picture_yet(page: Page, tmp_path: Path) -> None:
    with running_demo(Fake(), gallery=tmp_path) as url:
        visit = Visit(page, url)
        expect(visit.rewritten).to_contain_text("appears here")
        assert violations(page) == ""


def test_axe_finds_nothing_while_something_is_waited_for(
    page: Page, held: tuple[str, Held]
) -> None:
    url, service = held
    visit = Visit(page, url)
    visit.prompt.fill(PROMPT)
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    found = violations(page)
    service.arrives.set()
    assert found == ""


def tab_to(page: Page, target: Locator, *, steps: int = 40) -> None:
    """Press Tab until it has the focus, as a person would; it must be seen to have it."""
    for _ in range(steps):
        page.keyboard.press("Tab")
        if target.evaluate("(it) => it === document.activeElement"):
            assert target.evaluate(SHOWS_FOCUS), f"{target} does not show the focus"
            return
    raise AssertionError(f"{target} was not reached")


def test_a_visit_by_keyboard_alone(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    expect(visit.examples.get_by_role("button").first).to_be_visible()
    keys = page.keyboard

    tab_to(page, visit.prompt)
    keys.type(PROMPT)
    tab_to(page, visit.ratio("16:9"), steps=1)  # the group is one stop, and the chosen one is it
    keys.press("ArrowRight")
    expect(visit.ratio("3:4")).to_be_checked()
    expect(visit.ratio("3:4")).to_be_focused()
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    expect(visit.ratio("9:16")).to_be_checked()
    tab_to(page, visit.key, steps=1)
    keys.type("sandbox-fine")
    tab_to(page, page.get_by_role("button", name="Check key"), steps=1)
    keys.press("Enter")
    expect(page.get_by_label("Key check")).to_contain_text("Key works")
    tab_to(page, visit.generate, steps=2)
    keys.press("Enter")
    expect(visit.notice).to_contain_text("Drawn")
    expect(visit.usage).to_contain_text(re.compile("768.1408"))

    options = page.get_by_role("button", name="Options", exact=True)
    expect(options).to_have_attribute("aria-expanded", "false")
    tab_to(page, options, steps=2)
    keys.press("Enter")
    expect(options).to_have_attribute("aria-expanded", "true")
    keys.press("Enter")
    expect(options).to_have_attribute("aria-expanded", "false")

    use = page.get_by_role("button", name="Use this prompt")
    tab_to(page, use)
    keys.press("Enter")
    expect(visit.prompt).to_be_focused()
    expect(visit.notice).to_contain_text("The rewrite is your prompt now.")
    back = page.get_by_role("button", name="Put my prompt back")
    tab_to(page, back)
    keys.press("Enter")
    expect(visit.prompt).to_have_value(PROMPT)
    expect(visit.prompt).to_be_focused()

    tab_to(page, visit.examples.get_by_role("button").first)
    keys.press("Enter")
    expect(visit.notice).to_contain_text("Nothing was spent.")
    tab_to(page, visit.tile(PROMPT))
    keys.press("Enter")
    expect(visit.notice).to_contain_text("Your picture of")

    tab_to(page, page.get_by_role("button", name=f"Remove {PROMPT}"))
    keys.press("Enter")
    keys.press("Enter")
    expect(visit.strip).to_contain_text("each one you make is kept here")
    # Not at the top of the page, but beside what is gone.
    expect(page.get_by_role("button", name="Open a picture")).to_be_focused()


def test_a_click_on_the_picture_fills_the_screen_with_it(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    expect(visit.picture()).to_be_visible()
    button = page.get_by_role("button", name="Full screen", exact=True)
    for opens in (visit.picture(), button):
        opens.click()
        page.wait_for_function("document.fullscreenElement?.querySelector('img')")
        width, height = page.evaluate("[innerWidth, innerHeight]")
        box = visit.picture().bounding_box()
        assert box
        assert (box["width"], box["height"]) == (width, height)
        opens.click()
        page.wait_for_function("!document.fullscreenElement")


def test_one_of_several_pictures_is_shown_large_until_it_is_clicked_again(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    options_open(visit)
    several_drawn(visit)
    second = visit.picture().nth(1)
    small = second.bounding_box()
    second.click()
    expect(visit.rewritten).to_contain_text("picture 2 of 3")
    large = second.bounding_box()
    assert small
    assert large
    assert large["width"] > 1.4 * small["width"]
    for other in visit.picture().all():
        expect(other).to_be_in_viewport(ratio=1)
    second.click()
    assert second.bounding_box() == small


def test_the_picture_s_buttons_are_one_stop_each(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    expect(visit.picture()).to_be_visible()
    tab_to(page, page.locator("#picture button:has(img)"))
    tab_to(page, page.get_by_role("button", name="Full screen", exact=True), steps=1)
    tab_to(page, page.locator("#picture").get_by_role("link"), steps=1)


def test_the_tabs_are_a_keyboard_s_too(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.prompt.fill(PROMPT)
    tab_to(page, page.get_by_role("tab", name="Compare"))
    page.keyboard.press("Enter")
    panel = page.get_by_role("tabpanel", name="Compare")
    expect(panel).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Rewriting on and off"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Fast, Standard, Ultra")).to_be_checked()
    expect(panel.get_by_role("group", name="Ultra", exact=True)).to_be_visible()


def test_whoever_cancels_goes_on_where_they_began(page: Page, held: tuple[str, Held]) -> None:
    visit = Visit(page, held[0])
    visit.prompt.fill(PROMPT)
    for width in WIDTHS:
        visit.resize(width, 900)
        visit.generate.press("Enter")
        expect(visit.notice).to_contain_text("Drawing")
        assert held[1].begun.wait(60)
        tab_to(page, page.get_by_role("button", name="Cancel"))
        page.keyboard.press("Enter")
        expect(visit.notice).to_contain_text("Stopped waiting.")
        expect(visit.generate).to_be_focused()
        held[1].begun.clear()


def test_enter_in_the_prompt_draws_at_every_width(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    for width in WIDTHS:
        visit.resize(width, 900)
        prompt = f"{PROMPT}, seen {width} wide"
        visit.prompt.fill(prompt)
        visit.prompt.press("Enter")
        expect(visit.notice).to_contain_text("Drawn")
        expect(visit.notice).to_contain_text(prompt)


def test_every_group_of_options_is_one_stop_with_arrow_keys(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.options()
    tab_to(page, page.get_by_role("radio", name=re.compile(r"^Imagen 4\s+\$")))
    tab_to(page, page.get_by_role("radio", name="1", exact=True), steps=1)
    page.keyboard.press("ArrowLeft")  # around, and not into another group
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile("^Imagen 4 Fast"))).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name=re.compile(r"^Imagen 4\s+\$"))).to_be_checked()


def test_whoever_clicked_elsewhere_is_not_called_back(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw(PROMPT)
    visit.tile(PROMPT).focus()
    page.mouse.click(1435, 890)  # where nothing is
    page.evaluate("document.querySelector('#yours .tiles').remove()")
    page.wait_for_timeout(100)  # for what must not happen
    assert page.evaluate("document.activeElement === document.body")


def test_messages_are_read_out_by_a_place_that_was_there_before(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.notice.evaluate("(it) => { window.place = it.parentElement; }")
    assert page.evaluate("window.place.ariaLive") == "polite"
    visit.draw(PROMPT)
    assert visit.notice.evaluate("(it) => it.parentElement === window.place")
    expect(page.get_by_role("status", name="Message", exact=True)).to_contain_text("Drawn")
    visit.key.fill("sandbox-invalid")
    visit.generate.click()
    expect(page.get_by_role("alert", name="Message", exact=True)).to_contain_text("this key")
    # The clock would be read out every second.
    assert visit.notice.locator(".clock:not([aria-hidden=true])").count() == 0


def test_nothing_sticks_out_sideways(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw("Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4)
    for tab in ("Create", "Compare"):
        page.get_by_role("tab", name=tab).click()
        for size in [(390, 844), (820, 1180), (1280, 720), (1440, 900), (1920, 1080)]:
            visit.resize(*size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], tab


# Where it lies within what is seen of its place.
CUT = """(it) => {
  const whole = it.getBoundingClientRect();
  const {top, bottom, left, right} = document.querySelector('#picture').getBoundingClientRect();
  return [top - whole.top, whole.bottom - bottom, left - whole.left, whole.right - right]
    .filter((by) => by > 1.5);
}"""


def test_a_picture_is_never_cut(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    for ratio in ("9:16", "16:9"):
        visit.ratio(ratio).check()
        visit.draw(f"{PROMPT}, {ratio}")
        expect(visit.picture()).to_have_js_property("complete", value=True)
        for size in [(390, 844), (720, 450), (820, 1180), (1440, 900)]:
            visit.resize(*size)
            assert (ratio, size, visit.picture().evaluate(CUT)) == (ratio, size, [])
            fit = visit.picture().evaluate("(it) => getComputedStyle(it).objectFit")
            assert fit == "contain"


def test_the_whole_story_is_on_one_screen(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw(PROMPT)
    for size in [(1440, 900), (1920, 1080)]:
        visit.resize(*size)
        for part in (visit.prompt, visit.generate, visit.picture(), visit.rewritten, visit.usage):
            expect(part).to_be_in_viewport(ratio=1)
        expect(visit.examples.get_by_role("button").first).to_be_in_viewport(ratio=1)
        boxes = [each.bounding_box() for each in (visit.picture(), visit.rewritten, visit.usage)]
        areas = [box["width"] * box["height"] for box in boxes if box]
        assert areas[0] > 2 * max(areas[1:])


def test_opening_options_moves_nothing_beside_it(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    expect(visit.examples.get_by_role("button").first).to_be_visible()
    before = visit.examples.bounding_box()
    visit.options()
    assert visit.examples.bounding_box() == before


@pytest.mark.parametrize("size", [(390, 844), (820, 1180)])
def test_on_a_phone_generate_stays_under_the_thumb(
    page: Page, demo: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    visit = Visit(page, demo)
    visit.prompt.fill(PROMPT)
    for place in (visit.prompt, visit.picture(), visit.examples, page.get_by_text("Get a key")):
        place.scroll_into_view_if_needed()
        expect(visit.generate).to_be_in_viewport(ratio=1)
        box = visit.generate.bounding_box()
        assert box
        assert box["y"] > size[1] * 0.8
    # It lies above what is largest, too.
    visit.options()
    expect(page.get_by_label("Seed")).to_be_visible()
    visit.generate.click(trial=True)
    page.keyboard.press("Escape")
    # What is last on the page is not under it.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last, button = page.get_by_text("Get a key").bounding_box(), visit.generate.bounding_box()
    assert last
    assert button
    assert last["y"] + last["height"] <= button["y"]
    order = [visit.prompt, visit.ratio("1:1"), visit.picture(), visit.rewritten, visit.usage]
    boxes = [each.bounding_box() for each in (*order, visit.examples, visit.strip)]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    widths = [box["width"] for box in boxes[2:] if box]
    assert min(widths) > size[0] * 0.85  # one column


LARGER = """() => [...document.querySelectorAll('body *')]
  .map((it) => [it, parseFloat(getComputedStyle(it).fontSize)])
  .forEach(([it, size]) => it.style.setProperty('font-size', `${2 * size}px`, 'important'))"""


def test_letters_twice_as_large_lose_nothing(browser: Browser, demo: str) -> None:
    # A window half as wide is what a browser makes of a zoom of 200%.
    context = browser.new_context(viewport={"width": 720, "height": 450}, device_scale_factor=2)
    page = context.new_page()
    visit = Visit(page, demo)
    visit.draw(PROMPT)
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    # And letters alone, twice as large.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate(LARGER)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert page.evaluate(CUT_OFF) == []
    context.close()


def test_who_asks_for_calm_sees_nothing_move(page: Page, held: tuple[str, Held]) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit = Visit(page, held[0])
    visit.prompt.fill(PROMPT)
    visit.generate.click()
    expect(visit.strip).to_contain_text("On its way")
    page.wait_for_timeout(500)  # for what begins late
    moving = """document.getAnimations().filter((each) =>
      each.playState === 'running' && each.effect.getComputedTiming().iterations > 1)
      .map((each) => each.animationName)"""
    assert page.evaluate(moving) == []


def test_a_prompt_may_run_from_right_to_left(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.prompt.fill("بحيرة هادئة")
    assert visit.prompt.evaluate("(it) => getComputedStyle(it).direction") == "rtl"
    visit.draw("בית ליד אגם")
    assert visit.used.evaluate("(it) => getComputedStyle(it).direction") == "rtl"
